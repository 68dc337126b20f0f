/** Conversions between integers, singles and doubles (§11.7, §12.5), and fclass. */
import { stateSlot, TEMP, TEMP2, XTEMP, XTEMP2, xSlot } from '../convention.ts'
import { Cond, I, RBP, RIPREL, type Size } from '../x86/assembler.ts'
import { interpret, interpretIf } from './control.ts'
import type { Emitter } from './emitter.ts'
import { DYNAMIC, exact, NEAREST_MAX, rounded } from './float.ts'
import type { Handler } from './handler.ts'

const TOWARD_ZERO = 1
/** Rounding field of vround: the mode in bits 1:0. Bit 3 keeps an inexact result from raising the flag. */
const ROUND_IMMEDIATE = [0, 3, 1, 2]
const QUIET = 8

/**
 * xmm with guest rs1 already rounded to an integer where the conversion instruction can not do it: cvtt truncates and
 * cvt uses MXCSR, other static modes take a vround first. Returns undefined when the interpreter does it all.
 */
function source(e: Emitter, i: number, double: boolean, quiet: number): { x: number; truncate: boolean } | undefined {
  const { asm, ir } = e
  const rm = ir.rm[i]!
  if (rm === NEAREST_MAX || (rm === DYNAMIC && e.oddRounding)) {
    interpret(e, i)
    return undefined
  }
  const x = double ? e.double(ir.rs1[i]!, XTEMP) : e.single(ir.rs1[i]!, XTEMP)
  if (rm === DYNAMIC || rm === TOWARD_ZERO) return { x, truncate: rm === TOWARD_ZERO }
  asm.vrrri(double ? I.vroundsd : I.vroundss, XTEMP2, x, x, ROUND_IMMEDIATE[rm]! | quiet)
  return { x: XTEMP2, truncate: true }
}

const MINIMUM = [
  ['minimum32Single', 'minimum32Double'],
  ['minimum64Single', 'minimum64Double'],
] as const

/** NX when xmm15 (rounded without raising it) is not the operand of instruction i. Uses r10. */
function raiseInexact(e: Emitter, i: number, double: boolean): void {
  const { asm } = e
  const own = e.homeFp[e.ir.rs1[i]!]!
  // xmm14 still has an operand that was loaded or checked
  const checked = own < 0 || (!double && ((e.float.boxed >>> e.ir.rs1[i]!) & 1) === 0)
  asm.vrr(double ? I.vucomisd : I.vucomiss, XTEMP2, checked ? XTEMP : own)
  asm.setcc(Cond.ne, TEMP2)
  asm.mr(I.or, 1, RBP, stateSlot('fflags'), TEMP2)
}

/** fcvt.w and fcvt.l: the host's result for what does not fit is the most negative number; RISC-V saturates, NaN to the maximum. */
function toSigned(double: boolean, size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const from = source(e, i, double, QUIET)
    if (from === undefined) return
    const compare = double ? I.vucomisd : I.vucomiss
    const rounds = from.x === XTEMP2
    const op = double ? (from.truncate ? I.vcvttsd2si : I.vcvtsd2si) : from.truncate ? I.vcvttss2si : I.vcvtss2si
    asm.gx(op, size, TEMP, from.x)
    const odd = asm.label()
    const back = asm.label()
    // x - 1 overflows for the most negative number alone
    asm.ri(I.cmp, size, TEMP, 1)
    asm.jcc(Cond.o, odd)
    const inRange = asm.label()
    asm.bind(inRange)
    if (rounds) raiseInexact(e, i, double)
    asm.bind(back)
    e.later(() => {
      asm.bind(odd)
      // NaN or positive: the maximum, one less in two's complement
      e.pool('zero', () => asm.vrm(compare, from.x, RIPREL, 0))
      const maximum = asm.label()
      asm.jcc(Cond.p, maximum)
      asm.jcc(Cond.ae, maximum)
      if (rounds) {
        // the minimum itself is in range, and may be inexact
        e.pool(MINIMUM[size === 4 ? 0 : 1][double ? 1 : 0], () => asm.vrm(compare, from.x, RIPREL, 0))
        asm.jcc(Cond.e, inRange)
      }
      asm.jmp(back)
      asm.bind(maximum)
      asm.r(I.dec, size, TEMP)
      asm.jmp(back)
    })
    if (rd === 0) return
    if (size === 4) asm.rr(I.movsxd, 8, TEMP, TEMP)
    e.put(rd, TEMP)
  }
}

