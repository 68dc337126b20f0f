/**
 * Zfhmin on F16C (ISA manual 20240411, chapter 22). A half in a register is NaN-boxed to 64 bits at once, so that it owes
 * nothing; the other lanes of the vectors that the host converts are kept clean, because they could raise exceptions.
 */
import { TEMP, TEMP2, XTEMP, XTEMP2 } from '../convention.ts'
import { Cond, I } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'
import { CURRENT_ROUNDING, exact, rounded, roundingImmediate } from './rounding.ts'

/** The ones above a half in a register, as a sign-extended immediate. */
export const HALF_BOX = -0x10000
const CANONICAL = 0x7e00
/** Bits of a double's fraction that a single lacks. */
const LOST_BITS = 29

/** `x` = guest rs1 as a single: the half in it, or the canonical NaN when that is not properly boxed. */
function widened(e: Emitter, i: number, x: number): void {
  const { asm } = e
  const [bad, back] = [asm.label(), asm.label()]
  asm.gx(I.vmovq, 8, TEMP, e.double(e.ir.rs1[i]!, XTEMP))
  asm.ri(I.cmp, 8, TEMP, HALF_BOX)
  asm.jcc(Cond.b, bad)
  asm.bind(back)
  e.later(() => {
    asm.bind(bad)
    asm.ri(I.mov, 4, TEMP, CANONICAL)
    asm.jmp(back)
  })
  // (the second lane is of ones, a quiet NaN)
  asm.xg(I.vmovd, 4, XTEMP, TEMP)
  asm.vrr(I.vcvtph2ps, x, XTEMP)
}

/** rd = the single in the first lane of xmm15, whose other lanes are zero, rounded to a half. A NaN becomes canonical. */
function narrowed(e: Emitter, i: number, rounding: number): void {
  const { asm, ir } = e
  const [nan, back] = [asm.label(), asm.label()]
  const d = e.targetFp(ir.rd[i]!)
  asm.vrri(I.vcvtps2ph, XTEMP, XTEMP2, rounding)
  asm.vrr(I.vucomiss, XTEMP2, XTEMP2)
  asm.gx(I.vmovd, 4, TEMP, XTEMP)
  asm.jcc(Cond.p, nan)
  asm.bind(back)
  asm.ri(I.or, 8, TEMP, HALF_BOX)
  asm.xg(I.vmovq, 8, d, TEMP)
  e.later(() => {
    asm.bind(nan)
    asm.ri(I.mov, 4, TEMP, CANONICAL)
    asm.jmp(back)
  })
  e.putFloat(i, ir.rd[i]!, d)
}

const singleFromHalf: Handler = (e, i) => {
  exact(e, i, () => {
    const d = e.targetFp(e.ir.rd[i]!)
    widened(e, i, d)
    e.putFloat(i, e.ir.rd[i]!, d)
  })
}

const doubleFromHalf: Handler = (e, i) => {
  exact(e, i, () => {
    const d = e.targetFp(e.ir.rd[i]!)
    widened(e, i, XTEMP)
    e.asm.vrrr(I.vcvtss2sd, d, XTEMP, XTEMP)
    e.putFloat(i, e.ir.rd[i]!, d)
  })
}

const halfFromSingle: Handler = (e, i) => {
  const { asm, ir } = e
  const rounding = roundingImmediate(e, i)
  const x = e.single(ir.rs1[i]!, XTEMP)
  asm.vrrr(I.vxorps, XTEMP2, XTEMP2, XTEMP2)
  asm.vrrr(I.vmovss, XTEMP2, XTEMP2, x)
  narrowed(e, i, rounding)
}

/**
 * By way of a single that is rounded to odd: what the double has beyond it sets its last bit, and rounding to eleven bits comes out
 * as if from the double. Outside of a single's range both conversions round the same way, which is why MXCSR has the mode.
 */
const halfFromDouble: Handler = (e, i) => {
  const { asm, ir } = e
  const x = e.double(ir.rs1[i]!, XTEMP)
  rounded(e, i, () => {
    asm.gx(I.vmovq, 8, TEMP, x)
    asm.rr(I.xor, 4, TEMP2, TEMP2)
    asm.ri(I.test, 4, TEMP, 2 ** LOST_BITS - 1)
    asm.setcc(Cond.ne, TEMP2)
    asm.ri(I.shl, 4, TEMP2, LOST_BITS)
    asm.ri(I.and, 8, TEMP, -(2 ** LOST_BITS))
    asm.rr(I.or, 8, TEMP, TEMP2)
    asm.xg(I.vmovq, 8, XTEMP, TEMP)
    asm.vrrr(I.vxorps, XTEMP2, XTEMP2, XTEMP2)
    asm.vrrr(I.vcvtsd2ss, XTEMP2, XTEMP2, XTEMP)
    narrowed(e, i, CURRENT_ROUNDING)
  })
}

const moveToInteger: Handler = (e, i) => {
  const { asm, ir } = e
  const rd = ir.rd[i]!
  if (rd === 0) return
  const d = e.target(rd)
  asm.gx(I.vmovd, 4, TEMP, e.double(ir.rs1[i]!, XTEMP))
  asm.rr(I.movsx16, 8, d, TEMP)
  e.put(rd, d)
}

const moveFromInteger: Handler = (e, i) => {
  const { asm, ir } = e
  const x = e.targetFp(ir.rd[i]!)
  asm.rr(I.movzx16, 4, TEMP, e.low(ir.rs1[i]!, TEMP))
  asm.ri(I.or, 8, TEMP, HALF_BOX)
  asm.xg(I.vmovq, 8, x, TEMP)
  e.putFloat(i, ir.rd[i]!, x)
}

export const halfHandlers = {
  fcvt_s_h: singleFromHalf,
  fcvt_d_h: doubleFromHalf,
  fcvt_h_s: halfFromSingle,
  fcvt_h_d: halfFromDouble,
  fmv_x_h: moveToInteger,
  fmv_h_x: moveFromInteger,
} as const satisfies Record<string, Handler>
