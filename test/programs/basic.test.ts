import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Engine, execute, FERRY, QEMU } from '../diff/engines.ts'

/** Whole C programs, static with glibc, from both compilers: output, errors and ending as under qemu-riscv64. */

const SOURCES = fileURLToPath(new URL('./basic/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/basic/', import.meta.url))

const OPTIONS = ['-static', '-O2', '-ffp-contract=on', '-w']
const COMPILERS: Readonly<Record<string, readonly string[]>> = {
  clang: [
    'clang-22',
    '--target=riscv64-linux-gnu',
    '--gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12',
    '-fuse-ld=lld',
  ],
  gcc: ['riscv64-linux-gnu-gcc'],
}

const ARGUMENTS = ['one', 'two three', '', '--last=ä']
const ENVIRONMENT = { ...process.env, FERRY_TEST: 'value', FERRY_EMPTY: '' }

/** How each of them ends that does not return 0. */
const ENDINGS: Readonly<Record<string, { status: number } | { signal: string }>> = {
  'alarm-loop': { status: 3 },
  hello: { status: 42 },
  environment: { status: 1 + ARGUMENTS.length },
  handlers: { signal: 'SIGABRT' },
  recover: { signal: 'SIGUSR1' },
}

async function compile(name: string, compiler: string): Promise<string> {
  mkdirSync(WORK, { recursive: true })
  const [command, ...options] = COMPILERS[compiler]!
  const program = `${WORK}${name}-${compiler}`
  await promisify(execFile)(command!, [...options, ...OPTIONS, `${SOURCES}${name}.c`, '-o', program, '-lm'])
  return program
}

const names = readdirSync(SOURCES)
  .filter(file => file.endsWith('.c'))
  .map(file => file.replace(/\.c$/, ''))

describe.each(names)('%s', name => {
  test.each(Object.keys(COMPILERS))('built by %s', async compiler => {
    const program = await compile(name, compiler)
    const run = async (engine: Engine) => {
      const { stdout, ...rest } = await execute(engine, program, { args: ARGUMENTS, env: ENVIRONMENT })
      return { ...rest, stdout: stdout.toString() }
    }
    const [expected, got] = await Promise.all([run(QEMU), run(FERRY)])
    const ending = { status: null, signal: null, ...(ENDINGS[name] ?? { status: 0 }) }
    expect({ status: expected.status, signal: expected.signal }).toEqual(ending)
    expect(expected.stdout).not.toBe('')
    // qemu tells of a signal in a line of its own; ferry of one that the program did not send itself.
    expect(got).toEqual({ ...expected, stderr: expected.stderr.replace(/^qemu: .*\n/m, '') })
  })
})
