import type { Random } from '../random.ts'
import { ALL_F, ALL_X, anyInteger, COMPRESSED_F, COMPRESSED_X } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { doubleValue, integerValue } from '../values.ts'
import { touched } from './memory.ts'

/** Every compressed form, written as such, with the edges of its immediates (ISA manual, chapter C). */

const REPEAT = 14

/** Lines that must be compressed. */
const compressed = (lines: readonly string[]): string[] => ['.option push', '.option rvc', ...lines, '.option pop']

const multiple = (random: Random, low: number, high: number, step: number): number => {
  const count = (high - low) / step
  return low + step * random.pick([0, 1, count, count - 1, random.between(0, count), random.between(0, count)])
}

const nonzero = (random: Random, low: number, high: number): number =>
  random.pick(
    [low, high, -1, 1, random.between(low, high)].filter(value => value !== 0 && value >= low && value <= high),
  )

function arithmetic(random: Random): Case[] {
  const cases: Case[] = []
  const add = (code: string, inputs: readonly string[], rd: string): void => {
    const snippet: Snippet = { code: compressed([code]), inputs: [...new Set(inputs)], outputs: [rd] }
    const row = (): Row => snippet.inputs.map(() => integerValue(random))
    cases.push({ snippet, rows: Array.from({ length: inputs.length > 0 ? 6 : 1 }, row) })
  }
  for (let i = 0; i < REPEAT; i++) {
    const [rd, rs] = [random.pick(ALL_X), random.pick(ALL_X)]
    const low = random.pick(COMPRESSED_X)
    const other = random.pick(COMPRESSED_X)
    add(`c.addi4spn ${low}, sp, ${multiple(random, 4, 1020, 4)}`, ['x2'], low)
    add(`c.addi ${rd}, ${nonzero(random, -32, 31)}`, [rd], rd)
    add(`c.addiw ${rd}, ${random.pick([-32, 31, 0, -1, random.between(-32, 31)])}`, [rd], rd)
    add(`c.li ${rd}, ${random.pick([-32, 31, 0, -1, random.between(-32, 31)])}`, [], rd)
    const upper = random.pick([1, 31, 0xfffe0, 0xfffff, random.between(1, 31), random.between(0xfffe0, 0xfffff)])
    if (rd !== 'x2') add(`c.lui ${rd}, ${upper}`, [], rd)
    const frame = multiple(random, -512, 496, 16)
    add(`c.addi16sp sp, ${frame === 0 ? 16 : frame}`, ['x2'], 'x2')
    for (const op of ['c.srli', 'c.srai'])
      add(`${op} ${low}, ${random.pick([1, 31, 32, 63, random.between(1, 63)])}`, [low], low)
    add(`c.slli ${rd}, ${random.pick([1, 31, 32, 63, random.between(1, 63)])}`, [rd], rd)
    add(`c.andi ${low}, ${random.pick([-32, 31, 0, -1, random.between(-32, 31)])}`, [low], low)
    for (const op of ['c.sub', 'c.xor', 'c.or', 'c.and', 'c.subw', 'c.addw'])
      add(`${op} ${low}, ${other}`, [low, other], low)
    add(`c.mv ${rd}, ${rs}`, [rs], rd)
    add(`c.add ${rd}, ${rs}`, [rd, rs], rd)
  }
  // Hints: encodings that must do nothing (c.nop 1, c.li x0, c.lui x0, c.mv x0, c.add x0, c.slli x0, shifts by 0, c.addi x5 0).
  const hints = [0x0001, 0x0005, 0x4005, 0x6005, 0x8016, 0x9016, 0x0006, 0x0282, 0x8001, 0x8401, 0x0281]
  for (const hint of hints) add(`.half ${hint}`, ['x5', 'x8'], random.pick(['x5', 'x8']))
  return cases
}

const FORMS = [
  { op: 'lw', limit: 124, step: 4, stack: 252 },
  { op: 'ld', limit: 248, step: 8, stack: 504 },
  { op: 'fld', limit: 248, step: 8, stack: 504 },
  { op: 'sw', limit: 124, step: 4, stack: 252 },
  { op: 'sd', limit: 248, step: 8, stack: 504 },
  { op: 'fsd', limit: 248, step: 8, stack: 504 },
] as const

function accesses(random: Random): Case[] {
  const cases: Case[] = []
  const add = (code: string, base: string, value: string, offset: number, load: boolean): void => {
    const inputs = load ? [base] : [...new Set([base, value])]
    const place = load ? { outputs: [value] } : { outputs: [], window: touched(offset) }
    const snippet: Snippet = { code: compressed([code]), inputs, still: true, ...place }
    const pointer = (): bigint => BigInt(WINDOW.middle + random.pick([0, 0, 8, 4, random.below(16)]))
    const contents = (): bigint => (value.startsWith('f') ? doubleValue(random) : integerValue(random))
    const row = (): Row => inputs.map(name => (name === base ? pointer() : contents()))
    cases.push({ snippet, rows: Array.from({ length: 5 }, row) })
  }
  for (const { op, limit, step, stack } of FORMS) {
    const load = op.includes('l')
    for (let i = 0; i < REPEAT; i++) {
      const base = random.pick(COMPRESSED_X)
      const value = random.pick(op.startsWith('f') ? COMPRESSED_F : COMPRESSED_X)
      const offset = multiple(random, 0, limit, step)
      add(`c.${op} ${value}, ${offset}(${base})`, base, value, offset, load)
      const any = random.pick(op.startsWith('f') ? ALL_F : ALL_X)
      const far = multiple(random, 0, stack, step)
      add(`c.${op}sp ${any}, ${far}(sp)`, 'x2', any, far, load)
    }
  }
  return cases
}

function jumps(random: Random): Case[] {
  const cases: Case[] = []
  for (let i = 0; i < REPEAT; i++) {
    const low = random.pick(COMPRESSED_X)
    const m = anyInteger(random, [low, 'x1'])
    for (const op of ['c.beqz', 'c.bnez']) {
      const forward = [`li ${m}, 1`, `${op} ${low}, 1f`, `addi ${m}, ${m}, 2`, '1:']
      const backward = [`li ${m}, 0`, 'c.j 2f', '1:', `addi ${m}, ${m}, 1`, 'c.j 3f', '2:', `${op} ${low}, 1b`, '3:']
      for (const code of [forward, backward]) {
        const rows = [[0n], [1n], [1n << 63n], [1n << 32n], [integerValue(random)]]
        cases.push({ snippet: { code: compressed(code), inputs: [low], outputs: [m, low] }, rows })
      }
    }
    const target = anyInteger(random, [m])
    for (const op of ['c.jr', 'c.jalr']) {
      const code = [
        `li ${m}, 0`,
        `la ${target}, 1f`,
        `${op} ${target}`,
        `addi ${m}, ${m}, 1`,
        '1:',
        `addi ${m}, ${m}, 2`,
      ]
      const outputs = op === 'c.jr' ? [m] : [...new Set([m, 'x1'])]
      cases.push({ snippet: { code: compressed(code), inputs: [], outputs, still: true }, rows: [[]] })
    }
  }
  return cases
}

export function compressedForms(random: Random): Case[] {
  return [...arithmetic(random), ...accesses(random), ...jumps(random)]
}
