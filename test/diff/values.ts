import type { Random } from './random.ts'

/**
 * Operand values at which implementations go wrong. All are 64-bit register contents as unsigned numbers.
 */

const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value)

export const INTEGER_EDGES: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  -2n,
  31n,
  32n,
  63n,
  64n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  -0x80000000n,
  -0x80000001n,
  0xffffffffn,
  0x100000000n,
  0x100000001n,
  0x180000000n,
  -0x100000000n,
  0x7fffffff80000000n,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
  -0x7fffffffffffffffn,
  0x5555555555555555n,
  -0x5555555555555556n,
].map(unsigned)

/** The corner values of signed 64- and 32-bit arithmetic, small enough a set to be paired with itself. */
export const INTEGER_CORNERS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  0x7fffffffn,
  -0x80000000n,
  0x80000000n,
  0xffffffffn,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
].map(unsigned)

export function integerValue(random: Random): bigint {
  const kind = random.below(8)
  if (kind < 3) return random.pick(INTEGER_EDGES)
  if (kind === 3) return unsigned(BigInt(random.between(-300, 300)))
  if (kind === 4) return unsigned(BigInt.asIntN(32, random.word()))
  if (kind === 5) return unsigned((random.pick([1n, -1n]) << BigInt(random.below(64))) + BigInt(random.between(-1, 1)))
  return random.word()
}

const view = new DataView(new ArrayBuffer(8))

/** The bits of a number as a double. */
export function doubleBits(value: number): bigint {
  view.setFloat64(0, value)
  return view.getBigUint64(0)
}

/** The bits of a number as a single, not boxed. */
export function singleBits(value: number): bigint {
  view.setFloat32(0, value)
  return BigInt(view.getUint32(0))
}

/** A single in a 64-bit register: NaN-boxed (ISA manual, chapter "D", NaN boxing of narrower values). */
export const box = (bits: bigint): bigint => 0xffffffff00000000n | bits

/** Numbers at the edges of every conversion and of rounding; negative ones are added below. */
const MAGNITUDES: readonly number[] = [
  0,
  1,
  0.5,
  1.5,
  2.5,
  0.25,
  0.75,
  0.4999999701976776,
  0.9999999403953552,
  0.99999999999999989,
  1.0000001192092896,
  1.0000000000000002,
  3,
  10,
  0.1,
  Math.PI,
  2 ** 23 - 0.5,
  2 ** 24 + 2,
  2 ** 31 - 1,
  2 ** 31 - 0.5,
  2 ** 31,
  2 ** 31 + 0.5,
  2 ** 31 + 1,
  2 ** 32 - 1,
  2 ** 32 - 0.5,
  2 ** 32,
  2 ** 52 + 0.5,
  2 ** 53 - 1,
  2 ** 53 + 2,
  2 ** 63,
  2 ** 63 - 1024,
  2 ** 63 + 2048,
  2 ** 64,
  2 ** 64 - 2048,
  2 ** 64 + 4096,
  1e10,
  1e20,
  1e-10,
]

const DOUBLE_ONLY: readonly bigint[] = [
  0x0000000000000001n, // smallest subnormal
  0x0000000000000002n,
  0x000fffffffffffffn, // largest subnormal
  0x0010000000000000n, // smallest normal
  0x0010000000000001n,
  0x7fefffffffffffffn, // largest finite
  0x7fe0000000000000n,
  0x7ff0000000000000n, // infinity
  0x7ff8000000000000n, // canonical NaN
  0x7ff8000000abcdefn, // quiet NaN with a payload
  0x7ff0000000000001n, // signalling NaN
  0x7ff4000000000000n,
  0x36a0000000000000n, // smallest subnormal single
  0x3690000000000000n, // half of it: a tie when narrowed
  0x3690000000000001n,
  0x380fffffffffffffn, // just below the smallest normal single
  0x380fffffe0000000n, // a tie at the border of subnormal and normal singles
  0x47efffffe0000000n, // largest finite single
  0x47effffff0000000n, // a tie that overflows to infinity
  0x47efffffefffffffn,
  0x3ff0000010000000n, // a tie between two singles
  0x3ff0000030000000n,
  0x3ff0000010000001n,
]

const SINGLE_ONLY: readonly bigint[] = [
  0x00000001n,
  0x00000002n,
  0x007fffffn,
  0x00800000n,
  0x00800001n,
  0x7f7fffffn,
  0x7f000000n,
  0x7f800000n,
  0x7fc00000n,
  0x7fc12345n,
  0x7f800001n,
  0x7fa00000n,
  0x4effffffn, // 2^31 - 128
  0x4f7fffffn, // 2^32 - 256
  0x5effffffn, // largest below 2^63
  0x5f7fffffn, // largest below 2^64
]

const SIGN = 1n << 63n

