/**
 * Native functions of the C library in programs that ferry did not build. The oracles are qemu-riscv64 and the runs with the
 * guest's own functions.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { CROSS, type Outcome, Workspace } from './dynamic/workspace.ts'

const SOURCES = fileURLToPath(new URL('./libc/', import.meta.url))
const work = new Workspace('libc')

function build(product: string, source: string, ...options: string[]): string {
  const path = work.path(product)
  const words = ['-O2', '-fno-builtin', join(SOURCES, source), '-o', path, '-pthread', ...options]
  execFileSync('riscv64-linux-gnu-gcc', words)
  return path
}

/** Without the interpreter, which would run most of what is called seldom. */
const ferry = (program: string, ...options: string[]): Outcome =>
  work.outcome([FERRY_COMMAND, 'run', '-L', CROSS, ...options, program], { FERRY_HEAT: '0', FERRY_CACHE: 'off' })

beforeAll(() => work.make(), 60_000)

describe.each([
  ['static', ['-static']],
  ['dynamic', []],
  ['static, without symbols', ['-static', '-s']],
])('a program that is %s', (name, options) => {
  const product = (kind: string): string => `${kind}-${name.replaceAll(/\W+/g, '-')}`

  test('results and effects', () => {
    const program = build(product('results'), 'results.c', ...options)
    const expected = work.qemu(CROSS, program)
    expect(expected.stdout.split('\n')).toHaveLength(31)
    expect(ferry(program)).toEqual(expected)
    expect(ferry(program, '--native-libc=off')).toEqual(expected)
    expect(ferry(program, '--optimize=no-ras,no-region')).toEqual(expected)
  })

  test('a fault is that of the guest: address, pc, registers, and what is in memory', () => {
    const program = build(product('faults'), 'faults.c', ...options)
    const own = ferry(program, '--native-libc=off')
    expect(own.stdout).toContain('100 faults\n')
    expect(ferry(program)).toEqual(own)
  })
})

test('what handlers and the program see of faults is what qemu shows', () => {
  const program = build('faults', 'faults.c', '-static')
  expect(ferry(program).stdout).toBe(work.qemu(CROSS, program).stdout)
})

test('signals that arrive in long calls, and threads', () => {
  const program = build('signals', 'signals.c')
  const expected = work.qemu(CROSS, program)
  expect(expected.stdout).toContain('0 wrong\n')
  expect(ferry(program)).toEqual(expected)
})

test('kept translations have them: a program runs alone with them', () => {
  const program = build('kept', 'results.c', '-static')
  const env = { FERRY_CACHE_DIR: work.path('cache') }
  const [first, second] = [1, 2].map(() => work.outcome([FERRY_COMMAND, 'run', program], env))
  expect(first).toEqual(work.qemu(CROSS, program))
  expect(second).toEqual(first)
})

describe('functions of the same names that are not those of a C library', () => {
  const expected = { stdout: "9000, 1 calls of this program's own\n", stderr: '', status: 0 }

  test('in a program that is linked statically', () => {
    const program = build('own-static', 'own.c', join(SOURCES, 'counting.c'), '-static', '-Wl,-z,muldefs')
    expect(ferry(program)).toEqual(expected)
  })

  test('in a program', () => {
    expect(ferry(build('own', 'own.c', join(SOURCES, 'counting.c')))).toEqual(expected)
  })

  test('in a library that is preloaded', () => {
    const library = build('counting.so', 'counting.c', '-shared', '-fPIC')
    const program = build('own-preload', 'own.c', library)
    expect(ferry(program, '-E', `LD_PRELOAD=${library}`)).toEqual(expected)
  })
})
