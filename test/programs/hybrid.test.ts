/**
 * The programs of hybrid/ cross the bridge in every way that C can. Each is built by ferry with every choice of --offload;
 * the result gives the output and exit status that qemu-riscv64 shows for the program of a plain clang, run by qemu and by
 * ferry with native code on and off. Those that do not depend on the processor give them natively too.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build } from '../../offload/index.ts'

const here = dirname(fileURLToPath(import.meta.url))
const ferry = join(here, '../../bin/ferry')
const sources = join(here, 'hybrid')
const GUEST = ['--target=riscv64-linux-gnu', '--gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12', '-static']

/** Programs whose output shows the processor: results of undefined C, unsigned char, NaNs, long double. */
const SHOWS_PROCESSOR = new Set(['numbers', 'wide', 'scalars', 'aggregates', 'calls'])

const programs = readdirSync(sources)
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-hybrid-programs-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const source = (program: string) => join(sources, `${program}.c`)

/** Standard output and exit status; what it says on standard error when it dies. */
function outcome(command: string, ...args: string[]): string {
  const { stdout, stderr, status, signal } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, input: '' })
  return `${stdout}exit ${signal ?? status}${signal || status === null || status > 64 ? `\n${stderr}` : ''}`
}

function plain(program: string, name: string, options: readonly string[]): string {
  const output = join(work, name)
  execFileSync('clang-22', [...options, '-fuse-ld=lld', '-O2', '-w', source(program), '-o', output, '-lm'])
  return output
}

describe.each(programs)('%s', program => {
  let expected = ''
  beforeAll(() => {
    expected = outcome('qemu-riscv64', plain(program, `${program}.plain`, GUEST))
  })

  test.each([
    ['all', '-O2'],
    ['auto', '-O2'],
    ['none', '-O2'],
    ['all', '-O0'],
    ['all', '-O3'],
  ] as const)('--offload=%s %s', async (offload, level) => {
    const output = join(work, `${program}.${offload}${level}`)
    const { refused } = await build({ arguments: [level, source(program), '-lm', '-o', output], offload })
    expect(refused).toEqual([])
    expect(outcome('qemu-riscv64', output)).toBe(expected)
    expect(outcome(ferry, 'run', output)).toBe(expected)
    expect(outcome(ferry, 'run', '--offload=off', output)).toBe(expected)
  })

  test.runIf(!SHOWS_PROCESSOR.has(program))('natively', () => {
    expect(outcome(plain(program, `${program}.native`, []))).toBe(expected)
  })
})
