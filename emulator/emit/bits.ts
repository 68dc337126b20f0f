/** Zba, Zbb and Zbs on BMI1, BMI2, LZCNT and POPCNT; Zicond (ISA manual 20240411, chapters 29 and 12). */
import { TEMP, TEMP2, XTEMP, XTEMP2, xSlot } from '../convention.ts'
import { Cond, I, RBP, RCX, type Size } from '../x86/assembler.ts'
import { compareOperands } from './compare.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'
import { extension, shiftAdd, zeroExtendAndShift, zeroExtendShiftAdd } from './integer.ts'

/** `body` computes rd in the register that it is given; nothing is done for x0. */
const into =
  (body: (e: Emitter, i: number, d: number) => void, size: Size = 8): Handler =>
  (e, i) => {
    const rd = e.ir.rd[i]!
    if (rd === 0) return
    const d = e.target(rd)
    body(e, i, d)
    if (size === 4) e.putNarrow(i, rd, d)
    else e.put(rd, d)
  }

/** An operation with a source in a register or in memory, and a result of up to 32 bits. */
const count = (op: number, size: Size): Handler =>
  into((e, i, d) => {
    const rs1 = e.ir.rs1[i]!
    if (e.isOperand(rs1)) e.asm.rm(op, size, d, RBP, xSlot(rs1))
    else e.asm.rr(op, size, d, e.operand(rs1, size))
  })

/** andn is BMI's; the other two complement what they have computed, or one operand beside it. */
const andNot: Handler = into((e, i, d) => {
  const { asm, ir } = e
  const b = e.full(ir.rs2[i]!, TEMP2)
  const rs1 = ir.rs1[i]!
  if (e.isOperand(rs1)) asm.rrm(I.andn, 8, d, b, RBP, xSlot(rs1))
  else asm.rrr(I.andn, 8, d, b, e.full(rs1, TEMP))
})

const orNot: Handler = into((e, i, d) => {
  const { asm, ir } = e
  const a = e.full(ir.rs1[i]!, TEMP2)
  const b = e.full(ir.rs2[i]!, TEMP)
  if (b !== TEMP) asm.rr(I.mov, 8, TEMP, b)
  asm.r(I.not, 8, TEMP)
  asm.rr(I.or, 8, TEMP, a)
  if (d !== TEMP) asm.rr(I.mov, 8, d, TEMP)
})

const xorNot: Handler = into((e, i, d) => {
  const { asm, ir } = e
  let a = e.full(ir.rs1[i]!, TEMP)
  let b = e.full(ir.rs2[i]!, TEMP2)
  if (b === d) [a, b] = [b, a]
  if (a !== d) asm.rr(I.mov, 8, d, a)
  asm.rr(I.xor, 8, d, b)
  asm.r(I.not, 8, d)
})

/** rd = rs1 when the comparison of rs1 with rs2 says `first`, else rs2. */
const choose = (first: number): Handler =>
  into((e, i, d) => {
    const { asm, ir } = e
    const [rs1, rs2] = [ir.rs1[i]!, ir.rs2[i]!]
    const a = e.full(rs1, TEMP)
    const b = rs2 === rs1 ? a : e.full(rs2, TEMP2)
    // what is narrow is in order as 32-bit numbers too
    const size: Size = (e.narrow >>> rs1) & (e.narrow >>> rs2) & 1 ? 4 : 8
    asm.rr(I.cmp, size, a, b)
    if (b === d) asm.cmov(first, 8, d, a)
    else {
      if (a !== d) asm.rr(I.mov, 8, d, a)
      asm.cmov(first ^ 1, 8, d, b)
    }
  })

const rotateImmediate = (size: Size): Handler =>
  into((e, i, d) => {
    const { asm, ir } = e
    const rs1 = ir.rs1[i]!
    const amount = ir.imm[i]! & (size * 8 - 1)
    if (e.isOperand(rs1)) asm.rmi(I.rorx, size, d, RBP, xSlot(rs1), amount)
    else asm.rri(I.rorx, size, d, e.operand(rs1, size, TEMP), amount)
  }, size)

