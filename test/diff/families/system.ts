import type { Random } from '../random.ts'
import { anyInteger, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import { type Case, type Snippet, WINDOW } from '../snippet.ts'
import { doubleValue, integerValue } from '../values.ts'
import { ROUNDING } from './float.ts'

/** Control and status registers, fences (ISA manual, chapters Zicsr, Zicntr, Zifencei, F: fcsr). */

export const CSR_OPS = ['csrrw', 'csrrs', 'csrrc'] as const
export const CSR_IMMEDIATE_OPS = ['csrrwi', 'csrrsi', 'csrrci'] as const
export const FLOAT_CSRS = ['fflags', 'frm', 'fcsr'] as const
export const COUNTERS = ['cycle', 'time', 'instret'] as const

const real = (list: readonly string[]): string[] => [...new Set(list)].filter(name => name !== 'x0')

function accesses(random: Random): Case[] {
  const cases: Case[] = []
  // The old contents may hold a reserved rounding mode; that is no error until an instruction uses it.
  const before = (): bigint => BigInt(random.below(256))
  const add = (code: string, rd: string, rs: string): void => {
    const snippet: Snippet = { code: [code], inputs: real([rs]), outputs: real([rd]), fcsr: true }
    const rows = Array.from({ length: 5 }, () => [...snippet.inputs.map(() => integerValue(random)), before()])
    cases.push({ snippet, rows })
  }
  for (const csr of FLOAT_CSRS) {
    for (const op of CSR_OPS) {
      for (const first of INTEGER_CLASSES) {
        for (const second of INTEGER_CLASSES) {
          const rd = integerRegister(random, first)
          const rs = integerRegister(random, second, [rd])
          add(`${op} ${rd}, ${csr}, ${rs}`, rd, rs)
        }
      }
      for (const kind of ['pinned', 'unpinned'] as const) {
        const same = integerRegister(random, kind)
        add(`${op} ${same}, ${csr}, ${same}`, same, same)
      }
    }
    for (const op of CSR_IMMEDIATE_OPS) {
      for (const kind of INTEGER_CLASSES) {
        for (const value of [0, 1, 4, 31, random.below(32)]) {
          const rd = integerRegister(random, kind)
          add(`${op} ${rd}, ${csr}, ${value}`, rd, 'x0')
        }
      }
    }
  }
  return cases
}

/** A rounding mode or flags set by the program, and used by the instructions behind. */
function modes(random: Random): Case[] {
  const cases: Case[] = []
  for (let i = 0; i < 60; i++) {
    const [a, b, s, t, u] = random.sample(['x5', 'x10', 'x11', 'x16', 'x9', 'x20', 'x28'], 5) as string[]
    const operation = random.pick(['fadd', 'fmul', 'fdiv', 'fsub'])
    const precision = random.pick(['d', 'd', 's'])
    const first = `${operation}.${precision} f1, f10, f20, ${random.pick(ROUNDING)}`
    const second = `${operation}.${precision} f21, f20, f10, dyn`
    const shapes = [
      [`csrrwi ${a}, frm, ${random.below(5)}`, first, second, `csrrw ${b}, frm, ${a}`, `frflags ${s}`],
      [
        `li ${t}, ${random.below(5)}`,
        `fsrm ${a}, ${t}`,
        first,
        `frcsr ${b}`,
        second,
        `fsflagsi ${s}, ${random.below(32)}`,
      ],
      [first, `frflags ${a}`, `fsflags x0`, second, `frflags ${b}`, `or ${s}, ${a}, ${b}`],
      [`frflags ${u}`, first, `fsflags ${a}, ${u}`, second, `frcsr ${b}`, `mv ${s}, ${u}`],
      [`csrrsi ${a}, fflags, 4`, first, `csrrci ${b}, fflags, 1`, second, `csrrs ${s}, fcsr, x0`],
      [
        `li ${u}, 3`,
        `1:`,
        `fsrm ${u}`,
        first,
        second,
        `addi ${u}, ${u}, -1`,
        `bgez ${u}, 1b`,
        `frcsr ${a}`,
        `mv ${b}, ${a}`,
        `mv ${s}, ${a}`,
      ],
    ]
    const snippet: Snippet = {
      code: random.pick(shapes),
      inputs: ['f10', 'f20'],
      outputs: ['f1', 'f21', a!, b!, s!],
      fcsr: true,
    }
    const row = (): bigint[] => [doubleValue(random), doubleValue(random), BigInt(random.below(5) << 5)]
    cases.push({ snippet, rows: Array.from({ length: 8 }, row) })
  }
  return cases
}

const double = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0]!

/** Dividend and divisor, and what the division raises. */
const QUOTIENTS: readonly (readonly [number, number])[] = [
  [6, 2], // nothing
  [1, 3], // NX
  [1e-300, 1e300], // UF and NX
  [1e300, 1e-300], // OF and NX
  [1, 0], // DZ
  [0, 0], // NV
]

