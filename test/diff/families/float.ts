import type { Random } from '../random.ts'
import { FLOAT_CLASSES, floatRegister, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import type { Case, Row, Snippet } from '../snippet.ts'
import { DOUBLE_CORNERS, doubleValue, SINGLE_CORNERS, singleValue } from '../values.ts'

/** Arithmetic, comparison, sign and class of the F and D extensions (ISA manual, chapters F and D). */

export type Precision = 's' | 'd'
export const PRECISIONS: readonly Precision[] = ['s', 'd']
export const ARITHMETIC_OPS = ['fadd', 'fsub', 'fmul', 'fdiv'] as const
export const FUSED_OPS = ['fmadd', 'fmsub', 'fnmsub', 'fnmadd'] as const
export const EXACT_OPS = ['fmin', 'fmax', 'fsgnj', 'fsgnjn', 'fsgnjx'] as const
export const COMPARE_OPS = ['feq', 'flt', 'fle'] as const

export const ROUNDING = ['rne', 'rtz', 'rdn', 'rup', 'rmm', 'dyn'] as const

export const floatValue = (random: Random, precision: Precision): bigint =>
  precision === 'd' ? doubleValue(random) : singleValue(random)

/** A value of fcsr with a valid rounding mode and any flags, most often none. */
export const fcsrValue = (random: Random): bigint =>
  BigInt((random.below(5) << 5) | (random.chance(0.2) ? random.below(32) : 0))

const corners = (precision: Precision): readonly bigint[] => (precision === 'd' ? DOUBLE_CORNERS : SINGLE_CORNERS)

/** Rows of values and fcsr. */
export function floatRows(random: Random, precision: Precision, count: number, length: number): Row[] {
  const row = (): Row => [...Array.from({ length: count }, () => floatValue(random, precision)), fcsrValue(random)]
  return Array.from({ length }, row)
}

/** Every combination of `count` corner values (a random third of them for more than two), each with some fcsr. */
export function cornerRows(random: Random, precision: Precision, count: number): Row[] {
  let rows: bigint[][] = [[]]
  for (let i = 0; i < count; i++) rows = rows.flatMap(row => corners(precision).map(value => [...row, value]))
  if (count > 2) rows = rows.filter(() => random.chance(0.08))
  return rows.map(row => [...row, fcsrValue(random)])
}

export function floatSnippet(code: string, destination: string, sources: readonly string[]): Snippet {
  const outputs = destination === 'x0' ? [] : [destination]
  return { code: [code], inputs: [...new Set(sources)].filter(name => name !== 'x0'), outputs, fcsr: true }
}

/** Lists of `count` registers: all combinations of pinned and unpinned, and several aliasings. */
export function floatLists(random: Random, count: number): string[][] {
  const lists: string[][] = []
  for (let mask = 0; mask < 2 ** count; mask++) {
    const list: string[] = []
    for (let i = 0; i < count; i++) list.push(floatRegister(random, FLOAT_CLASSES[(mask >> i) & 1]!, list))
    lists.push(list)
  }
  for (const kind of FLOAT_CLASSES) {
    const one = floatRegister(random, kind)
    lists.push(Array<string>(count).fill(one))
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const list = lists[random.below(2 ** count)]!.filter(() => true)
        list[j] = list[i] = one
        lists.push(list)
      }
    }
  }
  return lists
}

function rounded(random: Random): Case[] {
  const cases: Case[] = []
  const shapes = [
    ...ARITHMETIC_OPS.map(op => ({ op, sources: 2, wide: 50 })),
    { op: 'fsqrt', sources: 1, wide: 60 },
    ...FUSED_OPS.map(op => ({ op, sources: 3, wide: 40 })),
  ]
  for (const { op, sources, wide } of shapes) {
    for (const precision of PRECISIONS) {
      for (const mode of ROUNDING) {
        const lists = floatLists(random, sources + 1)
        const chosen = random.sample(lists, Math.min(lists.length, 12))
        for (const list of chosen) {
          const snippet = floatSnippet(`${op}.${precision} ${list.join(', ')}, ${mode}`, list[0]!, list.slice(1))
          cases.push({ snippet, rows: floatRows(random, precision, snippet.inputs.length, 5) })
        }
        const list = lists[random.below(2 ** (sources + 1))]!
        const snippet = floatSnippet(`${op}.${precision} ${list.join(', ')}, ${mode}`, list[0]!, list.slice(1))
        const rows = [...cornerRows(random, precision, sources), ...floatRows(random, precision, sources, wide)]
        cases.push({ snippet, rows })
      }
    }
  }
  return cases
}

function exact(random: Random): Case[] {
  const cases: Case[] = []
  for (const precision of PRECISIONS) {
    for (const op of EXACT_OPS) {
      for (const list of floatLists(random, 3)) {
        const snippet = floatSnippet(`${op}.${precision} ${list.join(', ')}`, list[0]!, list.slice(1))
        cases.push({ snippet, rows: floatRows(random, precision, snippet.inputs.length, 6) })
      }
      const [rd, rs1, rs2] = floatLists(random, 3)[random.below(8)] as [string, string, string]
      const snippet = floatSnippet(`${op}.${precision} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
      cases.push({ snippet, rows: [...cornerRows(random, precision, 2), ...floatRows(random, precision, 2, 30)] })
    }
    for (const op of COMPARE_OPS) {
      for (const kind of INTEGER_CLASSES) {
        for (const [rs1, rs2] of floatLists(random, 2) as [string, string][]) {
          const rd = integerRegister(random, kind)
          const snippet = floatSnippet(`${op}.${precision} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
          cases.push({ snippet, rows: floatRows(random, precision, snippet.inputs.length, 6) })
        }
      }
      const [rs1, rs2] = floatLists(random, 2)[random.below(4)] as [string, string]
      const snippet = floatSnippet(`${op}.${precision} x12, ${rs1}, ${rs2}`, 'x12', [rs1, rs2])
      cases.push({ snippet, rows: [...cornerRows(random, precision, 2), ...floatRows(random, precision, 2, 30)] })
    }
    for (const kind of INTEGER_CLASSES) {
      for (const source of FLOAT_CLASSES) {
        const rd = integerRegister(random, kind)
        const rs = floatRegister(random, source)
        const snippet = floatSnippet(`fclass.${precision} ${rd}, ${rs}`, rd, [rs])
        cases.push({ snippet, rows: [...cornerRows(random, precision, 1), ...floatRows(random, precision, 1, 20)] })
      }
    }
  }
  return cases
}

export function float(random: Random): Case[] {
  return [...rounded(random), ...exact(random)]
}
