import type { Random } from '../random.ts'
import { FLOAT_CLASSES, floatRegister, INTEGER_CLASSES, type IntegerClass, integerRegister } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { boxHalf, DOUBLE_EDGES, HALF_EDGES, INTEGER_EDGES, nearHalf, SINGLE_EDGES, UNBOXED } from '../values.ts'
import { fcsrValue, floatLists, floatSnippet, floatValue, PRECISIONS, type Precision, ROUNDING } from './float.ts'
import { touched } from './memory.ts'

/** Zfhmin (ISA manual, chapter "Zfh" and "Zfhmin"): half-precision loads, stores, moves and conversions. */

const BASES: readonly IntegerClass[] = ['pinned', 'unpinned', 'sp', 'ra']

export const halfValue = (random: Random): bigint =>
  random.chance(0.5) ? random.pick(HALF_EDGES) : boxHalf(BigInt(random.below(0x10000)))

const edges = (precision: Precision): readonly bigint[] =>
  precision === 'd' ? DOUBLE_EDGES : [...SINGLE_EDGES, ...UNBOXED]

function conversions(random: Random): Case[] {
  const cases: Case[] = []
  for (const precision of PRECISIONS) {
    for (const mode of ROUNDING) {
      for (const [rd, rs] of floatLists(random, 2) as [string, string][]) {
        const widen = floatSnippet(`fcvt.${precision}.h ${rd}, ${rs}, ${mode}`, rd, [rs])
        const halves = random.chance(0.3) ? HALF_EDGES : Array.from({ length: 6 }, () => halfValue(random))
        cases.push({ snippet: widen, rows: halves.map(value => [value, fcsrValue(random)]) })
        const narrow = floatSnippet(`fcvt.h.${precision} ${rd}, ${rs}, ${mode}`, rd, [rs])
        const near = Array.from({ length: 40 }, () => nearHalf(random, precision))
        const values = random.chance(0.3) ? [...edges(precision), ...near] : near
        cases.push({ snippet: narrow, rows: values.map(value => [value, fcsrValue(random)]) })
      }
    }
  }
  return cases
}

function moves(random: Random): Case[] {
  const cases: Case[] = []
  for (const kind of INTEGER_CLASSES) {
    for (const other of FLOAT_CLASSES) {
      const [x, f] = [integerRegister(random, kind), floatRegister(random, other)]
      const rows = [...HALF_EDGES, ...DOUBLE_EDGES.slice(0, 9)].map(value => [value, 0n])
      cases.push({ snippet: floatSnippet(`fmv.x.h ${x}, ${f}`, x, [f]), rows })
      const into = floatSnippet(`fmv.h.x ${f}, ${x}`, f, [x])
      cases.push({ snippet: into, rows: x === 'x0' ? [[0n]] : INTEGER_EDGES.map(value => [value, 0n]) })
    }
  }
  return cases
}

function accesses(random: Random): Case[] {
  const cases: Case[] = []
  for (const kind of BASES) {
    for (const other of FLOAT_CLASSES) {
      for (const offset of [-2048, -7, 0, 1, 2, 126, 2047]) {
        const [base, f] = [integerRegister(random, kind), floatRegister(random, other)]
        const address = (): bigint => BigInt(WINDOW.middle + random.below(16))
        const load: Snippet = { code: [`flh ${f}, ${offset}(${base})`], inputs: [base], outputs: [f], still: true }
        cases.push({ snippet: load, rows: Array.from({ length: 5 }, () => [address()]) })
        const store: Snippet = {
          code: [`fsh ${f}, ${offset}(${base})`],
          inputs: [base, f],
          outputs: [],
          window: touched(offset),
          still: true,
        }
        const value = (): bigint => random.pick([halfValue(random), floatValue(random, 'd'), floatValue(random, 's')])
        cases.push({ snippet: store, rows: Array.from({ length: 5 }, () => [address(), value()]) })
      }
    }
  }
  return cases
}

/** What is owed to a register when a half is read from it, and halves that are read as something else. */
const SEQUENCES: readonly (readonly string[])[] = [
  ['fadd.s {o}, {f}, {g}', 'fcvt.h.s {o}, {o}', 'fcvt.s.h {q}, {o}'],
  ['fadd.d {o}, {f}, {g}', 'fcvt.h.d {q}, {o}', 'fcvt.d.h {q}, {q}'],
  ['fmul.s {o}, {f}, {g}', 'fmv.x.h {x}, {o}'],
  ['fdiv.d {o}, {f}, {g}', 'fmv.x.h {x}, {o}'],
  ['fsub.s {o}, {f}, {g}', 'fcvt.s.h {q}, {o}'],
  ['fmul.d {o}, {f}, {g}', 'fcvt.d.h {q}, {o}'],
  ['fcvt.h.s {o}, {f}', 'fadd.s {q}, {o}, {g}'],
  ['fcvt.h.d {o}, {f}', 'fadd.d {q}, {o}, {g}'],
  ['fcvt.h.s {o}, {f}', 'fsgnj.s {q}, {o}, {o}'],
  ['fcvt.s.h {o}, {f}', 'fcvt.s.h {q}, {g}', 'fadd.s {o}, {o}, {q}', 'fcvt.h.s {o}, {o}'],
  ['fcvt.d.h {o}, {f}', 'fmul.d {o}, {o}, {g}', 'fcvt.h.d {o}, {o}'],
]

function sequences(random: Random): Case[] {
  const cases: Case[] = []
  for (const sequence of SEQUENCES) {
    for (let i = 0; i < 12; i++) {
      const [f, g, o, q] = floatLists(random, 4)[random.below(16)] as [string, string, string, string]
      const x = integerRegister(random, random.pick(['pinned', 'unpinned'] as const))
      const places: Readonly<Record<string, string>> = { f, g, o, q, x }
      const code = sequence.map(line => line.replace(/\{(\w)\}/g, (_, place: string) => places[place]!))
      const outputs = [...new Set([o, q, x])].filter(name => code.some(line => line.split(' ')[1] === `${name},`))
      const inputs = [...new Set([f, g])]
      const value = (): bigint => random.pick([halfValue(random), nearHalf(random, 's'), nearHalf(random, 'd')])
      const row = (): Row => [...inputs.map(() => value()), fcsrValue(random)]
      cases.push({ snippet: { code, inputs, outputs, fcsr: true }, rows: Array.from({ length: 8 }, row) })
    }
  }
  return cases
}

export function half(random: Random): Case[] {
  return [...conversions(random), ...moves(random), ...accesses(random), ...sequences(random)]
}
