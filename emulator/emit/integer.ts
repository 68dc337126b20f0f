/** Integer arithmetic and logic: RV64I computational instructions and the fused forms. */
import { TEMP, TEMP2, xSlot } from '../convention.ts'
import { I, RBP, type Size } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import { impliedFixup } from './fixups.ts'
import type { Handler } from './handler.ts'

/** rd = rs1 op rs2, for operations that x86 has with two operands. */
function binary(i: number, e: Emitter, op: number, commutes: boolean, size: Size): void {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  let rs1 = ir.rs1[i]!
  let rs2 = ir.rs2[i]!
  if (rd === 0) return
  if (commutes && rs2 === rd && rs1 !== rd) [rs1, rs2] = [rs2, rs1]
  if (rd === rs1 && e.isOperand(rd) && rs2 !== 0 && (size === 8 || e.analysis.mayLazy[i] === 1)) {
    // read-modify-write of the guest register's place
    asm.mr(op, size, RBP, xSlot(rd), e.operand(rs2, size))
    if (size === 4) e.lazy |= 1 << rd
    tellFlags(e, op, size, rd, rs1, rs2)
    return
  }
  const d = e.target(rd)
  const settle = (r: number) => {
    if (size === 8 && r !== 0 && !e.inMemory(r)) e.full(r)
  }
  settle(rs1)
  settle(rs2)
  if (rs2 !== 0 && rs2 !== rs1 && e.home[rs2] === d && !e.inMemory(rs2)) {
    // d holds the second operand: compute beside it
    const a = e.operand(rs1, size, TEMP)
    if (a !== TEMP) asm.rr(I.mov, size, TEMP, a)
    asm.rr(op, size, TEMP, d)
    finish(e, i, rd, TEMP, size)
    tellFlags(e, op, size, rd, rs1, rs2)
    return
  }
  const a = e.operand(rs1, size, d)
  if (a !== d) asm.rr(I.mov, size, d, a)
  if (e.isOperand(rs2)) asm.rm(op, size, d, RBP, xSlot(rs2))
  else asm.rr(op, size, d, e.operand(rs2, size, d === TEMP ? TEMP2 : TEMP))
  finish(e, i, rd, d, size)
  tellFlags(e, op, size, rd, rs1, rs2)
}

/** What the flags say behind rd = rs1 op rs2. */
function tellFlags(e: Emitter, op: number, size: Size, rd: number, rs1: number, rs2: number): void {
  if (LOGICAL.has(op)) e.flags.compared(rd)
  else if (size === 8 && op === I.add) e.flags.added(rd, rs1, rs2)
  else if (size === 8 && op === I.sub && rd !== rs1 && rd !== rs2 && rs1 !== 0) e.flags.subtracted(rs1, rs2)
}

/** Operations that leave the flags as a comparison of their result with zero would. */
const LOGICAL: ReadonlySet<number> = new Set([I.and, I.or, I.xor])

export function finish(e: Emitter, i: number, rd: number, host: number, size: Size): void {
  if (size === 4) e.putNarrow(i, rd, host)
  else e.put(rd, host)
}

/** rd = rs1 + rs2 in one lea where both are in registers. */
function add(size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const rs2 = ir.rs2[i]!
    if (rd === 0) return
    if (rs1 === 0 || rs2 === 0) {
      const source = rs1 === 0 ? rs2 : rs1
      if (size === 8) e.put(rd, e.full(source, e.target(rd)))
      else e.putNarrow(i, rd, e.low(source))
      return
    }
    if (e.optimizations.lea && rd !== rs1 && rd !== rs2 && !e.inMemory(rs1) && !e.inMemory(rs2)) {
      const a = e.operand(rs1, size)
      const b = e.operand(rs2, size)
      const d = e.target(rd)
      asm.rm(I.lea, size, d, a, 0, b, 1)
      finish(e, i, rd, d, size)
      return
    }
    binary(i, e, I.add, true, size)
  }
}

function withImmediate(e: Emitter, i: number, op: number, size: Size): void {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  const rs1 = ir.rs1[i]!
  const imm = ir.imm[i]!
  if (rd === 0) return
  if (rd === rs1 && e.isOperand(rd) && (size === 8 || e.analysis.mayLazy[i] === 1)) {
    asm.mi(op, size, RBP, xSlot(rd), imm)
    if (size === 8) e.stored(rd)
    else e.lazy |= 1 << rd
    if (LOGICAL.has(op)) e.flags.compared(rd)
    return
  }
  // `and` with an immediate that is not negative needs the low half only, and makes a value that is extended
  const width: Size = op === I.and && imm >= 0 ? 4 : size
  const d = e.target(rd)
  const a = e.operand(rs1, width, d)
  if (op === I.add && a !== d && e.optimizations.lea) asm.rm(I.lea, width, d, a, imm)
  else {
    if (a !== d) asm.rr(I.mov, width, d, a)
    asm.ri(op, width, d, imm)
  }
  finish(e, i, rd, d, size)
  if (LOGICAL.has(op)) e.flags.compared(rd)
}

