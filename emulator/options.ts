/** The optimisations that can be switched off by name: `--optimize=no-ras,no-fusion` or `none`. */
export const OPTIMIZATIONS = {
  ras: 'guest calls and returns use the host call/ret pair',
  chain: 'direct jumps between regions are patched to jump to each other',
  jump: 'indirect jumps look their target up inside translated code',
  region: 'a translation covers the blocks that direct jumps reach, not one block',
  constants: 'values that are known become operands and addresses of what uses them',
  targets: 'jumps through registers whose value is known are direct ones',
  reduce: 'bit manipulations become the simpler operations that folding and fusion know',
  fusion: 'pairs of guest instructions become one operation',
  address: 'sums become the index register of the load behind them',
  crossing: 'fusion goes over loads and stores, whose faults compute what is left out',
  rotate: 'two shifts and their sum become a rotation',
  dead: 'results that are overwritten unseen are not computed',
  peel: 'the first round of an inner loop has a translation of its own, so that the other rounds know what is narrow',
  'float-peel': 'the same for what the other rounds know of floating-point registers',
  apart: 'an inner loop in which a region begins has one more translation, for who comes from elsewhere in the region',
  select: 'branches over a few operations on one register become conditional moves',
  alloc: 'regions keep hot guest registers that have no fixed place in host registers of unused ones',
  lazy: '32-bit results are sign-extended only where it can be seen',
  counter: 'branches extend a copy of a 32-bit counter of their loop, which stays as it is',
  narrow: 'logic, moves and comparisons of sign-extended operands are made in 32 bits',
  nan: 'NaNs are made canonical, and singles put in their boxes, only where it can be seen',
  boxed: 'singles that are known to be in their boxes are read without a check',
  pair: 'one comparison looks for the NaNs of two registers, or for all that the NaN of a product asks for',
  side: 'what one side of a branch alone wants is done on that side',
  flags: 'comparisons are left out where the flags have their result',
  operand: 'integer registers in memory are operands of host instructions there',
  'float-operand': 'floating-point registers in memory are operands of host instructions there',
  lea: 'sums and small shifts into another register are one host instruction',
  mulx: 'upper halves of unsigned products need neither rax nor the flags',
  align: 'heads of loops begin at multiples of 16',
  swap: 'atomic exchanges without acquire whose result nobody wants are stores',
  fence: 'fences that ask for no more than the host keeps anyway are left out',
  fflags: 'exception flags that have not changed are not written',
  libc: 'memory and string functions of the C library run as native ones',
  quiet: 'comparisons between reading and restoring the exception flags leave them alone',
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
