/** The optimisations that can be switched off by name: `--optimize=no-ras,no-fusion` or `none`. */
export const OPTIMIZATIONS = {
  ras: 'guest calls and returns use the host call/ret pair',
  chain: 'direct jumps between regions are patched to jump to each other',
  jump: 'indirect jumps look their target up inside translated code',
  fusion: 'pairs of guest instructions become one operation; constants are folded',
  dead: 'results that are overwritten unseen are not computed',
  flags: 'comparisons are left out where the flags have their result',
  lazy: '32-bit results are sign-extended, and NaNs made canonical, only where it can be seen',
  region: 'a translation covers the blocks that direct jumps reach, not one block',
  peel: 'the first round of an inner loop has a translation of its own, so that the other rounds know more',
  select: 'branches over a few operations on one register become conditional moves',
  alloc: 'regions keep hot guest registers that have no fixed place in host registers of unused ones',
} as const

export type Optimization = keyof typeof OPTIMIZATIONS
export type Optimizations = Readonly<Record<Optimization, boolean>>

const NAMES = Object.keys(OPTIMIZATIONS) as Optimization[]

export const ALL_OPTIMIZATIONS: Optimizations = Object.fromEntries(NAMES.map(name => [name, true])) as Optimizations

/** Reads `no-ras,no-chain`, `none` or `all`. @throws RangeError naming the unknown word and the known ones. */
export function parseOptimizations(text: string): Optimizations {
  const chosen: Record<Optimization, boolean> = { ...ALL_OPTIMIZATIONS }
  for (const word of text.split(',').filter(Boolean)) {
    if (word === 'none' || word === 'all') {
      for (const name of NAMES) chosen[name] = word === 'all'
      continue
    }
    const name = word.replace(/^no-/, '') as Optimization
    if (!Object.hasOwn(OPTIMIZATIONS, name)) {
      throw new RangeError(`unknown optimisation '${word}'; known: none, all, ${NAMES.map(n => `no-${n}`).join(', ')}`)
    }
    chosen[name] = !word.startsWith('no-')
  }
  return chosen
}
