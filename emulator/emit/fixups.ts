/** What a fault, or a signal at a safe point, has to do to the registers to make them true: the fixups of its place. */
import { FIXUP } from '../../base/layout.ts'
import type { Ir } from '../ir/ir.ts'
import type { Emitter } from './emitter.ts'

/** One instruction that may fault: host position, guest pc, and what to do to the registers. */
export interface FaultSite {
  readonly position: number
  readonly pc: number
  /** `register | kind << 8 | host << 16`, as in a LOCATE answer. */
  readonly fixups: readonly number[]
}

/** What makes the registers true at this point. */
export function fixupsOf({ moved, movedFp, lazy, borrowed, float }: Emitter): number[] {
  const fixups: number[] = []
  for (const { host, out, into } of moved) {
    fixups.push(out | (FIXUP.IN_STATE << 8))
    const kind = (lazy >>> into) & 1 ? FIXUP.IN_HOST_SIGN_EXTEND : FIXUP.IN_HOST
    fixups.push(into | (kind << 8) | (host << 16))
  }
  for (const { host, out, into } of movedFp) {
    fixups.push((32 + out) | (FIXUP.IN_STATE << 8), (32 + into) | (FIXUP.IN_HOST << 8) | (host << 16))
  }
  for (const r of borrowed) fixups.push(r | (FIXUP.IN_STATE << 8))
  for (let mask = lazy; mask !== 0; mask &= mask - 1) {
    const r = 31 - Math.clz32(mask & -mask)
    if (!moved.some(({ into }) => into === r)) fixups.push(r | (FIXUP.SIGN_EXTEND << 8))
  }
  const { nanDouble, nanSingle, unboxed } = float
  for (let mask = nanDouble | nanSingle | unboxed; mask !== 0; mask &= mask - 1) {
    const r = 31 - Math.clz32(mask & -mask)
    const single = (nanSingle >>> r) & 1 ? FIXUP.BOX_SINGLE : FIXUP.BOX_BITS
    fixups.push((32 + r) | (((nanDouble >>> r) & 1 ? FIXUP.CANONICAL_DOUBLE : single) << 8))
  }
  return fixups
}

/** For the sum that was folded into the address of instruction i: register rd holds it until the load is done. -1 without one. */
export function sumFixup(ir: Ir, i: number): number {
  const index = ir.index[i]!
  if (index >= 32) return -1
  return ir.rd[i]! | ((FIXUP.ADD_SHIFTED + ir.scale[i]!) << 8) | ((ir.rs1[i]! | (index << 8)) << 16)
}
