import type { Random } from '../random.ts'
import {
  FLOAT_CLASSES,
  floatRegister,
  INTEGER_CLASSES,
  type IntegerClass,
  integerRegister,
  isFloat,
} from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { doubleValue, integerValue, singleValue } from '../values.ts'

/** Loads and stores of every size, aligned and not (ISA manual, chapters RV32I, RV64I, F, D). */

export const LOADS = ['lb', 'lh', 'lw', 'ld', 'lbu', 'lhu', 'lwu'] as const
export const STORES = ['sb', 'sh', 'sw', 'sd'] as const
export const FLOAT_LOADS = ['flw', 'fld'] as const
export const FLOAT_STORES = ['fsw', 'fsd'] as const

const OFFSETS = [-2048, -2047, -1025, -9, -8, -5, -1, 0, 1, 2, 3, 4, 7, 8, 16, 127, 128, 1024, 2040, 2047]
const BASES: readonly IntegerClass[] = ['pinned', 'unpinned', 'sp', 'ra']

/** An address near the middle of the window, of any alignment. */
export const address = (random: Random, span = 16): bigint => BigInt(WINDOW.middle + random.below(span))

/** The words that accesses at `offset` from such an address touch. */
export const touched = (offset: number): Snippet['window'] => ({ offset: Math.floor(offset / 8) * 8, words: 4 })

const real = (list: readonly string[]): string[] => [...new Set(list)].filter(name => name !== 'x0')

function loads(random: Random): Case[] {
  const cases: Case[] = []
  const add = (op: string, rd: string, base: string, offset: number): void => {
    const code = [`${op} ${rd}, ${offset}(${base})`]
    const snippet = { code, inputs: [base], outputs: rd === 'x0' ? [base] : [rd], still: true }
    cases.push({ snippet, rows: Array.from({ length: 6 }, () => [address(random)]) })
  }
  const offset = (): number => (random.chance(0.6) ? random.pick(OFFSETS) : random.between(-2048, 2047))
  for (const op of LOADS) {
    for (const kind of BASES) {
      for (const destination of INTEGER_CLASSES) {
        const base = integerRegister(random, kind)
        add(op, integerRegister(random, destination, [base]), base, offset())
      }
      const same = integerRegister(random, kind)
      add(op, same, same, offset())
    }
    for (const each of OFFSETS) {
      const base = integerRegister(random, random.pick(BASES))
      add(op, integerRegister(random, random.pick(['pinned', 'unpinned'] as const), [base]), base, each)
    }
  }
  for (const op of FLOAT_LOADS) {
    for (const kind of BASES) {
      for (const destination of FLOAT_CLASSES) {
        for (let i = 0; i < 3; i++) add(op, floatRegister(random, destination), integerRegister(random, kind), offset())
      }
    }
  }
  return cases
}

function stores(random: Random): Case[] {
  const cases: Case[] = []
  const add = (op: string, source: string, base: string, offset: number): void => {
    const inputs = real([base, source])
    const snippet: Snippet = {
      code: [`${op} ${source}, ${offset}(${base})`],
      inputs,
      outputs: [],
      window: touched(offset),
      still: true,
    }
    const value = (): bigint =>
      isFloat(source) ? random.pick([doubleValue, singleValue])(random) : integerValue(random)
    const row = (): Row => inputs.map(name => (name === base ? address(random) : value()))
    cases.push({ snippet, rows: Array.from({ length: 5 }, row) })
  }
  const offset = (): number => (random.chance(0.6) ? random.pick(OFFSETS) : random.between(-2048, 2047))
  for (const op of STORES) {
    for (const kind of BASES) {
      for (const source of INTEGER_CLASSES) {
        const base = integerRegister(random, kind)
        add(op, integerRegister(random, source, [base]), base, offset())
      }
      const same = integerRegister(random, kind)
      add(op, same, same, offset())
    }
    for (const each of OFFSETS) {
      const base = integerRegister(random, random.pick(BASES))
      add(op, integerRegister(random, random.pick(['pinned', 'unpinned'] as const), [base]), base, each)
    }
  }
  for (const op of FLOAT_STORES) {
    for (const kind of BASES) {
      for (const source of FLOAT_CLASSES) {
        for (let i = 0; i < 3; i++) add(op, floatRegister(random, source), integerRegister(random, kind), offset())
      }
    }
  }
  return cases
}

/** A store and then a load that overlaps it in part or in full: what the load sees must not depend on their sizes. */
function storeThenLoad(random: Random): Case[] {
  const cases: Case[] = []
  for (const store of [...STORES, ...FLOAT_STORES]) {
    for (const load of [...LOADS, ...FLOAT_LOADS]) {
      for (let i = 0; i < 4; i++) {
        const base = integerRegister(random, random.pick(BASES))
        const kind = random.pick(['pinned', 'unpinned'] as const)
        const source = store.startsWith('f') ? floatRegister(random, kind) : integerRegister(random, kind, [base])
        const rd = load.startsWith('f')
          ? floatRegister(random, random.pick(FLOAT_CLASSES))
          : random.pick([integerRegister(random, kind), base, source].filter(name => !isFloat(name)))
        const offset = random.between(-2040, 2030)
        const code = [
          `${store} ${source}, ${offset}(${base})`,
          `${load} ${rd}, ${offset + random.pick([0, 0, 0, -3, 1, 4])}(${base})`,
        ]
        const snippet: Snippet = { code, inputs: [base, source], outputs: [rd], window: touched(offset), still: true }
        const value = (): bigint => (isFloat(source) ? doubleValue(random) : integerValue(random))
        cases.push({ snippet, rows: Array.from({ length: 4 }, () => [address(random), value()]) })
      }
    }
  }
  return cases
}

export function memory(random: Random): Case[] {
  return [...loads(random), ...stores(random), ...storeThenLoad(random)]
}
