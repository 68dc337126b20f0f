import { C, constIntValue, operands, type ValueRef } from '../llvm/index.ts'
import type { Cfg } from './cfg.ts'
import type { LoopForest } from './loops.ts'

/** Turns that a loop is taken to make when its count is not known. */
export const UNKNOWN_TRIPS = 10
/** Share of a branch that ends in `unreachable` (abort, failed assertion). */
const COLD = 1e-3

/**
 * How often each block runs for one call of its function. Branches share evenly unless weights say otherwise; an edge
 * that leaves a loop of n turns is taken once in n times; a header runs n times for each entry.
 * @param trips turns of each loop of the forest
 * @param weights relative weights of a block's successor edges, or undefined for an even share
 * @param cold whether a block leads nowhere (its edges get next to nothing)
 */
export function blockFrequencies(
  cfg: Cfg,
  forest: LoopForest,
  trips: readonly number[],
  weights: (block: number) => readonly number[] | undefined = () => undefined,
  cold: (block: number) => boolean = () => false,
): Float64Array {
  const frequency = new Float64Array(cfg.successors.length)
  const incoming = new Float64Array(cfg.successors.length)
  const headerOf = new Map(forest.loops.map((loop, i) => [loop.header, i]))
  incoming[0] = 1
  for (const block of cfg.order) {
    const own = headerOf.get(block)
    frequency[block] = incoming[block]! * (own === undefined ? 1 : trips[own]!)
    const targets = cfg.successors[block]!
    const shares = edgeShares(block, targets, forest, trips, weights(block), cold)
    targets.forEach((target, i) => {
      const loop = headerOf.get(target)
      const isBackEdge = loop !== undefined && forest.loops[loop]!.blocks.has(block)
      if (!isBackEdge) incoming[target] = incoming[target]! + frequency[block]! * shares[i]!
    })
  }
  return frequency
}

function edgeShares(
  block: number,
  targets: readonly number[],
  forest: LoopForest,
  trips: readonly number[],
  weights: readonly number[] | undefined,
  cold: (block: number) => boolean,
): number[] {
  const raw = normalise(targets.map((target, i) => (weights ? weights[i]! : cold(target) ? COLD : 1)))
  // How many turns the loops make that an edge leaves; a cold way out is no regular exit.
  const leaves = targets.map(target => {
    let loop = cold(target) ? -1 : forest.innermost[block]!
    let turns = 0
    while (loop !== -1 && !forest.loops[loop]!.blocks.has(target)) {
      turns = Math.max(turns, 1) * trips[loop]!
      loop = forest.loops[loop]!.parent ?? -1
    }
    return turns
  })
  if (leaves.every(turns => turns === 0) || leaves.every(turns => turns > 0)) return raw
  const pick = (isLeaving: boolean) => raw.map((weight, i) => (leaves[i]! > 0 === isLeaving ? weight : 0))
  const leaving = normalise(pick(true))
  const staying = normalise(pick(false))
  const known = weights ? pick(true).reduce((a, b) => a + b, 0) : 1
  const out = Math.min(1 / Math.max(...leaves), known)
  return targets.map((_, i) => (leaves[i]! > 0 ? leaving[i]! * out : staying[i]! * (1 - out)))
}

function normalise(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  return sum === 0 ? weights.map(() => 1 / weights.length) : weights.map(weight => weight / sum)
}

/** The weights of `!prof !{!"branch_weights", …}` (from __builtin_expect or a profile) on a terminator. */
export function branchWeights(terminator: ValueRef, profKind: number): number[] | undefined {
  if (!C.LLVMHasMetadata(terminator)) return undefined
  const node = C.LLVMGetMetadata(terminator, profKind)
  if (!node) return undefined
  const parts = metadataOperands(node)
  if (parts.length < 2 || !C.LLVMIsAMDString(parts[0]!) || C.LLVMGetMDString(parts[0]!) !== 'branch_weights')
    return undefined
  const numbers = parts.slice(1).map(part => (C.LLVMIsAMDString(part) ? undefined : metadataInteger(part)))
  const weights = numbers.filter(n => n !== undefined)
  return weights.length === C.LLVMGetNumSuccessors(terminator) ? weights : undefined
}

function metadataOperands(node: ValueRef): ValueRef[] {
  const memory = new BigUint64Array(Math.max(C.LLVMGetMDNodeNumOperands(node), 1))
  C.LLVMGetMDNodeOperands(node, memory)
  return Array.from(memory, part => Number(part) as ValueRef)
}

/** LLVM hands out a constant in metadata as the constant itself. */
function metadataInteger(value: ValueRef): number | undefined {
  const constant = constIntValue(value) ?? constIntValue(operands(value)[0] ?? value)
  return constant === undefined ? undefined : Number(BigInt.asUintN(32, constant))
}
