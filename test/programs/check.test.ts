/** `ferry run --check=function`: hybrid programs whose two sides agree, and one whose host functions come from another source. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Manifest } from '../../base/manifest.ts'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCE = fileURLToPath(new URL('./check/functions.c', import.meta.url))
const PROGRAMS = fileURLToPath(new URL('../../bench/programs/', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** All that can leave does; the sections of the host side are left beside the program. */
function build(name: string, source: string, ...options: string[]): string {
  const program = join(folder, name)
  execFileSync(FERRY_COMMAND, ['build', '-O2', '--offload=all', ...options, source, '-o', program, '-lm'])
  const sections = ['manifest', 'host'].flatMap(part => ['--dump-section', `.ferry.${part}=${program}.${part}`])
  execFileSync('llvm-objcopy-22', [...sections, program])
  return program
}

function run(program: string, ...options: string[]) {
  const { stdout, stderr, status } = spawnSync(FERRY_COMMAND, ['run', ...options, program, '1'], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { stdout, stderr, status }
}

describe('a program of which one source made both sides', () => {
  test('does what it does without', () => {
    const program = build('same', SOURCE)
    const { functions } = JSON.parse(readFileSync(`${program}.manifest`, 'utf8')) as Manifest
    const pure = functions.filter(row => row.pure).map(({ name }) => name)
    expect(pure.sort()).toEqual(['fib', 'hash', 'mean', 'pair', 'single'])
    const expected = run(program, '--offload=off')
    expect(expected).toMatchObject({ status: 0, stderr: '' })
    expect(run(program, '--check=function')).toEqual(expected)
  })

  test.each(['sha256', 'crc32', 'nbody', 'queens', 'json', 'md5'])('%s', name => {
    const program = build(name, join(PROGRAMS, `${name}.c`))
    // what they print on stderr is how long they took
    const { stdout } = run(program, '--offload=off')
    expect(run(program, '--check=function')).toMatchObject({ stdout, status: 0 })
  })
})

describe('a program whose host functions are of another source', () => {
  let mixed: string
  beforeAll(() => {
    const other = build('other', SOURCE, '-DFACTOR=1000007')
    mixed = build('mixed', SOURCE)
    const sections = ['manifest', 'host'].flatMap(part => ['--update-section', `.ferry.${part}=${other}.${part}`])
    execFileSync('llvm-objcopy-22', [...sections, mixed])
  })

  test.each([
    ['hash', /hash\(0x[0-9a-f]+, 1\) gives 7000050 on the host and 7000022 emulated/],
    [
      'mean',
      /mean\(1 \(0x3ff0000000000000\), 2.5 \(0x40200000\), 1, 1, 2, 3, 4, 5, 6, 1, 2\) gives 200\d+.* on the host/,
    ],
    ['single', /single\(1.5 \(0x3fc00000\), 1\) gives 0.00000149998\d+ \(0x35c9533f\) on the host/],
    ['pair', /pair\(1, 0 \(0x0\)\) gives 1000007, 0 \(0x0\) on the host and 1000003, 0 \(0x0\) emulated/],
  ])('%s', (name, message) => {
    const { stdout, stderr, status } = run(mixed, '--check=function', `--offload=${name}`)
    expect({ stdout, status }).toEqual({ stdout: '', status: 125 })
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/functions\.c:\d+\)\. It was called from guest code at 0x[0-9a-f]+ \(main\+0x[0-9a-f]+\)\./)
  })

  test('goes on where they agree', () => {
    expect(run(mixed, '--check=function', '--offload=fib')).toEqual(run(mixed, '--offload=off'))
  })
})
