/** The profile of a run: what the execution counts of blocks say of blocks, functions, registers and edges. Pure. */
import type { BlockProfile, RegionProfile } from '../../emulator/profile.ts'
import { type EdgeKind, regionEdges } from './edges.ts'
import { addUses, newUses, type RegisterCount, registerCounts } from './registers.ts'

/** Blocks by guest pc: translations of the same block are added up. */
export interface BlockCount {
  readonly pc: number
  /** `symbol+0x10`, when a symbol of the program covers the pc. */
  readonly place?: string
  readonly executions: number
  /** Guest instructions executed in it, and their share of all. */
  readonly instructions: number
  readonly share: number
  /** Of code on the straight way, counters not included; weighted by executions. */
  readonly hostBytesPerInstruction: number
  /** How many translations of it were made. */
  readonly translations: number
}

export interface FunctionCount {
  /** Undefined: code that no symbol covers. */
  readonly name?: string
  /** Different blocks that were executed. */
  readonly blocks: number
  readonly instructions: number
  readonly share: number
  readonly hostBytesPerInstruction: number
}

export interface EdgeCount {
  /** Guest pc of the block that it leaves. */
  readonly from: number
  readonly fromPlace?: string
  /** Undefined: computed at run time. */
  readonly to?: number
  readonly toPlace?: string
  readonly kind: EdgeKind
  /** It leaves its region, through a chained jump, a call, a return or the dispatch table. */
  readonly exit: boolean
  readonly count: number
}

/** Every list has its hottest entry first, and none that was never executed. */
export interface Profile {
  /** Block executions, and guest instructions executed. A block that a fault leaves in its middle counts whole. */
  readonly executions: number
  readonly instructions: number
  readonly hostBytesPerInstruction: number
  /** Blocks translated, and those of them without a counter because all counters were in use. */
  readonly blocksTranslated: number
  readonly blocksUncounted: number
  /** Edges of executed blocks whose count the block counts leave open: not in `edges`. */
  readonly edgesOpen: number
  readonly blocks: readonly BlockCount[]
  readonly functions: readonly FunctionCount[]
  readonly registers: readonly RegisterCount[]
  readonly edges: readonly EdgeCount[]
}

/** The symbol at a guest pc, and the distance from its start. */
export type SymbolLookup = (pc: number) => { readonly name: string; readonly offset: number } | undefined

/** @param countOf executions by counter number */
export function makeProfile(
  regions: readonly RegionProfile[],
  countOf: (counter: number) => number,
  symbolAt: SymbolLookup,
): Profile {
  const blocks = new Map<string, Sum>()
  const functions = new Map<string, Sum>()
  const edges = new Map<string, EdgeSum>()
  const total = newSum(undefined)
  const uses = newUses()
  let blocksTranslated = 0
  let blocksUncounted = 0
  let edgesOpen = 0
  for (const region of regions) {
    const counts = region.blocks.map(({ counter }) => (counter < 0 ? undefined : countOf(counter)))
    for (const [b, block] of region.blocks.entries()) {
      blocksTranslated++
      const count = counts[b]
      if (count === undefined) blocksUncounted++
      if (!count) continue
      addBlock(total, block, count)
      addBlock(sumAt(blocks, String(block.pc), block.pc), block, count)
      addBlock(sumAt(functions, symbolAt(block.pc)?.name ?? '', block.pc), block, count)
      addUses(uses, block, region.inHost, count)
    }
    for (const { block, to, kind, exit, count } of regionEdges(region, counts)) {
      if (count === undefined) {
        if (counts[block] !== 0) edgesOpen++
        continue
      }
      if (count === 0) continue
      const from = region.blocks[block]!.pc
      const key = `${from} ${to} ${kind} ${exit}`
      const sum = edges.get(key)
      if (sum === undefined) edges.set(key, { from, to, kind, exit, count })
      else sum.count += count
    }
  }
  const share = ({ instructions }: Sum): number => (total.instructions === 0 ? 0 : instructions / total.instructions)
  return {
    executions: total.executions,
    instructions: total.instructions,
    hostBytesPerInstruction: density(total),
    blocksTranslated,
    blocksUncounted,
    edgesOpen,
    blocks: hottest(blocks).map(([, sum]) => ({
      pc: sum.pc!,
      ...placed('place', placeName(symbolAt, sum.pc!)),
      executions: sum.executions,
      instructions: sum.instructions,
      share: share(sum),
      hostBytesPerInstruction: density(sum),
      translations: sum.translations,
    })),
    functions: hottest(functions).map(([name, sum]) => ({
      ...placed('name', name === '' ? undefined : name),
      blocks: sum.pcs.size,
      instructions: sum.instructions,
      share: share(sum),
      hostBytesPerInstruction: density(sum),
    })),
    registers: registerCounts(uses),
    edges: [...edges.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ from, to, kind, exit, count }) => ({
        from,
        ...placed('fromPlace', placeName(symbolAt, from)),
        ...(to === undefined ? {} : { to, ...placed('toPlace', placeName(symbolAt, to)) }),
        kind,
        exit,
        count,
      })),
  }
}

interface EdgeSum {
  readonly from: number
  readonly to: number | undefined
  readonly kind: EdgeKind
  readonly exit: boolean
  count: number
}

interface Sum {
  readonly pc: number | undefined
  executions: number
  instructions: number
  /** Host bytes, weighted by executions. */
  bytes: number
  translations: number
  readonly pcs: Set<number>
}

const newSum = (pc: number | undefined): Sum => ({
  pc,
  executions: 0,
  instructions: 0,
  bytes: 0,
  translations: 0,
  pcs: new Set(),
})

function sumAt(sums: Map<string, Sum>, key: string, pc: number): Sum {
  let sum = sums.get(key)
  if (sum === undefined) sums.set(key, (sum = newSum(pc)))
  return sum
}

function addBlock(sum: Sum, { pc, instructions, bytes }: BlockProfile, count: number): void {
  sum.executions += count
  sum.instructions += count * instructions
  sum.bytes += count * bytes
  sum.translations++
  sum.pcs.add(pc)
}

const hottest = (sums: ReadonlyMap<string, Sum>): [string, Sum][] =>
  [...sums].sort(([, a], [, b]) => b.instructions - a.instructions)

const density = ({ bytes, instructions }: Sum): number => (instructions === 0 ? 0 : bytes / instructions)

/** `main+0x10`; undefined where no symbol is. */
export function placeName(symbolAt: SymbolLookup, pc: number): string | undefined {
  const place = symbolAt(pc)
  return place && (place.offset === 0 ? place.name : `${place.name}+0x${place.offset.toString(16)}`)
}

/** An object with the property, or without it when there is no value. */
function placed<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string }
}