/** In 32 bits where the analysis allows it. */
const logicImmediate =
  (op: number): Handler =>
  (e, i) =>
    withImmediate(e, i, op, e.analysis.low[i] === 1 ? 4 : 8)

const addi: Handler = (e, i) => {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  const rs1 = ir.rs1[i]!
  if (rd === 0) return
  if (ir.imm[i] !== 0) return withImmediate(e, i, I.add, 8)
  if (e.analysis.low[i] === 1) {
    if (rd !== rs1) e.putNarrow(i, rd, e.low(rs1))
    return
  }
  const own = e.home[rd]!
  if ((e.lazy >>> rs1) & 1 && own >= 0 && rd !== rs1 && !e.inMemory(rs1)) {
    // a move of a lazy register extends it on the way
    asm.rr(I.movsxd, 8, own, e.home[rs1]!)
    e.lazy &= ~(1 << rd)
  } else if (rd !== rs1) e.put(rd, e.full(rs1, e.target(rd)))
}

const addiw: Handler = (e, i) => {
  const { ir } = e
  if (ir.imm[i] !== 0) return withImmediate(e, i, I.add, 4)
  const rd = ir.rd[i]!
  const rs1 = ir.rs1[i]!
  if (rd === 0) return
  if (e.isOperand(rs1) && e.analysis.mayLazy[i] === 0) {
    const d = e.target(rd)
    e.asm.rm(I.movsxd, 8, d, RBP, xSlot(rs1))
    e.put(rd, d)
  } else e.putNarrow(i, rd, e.low(rs1))
}

function shiftImmediate(op: number, size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const count = ir.imm[i]! & (size * 8 - 1)
    if (rd === 0) return
    if (size === 8 && rd === rs1 && e.isOperand(rd)) {
      asm.mi(op, 8, RBP, xSlot(rd), count)
      e.stored(rd)
      return
    }
    const d = e.target(rd)
    const lowOnly = size === 4 || (op === I.shl && count >= 32)
    const a = e.operand(rs1, lowOnly ? 4 : 8, d)
    const scales = e.optimizations.lea && op === I.shl && size === 8 && count >= 1 && count <= 3
    if (scales && a !== d) asm.rm(I.lea, 8, d, -1, 0, a, 1 << count)
    else {
      if (a !== d) asm.rr(I.mov, lowOnly ? 4 : 8, d, a)
      if (count !== 0) asm.ri(op, size, d, count)
    }
    finish(e, i, rd, d, size)
  }
}

/** BMI2 shifts take the count from any register, modulo the operand size, as the ISA does (§2.4.2, §4.2.2). */
function shift(op: number, size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    if (rd === 0) return
    const count = e.low(ir.rs2[i]!, TEMP2)
    const d = e.target(rd)
    const rs1 = ir.rs1[i]!
    if (e.isOperand(rs1)) asm.rrm(op, size, d, count, RBP, xSlot(rs1))
    else asm.rrr(op, size, d, e.operand(rs1, size, TEMP), count)
    finish(e, i, rd, d, size)
  }
}

const li: Handler = (e, i) => {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  const lo = ir.imm[i]!
  const hi = ir.hi[i]!
  if (rd === 0) return
  if (e.isOperand(rd) && hi === lo >> 31) {
    asm.mi(I.mov, 8, RBP, xSlot(rd), lo)
    e.stored(rd)
    return
  }
  const d = e.target(rd)
  if (lo === 0 && hi === 0) asm.rr(I.xor, 4, d, d)
  else asm.movImm64(d, lo, hi)
  e.put(rd, d)
}

/** lui and auipc when constants are not folded. */
const upper =
  (relative: boolean): Handler =>
  (e, i) => {
    const { ir } = e
    const value = (relative ? ir.address(i) : 0) + ir.imm[i]!
    const rd = ir.rd[i]!
    if (rd === 0) return
    const d = e.target(rd)
    e.asm.movImm64(d, value | 0, Math.floor(value / 2 ** 32))
    e.put(rd, d)
  }

const zeroExtendShift: Handler = (e, i) => zeroExtendAndShift(e, i, e.ir.imm[i]!, e.ir.rm[i]!)

/** rd = (zext32(rs1) >> right) << left */
export function zeroExtendAndShift(e: Emitter, i: number, right: number, left: number): void {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  if (rd === 0) return
  const d = e.target(rd)
  const a = e.low(ir.rs1[i]!, d)
  // in place too: a 32-bit move clears the upper half
  if (a !== d || !e.inMemory(ir.rs1[i]!)) asm.rr(I.mov, 4, d, a)
  if (right > 0) asm.ri(I.shr, 4, d, right)
  if (left > 0) asm.ri(I.shl, 8, d, left)
  e.put(rd, d)
}

