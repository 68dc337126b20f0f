import { describe, expect, it } from 'vitest'
import {
  add,
  divide,
  fusedMultiplyAdd,
  multiply,
  squareRoot,
  subtract,
} from '../../../emulator/riscv/interpret/arithmetic.ts'
import { changeFormat, fromInteger, toInteger } from '../../../emulator/riscv/interpret/convert.ts'
import { BINARY32, BINARY64, type Environment, FLAG, ROUNDING } from '../../../emulator/riscv/interpret/softfloat.ts'
import { Random } from './riscv-random.ts'
import { double, single } from './riscv-values.ts'

/** The host computes in round-to-nearest-even with doubles; a NaN's bits are its own, so all NaNs count as the canonical one. */
const view = new DataView(new ArrayBuffer(8))
function number(bits: bigint): number {
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}
function bits(x: number): bigint {
  if (Number.isNaN(x)) return BINARY64.canonicalNaN
  view.setFloat64(0, x)
  return view.getBigUint64(0)
}
function number32(bits: bigint): number {
  view.setUint32(0, Number(bits))
  return view.getFloat32(0)
}
/** Of the single nearest to x. */
function bits32(x: number): bigint {
  if (Number.isNaN(x)) return BINARY32.canonicalNaN
  view.setFloat32(0, x)
  return BigInt(view.getUint32(0))
}

const nearest = (): Environment => ({ rounding: ROUNDING.RNE, fflags: 0 })

describe('soft float against the host', () => {
  it('adds, subtracts, multiplies, divides and takes roots of doubles', () => {
    const random = new Random(0x64)
    for (let i = 0; i < 4000; i++) {
      const [a, b] = [double(random), double(random)]
      const [x, y] = [number(a), number(b)]
      const where = `${a.toString(16)} ${b.toString(16)}`
      expect(add(BINARY64, nearest(), a, b), where).toBe(bits(x + y))
      expect(subtract(BINARY64, nearest(), a, b), where).toBe(bits(x - y))
      expect(multiply(BINARY64, nearest(), a, b), where).toBe(bits(x * y))
      expect(divide(BINARY64, nearest(), a, b), where).toBe(bits(x / y))
      expect(squareRoot(BINARY64, nearest(), a), where).toBe(bits(Math.sqrt(x)))
    }
  })

  it('does the same with singles: a double has more than twice their precision, so that rounding twice is harmless', () => {
    const random = new Random(0x32)
    for (let i = 0; i < 4000; i++) {
      const [a, b] = [BigInt.asUintN(32, single(random)), BigInt.asUintN(32, single(random))]
      const [x, y] = [number32(a), number32(b)]
      const where = `${a.toString(16)} ${b.toString(16)}`
      expect(add(BINARY32, nearest(), a, b), where).toBe(bits32(x + y))
      expect(multiply(BINARY32, nearest(), a, b), where).toBe(bits32(x * y))
      expect(divide(BINARY32, nearest(), a, b), where).toBe(bits32(x / y))
      expect(squareRoot(BINARY32, nearest(), a), where).toBe(bits32(Math.sqrt(x)))
    }
  })

  it('converts', () => {
    const random = new Random(0xc0)
    for (let i = 0; i < 4000; i++) {
      const [a, n] = [double(random), BigInt.asIntN(64, random.wide() >> BigInt(random.below(64)))]
      expect(changeFormat(BINARY64, BINARY32, nearest(), a)).toBe(bits32(number(a)))
      expect(fromInteger(BINARY64, nearest(), n)).toBe(bits(Number(n)))
      const x = number(a)
      if (Math.abs(x) < 2 ** 62) {
        expect(toInteger(BINARY64, { rounding: ROUNDING.RTZ, fflags: 0 }, a, 64, true)).toBe(BigInt(Math.trunc(x)))
        expect(toInteger(BINARY64, { rounding: ROUNDING.RDN, fflags: 0 }, a, 64, true)).toBe(BigInt(Math.floor(x)))
        expect(toInteger(BINARY64, { rounding: ROUNDING.RUP, fflags: 0 }, a, 64, true)).toBe(BigInt(Math.ceil(x)))
      }
    }
  })
})

