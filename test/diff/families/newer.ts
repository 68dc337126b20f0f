import { constantText } from '../../../emulator/riscv/print.ts'
import { FLI_CONSTANTS } from '../../../emulator/riscv/table.ts'
import type { Random } from '../random.ts'
import {
  ALL_X,
  COMPRESSED_X,
  FLOAT_CLASSES,
  floatRegister,
  INTEGER_CLASSES,
  type IntegerClass,
  integerRegister,
} from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import {
  DOUBLE_EDGES,
  doubleBits,
  INTEGER_CORNERS,
  integerValue,
  SINGLE_EDGES,
  singleBits,
  UNBOXED,
} from '../values.ts'
import { BIT_UNARY_OPS } from './bits.ts'
import {
  cornerRows,
  fcsrValue,
  floatLists,
  floatRows,
  floatSnippet,
  PRECISIONS,
  type Precision,
  ROUNDING,
} from './float.ts'
import { CORNER_PAIRS, integerRows, integerSnippet, registerPairs, registerTriples } from './integer.ts'
import { touched } from './memory.ts'

/**
 * What QEMU 7.2 lacks: Zicond, Zfa, Zcb, Zicbom and Zicboz, and ctzw in full. The reference interpreter is the
 * oracle of these; what it does with them was compared with QEMU 10 (test/unit/emulator/riscv-recorded.txt).
 */

export const CONDITIONAL_OPS = ['czero.eqz', 'czero.nez'] as const
export const EXTREME_OPS = ['fminm', 'fmaxm'] as const
export const QUIET_COMPARE_OPS = ['fltq', 'fleq'] as const
export const INTEGRAL_OPS = ['fround', 'froundnx'] as const
export const BLOCK_OPS = ['cbo.clean', 'cbo.flush', 'cbo.zero'] as const

/** The operand of fli, as the assembler has it. */
export const FLI_OPERANDS: readonly string[] = FLI_CONSTANTS.map(constantText)

function integers(random: Random): Case[] {
  const cases: Case[] = []
  for (const op of CONDITIONAL_OPS) {
    for (const [rd, rs1, rs2] of registerTriples(random)) {
      const snippet = integerSnippet(`${op} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
      const zero = snippet.inputs.map(name => (name === rs2 ? 0n : integerValue(random)))
      cases.push({ snippet, rows: [zero, ...integerRows(random, snippet.inputs.length, 5)] })
    }
    const [rd, rs1] = [integerRegister(random, 'pinned'), integerRegister(random, 'unpinned')]
    const rs2 = integerRegister(random, 'pinned', [rd])
    cases.push({ snippet: integerSnippet(`${op} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2]), rows: CORNER_PAIRS })
  }
  const count = BIT_UNARY_OPS.find(op => op === 'ctzw')
  for (const [rd, rs] of registerPairs(random)) {
    const snippet = integerSnippet(`${count} ${rd}, ${rs}`, rd, [rs])
    const rows = snippet.inputs.length > 0 ? INTEGER_CORNERS.map(value => [value]) : [[]]
    cases.push({ snippet, rows })
  }
  return cases
}

/** Conditional selection as compilers write it, and conditions that are computed. */
const SELECTIONS: readonly (readonly string[])[] = [
  ['czero.eqz {o}, {a}, {c}', 'czero.nez {q}, {b}, {c}', 'or {o}, {o}, {q}'],
  ['czero.nez {o}, {a}, {c}', 'czero.eqz {q}, {b}, {c}', 'or {q}, {q}, {o}'],
  ['czero.eqz {o}, {a}, {c}', 'czero.nez {q}, {b}, {c}', 'add {o}, {q}, {o}'],
  ['slt {q}, {a}, {b}', 'czero.nez {o}, {a}, {q}', 'czero.eqz {q}, {b}, {q}', 'or {o}, {o}, {q}'],
  ['sltu {q}, {a}, {b}', 'czero.eqz {o}, {c}, {q}', 'addw {o}, {o}, {a}'],
  ['xor {q}, {a}, {b}', 'czero.eqz {o}, {c}, {q}'],
  ['addw {q}, {a}, {b}', 'czero.nez {o}, {q}, {c}', 'sext.w {o}, {o}'],
  ['addw {q}, {a}, {b}', 'czero.nez {o}, {c}, {q}', 'min {o}, {o}, {q}'],
]

function selections(random: Random): Case[] {
  return SELECTIONS.flatMap(sequence =>
    Array.from({ length: 16 }, (): Case => {
      const [a, b, c, o, q] = random.sample(ALL_X, 5) as [string, string, string, string, string]
      const places: Readonly<Record<string, string>> = { a, b, c, o: random.chance(0.3) ? a : o, q }
      const code = sequence.map(line => line.replace(/\{(\w)\}/g, (_, place: string) => places[place]!))
      const condition = (): bigint => (random.chance(0.5) ? 0n : integerValue(random))
      const row = (): Row => [integerValue(random), integerValue(random), condition()]
      const snippet: Snippet = { code, inputs: [a, b, c], outputs: [places.o!, q] }
      return { snippet, rows: Array.from({ length: 6 }, row) }
    }),
  )
}

/** Numbers at which a conversion modulo 2^32 leaves the range of 32 bits, and of 64. */
const MODULO_EDGES: readonly bigint[] = [31, 32, 33, 52, 53, 62, 63, 64, 83, 84, 85, 1023].flatMap(exponent =>
  [0, 0.5, 1, -0.5, -1, 2 ** (exponent - 32)].flatMap(offset => [
    doubleBits(2 ** exponent + offset),
    doubleBits(-(2 ** exponent) + offset),
  ]),
)

