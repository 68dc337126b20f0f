import type { Random } from '../random.ts'
import { anyInteger, INTEGER_CLASSES, type IntegerClass, integerRegister } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { integerValue } from '../values.ts'

/** The A extension: atomic memory operations and load-reserved with store-conditional (ISA manual, chapter A). */

export const AMO_OPS = [
  'amoswap',
  'amoadd',
  'amoxor',
  'amoand',
  'amoor',
  'amomin',
  'amomax',
  'amominu',
  'amomaxu',
] as const
export const ORDERINGS = ['', '.aq', '.rl', '.aqrl'] as const

const WIDTHS = ['w', 'd'] as const
const BASES: readonly IntegerClass[] = ['pinned', 'unpinned', 'sp', 'ra']

const real = (list: readonly string[]): string[] => [...new Set(list)].filter(name => name !== 'x0')

/** An aligned address in the window, within the two words that are recorded. */
const aligned = (random: Random, width: 'w' | 'd'): bigint =>
  BigInt(WINDOW.middle + (width === 'd' ? 8 * random.below(2) : 4 * random.below(4)))

/** First stores `fresh` to the whole word, so that memory holds edge values too. */
function snippetOf(
  code: readonly string[],
  base: string,
  fresh: string,
  inputs: readonly string[],
  outputs: readonly string[],
): Snippet {
  return {
    code: [`sd ${fresh}, 0(${base})`, ...code],
    inputs: real([base, fresh, ...inputs]),
    outputs: real(outputs),
    window: { offset: 0, words: 3 },
    still: true,
  }
}

function rowsOf(random: Random, snippet: Snippet, base: string, width: 'w' | 'd', length: number): Row[] {
  const row = (): Row => snippet.inputs.map(name => (name === base ? aligned(random, width) : integerValue(random)))
  return Array.from({ length }, row)
}

function operations(random: Random): Case[] {
  const cases: Case[] = []
  const add = (op: string, width: 'w' | 'd', rd: string, rs2: string, base: string, length = 5): void => {
    const fresh = anyInteger(random, [rd, rs2, base])
    const ordering = random.pick(ORDERINGS)
    const snippet = snippetOf([`${op}.${width}${ordering} ${rd}, ${rs2}, (${base})`], base, fresh, [rs2], [rd])
    cases.push({ snippet, rows: rowsOf(random, snippet, base, width, length) })
  }
  for (const op of AMO_OPS) {
    for (const width of WIDTHS) {
      for (const first of INTEGER_CLASSES) {
        for (const second of INTEGER_CLASSES) {
          const rd = integerRegister(random, first)
          const base = integerRegister(
            random,
            random.pick(BASES.filter(kind => kind !== first || kind.endsWith('ned'))),
            [rd],
          )
          const others: IntegerClass[] = [second]
          if (base === 'x2' && second === 'sp') others[0] = 'pinned'
          if (base === 'x1' && second === 'ra') others[0] = 'unpinned'
          add(op, width, rd, integerRegister(random, others[0]!, [rd, base]), base)
        }
      }
      for (const kind of ['pinned', 'unpinned'] as const) {
        const a = integerRegister(random, kind)
        const b = integerRegister(random, kind, [a])
        add(op, width, a, a, b)
        add(op, width, a, b, a)
        add(op, width, a, b, b)
        add(op, width, a, a, a)
        add(op, width, a, b, integerRegister(random, kind, [a, b]), 30)
      }
    }
  }
  return cases
}

/** Ways in which a pair of LR and SC is used, right and wrong. Every SC ends the reservation. */
function reservations(random: Random): Case[] {
  const cases: Case[] = []
  for (const width of WIDTHS) {
    for (let i = 0; i < 30; i++) {
      const base = integerRegister(random, random.pick(BASES))
      const used = [base]
      const next = (): string => {
        const register = anyInteger(random, used)
        used.push(register)
        return register
      }
      const [fresh, value, loaded, result] = [next(), next(), next(), next()] as [string, string, string, string]
      const lr = `lr.${width}${random.pick(ORDERINGS)}`
      const sc = `sc.${width}${random.pick(ORDERINGS)}`
      const add = (code: readonly string[], outputs: readonly string[] = [loaded, result]): void => {
        const snippet = snippetOf(code, base, fresh, [value], outputs)
        cases.push({ snippet, rows: rowsOf(random, snippet, base, width, 3) })
      }
      const reserve = `${lr} ${loaded}, (${base})`
      add([reserve, `${sc} ${result}, ${value}, (${base})`])
      add([reserve, `${sc} ${value}, ${value}, (${base})`], [loaded, value])
      add([reserve, `${sc} ${base}, ${value}, (${base})`], [loaded, base])
      add([reserve, `${sc} ${result}, ${base}, (${base})`])
      add([reserve, `${sc} ${base}, ${base}, (${base})`], [loaded, base])
      add([reserve, `${sc} x0, ${value}, (${base})`], [loaded])
      add([reserve, `${sc} ${result}, x0, (${base})`])
      add([`${lr} x0, (${base})`, `${sc} ${result}, ${value}, (${base})`], [result])
      add(
        [`mv ${result}, ${base}`, `${lr} ${result}, (${result})`, `${sc} ${value}, ${value}, (${base})`],
        [result, value],
      )
      // No reservation left; another address; memory changed in between; the loop of compare-and-swap.
      add([reserve, `${sc} x0, x0, (${base})`, `${sc} ${result}, ${value}, (${base})`])
      add([reserve, `addi ${base}, ${base}, ${width === 'd' ? 8 : 4}`, `${sc} ${result}, ${value}, (${base})`])
      const store = `s${width}`
      add([
        reserve,
        `not ${result}, ${loaded}`,
        `${store} ${result}, 0(${base})`,
        `${sc} ${result}, ${value}, (${base})`,
      ])
      add([
        reserve,
        `addi ${result}, ${loaded}, 1`,
        `amoswap.${width} x0, ${result}, (${base})`,
        `${sc} ${result}, ${value}, (${base})`,
      ])
      add([
        '1:',
        reserve,
        `add ${result}, ${loaded}, ${value}`,
        `${sc} ${result}, ${result}, (${base})`,
        `bnez ${result}, 1b`,
      ])
      add([
        '1:',
        reserve,
        `bne ${loaded}, ${value}, 2f`,
        `${sc} ${result}, ${value}, (${base})`,
        `bnez ${result}, 1b`,
        '2:',
        `${sc} ${result}, x0, (${base})`,
      ])
    }
  }
  return cases
}

export function atomic(random: Random): Case[] {
  return [...operations(random), ...reservations(random)]
}
