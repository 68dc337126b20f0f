/** Conversions from integers, and between singles and doubles (§11.7, §12.5), and fclass. */
import { TEMP, TEMP2, XTEMP, xSlot } from '../convention.ts'
import { Cond, I, RBP, type Size } from '../x86/assembler.ts'
import { interpretIf } from './control.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'
import { exact, NEAREST_MAX, rounded } from './rounding.ts'

interface Integers {
  readonly double: boolean
  readonly size: Size
  readonly unsigned: boolean
}

/**
 * Emits `body` under the rounding mode of instruction i. For the one that the host lacks it is enough that integers that are exact do not
 * go to the interpreter: round() of C libraries converts back what it has made an integer.
 */
function unlessExact(e: Emitter, i: number, { double, size, unsigned }: Integers, body: () => void): void {
  if (e.ir.rm[i] !== NEAREST_MAX) return rounded(e, i, body)
  const { asm } = e
  const rs1 = e.ir.rs1[i]!
  const a = e.operand(rs1, size, TEMP2)
  if (size === 8 ? a !== TEMP2 : unsigned) asm.rr(I.mov, size, TEMP2, a)
  else if (size === 4) asm.rr(I.movsxd, 8, TEMP2, a)
  // what is left above the bits of the significand: nothing, or copies of the sign
  asm.ri(unsigned ? I.shr : I.sar, 8, TEMP2, double ? 53 : 24)
  if (unsigned) interpretIf(e, i, Cond.ne)
  else {
    asm.r(I.inc, 8, TEMP2)
    asm.ri(I.cmp, 8, TEMP2, 1)
    interpretIf(e, i, Cond.a)
  }
  body()
}

/** A signed integer, or one whose upper half is made zero, to floating point. */
function fromSigned(double: boolean, size: Size, unsigned: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const op = double ? I.vcvtsi2sd : I.vcvtsi2ss
    const convert = (): void => {
      const x = e.targetFp(rd)
      // a zero first, because the conversion keeps the upper part of its destination
      asm.vrrr(I.vxorps, x, x, x)
      if (unsigned) {
        asm.rr(I.mov, 4, TEMP, e.low(rs1, TEMP))
        asm.xg(op, 8, x, TEMP)
      } else if (e.isOperand(rs1)) asm.xm(op, size, x, RBP, xSlot(rs1))
      else asm.xg(op, size, x, e.operand(rs1, size))
      e.putFloat(i, rd, x)
    }
    if (size === 8 && rs1 !== 0 && !e.inMemory(rs1)) e.full(rs1)
    // integers of 32 bits are exact in a double
    if (double && (size === 4 || unsigned)) exact(e, i, convert)
    else unlessExact(e, i, { double, size, unsigned }, convert)
  }
}

/** An unsigned 64-bit integer: halved, with the lost bit kept for rounding, when its top bit is set. */
function fromUnsigned64(double: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const op = double ? I.vcvtsi2sd : I.vcvtsi2ss
    if (rs1 !== 0 && !e.inMemory(rs1)) e.full(rs1)
    unlessExact(e, i, { double, size: 8, unsigned: true }, () => {
      const x = e.targetFp(rd)
      asm.vrrr(I.vxorps, x, x, x)
      const a = e.full(rs1, TEMP)
      if (a !== TEMP) asm.rr(I.mov, 8, TEMP, a)
      const large = asm.label()
      const back = asm.label()
      asm.rr(I.test, 8, TEMP, TEMP)
      asm.jcc(Cond.s, large)
      asm.xg(op, 8, x, TEMP)
      asm.bind(back)
      e.later(() => {
        asm.bind(large)
        asm.rr(I.mov, 4, TEMP2, TEMP)
        asm.ri(I.and, 4, TEMP2, 1)
        asm.ri(I.shr, 8, TEMP, 1)
        asm.rr(I.or, 8, TEMP, TEMP2)
        asm.xg(op, 8, x, TEMP)
        asm.vrrr(double ? I.vaddsd : I.vaddss, x, x, x)
        asm.jmp(back)
      })
      e.putFloat(i, rd, x)
    })
  }
}

