/** What a fault, or a signal at a safe point, has to do to the registers to make them true: the fixups of its place. */
import { FIXUP } from '../../base/layout.ts'
import type { Ir } from '../ir/ir.ts'
import type { Emitter } from './emitter.ts'

/** Adds what makes the registers true at this point to the last site. */
export function addFixups({ moved, movedFp, lazy, borrowed, float, sites }: Emitter): void {
  for (let k = 0; k < moved.length; k++) {
    const { host, out, into } = moved[k]!
    sites.fixup(out | (FIXUP.IN_STATE << 8))
    const kind = (lazy >>> into) & 1 ? FIXUP.IN_HOST_SIGN_EXTEND : FIXUP.IN_HOST
    sites.fixup(into | (kind << 8) | (host << 16))
  }
  for (let k = 0; k < movedFp.length; k++) {
    const { host, out, into } = movedFp[k]!
    sites.fixup((32 + out) | (FIXUP.IN_STATE << 8))
    sites.fixup((32 + into) | (FIXUP.IN_HOST << 8) | (host << 16))
  }
  for (let k = 0; k < borrowed.length; k++) sites.fixup(borrowed[k]! | (FIXUP.IN_STATE << 8))
  for (let mask = lazy; mask !== 0; mask &= mask - 1) {
    const r = 31 - Math.clz32(mask & -mask)
    if (!moved.some(({ into }) => into === r)) sites.fixup(r | (FIXUP.SIGN_EXTEND << 8))
  }
  for (let mask = float.owed(); mask !== 0; mask &= mask - 1) {
    const r = 31 - Math.clz32(mask & -mask)
    const single = (float.nanSingle >>> r) & 1 ? FIXUP.BOX_SINGLE : FIXUP.BOX_BITS
    sites.fixup((32 + r) | (((float.nanDouble >>> r) & 1 ? FIXUP.CANONICAL_DOUBLE : single) << 8))
  }
}

/** For the sum that was folded into the address of instruction i: register rd holds it until the load is done. -1 without one. */
export function sumFixup({ rd, rs1, index, scale }: Ir, i: number): number {
  return index[i]! >= 32 ? -1 : sum(rd[i]!, rs1[i]!, index[i]!, scale[i]!)
}

/** For the sum that instruction i implies. */
export const impliedFixup = ({ rd, rs1, rs2, rm }: Ir, i: number): number => sum(rd[i]!, rs1[i]!, rs2[i]!, rm[i]!)

const sum = (register: number, a: number, b: number, scale: number): number =>
  register | ((FIXUP.ADD_SHIFTED + scale) << 8) | ((a | (b << 8)) << 16)