export function extension(op: number): Handler {
  return (e, i) => {
    const rd = e.ir.rd[i]!
    if (rd === 0) return
    const d = e.target(rd)
    const size: Size = op === I.movsx8 || op === I.movsx16 ? 8 : 4
    const rs1 = e.ir.rs1[i]!
    if (e.isOperand(rs1)) e.asm.rm(op, size, d, RBP, xSlot(rs1))
    else e.asm.rr(op, size, d, e.low(rs1))
    e.put(rd, d)
  }
}

/** rd = (rs1 << shift) + rs2 */
export function shiftAdd(e: Emitter, i: number, shift: number): void {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  if (rd === 0) return
  const index = e.full(ir.rs1[i]!, TEMP)
  const base = e.full(ir.rs2[i]!, TEMP2)
  const d = e.target(rd)
  asm.rm(I.lea, 8, d, base, 0, index, 1 << shift)
  e.put(rd, d)
}

/** The same of low halves. */
const shiftAddWord: Handler = (e, i) => {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  if (rd === 0) return
  const index = e.low(ir.rs1[i]!, TEMP)
  const base = ir.rs2[i] === ir.rs1[i] ? index : e.low(ir.rs2[i]!, TEMP2)
  const d = e.target(rd)
  asm.rm(I.lea, 4, d, base, 0, index, 1 << ir.rm[i]!)
  e.putNarrow(i, rd, d)
}

/** rd = (zext32(rs1) << shift) + rs2 */
export function zeroExtendShiftAdd(e: Emitter, i: number, shift: number): void {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  if (rd === 0) return
  asm.rr(I.mov, 4, TEMP, e.low(ir.rs1[i]!, TEMP))
  const base = e.full(ir.rs2[i]!, TEMP2)
  const d = e.target(rd)
  asm.rm(I.lea, 8, d, base, 0, TEMP, 1 << shift)
  e.put(rd, d)
}

const two =
  (op: number, commutes: boolean, size: Size): Handler =>
  (e, i) =>
    binary(i, e, op, commutes, size)

/** In 32 bits where the analysis allows it. */
const logic =
  (op: number): Handler =>
  (e, i) =>
    binary(i, e, op, true, e.analysis.low[i] === 1 ? 4 : 8)

export const integerHandlers = {
  nop: () => {},
  implied: (e, i) => e.implied.push({ until: i + e.ir.imm[i]!, fixup: impliedFixup(e.ir, i) }),
  li,
  lui: upper(false),
  auipc: upper(true),
  add: add(8),
  addw: add(4),
  sub: two(I.sub, false, 8),
  subw: two(I.sub, false, 4),
  and: logic(I.and),
  or: logic(I.or),
  xor: logic(I.xor),
  addi,
  addiw,
  andi: logicImmediate(I.and),
  ori: logicImmediate(I.or),
  xori: logicImmediate(I.xor),
  slli: shiftImmediate(I.shl, 8),
  srli: shiftImmediate(I.shr, 8),
  srai: shiftImmediate(I.sar, 8),
  slliw: shiftImmediate(I.shl, 4),
  srliw: shiftImmediate(I.shr, 4),
  sraiw: shiftImmediate(I.sar, 4),
  sll: shift(I.shlx, 8),
  srl: shift(I.shrx, 8),
  sra: shift(I.sarx, 8),
  sllw: shift(I.shlx, 4),
  srlw: shift(I.shrx, 4),
  sraw: shift(I.sarx, 4),
  zext_shift: zeroExtendShift,
  zext8: extension(I.movzx8),
  zext16: extension(I.movzx16),
  sext8: extension(I.movsx8),
  sext16: extension(I.movsx16),
  shift_addw: shiftAddWord,
  shift_add: (e, i) => shiftAdd(e, i, e.ir.rm[i]!),
  zext_shift_add: (e, i) => zeroExtendShiftAdd(e, i, e.ir.rm[i]!),
  fence: (e, i) => fence(e, i),
} as const satisfies Record<string, Handler>

/** The fence of no successor is pause (Zihintpause). */
const PAUSE = 0x010

/** Only a fence that orders earlier writes before later reads needs an instruction (pred has w or o, succ has r or i). */
function fence(e: Emitter, i: number): void {
  const imm = e.ir.imm[i]!
  if (imm === PAUSE) return e.asm.op(I.pause)
  const pred = (imm >> 4) & 15
  const succ = imm & 15
  if (!e.optimizations.fence || ((pred & 5) !== 0 && (succ & 10) !== 0)) {
    // a locked operation on the host stack orders as mfence does, in less time
    e.asm.lock()
    e.asm.mi(I.or, 4, 4, 0, 0)
  }
}
