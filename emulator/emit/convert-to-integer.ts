/**
 * Conversions of singles and doubles to integers (ISA manual §11.7): what is out of range saturates, a NaN is the maximum, both raise NV and
 * not NX. The host has one result for all that does not fit, and no unsigned conversions.
 */
import { stateSlot, TEMP, TEMP2, XTEMP, XTEMP2 } from '../convention.ts'
import { Cond, I, RBP, RIPREL, type Size } from '../x86/assembler.ts'
import { interpret, interpretIf } from './control.ts'
import type { Emitter } from './emitter.ts'
import { operand } from './float.ts'
import type { Handler } from './handler.ts'
import { DYNAMIC, immediateOf, NEAREST_MAX, roundQuietly, TOWARD_ZERO } from './rounding.ts'

/** Accrued exceptions (§11.2). */
const NV = 16

/** An operand in an xmm register, and where it is rounded to an integer: there too when the conversion rounds it. */
interface Source {
  readonly x: number
  readonly rounded: number
  /** The conversion is one toward zero; else MXCSR says how it rounds. */
  readonly truncate: boolean
}

/**
 * The operand of instruction i. A conversion truncates or goes by MXCSR; for other modes the operand is rounded before, into
 * xmm15. Without `quiet` that raises NX where the host can.
 */
function source(e: Emitter, i: number, double: boolean, x: number, quiet: boolean): Source {
  const rm = e.ir.rm[i]!
  if (rm === DYNAMIC || rm === TOWARD_ZERO) return { x, rounded: x, truncate: rm === TOWARD_ZERO }
  if (quiet || rm === NEAREST_MAX) roundQuietly(e, rm, double, x)
  else e.asm.vrrri(double ? I.vroundsd : I.vroundss, XTEMP2, x, x, immediateOf(rm))
  return { x, rounded: XTEMP2, truncate: true }
}

/** The rounding mode in frm is none that is known here: the interpreter does the instruction. */
const isUnknown = (e: Emitter, i: number): boolean => e.ir.rm[i] === DYNAMIC && e.oddRounding

/** rax = the operand, rounded and converted to a signed integer. */
function toRax(e: Emitter, double: boolean, size: Size, { rounded, truncate }: Source): void {
  const op = double ? (truncate ? I.vcvttsd2si : I.vcvtsd2si) : truncate ? I.vcvttss2si : I.vcvtss2si
  e.asm.gx(op, size, TEMP, rounded)
}

const compareOf = (double: boolean): number => (double ? I.vucomisd : I.vucomiss)

/** NX when xmm15 (rounded without raising it) is not the operand. Uses r10. */
function raiseInexact(e: Emitter, double: boolean, x: number): void {
  const { asm } = e
  asm.vrr(compareOf(double), XTEMP2, x)
  asm.setcc(Cond.ne, TEMP2)
  asm.mr(I.or, 1, RBP, stateSlot('fflags'), TEMP2)
}

const MINIMUM = [
  ['minimum32Single', 'minimum32Double'],
  ['minimum64Single', 'minimum64Double'],
] as const

