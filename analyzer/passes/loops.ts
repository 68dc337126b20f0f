import type { Cfg } from './cfg.ts'
import { dominates, immediateDominators } from './dominators.ts'

/** A natural loop: the blocks from which a latch is reached without leaving through the header. */
export interface Loop {
  readonly header: number
  readonly latches: readonly number[]
  readonly blocks: ReadonlySet<number>
  /** The innermost loop around this one, as an index into {@link LoopForest.loops}. */
  readonly parent: number | undefined
  /** 1 for an outermost loop. */
  readonly depth: number
}

export interface LoopForest {
  /** Outer loops before the loops inside them. */
  readonly loops: readonly Loop[]
  /** The innermost loop of each block, or -1. */
  readonly innermost: Int32Array
}

/**
 * The natural loops of a graph. Loops with the same header are one. Cycles with several entries (irreducible) have no
 * header that dominates them and are no loop here.
 */
export function findLoops(cfg: Cfg): LoopForest {
  const idom = immediateDominators(cfg)
  const latches = new Map<number, number[]>()
  for (const block of cfg.order)
    for (const target of new Set(cfg.successors[block]!))
      if (dominates(idom, target, block)) latches.set(target, [...(latches.get(target) ?? []), block])

  const bodies = [...latches].map(([header, from]) => ({
    header,
    latches: from,
    blocks: body(cfg, idom, header, from),
  }))
  bodies.sort((a, b) => b.blocks.size - a.blocks.size)

  const loops: Loop[] = []
  const innermost = new Int32Array(cfg.successors.length).fill(-1)
  for (const found of bodies) {
    const around = innermost[found.header]!
    const parent = around === -1 ? undefined : around
    const depth = parent === undefined ? 1 : loops[parent]!.depth + 1
    for (const block of found.blocks) innermost[block] = loops.length
    loops.push({ ...found, parent, depth })
  }
  return { loops, innermost }
}

function body(cfg: Cfg, idom: Int32Array, header: number, from: readonly number[]): Set<number> {
  const blocks = new Set([header])
  const work = [...from]
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (blocks.has(block) || idom[block] === -1) continue
    blocks.add(block)
    work.push(...cfg.predecessors[block]!)
  }
  return blocks
}
