/**
 * Macro-op fusion inside a block: pairs whose intermediate register the second instruction overwrites become one operation.
 *
 *     slli t,x,32 ; srli t,t,k       zext_shift        (unsigned index; also 8- and 16-bit extensions)
 *     slli t,x,n  ; add  t,t,y       shift_add         n 1–3
 *     slliw t,x,n ; addw t,t,y       shift_addw        n 1–3
 *     zext_shift t,x,n ; add t,t,y   zext_shift_add
 *     add t,x,y   ; load t,off(t)    load with an index register (and the shifted forms)
 *
 * A fault must not see that the intermediate value is missing: nothing may leave translated code between the two but loads and
 * stores, for whose faults, and that of the second one, the fault map recomputes it (FIXUP.ADD_SHIFTED).
 */
import { ALL_OPTIMIZATIONS, type Optimizations } from '../options.ts'
import { type Ir, SCALE_ZEXT } from './ir.ts'
import { IrOp } from './ops.ts'
import { reads, writes } from './registers.ts'
import { findRotations } from './rotate.ts'
import { ADDRESSED, DEFX, MAY_LEAVE } from './traits.ts'

/** How far apart the two may be. */
const WINDOW = 16

type Fusions = Pick<Optimizations, 'fusion' | 'address' | 'crossing' | 'rotate'>

export function fuse(ir: Ir, on: Fusions = ALL_OPTIMIZATIONS): void {
  for (let b = 0; b < ir.blocks.length; b++) {
    const { start, end } = ir.blocks[b]!
    for (let i = start; i < end - 1; i++) fuseAt(ir, i, end, on)
    if (on.rotate) findRotations(ir, start, end)
  }
}

/**
 * The instruction that reads `t` next and overwrites it, when nothing between touches `t`, `a` or `b` or may leave; -1 otherwise.
 * `crossing` allows loads and stores between, whose faults show the value that is not there: it has to be {@link implied}.
 */
function consumer(ir: Ir, i: number, end: number, t: number, a: number, b: number, crossing = false): number {
  const limit = Math.min(end, i + 1 + WINDOW)
  for (let k = i + 1; k < limit; k++) {
    if (reads(ir, k, t)) return writes(ir, k, t) ? k : -1
    if (writes(ir, k, t) || writes(ir, k, a) || writes(ir, k, b)) return -1
    if (MAY_LEAVE[ir.op[k]!] !== 0 && !(crossing && ADDRESSED[ir.op[k]!] !== 0)) return -1
  }
  return -1
}

/** Instruction i is no longer made: its result, a + (b << shift), is that of k too, or goes into it. */
function replace(ir: Ir, i: number, k: number, a: number, b: number, shift: number): void {
  ir.op[i] = IrOp.nop
  for (let between = i + 1; between < k; between++) {
    if (ADDRESSED[ir.op[between]!] === 0) continue
    ir.op[i] = IrOp.implied
    ir.rs1[i] = a
    ir.rs2[i] = b
    ir.rm[i] = shift
    ir.imm[i] = k - i
    return
  }
}

function fuseAt(ir: Ir, i: number, end: number, { fusion, address, crossing }: Fusions): void {
  const op = ir.op[i]!
  const t = ir.rd[i]!
  if (t === 0) return
  if (op === IrOp.add || op === IrOp.shift_add || op === IrOp.zext_shift_add) {
    if (address) fuseAddress(ir, i, end, t, crossing)
  } else if (!fusion) return
  else if (op === IrOp.slli) {
    const x = ir.rs1[i]!
    const shift = ir.imm[i]!
    const k = consumer(ir, i, end, t, x, x, crossing && shift <= 3)
    if (k < 0) return
    const next = ir.op[k]!
    if (next === IrOp.srli && shift >= 32 && extract(ir, k, x, shift, ir.imm[k]!)) ir.op[i] = IrOp.nop
    else if (next === IrOp.srai && signExtract(ir, k, x, shift, ir.imm[k]!)) ir.op[i] = IrOp.nop
    else if (next === IrOp.add && shift >= 1 && shift <= 3 && takeAddend(ir, k, t, x)) {
      ir.op[k] = IrOp.shift_add
      ir.rm[k] = shift
      replace(ir, i, k, 0, x, shift)
    }
  } else if (op === IrOp.slliw && ir.imm[i]! >= 1 && ir.imm[i]! <= 3) {
    const x = ir.rs1[i]!
    const k = consumer(ir, i, end, t, x, x)
    if (k < 0 || ir.op[k] !== IrOp.addw || !takeAddend(ir, k, t, x)) return
    ir.op[k] = IrOp.shift_addw
    ir.rm[k] = ir.imm[i]!
    ir.op[i] = IrOp.nop
  } else if (op === IrOp.zext_shift && ir.imm[i] === 0 && ir.rm[i]! <= 3) {
    const x = ir.rs1[i]!
    const k = consumer(ir, i, end, t, x, x, crossing)
    if (k >= 0 && ir.op[k] === IrOp.add && takeAddend(ir, k, t, x)) {
      ir.op[k] = IrOp.zext_shift_add
      ir.rm[k] = ir.rm[i]!
      replace(ir, i, k, 0, x, ir.rm[i]! + SCALE_ZEXT)
    }
  }
}

/** Turns `add t,t,y` or `add t,y,t` at k into operands rs1 = x (the one that is shifted) and rs2 = y. */
function takeAddend(ir: Ir, k: number, t: number, x: number): boolean {
  const y = ir.rs1[k] === t ? ir.rs2[k]! : ir.rs1[k]!
  if (y === t || y === 0) return false
  ir.rs1[k] = x
  ir.rs2[k] = y
  return true
}

/** (x << left) >> right, logical, left ≥ 32: the low 32 bits of x are enough. */
function extract(ir: Ir, k: number, x: number, left: number, right: number): boolean {
  if (left === 32) {
    ir.op[k] = IrOp.zext_shift
    ir.rm[k] = right <= 32 ? 32 - right : 0
    ir.imm[k] = right <= 32 ? 0 : right - 32
  } else if (left === right && (left === 48 || left === 56)) {
    ir.op[k] = left === 48 ? IrOp.zext16 : IrOp.zext8
  } else return false
  ir.rs1[k] = x
  return true
}

function signExtract(ir: Ir, k: number, x: number, left: number, right: number): boolean {
  if (left !== right || (left !== 48 && left !== 56 && left !== 32)) return false
  ir.op[k] = left === 48 ? IrOp.sext16 : left === 56 ? IrOp.sext8 : IrOp.addiw
  ir.imm[k] = 0
  ir.rs1[k] = x
  return true
}

function fuseAddress(ir: Ir, i: number, end: number, t: number, crossing: boolean): void {
  const x = ir.rs1[i]!
  const y = ir.rs2[i]!
  if (x === 0 || y === 0) return
  const k = consumer(ir, i, end, t, x, y, crossing)
  if (k < 0 || ADDRESSED[ir.op[k]!] === 0 || ir.rs1[k] !== t || DEFX[ir.op[k]!] === 0) return
  // the shifted operand is the index; for a plain sum either may be
  ir.rs1[k] = y
  ir.index[k] = x
  ir.scale[k] = ir.op[i] === IrOp.add ? 0 : ir.rm[i]! + (ir.op[i] === IrOp.zext_shift_add ? SCALE_ZEXT : 0)
  replace(ir, i, k, y, x, ir.scale[k]!)
}