/**
 * Accrued exceptions set and cleared where some are in the host's register (those of the division) and some in the CPU
 * state (those written before), and what accrues and how it is rounded after that.
 */
function exceptions(random: Random): Case[] {
  const cases: Case[] = []
  const add = (access: string, rd: string, rs: string, before: readonly string[] = []): void => {
    const [dividend, divisor, quotient] = random.sample(['f10', 'f20', 'f1', 'f8', 'f17', 'f30'], 3) as string[]
    const after = anyInteger(random, [rd, rs])
    const last = anyInteger(random, [rd, rs, after])
    const code = [
      `fdiv.d ${quotient}, ${dividend}, ${divisor}`,
      ...before,
      access,
      `frflags ${after}`,
      `fsub.d ${quotient}, ${quotient}, ${dividend}`,
      `frcsr ${last}`,
    ]
    const inputs = [dividend!, divisor!, ...real([rs])]
    const snippet: Snippet = { code, inputs, outputs: [quotient!, after, last, ...real([rd])], fcsr: true }
    const flags = (): bigint => (random.chance(0.7) ? BigInt(random.below(32)) : integerValue(random))
    const row = (pair: readonly [number, number]): bigint[] => [
      ...pair.map(double),
      ...real([rs]).map(flags),
      BigInt((random.below(5) << 5) | random.below(32)),
    ]
    cases.push({ snippet, rows: QUOTIENTS.flatMap(pair => [row(pair), row(pair)]) })
  }
  for (const op of CSR_OPS) {
    for (const second of INTEGER_CLASSES) {
      const rs = (): string => integerRegister(random, second)
      for (const first of INTEGER_CLASSES) {
        const source = rs()
        const rd = integerRegister(random, first, [source])
        add(`${op} ${rd}, fflags, ${source}`, rd, source)
      }
      const same = rs()
      add(`${op} ${same}, fflags, ${same}`, same, same)
      // the operand is the low half of something, its sign extension perhaps still to be made
      const computed = rs()
      if (computed !== 'x0')
        add(`${op} ${computed}, fflags, ${computed}`, computed, computed, [
          `not ${computed}, ${computed}`,
          `sext.w ${computed}, ${computed}`,
        ])
    }
  }
  for (const op of CSR_IMMEDIATE_OPS) {
    for (const first of INTEGER_CLASSES) {
      for (const value of [0, 1, 2, 4, 8, 16, 31, random.below(32)]) {
        const rd = integerRegister(random, first)
        add(`${op} ${rd}, fflags, ${value}`, rd, 'x0')
      }
    }
  }
  return cases
}

/** Counters have no value to compare; they may be read in every form and do not go back. */
function counters(random: Random): Case[] {
  const cases: Case[] = []
  for (const csr of COUNTERS) {
    for (const kind of INTEGER_CLASSES) {
      const m = anyInteger(random)
      const a = integerRegister(random, kind, [m])
      const b = anyInteger(random, [a, m])
      const twice =
        a === 'x0' ? [`sltiu ${m}, x0, 1`] : [`rd${csr} ${b}`, `sltu ${m}, ${b}, ${a}`, `mv ${b}, x0`, `mv ${a}, x0`]
      const read = random.pick([
        `rd${csr} ${a}`,
        `csrrsi ${a}, ${csr}, 0`,
        `csrrc ${a}, ${csr}, x0`,
        `csrrci ${a}, ${csr}, 0`,
      ])
      cases.push({ snippet: { code: [read, ...twice], inputs: [], outputs: [m], still: true }, rows: [[]] })
    }
  }
  return cases
}

function fences(random: Random): Case[] {
  const cases: Case[] = []
  const kinds = ['fence', 'fence rw, w', 'fence r, r', 'fence w, w', 'fence.tso', 'fence.i', '.word 0x0100000f']
  for (const fence of kinds) {
    for (let i = 0; i < 3; i++) {
      const [base, value, rd] = random.sample(['x2', 'x5', 'x8', 'x10', 'x17', 'x19', 'x22'], 3) as string[]
      const code = [`sd ${value}, 0(${base})`, fence, `ld ${rd}, 0(${base})`, `add ${rd}, ${rd}, ${value}`]
      const snippet: Snippet = {
        code,
        inputs: [base!, value!],
        outputs: [rd!],
        window: { offset: 0, words: 2 },
        still: true,
      }
      const row = (): bigint[] => [BigInt(WINDOW.middle + random.below(8)), integerValue(random)]
      cases.push({ snippet, rows: [row(), row()] })
    }
  }
  return cases
}

export function system(random: Random): Case[] {
  return [...accesses(random), ...modes(random), ...counters(random), ...fences(random), ...exceptions(random)]
}
