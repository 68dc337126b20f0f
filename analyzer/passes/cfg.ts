import type { BlockRef, ValueRef } from '../llvm/index.ts'
import { blocks, successors } from '../llvm/index.ts'

/** A control-flow graph over block numbers; block 0 is the entry. */
export interface Cfg {
  readonly successors: readonly (readonly number[])[]
  readonly predecessors: readonly (readonly number[])[]
  /** The blocks that the entry reaches, in reverse postorder. */
  readonly order: readonly number[]
}

/** Builds the graph from successor lists. Several edges between the same two blocks (a switch) stay several. */
export function buildCfg(successorsOf: readonly (readonly number[])[]): Cfg {
  const predecessors: number[][] = successorsOf.map(() => [])
  successorsOf.forEach((targets, from) => {
    for (const to of targets) predecessors[to]!.push(from)
  })
  const order: number[] = []
  const next = new Int32Array(successorsOf.length).fill(-1)
  const stack = successorsOf.length > 0 ? [0] : []
  if (stack.length > 0) next[0] = 0
  while (stack.length > 0) {
    const block = stack.at(-1)!
    const target = successorsOf[block]![next[block]!++]
    if (target === undefined) {
      order.push(block)
      stack.pop()
    } else if (next[target]! < 0) {
      next[target] = 0
      stack.push(target)
    }
  }
  return { successors: successorsOf, predecessors, order: order.reverse() }
}

/** The graph of an LLVM function with the blocks behind the numbers. */
export interface FunctionCfg extends Cfg {
  readonly blocks: readonly BlockRef[]
  readonly numbers: ReadonlyMap<BlockRef, number>
}

export function functionCfg(fn: ValueRef): FunctionCfg {
  const list = [...blocks(fn)]
  const numbers = new Map(list.map((block, n) => [block, n]))
  const cfg = buildCfg(list.map(block => successors(block).map(target => numbers.get(target)!)))
  return { ...cfg, blocks: list, numbers }
}
