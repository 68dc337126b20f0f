/**
 * What is still owed to floating-point registers. Translated code leaves two things for later, because most results are
 * only read by more arithmetic: making the NaN of a result canonical (ISA manual §11.3; x86 propagates payloads), and
 * NaN-boxing a single (§12.2).
 *
 * Masks have one bit a register:
 *   nanDouble   holds a computed double whose NaN may not be canonical
 *   nanSingle   holds a computed single whose NaN may not be canonical
 *   unboxed     holds a single whose upper half is anything
 *   boxed       logically a properly boxed single (so reading it as a single needs no check)
 *   safeDouble  making it canonical as a double changes nothing that could be seen (no NaN payload was loaded into it)
 *   safeSingle  the same as a single
 * The last three must hold on every path, the first three may hold on some.
 */
import type { Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { DEFF, FDEF, FUSE, FUSE1, FUSE2, FUSE3 } from './traits.ts'

export class FloatState {
  nanDouble = 0
  nanSingle = 0
  unboxed = 0
  boxed = 0
  safeDouble = 0
  safeSingle = 0

  /** Nothing owed, nothing known: what holds where other code may come in. */
  clear(): this {
    this.nanDouble = this.nanSingle = this.unboxed = this.boxed = this.safeDouble = this.safeSingle = 0
    return this
  }

  /** As {@link clear} leaves it. */
  isClear(): boolean {
    return (this.owed() | this.boxed | this.safeDouble | this.safeSingle) === 0
  }

  /** The start of the fixpoint: every path agrees on everything. */
  top(): this {
    this.nanDouble = this.nanSingle = this.unboxed = 0
    this.boxed = this.safeDouble = this.safeSingle = -1
    return this
  }

  copy(from: FloatState): this {
    this.nanDouble = from.nanDouble
    this.nanSingle = from.nanSingle
    this.unboxed = from.unboxed
    this.boxed = from.boxed
    this.safeDouble = from.safeDouble
    this.safeSingle = from.safeSingle
    return this
  }

  /** Meets another path. What is owed survives only where settling it later is right on both. Returns whether anything changed. */
  meet(other: FloatState): boolean {
    const { nanDouble, nanSingle, unboxed, boxed, safeDouble, safeSingle } = this
    this.boxed &= other.boxed
    this.safeDouble &= other.safeDouble
    this.safeSingle &= other.safeSingle
    this.nanDouble = (nanDouble | other.nanDouble) & this.safeDouble
    this.nanSingle = (nanSingle | other.nanSingle) & this.safeSingle
    this.unboxed = (unboxed | other.unboxed) & this.boxed
    return (
      nanDouble !== this.nanDouble ||
      nanSingle !== this.nanSingle ||
      unboxed !== this.unboxed ||
      boxed !== this.boxed ||
      safeDouble !== this.safeDouble ||
      safeSingle !== this.safeSingle
    )
  }

  /** Registers that owe something which the state `target` does not allow. */
  owedBeyond(target: FloatState): number {
    return (
      (this.nanDouble & ~target.nanDouble) | (this.nanSingle & ~target.nanSingle) | (this.unboxed & ~target.unboxed)
    )
  }

  owed(): number {
    return this.nanDouble | this.nanSingle | this.unboxed
  }

  /** All debts of the registers are paid. */
  settle(registers: number): void {
    this.nanDouble &= ~registers
    this.nanSingle &= ~registers
    this.unboxed &= ~registers
  }

  /** Register `r` owes what is owed to singles. */
  owesSingle(r: number): boolean {
    return (((this.nanSingle | this.unboxed) >>> r) & 1) === 1
  }

  /** Singles owe nothing, and are not known as such. */
  forgetSingles(): void {
    this.nanSingle = this.unboxed = this.boxed = this.safeSingle = 0
  }

  /** The NaN of register `r` is canonical after all. */
  nanSettled(r: number): void {
    this.nanDouble &= ~(1 << r)
    this.nanSingle &= ~(1 << r)
  }

  /** What has to be settled before register `r` is read as `use`: a mask of that register, or 0. */
  debtOf(use: number, r: number): number {
    const bit = 1 << r
    if (use === FUSE.double) return (this.nanSingle | this.unboxed) & bit
    if (use === FUSE.single) return this.nanDouble & bit
    if (use === FUSE.doubleBits) return this.owed() & bit
    if (use === FUSE.singleBits) return (this.nanDouble | this.nanSingle) & bit
    return 0
  }

  /** The transfer function of one instruction, without code. */
  step(ir: Ir, i: number): void {
    const op = ir.op[i]!
    if (FUSE1[op] !== 0) this.settle(this.debtOf(FUSE1[op]!, ir.rs1[i]!))
    if (FUSE2[op] !== 0) this.settle(this.debtOf(FUSE2[op]!, ir.rs2[i]!))
    if (FUSE3[op] !== 0) this.settle(this.debtOf(FUSE3[op]!, ir.rs3[i]!))
    if (DEFF[op] !== 0) this.define(ir, i)
  }

  /** The effect of the instruction's result. */
  define(ir: Ir, i: number): void {
    const op = ir.op[i]!
    const bit = 1 << ir.rd[i]!
    const kind = DEFF[op]!
    // a constant, a conversion from an integer, or a move of x0, is never a NaN with a payload
    const safe = kind === FDEF.double || kind === FDEF.single || isSafe(op, ir.rs1[i]!)
    const single = kind === FDEF.single || kind === FDEF.singleBits
    this.nanDouble &= ~bit
    this.nanSingle &= ~bit
    this.unboxed &= ~bit
    this.boxed &= ~bit
    this.safeDouble &= ~bit
    this.safeSingle &= ~bit
    if (kind === FDEF.double) this.nanDouble |= bit
    if (kind === FDEF.single) this.nanSingle |= bit
    if (single) {
      this.unboxed |= bit
      this.boxed |= bit
      if (safe) this.safeSingle |= bit
    } else if (safe) this.safeDouble |= bit
  }
}

const PLAIN: ReadonlySet<number> = new Set([
  IrOp.fcvt_d_w,
  IrOp.fcvt_d_wu,
  IrOp.fcvt_d_l,
  IrOp.fcvt_d_lu,
  IrOp.fcvt_s_w,
  IrOp.fcvt_s_wu,
  IrOp.fcvt_s_l,
  IrOp.fcvt_s_lu,
  IrOp.fli_d,
  IrOp.fli_s,
])
const isSafe = (op: number, rs1: number): boolean =>
  PLAIN.has(op) || ((op === IrOp.fmv_d_x || op === IrOp.fmv_w_x) && rs1 === 0)
