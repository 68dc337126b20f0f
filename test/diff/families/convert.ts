import type { Random } from '../random.ts'
import { FLOAT_CLASSES, floatRegister, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import type { Case, Row } from '../snippet.ts'
import { DOUBLE_EDGES, INTEGER_EDGES, integerValue, SINGLE_EDGES, UNBOXED } from '../values.ts'
import { fcsrValue, floatLists, floatSnippet, floatValue, PRECISIONS, type Precision, ROUNDING } from './float.ts'

/** Conversions and moves between register files and precisions, with saturation (ISA manual, chapters F and D). */

export const INTEGER_FORMATS = ['w', 'wu', 'l', 'lu'] as const

const edges = (precision: Precision): readonly bigint[] =>
  precision === 'd' ? DOUBLE_EDGES : [...SINGLE_EDGES, ...UNBOXED]

function rowsOf(random: Random, precision: Precision, wide: boolean): Row[] {
  if (wide) return edges(precision).map(value => [value, fcsrValue(random)])
  return Array.from({ length: 6 }, () => [floatValue(random, precision), fcsrValue(random)])
}

const integerRows = (random: Random, wide: boolean): Row[] =>
  wide
    ? INTEGER_EDGES.map(value => [value, fcsrValue(random)])
    : Array.from({ length: 6 }, () => [integerValue(random), fcsrValue(random)])

function conversions(random: Random): Case[] {
  const cases: Case[] = []
  for (const precision of PRECISIONS) {
    for (const format of INTEGER_FORMATS) {
      for (const mode of ROUNDING) {
        for (const kind of INTEGER_CLASSES) {
          for (const source of FLOAT_CLASSES) {
            const rd = integerRegister(random, kind)
            const rs = floatRegister(random, source)
            const snippet = floatSnippet(`fcvt.${format}.${precision} ${rd}, ${rs}, ${mode}`, rd, [rs])
            cases.push({ snippet, rows: rowsOf(random, precision, kind === 'pinned' || random.chance(0.2)) })
            const fd = floatRegister(random, source)
            const xs = integerRegister(random, kind)
            const back = floatSnippet(`fcvt.${precision}.${format} ${fd}, ${xs}, ${mode}`, fd, [xs])
            const rows = xs === 'x0' ? [[0n], [0x60n]] : integerRows(random, kind === 'pinned')
            cases.push({ snippet: back, rows })
          }
        }
      }
    }
  }
  for (const mode of ROUNDING) {
    for (const [rd, rs] of floatLists(random, 2) as [string, string][]) {
      const narrow = floatSnippet(`fcvt.s.d ${rd}, ${rs}, ${mode}`, rd, [rs])
      cases.push({ snippet: narrow, rows: rowsOf(random, 'd', true) })
      const widen = floatSnippet(`fcvt.d.s ${rd}, ${rs}, ${mode}`, rd, [rs])
      cases.push({ snippet: widen, rows: rowsOf(random, 's', random.chance(0.3)) })
    }
  }
  return cases
}

function moves(random: Random): Case[] {
  const cases: Case[] = []
  for (const kind of INTEGER_CLASSES) {
    for (const other of FLOAT_CLASSES) {
      for (const suffix of ['w', 'd'] as const) {
        const [rd, fs] = [integerRegister(random, kind), floatRegister(random, other)]
        const rows = rowsOf(random, suffix === 'd' ? 'd' : 's', true)
        cases.push({ snippet: floatSnippet(`fmv.x.${suffix} ${rd}, ${fs}`, rd, [fs]), rows })
        const into = floatSnippet(`fmv.${suffix}.x ${fs}, ${rd}`, fs, [rd])
        cases.push({ snippet: into, rows: rd === 'x0' ? [[0n]] : integerRows(random, true) })
      }
    }
  }
  return cases
}

export function convert(random: Random): Case[] {
  return [...conversions(random), ...moves(random)]
}
