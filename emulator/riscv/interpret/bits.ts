/** Zba, Zbb and Zbs: address generation and bit manipulation (ISA manual 20240411, chapter 29). */
import type { OpName } from '../table.ts'
import { type Handler, signed, unsigned32 } from './hart.ts'
import { bitLength } from './softfloat.ts'

type Unary = (a: bigint) => bigint
type Binary = (a: bigint, b: bigint) => bigint

/** Registers as unsigned numbers; the result wraps when it is stored. */
const unary =
  (f: Unary): Handler =>
  (hart, { rd, rs1 }) => {
    hart.x[rd] = f(hart.x[rs1]!)
  }
const registers =
  (f: Binary): Handler =>
  (hart, { rd, rs1, rs2 }) => {
    hart.x[rd] = f(hart.x[rs1]!, hart.x[rs2]!)
  }
const immediate =
  (f: Binary): Handler =>
  (hart, { rd, rs1, imm }) => {
    hart.x[rd] = f(hart.x[rs1]!, BigInt(imm))
  }

const shiftAdd =
  (shift: bigint, view: Unary): Binary =>
  (a, b) =>
    (view(a) << shift) + b
const whole: Unary = a => a

/** Of a number of `width` bits. */
const leadingZeros = (width: number, a: bigint) => BigInt(width - bitLength(a))
const trailingZeros = (width: number, a: bigint) => (a === 0n ? BigInt(width) : BigInt(bitLength(a & -a) - 1))
const population: Unary = a => BigInt(a.toString(2).replaceAll('0', '').length)

const choose = (first: (a: bigint, b: bigint) => boolean): Handler => registers((a, b) => (first(a, b) ? a : b))

const rotateLeft =
  (width: number): Binary =>
  (a, b) => {
    const count = b & BigInt(width - 1)
    const value = BigInt.asUintN(width, a)
    return BigInt.asIntN(width, (value << count) | (value >> (BigInt(width) - count)))
  }
const rotateRight =
  (width: number): Binary =>
  (a, b) =>
    rotateLeft(width)(a, -b)

const bytes = (a: bigint): bigint[] => Array.from({ length: 8 }, (_, i) => (a >> BigInt(8 * i)) & 255n)
const joined = (list: readonly bigint[]) => list.reduceRight((value, byte) => (value << 8n) | byte, 0n)

const bit = (b: bigint) => 1n << (b & 63n)
const clear: Binary = (a, b) => a & ~bit(b)
const extract: Binary = (a, b) => (a >> (b & 63n)) & 1n
const invert: Binary = (a, b) => a ^ bit(b)
const set: Binary = (a, b) => a | bit(b)

export const BITS = {
  add_uw: registers(shiftAdd(0n, unsigned32)),
  sh1add: registers(shiftAdd(1n, whole)),
  sh2add: registers(shiftAdd(2n, whole)),
  sh3add: registers(shiftAdd(3n, whole)),
  sh1add_uw: registers(shiftAdd(1n, unsigned32)),
  sh2add_uw: registers(shiftAdd(2n, unsigned32)),
  sh3add_uw: registers(shiftAdd(3n, unsigned32)),
  slli_uw: immediate((a, b) => unsigned32(a) << b),
  andn: registers((a, b) => a & ~b),
  orn: registers((a, b) => a | ~b),
  xnor: registers((a, b) => ~(a ^ b)),
  clz: unary(a => leadingZeros(64, a)),
  ctz: unary(a => trailingZeros(64, a)),
  cpop: unary(population),
  clzw: unary(a => leadingZeros(32, unsigned32(a))),
  ctzw: unary(a => trailingZeros(32, unsigned32(a))),
  cpopw: unary(a => population(unsigned32(a))),
  min: choose((a, b) => signed(a) < signed(b)),
  minu: choose((a, b) => a < b),
  max: choose((a, b) => signed(a) > signed(b)),
  maxu: choose((a, b) => a > b),
  sext_b: unary(a => BigInt.asIntN(8, a)),
  sext_h: unary(a => BigInt.asIntN(16, a)),
  zext_h: unary(a => BigInt.asUintN(16, a)),
  rol: registers(rotateLeft(64)),
  ror: registers(rotateRight(64)),
  rori: immediate(rotateRight(64)),
  rolw: registers(rotateLeft(32)),
  rorw: registers(rotateRight(32)),
  roriw: immediate(rotateRight(32)),
  orc_b: unary(a => joined(bytes(a).map(byte => (byte === 0n ? 0n : 255n)))),
  rev8: unary(a => joined(bytes(a).reverse())),
  bclr: registers(clear),
  bclri: immediate(clear),
  bext: registers(extract),
  bexti: immediate(extract),
  binv: registers(invert),
  binvi: immediate(invert),
  bset: registers(set),
  bseti: immediate(set),
} satisfies Partial<Record<OpName, Handler>>
