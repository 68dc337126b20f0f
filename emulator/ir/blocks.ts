/** What the passes ask of the graph of a region's blocks. */
import type { Block } from './ir.ts'

/** Control goes on in other blocks of the region with registers as they are (calls come back through the convention). */
export const isDirect = ({ kind }: Block): boolean => kind === 'branch' || kind === 'fall' || kind === 'jump'

/** The last block that goes back to `head`, -1 when none does. */
export function endOfLoop(blocks: readonly Block[], head: number): number {
  let last = -1
  for (let b = head; b < blocks.length; b++) if (isDirect(blocks[b]!) && goesTo(blocks[b]!, head)) last = b
  return last
}

export const goesTo = ({ taken, next }: Block, b: number): boolean => taken === b || next === b

/** Backward edges are loops: every block between the target and the source counts as inside. May be called again when edges have changed. */
export function markLoops(blocks: readonly Block[]): void {
  for (let b = 0; b < blocks.length; b++) {
    blocks[b]!.loop = false
    blocks[b]!.depth = 0
  }
  for (let source = 0; source < blocks.length; source++) {
    const block = blocks[source]!
    if (!isDirect(block)) continue
    markLoop(blocks, source, block.taken)
    markLoop(blocks, source, block.next)
  }
}

function markLoop(blocks: readonly Block[], source: number, target: number): void {
  if (target < 0 || target > source) return
  blocks[target]!.loop = true
  for (let inside = target; inside <= source; inside++) blocks[inside]!.depth++
}
