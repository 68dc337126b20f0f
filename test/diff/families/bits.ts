import type { Random } from '../random.ts'
import { integerRegister } from '../registers.ts'
import type { Case, Row } from '../snippet.ts'
import { INTEGER_CORNERS, INTEGER_EDGES } from '../values.ts'
import { CORNER_PAIRS, integerRows, integerSnippet, registerPairs, registerTriples } from './integer.ts'

/** Zba, Zbb and Zbs (ISA manual, chapter B). */

export const BIT_REGISTER_OPS = [
  ...['add.uw', 'sh1add', 'sh2add', 'sh3add', 'sh1add.uw', 'sh2add.uw', 'sh3add.uw', 'andn', 'orn', 'xnor'],
  ...['min', 'minu', 'max', 'maxu', 'rol', 'ror', 'rolw', 'rorw', 'bclr', 'bext', 'binv', 'bset'],
] as const
export const BIT_UNARY_OPS = [
  ...['clz', 'ctz', 'cpop', 'clzw', 'ctzw', 'cpopw', 'sext.b', 'sext.h', 'zext.h', 'orc.b', 'rev8'],
] as const
export const BIT_SHIFT_OPS = ['slli.uw', 'rori', 'bclri', 'bexti', 'binvi', 'bseti'] as const
export const BIT_SHIFT_WORD_OPS = ['roriw'] as const

/** One bit, its neighbours, and bytes of zeros and ones. */
const PATTERNS: readonly Row[] = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)).flatMap(value => [
  [value],
  [BigInt.asUintN(64, value - 1n)],
  [BigInt.asUintN(64, ~value)],
  [(value * 0xffn) & 0xffff00ff00ff00ffn],
])

/** Of a register whose low half is zero, ctzw of QEMU 7.2 counts on into the upper half. */
const countable = (value: bigint | undefined): boolean => value !== undefined && BigInt.asUintN(32, value) !== 0n

export function bits(random: Random): Case[] {
  const cases: Case[] = []
  const add = (code: string, rd: string, sources: readonly string[], wide: readonly Row[] = []): void => {
    const snippet = integerSnippet(code, rd, sources)
    const rows = [...wide, ...integerRows(random, snippet.inputs.length, 6)]
    const fit = code.startsWith('ctzw') ? rows.filter(([value]) => countable(value)) : rows
    if (fit.length > 0) cases.push({ snippet, rows: fit })
  }
  const different = (): [string, string, string] => {
    const rd = integerRegister(random, 'pinned')
    const rs1 = integerRegister(random, 'unpinned')
    return [rd, rs1, integerRegister(random, 'pinned', [rd])]
  }
  for (const op of BIT_REGISTER_OPS) {
    for (const [rd, rs1, rs2] of registerTriples(random)) add(`${op} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
    // a3 is rcx, which counts shifts on the host
    for (const [rd, rs1, rs2] of [different(), ['x13', 'x11', 'x13'], ['x10', 'x13', 'x13'], ['x10', 'x11', 'x13']]) {
      const wide = rs1 === rs2 ? INTEGER_EDGES.map(value => [value]) : CORNER_PAIRS
      add(`${op} ${rd}, ${rs1}, ${rs2}`, rd!, [rs1!, rs2!], wide)
    }
  }
  for (const op of BIT_UNARY_OPS) {
    for (const [rd, rs] of registerPairs(random)) add(`${op} ${rd}, ${rs}`, rd, [rs])
    const [rd, rs] = different()
    add(`${op} ${rd}, ${rs}`, rd, [rs], [...PATTERNS, ...INTEGER_CORNERS.map(value => [value])])
  }
  const shifts = (op: string, numbers: readonly number[], limit: number): void => {
    const pairs = registerPairs(random)
    for (const [index, pair] of [...pairs, ...pairs].entries()) {
      const number = numbers[index % numbers.length] ?? random.below(limit)
      add(`${op} ${pair[0]}, ${pair[1]}, ${index < pairs.length ? number : random.below(limit)}`, pair[0], [pair[1]])
    }
    for (const number of numbers) {
      const [rd, rs] = different()
      const wide = INTEGER_CORNERS.map(value => [value])
      add(`${op} ${rd}, ${rs}, ${number}`, rd, [rs], wide)
    }
  }
  for (const op of BIT_SHIFT_OPS) shifts(op, [0, 1, 7, 8, 30, 31, 32, 33, 47, 48, 56, 62, 63], 64)
  for (const op of BIT_SHIFT_WORD_OPS) shifts(op, [0, 1, 7, 8, 15, 16, 24, 30, 31], 32)
  return cases
}
