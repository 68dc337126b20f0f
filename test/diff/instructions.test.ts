import { beforeAll, describe, expect, test } from 'vitest'
import { OPTIMIZATIONS } from '../../emulator/options.ts'
import { COMPRESSED } from '../../emulator/riscv/compressed.ts'
import { OPCODES } from '../../emulator/riscv/table.ts'
import { build, WORK } from './build.ts'
import { FAMILIES, familyProgram, mixedProgram } from './cases.ts'
import { differences, layoutOf } from './compare.ts'
import { execute, ferryWithout, type Outcome, QEMU, TIERS } from './engines.ts'
import { interpret } from './interpreter.ts'
import type { Program } from './program.ts'
import { casesOf } from './snippet.ts'

/** Every instruction against qemu-riscv64 (families may have another oracle): the translator, and its slow twin, the reference interpreter. */

const SEED = 1
const MINIMUM_CASES = 30_000
/** Share of the cases that every switch of the translator runs. */
const SWITCHED = 0.03

const programs = new Map<string, { program: Program; path: string; expected: Outcome }>()

beforeAll(async () => {
  for (const name of Object.keys(FAMILIES)) {
    const program = familyProgram(name, SEED)
    const path = await build(program, `${WORK}diff`)
    const expected = FAMILIES[name]!.oracle === 'interpreter' ? interpret(path) : await execute(QEMU, path)
    programs.set(name, { program, path, expected })
  }
})

const report = (program: Program, expected: Outcome, got: Outcome): string =>
  differences(program, expected, got)
    .map(({ text }) => text)
    .join('\n')

describe.each(Object.keys(FAMILIES))('%s', name => {
  test('the oracle runs all cases', () => {
    const { program, expected } = programs.get(name)!
    expect(expected.stderr).toBe('')
    expect(expected.status).toBe(0)
    expect(expected.stdout.length).toBe(layoutOf(program).length * 8)
  })

  test('the reference interpreter gives the same', () => {
    const { program, path, expected } = programs.get(name)!
    expect(report(program, expected, interpret(path))).toBe('')
  })

  test.each(TIERS)('%s gives the same', async (_, engine) => {
    const { program, path, expected } = programs.get(name)!
    expect(report(program, expected, await execute(engine, path))).toBe('')
  })
})

describe('without an optimisation', () => {
  const mixed = mixedProgram(SEED, SWITCHED)
  let path = ''
  let expected: Outcome

  beforeAll(async () => {
    path = await build(mixed, `${WORK}diff`)
    expected = await execute(QEMU, path)
    expect(expected).toMatchObject({ status: 0, stderr: '' })
  })

  test.each([...Object.keys(OPTIMIZATIONS).map(name => `no-${name}`), 'none'])('%s', async names => {
    expect(report(mixed, expected, await execute(ferryWithout(names), path))).toBe('')
  })
})

test(`there are ${MINIMUM_CASES} cases or more`, () => {
  const groups = [...programs.values()].flatMap(({ program }) => program.groups)
  expect(groups.reduce((sum, group) => sum + casesOf(group), 0)).toBeGreaterThanOrEqual(MINIMUM_CASES)
})

test('every instruction and every compressed form has cases', () => {
  const lines = [...programs.values()].flatMap(({ program }) =>
    program.groups.flatMap(({ cases }) => cases.flatMap(({ snippet }) => snippet.code)),
  )
  const named = new Set(lines.map(line => line.split(' ')[0]!.replace(/\.(aq|rl|aqrl)$/, '')))
  // The driver's system call, the breakpoints of crashes.test.ts, and the hint that has no name.
  const elsewhere = ['ecall', 'ebreak', 'c.ebreak', 'c.nop']
  const rows = [...OPCODES, ...COMPRESSED].map(({ mnemonic }) => mnemonic)
  expect(rows.filter(name => !named.has(name) && !elsewhere.includes(name))).toEqual([])
})

test('a difference is told with its instruction, inputs and both results', () => {
  const { program, expected } = programs.get('integer')!
  const stdout = Buffer.from(expected.stdout)
  stdout.writeUInt8(stdout.readUInt8(800) ^ 1, 800)
  const [difference, ...others] = differences(program, expected, { ...expected, stdout })
  expect(others).toEqual([])
  const slot = layoutOf(program)[100]!.slot
  expect(difference!.code).toBe(slot.of!.case.snippet.code.join('; '))
  expect(difference!.text).toMatch(new RegExp(`${slot.name}: expected 0x[0-9a-f]+, got 0x[0-9a-f]+`))
})
