/** What is owed to registers at the end of a block, beyond what the block behind it expects. */
import type { Emitter } from './emitter.ts'

/** The integer registers to extend before control goes to block `target` of the region; none when that is outside (-1). */
export function owedIntegers(e: Emitter, target: number): number {
  if (target < 0) return 0
  return e.ir.blocks[target]!.entry ? e.lazy : e.lazy & ~e.analysis.lazyIn[target]!
}

/** The floating-point registers to settle, likewise. */
export function owedFloats(e: Emitter, target: number): number {
  if (target < 0) return 0
  return e.ir.blocks[target]!.entry ? e.float.owed() : e.float.owedBeyond(e.analysis.floatIn[target]!)
}

/** Pays what the block `target` does not expect. */
export function payFor(e: Emitter, target: number): void {
  e.extend(owedIntegers(e, target))
  e.settleFloats(owedFloats(e, target))
}
