/**
 * Instructions of Zba, Zbb and Zbs, and `andi`, in terms of the operations that fusion and folding know: an indexed address
 * comes out the same, whether a program computes it with `sh3add` or with two base instructions.
 *
 *     sh2add                     shift_add 2         sext.b, sext.h, zext.h   sext8, sext16, zext16
 *     sh2add.uw                  zext_shift_add 2    add.uw with x0           zext_shift (zext.w)
 *     slli.uw                    zext_shift          bseti, binvi, bclri      ori, xori, andi below bit 31
 *     andi 0xff, 0xffff          zext8, zext16
 */
import type { Ir } from './ir.ts'
import { IrOp } from './ops.ts'

/** Bits below this one are those of an immediate that sign extension leaves alone. */
const SIGN = 31

/** All of the region. */
export function reduceAll(ir: Ir): void {
  for (let i = 0; i < ir.count; i++) reduce(ir, i)
}

export function reduce(ir: Ir, i: number): void {
  switch (ir.op[i]) {
    case IrOp.sh1add:
      return shifted(ir, i, 1)
    case IrOp.sh2add:
      return shifted(ir, i, 2)
    case IrOp.sh3add:
      return shifted(ir, i, 3)
    case IrOp.add_uw:
      return extended(ir, i, 0)
    case IrOp.sh1add_uw:
      return extended(ir, i, 1)
    case IrOp.sh2add_uw:
      return extended(ir, i, 2)
    case IrOp.sh3add_uw:
      return extended(ir, i, 3)
    case IrOp.slli_uw:
      ir.op[i] = IrOp.zext_shift
      ir.rm[i] = ir.imm[i]!
      ir.imm[i] = 0
      return
    case IrOp.sext_b:
      ir.op[i] = IrOp.sext8
      return
    case IrOp.sext_h:
      ir.op[i] = IrOp.sext16
      return
    case IrOp.zext_h:
      ir.op[i] = IrOp.zext16
      return
    case IrOp.bseti:
      return masked(ir, i, IrOp.ori)
    case IrOp.binvi:
      return masked(ir, i, IrOp.xori)
    case IrOp.bclri:
      return masked(ir, i, IrOp.andi)
    case IrOp.andi:
      if (ir.imm[i] === 0xff || ir.imm[i] === 0xffff) {
        ir.op[i] = ir.imm[i] === 0xff ? IrOp.zext8 : IrOp.zext16
        ir.imm[i] = 0
      }
      return
  }
}

function shifted(ir: Ir, i: number, shift: number): void {
  if (ir.rs2[i] === 0) {
    ir.op[i] = IrOp.slli
    ir.imm[i] = shift
  } else {
    ir.op[i] = IrOp.shift_add
    ir.rm[i] = shift
  }
}

function extended(ir: Ir, i: number, shift: number): void {
  ir.op[i] = ir.rs2[i] === 0 ? IrOp.zext_shift : IrOp.zext_shift_add
  ir.rm[i] = shift
}

function masked(ir: Ir, i: number, op: number): void {
  const bit = ir.imm[i]!
  if (bit >= SIGN) return
  ir.op[i] = op
  ir.imm[i] = op === IrOp.andi ? ~(1 << bit) : 1 << bit
}
