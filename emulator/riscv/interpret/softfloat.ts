/**
 * IEEE 754 binary floating point in BigInt, as RISC-V specialises it (ISA manual chapters 11 and 12): every NaN result is the
 * canonical NaN, tininess is detected after rounding. Slow and exact: a finite number is `significand * 2^exponent` with integers of any
 * size, an operation computes its exact result (or enough bits and a sticky one) and {@link roundPack} rounds once.
 */

export interface Format {
  /** Bits in all. */
  readonly width: number
  /** Bits of the significand, the hidden one included. */
  readonly precision: number
  /** Exponents of the smallest and largest normal numbers. */
  readonly minExponent: number
  readonly maxExponent: number
  readonly canonicalNaN: bigint
  readonly infinity: bigint
}

function format(width: number, precision: number): Format {
  const maxExponent = 2 ** (width - precision - 1) - 1
  const infinity = (1n << BigInt(width - 1)) - (1n << BigInt(precision - 1))
  const canonicalNaN = infinity | (1n << BigInt(precision - 2))
  return { width, precision, minExponent: 1 - maxExponent, maxExponent, canonicalNaN, infinity }
}

export const BINARY16: Format = format(16, 11)
export const BINARY32: Format = format(32, 24)
export const BINARY64: Format = format(64, 53)

export const ROUNDING = { RNE: 0, RTZ: 1, RDN: 2, RUP: 3, RMM: 4 } as const
export const FLAG = { NX: 1, UF: 2, OF: 4, DZ: 8, NV: 16 } as const

/** The rounding mode of an operation, and where the flags that it raises accrue. */
export interface Environment {
  rounding: number
  fflags: number
}

export interface Unpacked {
  readonly kind: 'finite' | 'infinite' | 'nan'
  readonly negative: boolean
  /** 0n for a zero. */
  readonly significand: bigint
  readonly exponent: number
  /** Of a NaN: whether it is a signaling one. */
  readonly signaling: boolean
}

export function unpack(format: Format, bits: bigint): Unpacked {
  const fractionBits = BigInt(format.precision - 1)
  const negative = bits >> BigInt(format.width - 1) === 1n
  const fraction = BigInt.asUintN(format.precision - 1, bits)
  const biased = Number(BigInt.asUintN(format.width - format.precision, bits >> fractionBits))
  if (biased === 2 * format.maxExponent + 1) {
    const signaling = fraction !== 0n && fraction >> (fractionBits - 1n) === 0n
    return { kind: fraction === 0n ? 'infinite' : 'nan', negative, significand: 0n, exponent: 0, signaling }
  }
  const significand = biased === 0 ? fraction : fraction | (1n << fractionBits)
  const exponent = Math.max(biased, 1) - format.maxExponent - format.precision + 1
  return { kind: 'finite', negative, significand, exponent, signaling: false }
}

export const bitLength = (value: bigint) => (value === 0n ? 0 : value.toString(2).length)

/** Whether an inexact magnitude's `quotient` is to be incremented; `half` says that the rest is below (-1), at (0) or above (1) one half. */
function roundsUp(rounding: number, negative: boolean, quotient: bigint, half: -1 | 0 | 1): boolean {
  switch (rounding) {
    case ROUNDING.RNE:
      return half > 0 || (half === 0 && (quotient & 1n) === 1n)
    case ROUNDING.RDN:
      return negative
    case ROUNDING.RUP:
      return !negative
    case ROUNDING.RMM:
      return half >= 0
    default:
      return false
  }
}

/**
 * `significand / 2^shift` rounded to an integer. `sticky` says that the exact value is a little (less than one unit of
 * `significand`) larger.
 */
export function roundShift(
  rounding: number,
  negative: boolean,
  significand: bigint,
  shift: number,
  sticky: boolean,
): { value: bigint; inexact: boolean } {
  if (shift <= 0) return { value: significand << BigInt(-shift), inexact: sticky }
  const value = significand >> BigInt(shift)
  const rest = significand - (value << BigInt(shift))
  if (rest === 0n && !sticky) return { value, inexact: false }
  const middle = 1n << BigInt(shift - 1)
  const half = rest < middle ? -1 : rest > middle || sticky ? 1 : 0
  return { value: roundsUp(rounding, negative, value, half) ? value + 1n : value, inexact: true }
}

const sign = (format: Format, negative: boolean) => (negative ? 1n << BigInt(format.width - 1) : 0n)

export const zero = (format: Format, negative: boolean) => sign(format, negative)
export const infinite = (format: Format, negative: boolean) => sign(format, negative) | format.infinity

export function invalid(format: Format, environment: Environment): bigint {
  environment.fflags |= FLAG.NV
  return format.canonicalNaN
}

/**
 * The nearest number of the format to ±`significand * 2^exponent` (significand > 0), raising NX, UF and OF. With `sticky` the
 * significand must have at least two bits more than the format.
 */
export function roundPack(
  format: Format,
  environment: Environment,
  negative: boolean,
  significand: bigint,
  exponent: number,
  sticky = false,
): bigint {
  const { precision, minExponent, maxExponent } = format
  const { rounding } = environment
  const top = bitLength(significand) - 1 + exponent
  const limit = 1n << BigInt(precision)
  let unit = Math.max(top, minExponent) - precision + 1
  let { value, inexact } = roundShift(rounding, negative, significand, unit - exponent, sticky)
  if (value === limit) {
    value >>= 1n
    unit++
  }
  if (value >= limit >> 1n && unit + precision - 1 > maxExponent) {
    environment.fflags |= FLAG.OF | FLAG.NX
    const towardZero = !roundsUp(rounding, negative, 1n, 1)
    return sign(format, negative) | (towardZero ? format.infinity - 1n : format.infinity)
  }
  if (inexact) {
    environment.fflags |= FLAG.NX
    // Tiny after rounding: below the normal range even when rounded to full precision with an unbounded exponent.
    const tiny =
      top < minExponent - 1 ||
      (top < minExponent &&
        roundShift(rounding, negative, significand, top - precision + 1 - exponent, sticky).value !== limit)
    if (tiny) environment.fflags |= FLAG.UF
  }
  if (value < limit >> 1n) return sign(format, negative) | value
  const biased = BigInt(unit + precision - 1 + maxExponent)
  return sign(format, negative) | (biased << BigInt(precision - 1)) | (value - (limit >> 1n))
}
