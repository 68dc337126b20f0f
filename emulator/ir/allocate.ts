/**
 * Register allocation of a region: hot guest registers that the convention keeps in the CPU state take the
 * host registers of pinned ones that the region hardly uses. The exchange is made at every entry of the region and undone at
 * every exit, so it must save more accesses, in loops above all, than it costs there.
 */
import { PINNED, PINNED_FP } from '../../base/layout.ts'
import { HOME, HOME_FP } from '../convention.ts'
import { type Block, type Ir, NONE } from './ir.ts'
import { DEFF, DEFX, FUSE1, FUSE2, FUSE3, USE1, USE2 } from './traits.ts'

/** Guest register `into` takes the host register of guest `out` inside the region. */
export interface Exchange {
  readonly host: number
  readonly out: number
  readonly into: number
}

/** A loop is taken to run this many times, as far as three levels deep. */
const LOOP_WEIGHT = 8
const DEEPEST = 3
/** Memory accesses that an exchange costs at an entry or an exit. */
const EXCHANGE_COST = 2

/** How often a block runs, by its depth. */
const WEIGHTS = Float64Array.from({ length: DEEPEST + 1 }, (_, depth) => LOOP_WEIGHT ** depth)
/** Pinned registers that may give their places. */
const GIVING = PINNED.filter(([guest]) => guest !== 2)

const integers = new Float64Array(32)
const floats = new Float64Array(32)

export function allocate(ir: Ir): { integers: Exchange[]; floats: Exchange[] } {
  integers.fill(0)
  floats.fill(0)
  let boundary = 0
  const { blocks } = ir
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const weight = WEIGHTS[Math.min(block.depth, DEEPEST)]!
    boundary += boundaryWeight(block, weight)
    for (let i = block.start; i < block.end; i++) count(ir, i, weight)
  }
  integers[0] = 0
  return {
    integers: exchanges(integers, GIVING, HOME, boundary),
    floats: exchanges(floats, PINNED_FP, HOME_FP, boundary),
  }
}

function count(ir: Ir, i: number, weight: number): void {
  const op = ir.op[i]!
  if (DEFX[op] !== 0) integers[ir.rd[i]!]! += weight
  else if (DEFF[op] !== 0) floats[ir.rd[i]!]! += weight
  if (USE1[op] !== 0) integers[ir.rs1[i]!]! += weight
  else if (FUSE1[op] !== 0) floats[ir.rs1[i]!]! += weight
  if (USE2[op] !== 0) integers[ir.rs2[i]!]! += weight
  else if (FUSE2[op] !== 0) floats[ir.rs2[i]!]! += weight
  if (FUSE3[op] !== 0) floats[ir.rs3[i]!]! += weight
  if (ir.index[i] !== NONE && ir.index[i]! < 32) integers[ir.index[i]!]! += weight
}

/** How often control passes this block's boundaries of the region: its entry, its way out, or both around a call. */
function boundaryWeight(block: Block, weight: number): number {
  const entry = block.entry ? weight : 0
  switch (block.kind) {
    case 'call':
    case 'callr':
    case 'resume':
      // the return point is an entry block, which counts the way in
      return entry + weight
    case 'ret':
    case 'jumpr':
    case 'trap':
      return entry + weight
    default: {
      // a conditional way out of a loop is taken once for all its rounds
      const leaves = (block.taken < 0 && block.takenPc >= 0 ? 1 : 0) + (block.next < 0 ? 1 : 0)
      return entry + (leaves * weight) / (block.kind === 'branch' && block.depth > 0 ? LOOP_WEIGHT : 1)
    }
  }
}

type Pinned = readonly (readonly [guest: number, host: number, ...rest: unknown[]])[]

/** Pairs the hottest registers without a place with the coldest pinned ones, as long as it pays. */
function exchanges(weights: Float64Array, pinned: Pinned, homes: Int8Array, boundary: number): Exchange[] {
  const result: Exchange[] = []
  let taken = 0
  let given = 0
  for (;;) {
    let into = -1
    for (let r = 0; r < 32; r++) {
      if (homes[r]! >= 0 || weights[r] === 0 || (taken >>> r) & 1) continue
      if (into < 0 || weights[r]! > weights[into]!) into = r
    }
    if (into < 0 || weights[into]! <= EXCHANGE_COST * boundary) break
    let coldest = -1
    for (let k = 0; k < pinned.length; k++) {
      if ((given >>> k) & 1) continue
      if (coldest < 0 || weights[pinned[k]![0]]! < weights[pinned[coldest]![0]]!) coldest = k
    }
    if (coldest < 0) break
    const [out, host] = pinned[coldest]!
    if (weights[into]! - weights[out]! <= EXCHANGE_COST * boundary) break
    taken |= 1 << into
    given |= 1 << coldest
    result.push({ host, out, into })
  }
  return result
}