/** Only cl counts a rotation on the host; without it the two shifts are made apart. */
const rotate = (left: boolean, size: Size): Handler =>
  into((e, i, d) => {
    const { asm, ir } = e
    const rs1 = ir.rs1[i]!
    const amount = e.low(ir.rs2[i]!, TEMP2)
    if (amount === RCX) {
      const a = e.operand(rs1, size, TEMP)
      if (a !== TEMP) asm.rr(I.mov, size, TEMP, a)
      asm.r(left ? I.rol_cl : I.ror_cl, size, TEMP)
    } else {
      const shift = (op: number, to: number, by: number): void => {
        if (e.inMemory(rs1)) asm.rrm(op, size, to, by, RBP, xSlot(rs1))
        else asm.rrr(op, size, to, e.operand(rs1, size, TEMP), by)
      }
      shift(left ? I.shlx : I.shrx, TEMP, amount)
      if (amount !== TEMP2) asm.rr(I.mov, 4, TEMP2, amount)
      asm.r(I.neg, 4, TEMP2)
      // (of x0 both are zero, though its place is taken by the first)
      shift(left ? I.shrx : I.shlx, TEMP2, TEMP2)
      asm.rr(I.or, size, TEMP, TEMP2)
    }
    if (d !== TEMP) asm.rr(I.mov, size, d, TEMP)
  }, size)

const swapBytes: Handler = into((e, i, d) => {
  const a = e.full(e.ir.rs1[i]!, d)
  if (a !== d) e.asm.rr(I.mov, 8, d, a)
  e.asm.r(I.bswap, 8, d)
})

/** Bytes that are not zero become ones: those that are not equal to zero twice over. */
const orCombine: Handler = into((e, i, d) => {
  const { asm } = e
  const rs1 = e.ir.rs1[i]!
  asm.vrrr(I.vpxor, XTEMP2, XTEMP2, XTEMP2)
  if (e.isOperand(rs1)) asm.vrm(I.vmovq, XTEMP, RBP, xSlot(rs1))
  else asm.xg(I.vmovq, 8, XTEMP, e.full(rs1))
  asm.vrrr(I.vpcmpeqb, XTEMP, XTEMP, XTEMP2)
  asm.vrrr(I.vpcmpeqb, XTEMP, XTEMP, XTEMP2)
  asm.gx(I.vmovq, 8, d, XTEMP)
})

/** bclr, binv, bset: the host takes the bit's number modulo 64 too when its operand is a register. */
const bit = (op: number): Handler =>
  into((e, i, d) => {
    const { asm, ir } = e
    const [rs1, rs2] = [ir.rs1[i]!, ir.rs2[i]!]
    const number = e.low(rs2, TEMP2)
    // beside rd when that holds the number
    const t = number === d ? TEMP : d
    const a = e.full(rs1, t)
    if (a !== t) asm.rr(I.mov, 8, t, a)
    asm.rr(op, 8, t, number)
    if (t !== d) asm.rr(I.mov, 8, d, t)
  })

const bitImmediate = (op: number): Handler =>
  into((e, i, d) => {
    const a = e.full(e.ir.rs1[i]!, d)
    if (a !== d) e.asm.rr(I.mov, 8, d, a)
    e.asm.ri(op, 8, d, e.ir.imm[i]! & 63)
  })

const extractBit: Handler = into((e, i, d) => {
  const { asm, ir } = e
  const rs1 = ir.rs1[i]!
  const number = e.low(ir.rs2[i]!, TEMP2)
  if (e.isOperand(rs1)) asm.rrm(I.shrx, 8, d, number, RBP, xSlot(rs1))
  else asm.rrr(I.shrx, 8, d, e.full(rs1, TEMP), number)
  asm.ri(I.and, 4, d, 1)
})

const extractBitImmediate: Handler = into((e, i, d) => {
  const { asm, ir } = e
  const rs1 = ir.rs1[i]!
  const number = ir.imm[i]! & 63
  if (e.isOperand(rs1)) asm.rmi(I.rorx, 8, d, RBP, xSlot(rs1), number)
  else asm.rri(I.rorx, 8, d, e.full(rs1, TEMP), number)
  asm.ri(I.and, 4, d, 1)
})

