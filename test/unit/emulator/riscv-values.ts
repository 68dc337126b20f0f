/** Operand values at the edges and random ones, for the tests of the interpreter. */
import type { Random } from './riscv-random.ts'

// biome-ignore format: one list
const INTEGERS = [
  0n, 1n, 2n, 31n, 32n, 63n, 0x7fn, 0x80n, 0x7fffn, 0x8000n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n, 0xffff_ffff_8000_0000n, 0xffff_ffff_7fff_ffffn, 0xffff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_fffen, 0xdead_beef_0000_0000n,
] as const

export function integer(random: Random): bigint {
  switch (random.below(4)) {
    case 0:
    case 1:
      return random.pick(INTEGERS)
    case 2:
      return BigInt.asUintN(64, BigInt(random.next() | 0))
    default:
      return random.wide() >> BigInt(random.below(64))
  }
}

/** Zeros, subnormals, normals at the ends of the range, infinities, quiet and signaling NaNs, and the integers' limits. */
// biome-ignore format: one list
const DOUBLES = [
  0x0000000000000000n, 0x0000000000000001n, 0x000fffffffffffffn, 0x0010000000000000n, 0x0010000000000001n,
  0x7fefffffffffffffn, 0x7ff0000000000000n, 0x7ff8000000000000n, 0x7ff0000000000001n, 0x7ff8000000000123n,
  0x3ff0000000000000n, 0x3ff0000000000001n, 0x3fefffffffffffffn, 0x3fe0000000000000n, 0x3ff8000000000000n,
  0x4004000000000000n, 0x41dfffffffc00000n, 0x41dfffffffe00000n, 0x41e0000000000000n, 0x41efffffffe00000n,
  0x41f0000000000000n, 0x43dfffffffffffffn, 0x43e0000000000000n, 0x43efffffffffffffn, 0x43f0000000000000n,
  0x380fffffe0000000n, 0x36a0000000000000n, 0x3690000000000000n, 0x47efffffe0000000n, 0x47effffff0000000n,
  0x3810000000000000n, 0x380ffffff0000000n,
] as const
// biome-ignore format: one list
const SINGLES = [
  0x00000000n, 0x00000001n, 0x007fffffn, 0x00800000n, 0x00800001n, 0x7f7fffffn, 0x7f800000n, 0x7fc00000n, 0x7f800001n,
  0x7fc00123n, 0x3f800000n, 0x3f800001n, 0x3f7fffffn, 0x3f000000n, 0x3fc00000n, 0x40200000n, 0x4effffffn, 0x4f000000n,
  0x4f7fffffn, 0x4f800000n, 0x5effffffn, 0x5f000000n, 0x5f7fffffn, 0x5f800000n,
] as const

const BOX = 0xffff_ffff_0000_0000n

/** A double: an edge, any bits, or a number of moderate size, so that results neither vanish nor overflow. */
export function double(random: Random): bigint {
  switch (random.below(4)) {
    case 0:
    case 1:
      return random.pick(DOUBLES) | (BigInt(random.below(2)) << 63n)
    case 2:
      return random.wide()
    default:
      return (random.wide() & 0x800f_ffff_ffff_ffffn) | (BigInt(1023 - 40 + random.below(80)) << 52n)
  }
}

/** A NaN-boxed single of the same kinds; one in sixteen is not boxed. */
export function single(random: Random): bigint {
  const box = random.below(16) === 0 ? random.wide() & BOX : BOX
  switch (random.below(4)) {
    case 0:
    case 1:
      return box | random.pick(SINGLES) | (BigInt(random.below(2)) << 31n)
    case 2:
      return box | BigInt(random.next())
    default:
      return box | BigInt(((random.next() & 0x807f_ffff) | ((127 - 20 + random.below(40)) << 23)) >>> 0)
  }
}

// biome-ignore format: one list
const HALVES = [
  0x0000, 0x0001, 0x03ff, 0x0400, 0x0401, 0x7bff, 0x7c00, 0x7e00, 0x7c01, 0x7e12, 0x3c00, 0x3c01, 0x3bff, 0x3800,
] as const

/** A NaN-boxed half; one in sixteen is boxed as a single, or not at all. */
export function half(random: Random): bigint {
  const box = 0xffff_ffff_ffff_0000n & (random.below(16) > 0 ? -1n : random.pick([random.wide(), BOX, ~0xffff_0000n]))
  return box | BigInt(random.below(2) === 0 ? random.pick(HALVES) | (random.below(2) << 15) : random.below(0x10000))
}

/** A single or a double near the values and the ties of halves. */
export function nearHalf(random: Random, bits: 32 | 64): bigint {
  const precision = bits === 64 ? 52 : 23
  const bias = bits === 64 ? 1023 : 127
  const exponent = BigInt(bias - 27 + random.below(46)) << BigInt(precision)
  const step = BigInt(precision - 11 - random.pick([0, 1, 2, 5, 10]))
  const fraction = (BigInt(random.below(1 << 11)) << step) + random.pick([0n, 0n, 1n, -1n])
  const sign = BigInt(random.below(2)) << BigInt(bits - 1)
  return (bits === 32 ? BOX : 0n) | sign | BigInt.asUintN(bits - 1, exponent + fraction)
}
