/** F, D, Zfhmin and Zfa: the handlers, which take operands out of the registers and leave the numbers to the soft-float functions. */
import { fliBits, type OpName } from '../table.ts'
import * as arithmetic from './arithmetic.ts'
import * as compare from './compare.ts'
import { changeFormat, fromInteger, toInteger, toIntegerModulo, toIntegral } from './convert.ts'
import { type Handler, type Hart, signed, signed32, unsigned32 } from './hart.ts'
import { BINARY16, BINARY32, BINARY64, type Environment, type Format, ROUNDING } from './softfloat.ts'

/** The ones above a number of the format in a register. */
const box = (format: Format): bigint => (1n << 64n) - (1n << BigInt(format.width))

type Binary = (format: Format, environment: Environment, a: bigint, b: bigint) => bigint

/** A narrower operand that is not NaN-boxed is the canonical NaN (ISA manual 12.2). */
function read(hart: Hart, format: Format, register: number): bigint {
  const bits = hart.f[register]!
  return bits >= box(format) || format === BINARY64 ? BigInt.asUintN(format.width, bits) : format.canonicalNaN
}

function write(hart: Hart, format: Format, register: number, bits: bigint): void {
  hart.f[register] = box(format) | bits
}

const binary =
  (format: Format, f: Binary): Handler =>
  (hart, { rd, rs1, rs2 }) =>
    write(hart, format, rd, f(format, hart, read(hart, format, rs1), read(hart, format, rs2)))

const comparison =
  (format: Format, f: Binary): Handler =>
  (hart, { rd, rs1, rs2 }) => {
    hart.x[rd] = f(format, hart, read(hart, format, rs1), read(hart, format, rs2))
  }

const fused =
  (format: Format, negateProduct: boolean, negateAddend: boolean): Handler =>
  (hart, { rd, rs1, rs2, rs3 }) => {
    const [a, b, c] = [read(hart, format, rs1), read(hart, format, rs2), read(hart, format, rs3)]
    write(hart, format, rd, arithmetic.fusedMultiplyAdd(format, hart, a, b, c, negateProduct, negateAddend))
  }

const squareRoot =
  (format: Format): Handler =>
  (hart, { rd, rs1 }) =>
    write(hart, format, rd, arithmetic.squareRoot(format, hart, read(hart, format, rs1)))

/** The sign of the result from the operands' sign bits; the rest is the first operand's. */
const signInjection = (format: Format, choose: (a: bigint, b: bigint) => bigint) => {
  const top = BigInt(format.width - 1)
  return binary(format, (_, __, a, b) => BigInt.asUintN(format.width - 1, a) | (choose(a >> top, b >> top) << top))
}
const second = (_: bigint, b: bigint) => b
const notSecond = (_: bigint, b: bigint) => b ^ 1n
const both = (a: bigint, b: bigint) => a ^ b

const classify =
  (format: Format): Handler =>
  (hart, { rd, rs1 }) => {
    hart.x[rd] = compare.classify(format, read(hart, format, rs1))
  }

/** 32-bit results are sign-extended, the unsigned ones too. */
const integerFrom =
  (format: Format, width: 32 | 64, isSigned: boolean): Handler =>
  (hart, { rd, rs1 }) => {
    hart.x[rd] = BigInt.asIntN(width, toInteger(format, hart, read(hart, format, rs1), width, isSigned))
  }

const floatFrom =
  (format: Format, view: (x: bigint) => bigint): Handler =>
  (hart, { rd, rs1 }) =>
    write(hart, format, rd, fromInteger(format, hart, view(hart.x[rs1]!)))
const whole = (x: bigint) => x

const between =
  (from: Format, to: Format): Handler =>
  (hart, { rd, rs1 }) =>
    write(hart, to, rd, changeFormat(from, to, hart, read(hart, from, rs1)))

const constant =
  (format: Format): Handler =>
  (hart, { rd, imm }) =>
    write(hart, format, rd, fliBits(imm, format === BINARY64))

const integral =
  (format: Format, raises: boolean): Handler =>
  (hart, { rd, rs1 }) =>
    write(hart, format, rd, toIntegral(format, hart, read(hart, format, rs1), raises))