const widen: Handler = (e, i) => {
  const { asm, ir } = e
  const x = e.single(ir.rs1[i]!, XTEMP)
  exact(e, i, () => {
    const d = e.targetFp(ir.rd[i]!)
    asm.vrrr(I.vcvtss2sd, d, x, x)
    e.putFloat(i, ir.rd[i]!, d)
  })
}

const narrow: Handler = (e, i) => {
  const { asm, ir } = e
  const x = e.double(ir.rs1[i]!, XTEMP)
  rounded(e, i, () => {
    const d = e.targetFp(ir.rd[i]!)
    asm.vrrr(I.vcvtsd2ss, d, x, x)
    e.putFloat(i, ir.rd[i]!, d)
  })
}

/** fclass (§11.9): one of ten bits, by sign, exponent and fraction. */
function classify(double: boolean): Handler {
  const size: Size = double ? 8 : 4
  const fractionBits = double ? 52 : 23
  const exponentMask = double ? 0x7ff : 0xff
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    if (rd === 0) return
    const x = double ? e.double(ir.rs1[i]!, XTEMP) : e.single(ir.rs1[i]!, XTEMP)
    const [top, zero, done] = [asm.label(), asm.label(), asm.label()]
    const [nan, normal] = [asm.label(), asm.label()]
    const move = double ? I.vmovq : I.vmovd
    // r10 = exponent, rax = what is left of the fraction (shifted up, the sign and the exponent out)
    asm.gx(move, size, TEMP2, x)
    asm.ri(I.shr, size, TEMP2, fractionBits)
    asm.ri(I.and, 4, TEMP2, exponentMask)
    asm.gx(move, size, TEMP, x)
    asm.ri(I.shl, size, TEMP, double ? 12 : 9)
    asm.ri(I.cmp, 4, TEMP2, exponentMask)
    asm.jccShort(Cond.e, top)
    asm.rr(I.test, 4, TEMP2, TEMP2)
    asm.jccShort(Cond.ne, normal)
    asm.rr(I.test, size, TEMP, TEMP)
    asm.jccShort(Cond.e, zero)
    // positive classes are bits 4–7, the negative ones mirror them: bits 3–0
    asm.ri(I.mov, 4, TEMP2, 5)
    asm.jmpShort(done)
    asm.bind(normal)
    asm.ri(I.mov, 4, TEMP2, 6)
    asm.jmpShort(done)
    asm.bind(zero)
    asm.ri(I.mov, 4, TEMP2, 4)
    asm.jmpShort(done)
    asm.bind(top)
    asm.rr(I.test, size, TEMP, TEMP)
    asm.jccShort(Cond.ne, nan)
    asm.ri(I.mov, 4, TEMP2, 7)
    asm.bind(done)
    // negative: 7 - class
    asm.gx(double ? I.vmovmskpd : I.vmovmskps, 4, TEMP, x)
    const positive = asm.label()
    const set = asm.label()
    asm.ri(I.test, 4, TEMP, 1)
    asm.jccShort(Cond.e, positive)
    asm.ri(I.xor, 4, TEMP2, 7)
    asm.bind(positive)
    asm.jmpShort(set)
    asm.bind(nan)
    // quiet NaNs have the top bit of the fraction
    asm.ri(I.mov, 4, TEMP2, 8)
    asm.rr(I.test, size, TEMP, TEMP)
    asm.jccShort(Cond.ns, set)
    asm.ri(I.mov, 4, TEMP2, 9)
    asm.bind(set)
    asm.ri(I.mov, 4, TEMP, 1)
    asm.rrr(I.shlx, 4, TEMP, TEMP, TEMP2)
    e.put(rd, TEMP)
  }
}

export const convertHandlers = {
  fcvt_s_w: fromSigned(false, 4, false),
  fcvt_s_wu: fromSigned(false, 4, true),
  fcvt_d_w: fromSigned(true, 4, false),
  fcvt_d_wu: fromSigned(true, 4, true),
  fcvt_s_l: fromSigned(false, 8, false),
  fcvt_d_l: fromSigned(true, 8, false),
  fcvt_s_lu: fromUnsigned64(false),
  fcvt_d_lu: fromUnsigned64(true),
  fcvt_d_s: widen,
  fcvt_s_d: narrow,
  fclass_s: classify(false),
  fclass_d: classify(true),
} as const satisfies Record<string, Handler>