describe('soft float', () => {
  const one = bits(1)
  const run = (rounding: number, f: (environment: Environment) => bigint) => {
    const environment = { rounding, fflags: 0 }
    return [f(environment), environment.fflags] as const
  }

  it('rounds a tie in the five ways', () => {
    const tie = bits(2 ** -53)
    const sums = [0, 1, 2, 3, 4].map(mode => run(mode, e => add(BINARY64, e, one, tie)))
    expect(sums.map(([value]) => value - one)).toEqual([0n, 0n, 0n, 1n, 1n])
    expect(sums.every(([, flags]) => flags === FLAG.NX)).toBe(true)
    const negative = [0, 1, 2, 3, 4].map(mode => run(mode, e => subtract(BINARY64, e, bits(-1), tie))[0] - bits(-1))
    expect(negative).toEqual([0n, 0n, 1n, 0n, 1n])
  })

  it('fuses: the product is not rounded before the addition', () => {
    const x = bits(1 + 2 ** -30)
    const square = bits((1 + 2 ** -30) ** 2)
    expect(number(fusedMultiplyAdd(BINARY64, nearest(), x, x, square, false, true))).toBe(2 ** -60)
  })

  it('finds infinity times zero invalid beside a quiet NaN', () => {
    const nan = BINARY64.canonicalNaN
    expect(run(0, e => fusedMultiplyAdd(BINARY64, e, BINARY64.infinity, 0n, nan, false, false))).toEqual([nan, FLAG.NV])
    expect(run(0, e => fusedMultiplyAdd(BINARY64, e, one, 0n, nan, false, false))).toEqual([nan, 0])
  })

  it('detects tininess after rounding', () => {
    const smallest = bits(2 ** -1022)
    const below = smallest - 1n
    const tiny = FLAG.NX | FLAG.UF
    // Exact in full precision, and below the normal range: tiny, although as a subnormal it rounds to the smallest normal.
    expect(run(ROUNDING.RNE, e => multiply(BINARY64, e, smallest, bits(1 - 2 ** -53)))).toEqual([smallest, tiny])
    // 2^-1022 * (1 - 2^-104) is the smallest normal in full precision as well: not tiny, unless it is rounded down.
    const above = bits(1 + 2 ** -52)
    expect(run(ROUNDING.RNE, e => multiply(BINARY64, e, below, above))).toEqual([smallest, FLAG.NX])
    expect(run(ROUNDING.RTZ, e => multiply(BINARY64, e, below, above))).toEqual([below, tiny])
  })

  it('overflows to infinity or to the largest number, as the mode says', () => {
    const largest = BINARY32.infinity - 1n
    const results = [0, 1, 2, 3, 4].map(mode => run(mode, e => add(BINARY32, e, largest, largest)))
    expect(results.map(([value]) => value)).toEqual([largest + 1n, largest, largest, largest + 1n, largest + 1n])
    expect(results.every(([, flags]) => flags === (FLAG.OF | FLAG.NX))).toBe(true)
  })

  it('divides by zero with DZ, zero by zero with NV', () => {
    expect(run(0, e => divide(BINARY64, e, one, 0n))).toEqual([BINARY64.infinity, FLAG.DZ])
    expect(run(0, e => divide(BINARY64, e, 0n, 0n))).toEqual([BINARY64.canonicalNaN, FLAG.NV])
  })

  it('saturates conversions to integers', () => {
    const convert = (x: number, width: number, signed: boolean) =>
      run(1, e => toInteger(BINARY64, e, bits(x), width, signed))
    expect(convert(2 ** 31, 32, true)).toEqual([0x7fff_ffffn, FLAG.NV])
    expect(convert(-(2 ** 31) - 0.5, 32, true)).toEqual([-0x8000_0000n, FLAG.NX])
    expect(convert(-0.5, 32, false)).toEqual([0n, FLAG.NX])
    expect(convert(-1, 64, false)).toEqual([0n, FLAG.NV])
    expect(convert(Number.NaN, 64, true)).toEqual([0x7fff_ffff_ffff_ffffn, FLAG.NV])
    expect(convert(-Infinity, 64, true)).toEqual([-0x8000_0000_0000_0000n, FLAG.NV])
  })
})