/** fcvt.w and fcvt.l: the host's result for what does not fit is the most negative number. */
function toSigned(double: boolean, size: Size): Handler {
  return (e, i) => {
    if (isUnknown(e, i)) return interpret(e, i)
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const from = source(e, i, double, operand(e, ir.rs1[i]!, double, XTEMP), true)
    const compare = compareOf(double)
    const isRounded = from.rounded === XTEMP2
    toRax(e, double, size, from)
    const odd = asm.label()
    const back = asm.label()
    // x - 1 overflows for the most negative number alone
    asm.ri(I.cmp, size, TEMP, 1)
    asm.jcc(Cond.o, odd)
    const inRange = asm.label()
    asm.bind(inRange)
    if (isRounded) raiseInexact(e, double, from.x)
    asm.bind(back)
    e.later(() => {
      asm.bind(odd)
      // NaN or positive: the maximum, one less in two's complement
      e.pool('zero', () => asm.vrm(compare, from.x, RIPREL, 0))
      const maximum = asm.label()
      asm.jcc(Cond.p, maximum)
      asm.jcc(Cond.ae, maximum)
      if (isRounded) {
        // the minimum itself is in range, and may be inexact (minus infinity is rounded to a NaN, and equal to nothing)
        e.pool(MINIMUM[size === 4 ? 0 : 1][double ? 1 : 0], () => asm.vrm(compare, XTEMP2, RIPREL, 0))
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

/** fcvt.wu and fcvt.lu: signed conversions of 64 bits, for what is surely in the range of one; the rest is cold code. */
function toUnsigned(double: boolean, size: Size): Handler {
  const limit = size === 4 ? (double ? 'limit32Double' : 'limit32Single') : double ? 'limit63Double' : 'limit63Single'
  return (e, i) => {
    if (isUnknown(e, i)) return interpret(e, i)
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const compare = compareOf(double)
    const x = operand(e, ir.rs1[i]!, double, XTEMP)
    const [negative, large, back] = [asm.label(), asm.label(), asm.label()]
    // 0 <= x < limit goes on; not the negative ones and NaNs
    e.pool('zero', () => asm.vrm(compare, x, RIPREL, 0))
    asm.jcc(Cond.b, negative)
    e.pool(limit, () => asm.vrm(compare, x, RIPREL, 0))
    asm.jcc(Cond.ae, large)
    const from = source(e, i, double, x, false)
    toRax(e, double, 8, from)
    if (ir.rm[i] === NEAREST_MAX) raiseInexact(e, double, x)
    asm.bind(back)
    e.later(() => {
      asm.bind(negative)
      fromNegative(e, i, double, x)
      asm.jmp(back)
      asm.bind(large)
      if (size === 4) fromLarge32(e, i, double, x)
      else fromLarge64(e, double, x)
      asm.jmp(back)
    })
    if (rd === 0) return
    if (size === 4) asm.rr(I.movsxd, 8, TEMP, TEMP)
    e.put(rd, TEMP)
  }
}

/** rax = what a negative number, or a NaN, is as an unsigned integer: zero if it is rounded to that, which is inexact. */
function fromNegative(e: Emitter, i: number, double: boolean, x: number): void {
  const { asm } = e
  const compare = compareOf(double)
  const [invalid, done] = [asm.label(), asm.label()]
  asm.ri(I.mov, 8, TEMP, -1)
  asm.vrr(compare, x, x)
  asm.jcc(Cond.p, invalid)
  roundQuietly(e, e.ir.rm[i]!, double, x)
  asm.rr(I.xor, 4, TEMP, TEMP)
  e.pool('zero', () => asm.vrm(compare, XTEMP2, RIPREL, 0))
  // (minus infinity may be rounded to a NaN)
  asm.jcc(Cond.p, invalid)
  asm.jcc(Cond.ne, invalid)
  asm.mi(I.or, 1, RBP, stateSlot('fflags'), 1)
  asm.jmp(done)
  asm.bind(invalid)
  asm.mi(I.or, 1, RBP, stateSlot('fflags'), NV)
  asm.bind(done)
}

/** rax = a large number as an unsigned integer of 32 bits. */
function fromLarge32(e: Emitter, i: number, double: boolean, x: number): void {
  const { asm } = e
  const [fits, done] = [asm.label(), asm.label()]
  roundQuietly(e, e.ir.rm[i]!, double, x)
  // exact, or invalid; in range when the upper half is zero
  asm.gx(double ? I.vcvttsd2si : I.vcvttss2si, 8, TEMP, XTEMP2)
  asm.rr(I.mov, 4, TEMP2, TEMP)
  asm.rr(I.cmp, 8, TEMP2, TEMP)
  asm.jcc(Cond.e, fits)
  asm.mi(I.or, 1, RBP, stateSlot('fflags'), NV)
  asm.ri(I.mov, 8, TEMP, -1)
  asm.jmp(done)
  asm.bind(fits)
  raiseInexact(e, double, x)
  asm.bind(done)
}

/** rax = a number of 2^63 or more, which is an integer, as an unsigned one of 64 bits. */
function fromLarge64(e: Emitter, double: boolean, x: number): void {
  const { asm } = e
  const [invalid, done] = [asm.label(), asm.label()]
  const limit = double ? 'limit63Double' : 'limit63Single'
  e.pool(limit, () => asm.vrm(double ? I.vmovsd : I.vmovss, XTEMP2, RIPREL, 0))
  asm.vrrr(double ? I.vaddsd : I.vaddss, XTEMP2, XTEMP2, XTEMP2)
  asm.vrr(compareOf(double), x, XTEMP2)
  asm.jcc(Cond.ae, invalid)
  // (exact below 2^64)
  e.pool(limit, () => asm.vrrm(double ? I.vsubsd : I.vsubss, XTEMP2, x, RIPREL, 0))
  asm.gx(double ? I.vcvttsd2si : I.vcvttss2si, 8, TEMP, XTEMP2)
  asm.ri(I.btc, 8, TEMP, 63)
  asm.jmp(done)
  asm.bind(invalid)
  asm.mi(I.or, 1, RBP, stateSlot('fflags'), NV)
  asm.ri(I.mov, 8, TEMP, -1)
  asm.bind(done)
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

export const toIntegerHandlers = {
  fcvt_w_s: toSigned(false, 4),
  fcvt_w_d: toSigned(true, 4),
  fcvt_l_s: toSigned(false, 8),
  fcvt_l_d: toSigned(true, 8),
  fcvt_wu_s: toUnsigned(false, 4),
  fcvt_wu_d: toUnsigned(true, 4),
  fcvt_lu_s: toUnsigned(false, 8),
  fcvt_lu_d: toUnsigned(true, 8),
  fcvtmod_w_d: toModulo,
} as const satisfies Record<string, Handler>