export const FLOAT = {
  fmadd_s: fused(BINARY32, false, false),
  fmsub_s: fused(BINARY32, false, true),
  fnmsub_s: fused(BINARY32, true, false),
  fnmadd_s: fused(BINARY32, true, true),
  fadd_s: binary(BINARY32, arithmetic.add),
  fsub_s: binary(BINARY32, arithmetic.subtract),
  fmul_s: binary(BINARY32, arithmetic.multiply),
  fdiv_s: binary(BINARY32, arithmetic.divide),
  fsqrt_s: squareRoot(BINARY32),
  fsgnj_s: signInjection(BINARY32, second),
  fsgnjn_s: signInjection(BINARY32, notSecond),
  fsgnjx_s: signInjection(BINARY32, both),
  fmin_s: binary(BINARY32, compare.minimum),
  fmax_s: binary(BINARY32, compare.maximum),
  feq_s: comparison(BINARY32, compare.equal),
  flt_s: comparison(BINARY32, compare.lessThan),
  fle_s: comparison(BINARY32, compare.lessOrEqual),
  fclass_s: classify(BINARY32),
  // The moves transfer bits, boxed or not.
  fmv_x_w: (hart, { rd, rs1 }) => {
    hart.x[rd] = signed32(hart.f[rs1]!)
  },
  fmv_w_x: (hart, { rd, rs1 }) => write(hart, BINARY32, rd, unsigned32(hart.x[rs1]!)),
  fcvt_w_s: integerFrom(BINARY32, 32, true),
  fcvt_wu_s: integerFrom(BINARY32, 32, false),
  fcvt_l_s: integerFrom(BINARY32, 64, true),
  fcvt_lu_s: integerFrom(BINARY32, 64, false),
  fcvt_s_w: floatFrom(BINARY32, signed32),
  fcvt_s_wu: floatFrom(BINARY32, unsigned32),
  fcvt_s_l: floatFrom(BINARY32, signed),
  fcvt_s_lu: floatFrom(BINARY32, whole),
  fmadd_d: fused(BINARY64, false, false),
  fmsub_d: fused(BINARY64, false, true),
  fnmsub_d: fused(BINARY64, true, false),
  fnmadd_d: fused(BINARY64, true, true),
  fadd_d: binary(BINARY64, arithmetic.add),
  fsub_d: binary(BINARY64, arithmetic.subtract),
  fmul_d: binary(BINARY64, arithmetic.multiply),
  fdiv_d: binary(BINARY64, arithmetic.divide),
  fsqrt_d: squareRoot(BINARY64),
  fsgnj_d: signInjection(BINARY64, second),
  fsgnjn_d: signInjection(BINARY64, notSecond),
  fsgnjx_d: signInjection(BINARY64, both),
  fmin_d: binary(BINARY64, compare.minimum),
  fmax_d: binary(BINARY64, compare.maximum),
  feq_d: comparison(BINARY64, compare.equal),
  flt_d: comparison(BINARY64, compare.lessThan),
  fle_d: comparison(BINARY64, compare.lessOrEqual),
  fclass_d: classify(BINARY64),
  fmv_x_d: (hart, { rd, rs1 }) => {
    hart.x[rd] = hart.f[rs1]!
  },
  fmv_d_x: (hart, { rd, rs1 }) => {
    hart.f[rd] = hart.x[rs1]!
  },
  fcvt_w_d: integerFrom(BINARY64, 32, true),
  fcvt_wu_d: integerFrom(BINARY64, 32, false),
  fcvt_l_d: integerFrom(BINARY64, 64, true),
  fcvt_lu_d: integerFrom(BINARY64, 64, false),
  fcvt_d_w: floatFrom(BINARY64, signed32),
  fcvt_d_wu: floatFrom(BINARY64, unsigned32),
  fcvt_d_l: floatFrom(BINARY64, signed),
  fcvt_d_lu: floatFrom(BINARY64, whole),
  fcvt_s_d: between(BINARY64, BINARY32),
  fcvt_d_s: between(BINARY32, BINARY64),
  fmv_x_h: (hart, { rd, rs1 }) => {
    hart.x[rd] = BigInt.asIntN(16, hart.f[rs1]!)
  },
  fmv_h_x: (hart, { rd, rs1 }) => write(hart, BINARY16, rd, BigInt.asUintN(16, hart.x[rs1]!)),
  fcvt_s_h: between(BINARY16, BINARY32),
  fcvt_h_s: between(BINARY32, BINARY16),
  fcvt_d_h: between(BINARY16, BINARY64),
  fcvt_h_d: between(BINARY64, BINARY16),
  fli_s: constant(BINARY32),
  fli_d: constant(BINARY64),
  fminm_s: binary(BINARY32, compare.minimumOrNaN),
  fminm_d: binary(BINARY64, compare.minimumOrNaN),
  fmaxm_s: binary(BINARY32, compare.maximumOrNaN),
  fmaxm_d: binary(BINARY64, compare.maximumOrNaN),
  fround_s: integral(BINARY32, false),
  fround_d: integral(BINARY64, false),
  froundnx_s: integral(BINARY32, true),
  froundnx_d: integral(BINARY64, true),
  fltq_s: comparison(BINARY32, compare.quietLessThan),
  fltq_d: comparison(BINARY64, compare.quietLessThan),
  fleq_s: comparison(BINARY32, compare.quietLessOrEqual),
  fleq_d: comparison(BINARY64, compare.quietLessOrEqual),
  // Its rounding field is toward zero, but it is no rounding field of the table's.
  fcvtmod_w_d: (hart, { rd, rs1 }) => {
    hart.rounding = ROUNDING.RTZ
    hart.x[rd] = toIntegerModulo(BINARY64, hart, read(hart, BINARY64, rs1))
  },
} satisfies Partial<Record<OpName, Handler>>
