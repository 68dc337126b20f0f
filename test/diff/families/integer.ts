import type { Random } from '../random.ts'
import { INTEGER_CLASSES, type IntegerClass, integerRegister } from '../registers.ts'
import type { Case, Row, Snippet } from '../snippet.ts'
import { INTEGER_CORNERS, integerValue } from '../values.ts'

/** RV64IM: register-register, register-immediate, upper immediates (ISA manual, chapters RV32I, RV64I, M). */

export const REGISTER_OPS = [
  ...['add', 'sub', 'sll', 'slt', 'sltu', 'xor', 'srl', 'sra', 'or', 'and', 'addw', 'subw', 'sllw', 'srlw', 'sraw'],
  ...['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu', 'mulw', 'divw', 'divuw', 'remw', 'remuw'],
] as const
export const IMMEDIATE_OPS = ['addi', 'slti', 'sltiu', 'xori', 'ori', 'andi', 'addiw'] as const
export const SHIFT_OPS = ['slli', 'srli', 'srai'] as const
export const SHIFT_WORD_OPS = ['slliw', 'srliw', 'sraiw'] as const
export const UPPER_OPS = ['lui', 'auipc'] as const

const IMMEDIATES = [-2048, -2047, -1025, -1024, -256, -128, -2, -1, 0, 1, 2, 15, 127, 255, 1023, 1024, 2046, 2047]
const UPPER_IMMEDIATES = [0, 1, 2, 0x12345, 0x7ffff, 0x80000, 0x80001, 0xfffff, 0xffffe, 0xaaaaa]

/** Rows for `count` integer inputs. */
export function integerRows(random: Random, count: number, length: number): Row[] {
  return Array.from({ length }, () => Array.from({ length: count }, () => integerValue(random)))
}

/** Every pair of corner values. */
export const CORNER_PAIRS: readonly Row[] = INTEGER_CORNERS.flatMap(a => INTEGER_CORNERS.map(b => [a, b]))

/** A snippet of one instruction: x0 is neither set nor recorded; a write to x0 records the sources instead. */
export function integerSnippet(code: string, destination: string, sources: readonly string[]): Snippet {
  const real = (list: readonly string[]): string[] => [...new Set(list)].filter(name => name !== 'x0')
  const inputs = real(sources)
  const outputs = real([destination])
  // Something must be recorded in every case, and a register that is not set before would be hidden by its last value.
  return { code: [code], inputs, outputs: outputs.length > 0 ? outputs : inputs.length > 0 ? inputs : ['x5'] }
}

/** Register triples: every combination of classes, and every aliasing in pinned and unpinned registers. */
export function registerTriples(random: Random): [string, string, string][] {
  const triples: [string, string, string][] = []
  for (const rd of INTEGER_CLASSES) {
    for (const rs1 of INTEGER_CLASSES) {
      for (const rs2 of INTEGER_CLASSES) {
        const first = integerRegister(random, rd)
        const second = integerRegister(random, rs1, [first])
        triples.push([first, second, integerRegister(random, rs2, [first, second])])
      }
    }
  }
  for (const kind of ['pinned', 'unpinned'] as IntegerClass[]) {
    for (const other of ['pinned', 'unpinned'] as IntegerClass[]) {
      const a = integerRegister(random, kind)
      const b = integerRegister(random, other, [a])
      triples.push([a, a, b], [a, b, a], [a, b, b])
    }
    const same = integerRegister(random, kind)
    triples.push([same, same, same])
  }
  return triples
}

/** Register pairs of every combination of classes, and equal ones. */
export function registerPairs(random: Random): [string, string][] {
  const pairs: [string, string][] = []
  for (const rd of INTEGER_CLASSES) {
    for (const rs of INTEGER_CLASSES) {
      const first = integerRegister(random, rd)
      pairs.push([first, integerRegister(random, rs, [first])])
    }
  }
  for (const kind of ['pinned', 'unpinned'] as IntegerClass[]) {
    const same = integerRegister(random, kind)
    pairs.push([same, same])
  }
  return pairs
}

export function integer(random: Random): Case[] {
  const cases: Case[] = []
  const add = (snippet: Snippet, rows: readonly Row[]): void => {
    cases.push({ snippet, rows })
  }
  for (const op of REGISTER_OPS) {
    for (const [rd, rs1, rs2] of registerTriples(random)) {
      const snippet = integerSnippet(`${op} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
      add(snippet, integerRows(random, snippet.inputs.length, 6))
    }
    for (const kind of ['pinned', 'unpinned'] as const) {
      const rd = integerRegister(random, kind)
      const rs1 = integerRegister(random, kind, [rd])
      const rs2 = integerRegister(random, kind, [rd, rs1])
      const snippet = integerSnippet(`${op} ${rd}, ${rs1}, ${rs2}`, rd, [rs1, rs2])
      add(snippet, [...CORNER_PAIRS, ...integerRows(random, 2, 19)])
    }
  }
  const immediates = (op: string, values: readonly number[], any: () => number): void => {
    const pairs = registerPairs(random)
    const list = [...values, ...Array.from({ length: pairs.length }, any)]
    for (const [index, value] of list.entries()) {
      const [rd, rs1] = pairs[index % pairs.length]!
      const snippet = integerSnippet(`${op} ${rd}, ${rs1}, ${value}`, rd, [rs1])
      add(snippet, integerRows(random, snippet.inputs.length, 6))
    }
    const [a, b] = [integerRegister(random, 'pinned'), integerRegister(random, 'unpinned')]
    const wide = integerSnippet(`${op} ${a}, ${b}, ${any()}`, a, [b])
    add(wide, [...INTEGER_CORNERS.map(value => [value]), ...integerRows(random, 1, 40)])
  }
  for (const op of IMMEDIATE_OPS) immediates(op, IMMEDIATES, () => random.between(-2048, 2047))
  for (const op of SHIFT_OPS) immediates(op, [0, 1, 7, 8, 31, 32, 33, 47, 48, 56, 62, 63], () => random.below(64))
  for (const op of SHIFT_WORD_OPS) immediates(op, [0, 1, 7, 8, 15, 16, 24, 30, 31], () => random.below(32))
  for (const op of UPPER_OPS) {
    for (const kind of INTEGER_CLASSES) {
      for (const value of [...UPPER_IMMEDIATES, random.below(0x100000), random.below(0x100000)]) {
        const rd = integerRegister(random, kind)
        add(integerSnippet(`${op} ${rd}, ${value}`, rd, []), [[]])
      }
    }
  }
  return cases
}
