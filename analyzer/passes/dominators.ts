import type { Cfg } from './cfg.ts'

/**
 * Immediate dominators by the iteration of Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm").
 * Result: block → its immediate dominator; the entry's is itself, an unreachable block's is -1.
 */
export function immediateDominators(cfg: Cfg): Int32Array {
  const idom = new Int32Array(cfg.successors.length).fill(-1)
  const rank = new Int32Array(cfg.successors.length).fill(-1)
  cfg.order.forEach((block, i) => {
    rank[block] = i
  })
  if (cfg.order.length === 0) return idom
  idom[0] = 0
  const intersect = (a: number, b: number) => {
    while (a !== b) {
      while (rank[a]! > rank[b]!) a = idom[a]!
      while (rank[b]! > rank[a]!) b = idom[b]!
    }
    return a
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const block of cfg.order) {
      if (block === 0) continue
      let best = -1
      for (const p of cfg.predecessors[block]!) if (idom[p] !== -1) best = best === -1 ? p : intersect(p, best)
      if (best !== idom[block]) {
        idom[block] = best
        changed = true
      }
    }
  }
  return idom
}

export function dominates(idom: Int32Array, above: number, below: number): boolean {
  let block = below
  while (block !== above) {
    const up = idom[block]!
    if (up === block || up === -1) return false
    block = up
  }
  return true
}
