/** Floating-point comparison, minimum, maximum and classification (ISA manual chapters 11.6, 11.8 and 11.9; Zfa). */
import { type Environment, FLAG, type Format, type Unpacked, unpack } from './softfloat.ts'

/** -1, 0 or 1 as a is less than, equal to or greater than b; neither is a NaN, and the zeros are equal. */
function order(format: Format, a: bigint, b: bigint): number {
  // Magnitudes of one sign are ordered like their bit patterns.
  const key = (bits: bigint) => {
    const magnitude = BigInt.asUintN(format.width - 1, bits)
    return bits === magnitude ? magnitude : -magnitude
  }
  const [x, y] = [key(a), key(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** feq, fltq and fleq are quiet: only a signaling NaN is invalid. flt and fle are signaling: every NaN is. A NaN makes all false. */
function compare(
  format: Format,
  environment: Environment,
  a: bigint,
  b: bigint,
  quiet: boolean,
  holds: (order: number) => boolean,
): bigint {
  const operands = [unpack(format, a), unpack(format, b)]
  if (operands.some(x => (quiet ? x.signaling : x.kind === 'nan'))) environment.fflags |= FLAG.NV
  if (operands.some(x => x.kind === 'nan')) return 0n
  return holds(order(format, a, b)) ? 1n : 0n
}

export const equal = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  compare(format, environment, a, b, true, order => order === 0)
export const lessThan = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  compare(format, environment, a, b, false, order => order < 0)
export const lessOrEqual = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  compare(format, environment, a, b, false, order => order <= 0)

export const quietLessThan = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  compare(format, environment, a, b, true, order => order < 0)
export const quietLessOrEqual = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  compare(format, environment, a, b, true, order => order <= 0)

/** IEEE 754-2019 minimumNumber and maximumNumber: a NaN loses against a number, -0 is less than +0. */
function extreme(format: Format, environment: Environment, a: bigint, b: bigint, maximum: boolean): bigint {
  const [x, y] = [unpack(format, a), unpack(format, b)]
  if (x.signaling || y.signaling) environment.fflags |= FLAG.NV
  if (x.kind === 'nan') return y.kind === 'nan' ? format.canonicalNaN : b
  if (y.kind === 'nan') return a
  const relation = order(format, a, b) || (x.negative === y.negative ? 0 : x.negative ? -1 : 1)
  return relation < 0 === maximum ? b : a
}

export const minimum = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  extreme(format, environment, a, b, false)
export const maximum = (format: Format, environment: Environment, a: bigint, b: bigint) =>
  extreme(format, environment, a, b, true)

/** IEEE 754-2019 minimum and maximum: a NaN wins (fminm, fmaxm). */
const extremeOrNaN =
  (maximum: boolean) =>
  (format: Format, environment: Environment, a: bigint, b: bigint): bigint => {
    const result = extreme(format, environment, a, b, maximum)
    return [a, b].some(x => unpack(format, x).kind === 'nan') ? format.canonicalNaN : result
  }
export const minimumOrNaN = extremeOrNaN(false)
export const maximumOrNaN = extremeOrNaN(true)

/** The bit of fclass: 0 -inf, 1 -normal, 2 -subnormal, 3 -0, 4 +0, 5 +subnormal, 6 +normal, 7 +inf, 8 signaling, 9 quiet NaN. */
export function classify(format: Format, bits: bigint): bigint {
  const x = unpack(format, bits)
  if (x.kind === 'nan') return 1n << (x.signaling ? 8n : 9n)
  const distance = magnitudeClass(format, x)
  return 1n << BigInt(x.negative ? 3 - distance : 4 + distance)
}

/** 0 zero, 1 subnormal, 2 normal, 3 infinite. */
function magnitudeClass(format: Format, x: Unpacked): number {
  if (x.kind === 'infinite') return 3
  if (x.significand === 0n) return 0
  return x.significand >> BigInt(format.precision - 1) === 0n ? 1 : 2
}
