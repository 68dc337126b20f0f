/** Conversions between integers and floating point and between formats (ISA manual chapters 11.7 and 12.5; Zfa). */
import { type Environment, FLAG, type Format, infinite, roundPack, roundShift, unpack, zero } from './softfloat.ts'

/**
 * A floating-point number as an integer of `width` bits, `signed` or not. Out of range it saturates and is invalid (and then
 * not also inexact); a NaN becomes the largest integer.
 */
export function toInteger(
  format: Format,
  environment: Environment,
  bits: bigint,
  width: number,
  signed: boolean,
): bigint {
  const smallest = signed ? -(1n << BigInt(width - 1)) : 0n
  const largest = (1n << BigInt(signed ? width - 1 : width)) - 1n
  const x = unpack(format, bits)
  if (x.kind !== 'finite') {
    environment.fflags |= FLAG.NV
    return x.kind === 'infinite' && x.negative ? smallest : largest
  }
  const { value, inexact } = roundShift(environment.rounding, x.negative, x.significand, -x.exponent, false)
  const integer = x.negative ? -value : value
  if (integer < smallest || integer > largest) {
    environment.fflags |= FLAG.NV
    return integer < 0n ? smallest : largest
  }
  if (inexact) environment.fflags |= FLAG.NX
  return integer
}

/** `value`, as large and as signed as it is, rounded to the format. */
export function fromInteger(format: Format, environment: Environment, value: bigint): bigint {
  if (value === 0n) return zero(format, false)
  return roundPack(format, environment, value < 0n, value < 0n ? -value : value, 0)
}

export function changeFormat(from: Format, to: Format, environment: Environment, bits: bigint): bigint {
  const x = unpack(from, bits)
  if (x.signaling) environment.fflags |= FLAG.NV
  if (x.kind === 'nan') return to.canonicalNaN
  if (x.kind === 'infinite') return infinite(to, x.negative)
  if (x.significand === 0n) return zero(to, x.negative)
  return roundPack(to, environment, x.negative, x.significand, x.exponent)
}

/** fcvtmod: toward zero, modulo 2^32; flags as of a conversion to a signed integer of 32 bits. What is not finite gives 0. */
export function toIntegerModulo(format: Format, environment: Environment, bits: bigint): bigint {
  toInteger(format, environment, bits, 32, true)
  const x = unpack(format, bits)
  if (x.kind !== 'finite') return 0n
  const { value } = roundShift(environment.rounding, x.negative, x.significand, -x.exponent, false)
  return BigInt.asIntN(32, x.negative ? -value : value)
}

/** fround and froundnx: to an integer of the same format. Only a signaling NaN is invalid; `raises` says that an inexact result is told. */
export function toIntegral(format: Format, environment: Environment, bits: bigint, raises: boolean): bigint {
  const x = unpack(format, bits)
  if (x.signaling) environment.fflags |= FLAG.NV
  if (x.kind === 'nan') return format.canonicalNaN
  if (x.kind === 'infinite') return bits
  const { value, inexact } = roundShift(environment.rounding, x.negative, x.significand, -x.exponent, false)
  if (inexact && raises) environment.fflags |= FLAG.NX
  return value === 0n ? zero(format, x.negative) : roundPack(format, environment, x.negative, value, 0)
}
