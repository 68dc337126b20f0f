/**
 * Where control went between blocks, from the execution counts of the blocks alone. A block that ends in one way has one
 * edge, which was taken as often as the block was executed. The two edges of a branch are found where flow is conserved:
 * together they have the block's count, and a block that only its own region enters was executed as often as the edges
 * into it were taken (Knuth, TAOCP vol. 1, 2.3.4.1: Kirchhoff's law).
 */
import type { BlockProfile, RegionProfile } from '../../emulator/profile.ts'

export type EdgeKind =
  | 'taken'
  | 'not-taken'
  | 'fall'
  | 'jump'
  | 'call'
  | 'indirect-call'
  | 'indirect-jump'
  | 'return'
  | 'system'
  | 'trap'

export interface RegionEdge {
  /** Number of the block that it leaves. */
  readonly block: number
  /** Guest pc that it goes to; undefined when that is computed at run time. */
  readonly to: number | undefined
  readonly kind: EdgeKind
  /** It leaves the region. */
  readonly exit: boolean
  /** Undefined when the counts of the blocks leave it open. */
  readonly count: number | undefined
}

const KIND = {
  fall: 'fall',
  jump: 'jump',
  call: 'call',
  callr: 'indirect-call',
  jumpr: 'indirect-jump',
  ret: 'return',
  resume: 'system',
  trap: 'trap',
} as const satisfies Partial<Record<BlockProfile['kind'], EdgeKind>>

/** A branch's two edges; `taken` and `next` are undefined until they are known. */
interface Branch {
  readonly block: number
  taken: number | undefined
  next: number | undefined
}

/** @param counts executions of each block of the region; undefined when it was not counted */
export function regionEdges({ blocks }: RegionProfile, counts: readonly (number | undefined)[]): RegionEdge[] {
  const branches = solve(blocks, counts)
  return blocks.flatMap((block, b): RegionEdge[] => {
    const count = counts[b]
    switch (block.kind) {
      case 'branch': {
        const { taken, next } = branches.get(b)!
        return [
          { block: b, to: block.takenPc, kind: 'taken', exit: block.taken < 0, count: taken },
          { block: b, to: block.nextPc, kind: 'not-taken', exit: block.next < 0, count: next },
        ]
      }
      case 'jump':
        return [{ block: b, to: block.takenPc, kind: 'jump', exit: block.taken < 0, count }]
      case 'call':
        return [{ block: b, to: block.takenPc, kind: 'call', exit: true, count }]
      case 'fall':
      case 'resume':
        return [{ block: b, to: block.nextPc, kind: KIND[block.kind], exit: block.next < 0, count }]
      default:
        return [{ block: b, to: undefined, kind: KIND[block.kind], exit: true, count }]
    }
  })
}

function solve(blocks: readonly BlockProfile[], counts: readonly (number | undefined)[]): Map<number, Branch> {
  const branches = new Map<number, Branch>()
  for (const [b, { kind }] of blocks.entries()) {
    if (kind === 'branch') branches.set(b, { block: b, taken: undefined, next: undefined })
  }
  const inner = innerBlocks(blocks)
  for (let changed = true; changed; ) {
    changed = false
    for (const branch of branches.values()) if (complete(branch, counts[branch.block])) changed = true
    for (const target of inner) if (balance(blocks, counts, branches, target)) changed = true
  }
  return branches
}

/** The blocks that nothing but direct edges of the region enters. */
function innerBlocks(blocks: readonly BlockProfile[]): number[] {
  const entered = new Set<number>()
  for (const { kind, next } of blocks) if (kind === 'call' || kind === 'callr' || kind === 'resume') entered.add(next)
  return [...blocks.keys()].filter(b => !blocks[b]!.entry && !entered.has(b))
}

/** Of a branch, the one edge that is missing. */
function complete(branch: Branch, count: number | undefined): boolean {
  const { taken, next } = branch
  if (count === undefined || (taken === undefined) === (next === undefined)) return false
  // a fault in the middle of a block leaves it unfinished: counts may miss by that
  if (taken === undefined) branch.taken = Math.max(0, count - next!)
  else branch.next = Math.max(0, count - taken)
  return true
}

/** Of the edges into a block, the one that is missing. */
function balance(
  blocks: readonly BlockProfile[],
  counts: readonly (number | undefined)[],
  branches: ReadonlyMap<number, Branch>,
  target: number,
): boolean {
  let rest = counts[target]
  if (rest === undefined) return false
  let missing: { readonly branch: Branch; readonly side: 'taken' | 'next' } | undefined
  for (const [b, block] of blocks.entries()) {
    if (block.kind === 'branch') {
      const branch = branches.get(b)!
      for (const side of ['taken', 'next'] as const) {
        if (block[side] !== target) continue
        const known = branch[side]
        if (known !== undefined) rest -= known
        else if (missing !== undefined) return false
        else missing = { branch, side }
      }
    } else if ((block.kind === 'fall' && block.next === target) || (block.kind === 'jump' && block.taken === target)) {
      const known = counts[b]
      if (known === undefined) return false
      rest -= known
    }
  }
  if (missing === undefined) return false
  missing.branch[missing.side] = Math.max(0, rest)
  return true
}
