/** Floating-point arithmetic over {@link Format}s: operands and results are bit patterns. */
import {
  bitLength,
  type Environment,
  FLAG,
  type Format,
  infinite,
  invalid,
  ROUNDING,
  roundPack,
  type Unpacked,
  unpack,
  zero,
} from './softfloat.ts'

/** Raises NV for a signaling NaN among the operands; true when one of them is a NaN at all. */
function anyNaN(environment: Environment, ...operands: readonly Unpacked[]): boolean {
  if (operands.some(operand => operand.signaling)) environment.fflags |= FLAG.NV
  return operands.some(operand => operand.kind === 'nan')
}

const negated = (a: Unpacked): Unpacked => ({ ...a, negative: !a.negative })

function sum(format: Format, environment: Environment, a: Unpacked, b: Unpacked): bigint {
  if (a.kind === 'infinite' || b.kind === 'infinite') {
    if (a.kind === b.kind && a.negative !== b.negative) return invalid(format, environment)
    return infinite(format, a.kind === 'infinite' ? a.negative : b.negative)
  }
  const exponent = Math.min(a.exponent, b.exponent)
  const scaled = (c: Unpacked) => (c.significand << BigInt(c.exponent - exponent)) * (c.negative ? -1n : 1n)
  const total = scaled(a) + scaled(b)
  if (total === 0n) {
    // Two zeros of one sign keep it; any other exact zero is positive but when rounding down (IEEE 754, 6.3).
    const negative = a.negative === b.negative ? a.negative : environment.rounding === ROUNDING.RDN
    return zero(format, negative)
  }
  return roundPack(format, environment, total < 0n, total < 0n ? -total : total, exponent)
}

export function add(format: Format, environment: Environment, a: bigint, b: bigint): bigint {
  const [x, y] = [unpack(format, a), unpack(format, b)]
  return anyNaN(environment, x, y) ? format.canonicalNaN : sum(format, environment, x, y)
}

export function subtract(format: Format, environment: Environment, a: bigint, b: bigint): bigint {
  const [x, y] = [unpack(format, a), unpack(format, b)]
  return anyNaN(environment, x, y) ? format.canonicalNaN : sum(format, environment, x, negated(y))
}

/** The exact product of two operands that are not NaNs; a NaN stands for infinity times zero. */
function product(x: Unpacked, y: Unpacked): Unpacked {
  const negative = x.negative !== y.negative
  const significand = x.significand * y.significand
  if (x.kind === 'finite' && y.kind === 'finite') {
    return { kind: 'finite', negative, significand, exponent: x.exponent + y.exponent, signaling: false }
  }
  const zero = (c: Unpacked) => c.kind === 'finite' && c.significand === 0n
  const kind = zero(x) || zero(y) ? 'nan' : 'infinite'
  return { kind, negative, significand: 0n, exponent: 0, signaling: false }
}

export function multiply(format: Format, environment: Environment, a: bigint, b: bigint): bigint {
  const [x, y] = [unpack(format, a), unpack(format, b)]
  if (anyNaN(environment, x, y)) return format.canonicalNaN
  const exact = product(x, y)
  if (exact.kind === 'nan') return invalid(format, environment)
  if (exact.kind === 'infinite') return infinite(format, exact.negative)
  if (exact.significand === 0n) return zero(format, exact.negative)
  return roundPack(format, environment, exact.negative, exact.significand, exact.exponent)
}

/**
 * `±(a * b) ± c` rounded once. Infinity times zero is invalid even when the addend is a quiet NaN (ISA manual 11.6).
 */
export function fusedMultiplyAdd(
  format: Format,
  environment: Environment,
  a: bigint,
  b: bigint,
  c: bigint,
  negateProduct: boolean,
  negateAddend: boolean,
): bigint {
  const [x, y, z] = [unpack(format, a), unpack(format, b), unpack(format, c)]
  const factorsNaN = x.kind === 'nan' || y.kind === 'nan'
  const exact = product(x, y)
  if (!factorsNaN && exact.kind === 'nan') environment.fflags |= FLAG.NV
  if (anyNaN(environment, x, y, z) || exact.kind === 'nan') return format.canonicalNaN
  return sum(format, environment, negateProduct ? negated(exact) : exact, negateAddend ? negated(z) : z)
}

export function divide(format: Format, environment: Environment, a: bigint, b: bigint): bigint {
  const [x, y] = [unpack(format, a), unpack(format, b)]
  if (anyNaN(environment, x, y)) return format.canonicalNaN
  const negative = x.negative !== y.negative
  if (x.kind === 'infinite') return y.kind === 'infinite' ? invalid(format, environment) : infinite(format, negative)
  if (y.kind === 'infinite') return zero(format, negative)
  if (y.significand === 0n) {
    if (x.significand === 0n) return invalid(format, environment)
    environment.fflags |= FLAG.DZ
    return infinite(format, negative)
  }
  if (x.significand === 0n) return zero(format, negative)
  // Scaled so that the quotient has more than precision + 2 bits.
  const scale = format.precision + 3 + bitLength(y.significand)
  const numerator = x.significand << BigInt(scale)
  const quotient = numerator / y.significand
  const sticky = quotient * y.significand !== numerator
  return roundPack(format, environment, negative, quotient, x.exponent - y.exponent - scale, sticky)
}

/** The largest integer whose square is at most `value` (Newton's method from above). */
function integerSquareRoot(value: bigint): bigint {
  let root = 1n << BigInt((bitLength(value) + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

export function squareRoot(format: Format, environment: Environment, a: bigint): bigint {
  const x = unpack(format, a)
  if (anyNaN(environment, x)) return format.canonicalNaN
  if (x.kind === 'finite' && x.significand === 0n) return a
  if (x.negative) return invalid(format, environment)
  if (x.kind === 'infinite') return a
  // An even exponent, and twice the bits that the root needs.
  const scale = 2 * (format.precision + 3) + (x.exponent & 1)
  const square = x.significand << BigInt(scale)
  const root = integerSquareRoot(square)
  return roundPack(format, environment, false, root, (x.exponent - scale) / 2, root * root !== square)
}