/** czero: rd = rs1, or zero when rs2 is zero (or is not). Flags that say so already are made use of, and left. */
const zeroWhen =
  (isZero: boolean): Handler =>
  (e, i) => {
    const { asm, ir } = e
    const [rd, rs1, rs2] = [ir.rd[i]!, ir.rs1[i]!, ir.rs2[i]!]
    if (rd === 0) return
    const d = e.target(rd)
    if (rs1 === 0) {
      asm.rr(I.xor, 4, d, d)
      return e.put(rd, d)
    }
    const known = e.flags.nonzero(rs2)
    const serves = isZero && rs2 !== 0 && !e.inMemory(rs2)
    if (serves) zeroWhenZero(e, rs1, rs2, d, known)
    else zeroElsewise(e, rs1, rs2, d, isZero, known)
    e.put(rd, d)
    if (rd === rs2) return
    if (known < 0) e.flags.compared(rs2)
    else e.flags.stay()
  }

/** d = rs1, but rs2 where that is zero; `known` is the condition under which it is not, when the flags have it, else -1. */
function zeroWhenZero(e: Emitter, rs1: number, rs2: number, d: number, known: number): void {
  const { asm } = e
  const b = e.full(rs2)
  const a = e.full(rs1, d === b ? TEMP : d)
  if (known < 0) asm.rr(I.test, 8, b, b)
  const nonzero = known < 0 ? Cond.ne : known
  if (d === b) asm.cmov(nonzero, 8, d, a)
  else {
    if (a !== d) asm.rr(I.mov, 8, d, a)
    asm.cmov(nonzero ^ 1, 8, d, b)
  }
}

/** The same, or rs1 where rs2 is zero, with a zero of its own. */
function zeroElsewise(e: Emitter, rs1: number, rs2: number, d: number, isZero: boolean, known: number): void {
  const { asm } = e
  const nonzero = known < 0 ? Cond.ne : known
  const keep = isZero ? nonzero : nonzero ^ 1
  const a = e.full(rs1, TEMP2)
  const held = d === a || (rs2 !== 0 && e.home[rs2] === d)
  const zero = held ? TEMP : d
  // (a move leaves the flags)
  if (known >= 0) asm.ri(I.mov, 4, zero, 0)
  else {
    asm.rr(I.xor, 4, zero, zero)
    // (rax and r10 may be taken)
    if (e.inMemory(rs2)) asm.mi(I.cmp, 8, RBP, xSlot(rs2), 0)
    else compareOperands(e, rs2, 0)
  }
  if (d === a) asm.cmov(keep ^ 1, 8, d, zero)
  else {
    asm.cmov(keep, 8, zero, a)
    if (zero !== d) asm.rr(I.mov, 8, d, zero)
  }
}

export const bitHandlers = {
  add_uw: (e, i) => zeroExtendShiftAdd(e, i, 0),
  sh1add: (e, i) => shiftAdd(e, i, 1),
  sh2add: (e, i) => shiftAdd(e, i, 2),
  sh3add: (e, i) => shiftAdd(e, i, 3),
  sh1add_uw: (e, i) => zeroExtendShiftAdd(e, i, 1),
  sh2add_uw: (e, i) => zeroExtendShiftAdd(e, i, 2),
  sh3add_uw: (e, i) => zeroExtendShiftAdd(e, i, 3),
  slli_uw: (e, i) => zeroExtendAndShift(e, i, 0, e.ir.imm[i]!),
  andn: andNot,
  orn: orNot,
  xnor: xorNot,
  clz: count(I.lzcnt, 8),
  ctz: count(I.tzcnt, 8),
  cpop: count(I.popcnt, 8),
  clzw: count(I.lzcnt, 4),
  ctzw: count(I.tzcnt, 4),
  cpopw: count(I.popcnt, 4),
  min: choose(Cond.l),
  minu: choose(Cond.b),
  max: choose(Cond.g),
  maxu: choose(Cond.a),
  sext_b: extension(I.movsx8),
  sext_h: extension(I.movsx16),
  zext_h: extension(I.movzx16),
  rol: rotate(true, 8),
  ror: rotate(false, 8),
  rori: rotateImmediate(8),
  rolw: rotate(true, 4),
  rorw: rotate(false, 4),
  roriw: rotateImmediate(4),
  orc_b: orCombine,
  rev8: swapBytes,
  bclr: bit(I.btr),
  bclri: bitImmediate(I.btr),
  bext: extractBit,
  bexti: extractBitImmediate,
  binv: bit(I.btc),
  binvi: bitImmediate(I.btc),
  bset: bit(I.bts),
  bseti: bitImmediate(I.bts),
  czero_eqz: zeroWhen(true),
  czero_nez: zeroWhen(false),
} as const satisfies Record<string, Handler>