function floats(random: Random): Case[] {
  const cases: Case[] = []
  const add = (snippet: Snippet, rows: readonly Row[]): void => void cases.push({ snippet, rows })
  const edges = (precision: Precision): Row[] =>
    (precision === 'd' ? DOUBLE_EDGES : [...SINGLE_EDGES, ...UNBOXED]).map(value => [value, fcsrValue(random)])
  /** What has a fraction or nearly none. */
  const fractions = (precision: Precision): Row[] =>
    Array.from({ length: 40 }, () => {
      const value = (random.between(-64, 64) / 8) * 2 ** random.pick([0, 0, 1, 20, 21, 22, 49, 50, 51])
      return [precision === 'd' ? doubleBits(value) : 0xffffffff00000000n | singleBits(value), fcsrValue(random)]
    })
  for (const precision of PRECISIONS) {
    FLI_OPERANDS.forEach((constant, index) => {
      const rd = floatRegister(random, FLOAT_CLASSES[index % 2]!)
      add(floatSnippet(`fli.${precision} ${rd}, ${constant}`, rd, []), [[fcsrValue(random)]])
    })
    for (const op of EXTREME_OPS) {
      for (const [rd, rs1, rs2] of floatLists(random, 3) as [string, string, string][]) {
        const snippet = floatSnippet(`${op}.${precision} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
        const wide = snippet.inputs.length === 2 && random.chance(0.3) ? cornerRows(random, precision, 2) : []
        add(snippet, [...wide, ...floatRows(random, precision, snippet.inputs.length, 6)])
      }
    }
    for (const op of INTEGRAL_OPS) {
      for (const mode of ROUNDING) {
        for (const [rd, rs] of floatLists(random, 2) as [string, string][]) {
          const snippet = floatSnippet(`${op}.${precision} ${rd}, ${rs}, ${mode}`, rd, [rs])
          add(snippet, random.chance(0.4) ? [...edges(precision), ...fractions(precision)] : fractions(precision))
        }
      }
    }
    for (const op of QUIET_COMPARE_OPS) {
      for (const kind of INTEGER_CLASSES) {
        for (const [rs1, rs2] of floatLists(random, 2) as [string, string][]) {
          const rd = integerRegister(random, kind)
          const snippet = floatSnippet(`${op}.${precision} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
          const wide = snippet.inputs.length === 2 && random.chance(0.3) ? cornerRows(random, precision, 2) : []
          add(snippet, [...wide, ...floatRows(random, precision, snippet.inputs.length, 6)])
        }
      }
    }
  }
  for (const kind of INTEGER_CLASSES) {
    for (const source of FLOAT_CLASSES) {
      const [rd, rs] = [integerRegister(random, kind), floatRegister(random, source)]
      const modulo = MODULO_EDGES.map(value => [value, fcsrValue(random)])
      add(floatSnippet(`fcvtmod.w.d ${rd}, ${rs}, rtz`, rd, [rs]), [...edges('d'), ...fractions('d'), ...modulo])
    }
  }
  return cases
}

const compressed = (line: string): string[] => ['.option push', '.option arch, +zcb', line, '.option pop']

function compressedForms(random: Random): Case[] {
  const cases: Case[] = []
  for (let i = 0; i < 14; i++) {
    const [rd, other] = [random.pick(COMPRESSED_X), random.pick(COMPRESSED_X)]
    for (const op of ['c.zext.b', 'c.sext.b', 'c.zext.h', 'c.sext.h', 'c.zext.w', 'c.not']) {
      const snippet: Snippet = { code: compressed(`${op} ${rd}`), inputs: [rd], outputs: [rd] }
      cases.push({ snippet, rows: integerRows(random, 1, 6) })
    }
    const product: Snippet = {
      code: compressed(`c.mul ${rd}, ${other}`),
      inputs: [...new Set([rd, other])],
      outputs: [rd],
    }
    cases.push({ snippet: product, rows: integerRows(random, product.inputs.length, 6) })
    const address = (): bigint => BigInt(WINDOW.middle + random.below(16))
    for (const [op, offset] of [
      ['c.lbu', random.below(4)],
      ['c.lhu', 2 * random.below(2)],
      ['c.lh', 2 * random.below(2)],
    ] as const) {
      const code = compressed(`${op} ${rd}, ${offset}(${other})`)
      cases.push({ snippet: { code, inputs: [other], outputs: [rd], still: true }, rows: [[address()], [address()]] })
    }
    for (const [op, offset] of [
      ['c.sb', random.below(4)],
      ['c.sh', 2 * random.below(2)],
    ] as const) {
      const code = compressed(`${op} ${rd}, ${offset}(${other})`)
      const inputs = [...new Set([other, rd])]
      const snippet: Snippet = { code, inputs, outputs: [], window: touched(offset), still: true }
      const row = (): Row => inputs.map(name => (name === other ? address() : integerValue(random)))
      cases.push({ snippet, rows: [row(), row(), row()] })
    }
  }
  return cases
}

const BASES: readonly IntegerClass[] = ['pinned', 'unpinned', 'sp', 'ra']

function blocks(random: Random): Case[] {
  return BLOCK_OPS.flatMap(op =>
    BASES.flatMap(kind =>
      [0, 1, 31, 32, 63, 64].map((offset): Case => {
        const base = integerRegister(random, kind)
        const window = { offset: -8, words: 18 }
        const snippet: Snippet = { code: [`${op} (${base})`], inputs: [base], outputs: [base], window, still: true }
        return { snippet, rows: [[BigInt(WINDOW.middle + offset)]] }
      }),
    ),
  )
}

export function newer(random: Random): Case[] {
  return [...integers(random), ...selections(random), ...floats(random), ...compressedForms(random), ...blocks(random)]
}