/** fcvt.wu and fcvt.lu inside the range of a signed conversion; the rest is the interpreter's. */
function toUnsigned(double: boolean, size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const compare = double ? I.vucomisd : I.vucomiss
    const rm = ir.rm[i]!
    if (rm === NEAREST_MAX || (rm === DYNAMIC && e.oddRounding)) return interpret(e, i)
    const x = double ? e.double(ir.rs1[i]!, XTEMP) : e.single(ir.rs1[i]!, XTEMP)
    // negative or NaN, or too large: 0 <= x < limit is what goes on
    e.pool('zero', () => asm.vrm(compare, x, RIPREL, 0))
    interpretIf(e, i, Cond.b)
    const limit = size === 4 ? (double ? 'limit32Double' : 'limit32Single') : double ? 'limit63Double' : 'limit63Single'
    e.pool(limit, () => asm.vrm(compare, x, RIPREL, 0))
    interpretIf(e, i, Cond.ae)
    const from = source(e, i, double, 0)!
    const op = double ? (from.truncate ? I.vcvttsd2si : I.vcvtsd2si) : from.truncate ? I.vcvttss2si : I.vcvtss2si
    asm.gx(op, 8, TEMP, from.x)
    if (rd === 0) return
    if (size === 4) asm.rr(I.movsxd, 8, TEMP, TEMP)
    e.put(rd, TEMP)
  }
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
    else rounded(e, i, convert)
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
    rounded(e, i, () => {
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

/**
 * fcvtmod.w.d (Zfa): modulo 2^32. A 32-bit conversion has the flags, and the result where it is in range; a 64-bit one has the
 * result of most others, but its flags are thrown away.
 */
const toModulo: Handler = (e, i) => {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  const x = e.double(ir.rs1[i]!, XTEMP)
  const [odd, back] = [asm.label(), asm.label()]
  asm.gx(I.vcvttsd2si, 4, TEMP, x)
  asm.ri(I.cmp, 4, TEMP, 1)
  asm.jcc(Cond.o, odd)
  asm.bind(back)
  e.later(() => {
    asm.bind(odd)
    asm.m(I.stmxcsr, 4, RBP, stateSlot('mxcsr'))
    asm.gx(I.vcvttsd2si, 8, TEMP, x)
    asm.m(I.ldmxcsr, 4, RBP, stateSlot('mxcsr'))
    asm.ri(I.cmp, 8, TEMP, 1)
    interpretIf(e, i, Cond.o)
    asm.jmp(back)
  })
  if (rd === 0) return
  asm.rr(I.movsxd, 8, TEMP, TEMP)
  e.put(rd, TEMP)
}

export const convertHandlers = {
  fcvt_w_s: toSigned(false, 4),
  fcvt_w_d: toSigned(true, 4),
  fcvt_l_s: toSigned(false, 8),
  fcvt_l_d: toSigned(true, 8),
  fcvt_wu_s: toUnsigned(false, 4),
  fcvt_wu_d: toUnsigned(true, 4),
  fcvt_lu_s: toUnsigned(false, 8),
  fcvt_lu_d: toUnsigned(true, 8),
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
  fcvtmod_w_d: toModulo,
  fclass_s: classify(false),
  fclass_d: classify(true),
} as const satisfies Record<string, Handler>