export const DOUBLE_EDGES: readonly bigint[] = [...MAGNITUDES.map(doubleBits), ...DOUBLE_ONLY].flatMap(bits => [
  bits,
  bits | SIGN,
])

export const SINGLE_EDGES: readonly bigint[] = [...MAGNITUDES.map(singleBits), ...SINGLE_ONLY]
  .flatMap(bits => [bits, bits | 0x80000000n])
  .map(box)

/** Registers that hold a single which is not NaN-boxed: single-precision instructions must read the canonical NaN. */
export const UNBOXED: readonly bigint[] = [
  0x000000003f800000n,
  0xfffffffe3f800000n,
  0x7fffffff3f800000n,
  0xffff0000bf800000n,
  0x000000007f800001n,
  0x3ff0000000000000n,
]

/** A set of doubles small enough to be paired with itself. */
export const DOUBLE_CORNERS: readonly bigint[] = [
  0x0000000000000000n,
  0x8000000000000000n,
  0x3ff0000000000000n,
  0xbff8000000000000n,
  0x0000000000000001n,
  0x800fffffffffffffn,
  0x0010000000000000n,
  0x7fefffffffffffffn,
  0xffefffffffffffffn,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000abcdefn,
  0xfff8000000000000n,
  0x7ff0000000000001n,
  0xfff4000000000000n,
]

export const SINGLE_CORNERS: readonly bigint[] = [
  ...[0x00000000n, 0x80000000n, 0x3f800000n, 0xbfc00000n, 0x00000001n, 0x807fffffn, 0x00800000n, 0x7f7fffffn].map(box),
  ...[0xff7fffffn, 0x7f800000n, 0xff800000n, 0x7fc12345n, 0x7f800001n, 0xffa00000n].map(box),
  0x000000003f800000n,
]

export function doubleValue(random: Random): bigint {
  const kind = random.below(6)
  if (kind < 2) return random.pick(DOUBLE_EDGES)
  if (kind === 2) return random.word()
  // Numbers of like magnitude, so that sums round and cancel instead of absorbing one operand.
  if (kind === 3) return (random.word() & 0x803fffffffffffffn) | 0x3fc0000000000000n
  // Few significant bits: exact results and ties.
  if (kind === 4) return (random.word() & 0x807ff00000000000n) | 0x3f80000000000000n
  return doubleBits(random.between(-2000, 2000) / 2 ** random.below(12))
}

export function singleValue(random: Random): bigint {
  const kind = random.below(7)
  if (kind < 2) return random.pick(SINGLE_EDGES)
  if (kind === 2) return box(random.word() & 0xffffffffn)
  if (kind === 3) return box((random.word() & 0x81ffffffn) | 0x3e000000n)
  if (kind === 4) return box((random.word() & 0x83fff000n) | 0x3c000000n)
  if (kind === 5) return random.chance(0.3) ? random.pick(UNBOXED) : box(singleBits(random.between(-999, 999) / 8))
  return box(singleBits(random.between(-2000, 2000) / 2 ** random.below(12)))
}

/** A half in a 64-bit register: NaN-boxed. */
export const boxHalf = (bits: bigint): bigint => 0xffffffffffff0000n | bits

const HALF_MAGNITUDES: readonly bigint[] = [
  0x0000n,
  0x0001n, // smallest subnormal
  0x03ffn, // largest subnormal
  0x0400n, // smallest normal
  0x0401n,
  0x3bffn,
  0x3c00n,
  0x3c01n,
  0x3800n,
  0x7bffn, // largest finite
  0x7c00n, // infinity
  0x7e00n, // canonical NaN
  0x7e12n, // quiet NaN with a payload
  0x7c01n, // signalling NaN
  0x7d00n,
]

/** Halves, and registers that hold a single, a double, or a half without a box: read as the canonical NaN. */
export const HALF_EDGES: readonly bigint[] = [
  ...HALF_MAGNITUDES.flatMap(bits => [bits, bits | 0x8000n]).map(boxHalf),
  ...[0x0000000000003c00n, 0xffffffff00003c00n, 0xfffffffffffe3c00n, 0x7fffffffffff7c01n, 0xffffffff3f800000n],
]

/** Numbers that round to halves: halves, their neighbours and the ties between them, of any sign; a single is boxed. */
export function nearHalf(random: Random, precision: 's' | 'd'): bigint {
  const [fraction, bias, top] = precision === 'd' ? [52, 1023, 63] : [23, 127, 31]
  const exponent = BigInt(bias + random.between(-27, 18)) << BigInt(fraction)
  const step = BigInt(fraction - random.pick([9, 10, 11, 12, 13]))
  const value = exponent + (BigInt(random.below(1 << 9)) << step) + random.pick([0n, 0n, 1n, -1n])
  const bits = (BigInt(random.below(2)) << BigInt(top)) | value
  return precision === 'd' ? bits : box(bits)
}
