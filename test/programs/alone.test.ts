/**
 * Programs that the executor runs alone, from what an earlier run has kept: as under a translator from the start, which is the
 * oracle, and without Node.js, which a script in its place tells of.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../cli/options.ts'
import { build } from '../../offload/index.ts'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { SYSROOT } from './probe.ts'

const SOURCE = fileURLToPath(new URL('./alone/alone.c', import.meta.url))
const LAUNCH = fileURLToPath(new URL('../../runtime/executor/launch.c', import.meta.url))
const FERRY_CC = fileURLToPath(new URL('../../bin/ferry-cc', import.meta.url))
let work: string
let mark: string
let program: string
let fixed: string
let hybrid: string
let fixedHybrid: string

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'ferry-alone-'))
  chmodSync(work, 0o755)
  mark = join(work, 'mark')
  mkdirSync(join(work, 'bin'))
  writeFileSync(join(work, 'bin/node'), `#!/bin/sh\necho "$1" >>${mark}\nexec ${process.execPath} "$@"\n`, {
    mode: 0o755,
  })
  program = join(work, 'dynamic')
  fixed = join(work, 'static')
  execFileSync('riscv64-linux-gnu-gcc', ['-O2', '-w', SOURCE, '-o', program])
  execFileSync('riscv64-linux-gnu-gcc', ['-O2', '-w', '-static', SOURCE, '-o', fixed])
  hybrid = join(work, 'hybrid')
  fixedHybrid = join(work, 'static-hybrid')
  await build({ arguments: ['-O2', '-w', '-static', SOURCE, '-o', fixedHybrid], offload: 'all' })
  execFileSync(FERRY_CC, ['-O2', '-w', SOURCE, '-o', hybrid], {
    env: { ...process.env, FERRY_SYSROOT: SYSROOT, FERRY_CC_OPTIONS: '--offload=all' },
  })
})
beforeEach(() => rmSync(join(work, 'cache'), { recursive: true, force: true }))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const environment = (heat = '0'): Record<string, string> => ({
  FERRY_HEAT: heat,
  PATH: `${join(work, 'bin')}:${process.env.PATH}`,
  FERRY_SYSROOT: SYSROOT,
  FERRY_CACHE_DIR: join(work, 'cache'),
  TAKEN: 'yes',
})

/** What is seen of a run, and the scripts that Node.js was started with. */
const run = (...words: string[]) => runWith('0', ...words)
function runWith(heat: string, ...words: string[]) {
  rmSync(mark, { force: true })
  const { stdout, stderr, status, signal } = spawnSync(FERRY_COMMAND, ['run', ...words], {
    env: environment(heat),
    encoding: 'utf8',
    timeout: 60_000,
  })
  const scripts = existsSync(mark) ? readFileSync(mark, 'utf8').trim().split('\n') : []
  // host code is somewhere else each time
  const told = stderr.replace(/host pc 0x[0-9a-f]+/, 'host pc')
  return { seen: { stdout, stderr: told, status, signal }, node: scripts.map(path => path.replace(/^.*\//, '')) }
}

const files = (): string[] => readdirSync(join(work, 'cache')).map(name => join(work, 'cache', name))

test.each([
  ['dynamically linked', () => program],
  ['static', () => fixed],
  ['hybrid', () => hybrid],
  ['static and hybrid', () => fixedHybrid],
])('a program that is %s runs without Node.js from the second time on', (_, path) => {
  const first = run(path(), 'print')
  expect(first.node).toEqual(['ferry.cjs'])
  expect(first.seen).toMatchObject({ status: 7, stderr: '' })
  expect(run(path(), 'print')).toEqual({ seen: first.seen, node: [] })
})

test.each([
  ['dynamically linked', () => hybrid],
  ['static', () => fixedHybrid],
])('a hybrid program that is %s runs without Node.js when its host functions are not wanted', (_, path) => {
  const native = run(path(), 'print')
  const first = run('--offload=off', path(), 'print')
  expect(first).toEqual({ seen: native.seen, node: ['ferry.cjs'] })
  expect(run('--offload', 'off', path(), 'print')).toEqual({ seen: first.seen, node: [] })
  expect(run('--offload=on', path(), 'print')).toEqual({ seen: first.seen, node: [] })
  rmSync(join(work, 'cache'), { recursive: true })
  expect(runWith('', '--offload=off', path(), 'print')).toEqual({ seen: first.seen, node: [] })
  for (const what of ['exec', 'long'])
    expect(runWith('', '--offload=off', path(), what)).toEqual({ seen: run(path(), what).seen, node: ['late.cjs'] })
})

describe('without anything kept, what is not hot is interpreted', () => {
  test.each([
    ['print', []],
    ['other', []],
    ['threads', []],
    ['signal', ['late.cjs']],
    ['crash', ['late.cjs']],
    ['fork', ['late.cjs']],
    ['exec', ['late.cjs']],
    ['user', ['late.cjs']],
  ])('%s', (what, node) => {
    const { seen } = run(program, what)
    rmSync(join(work, 'cache'), { recursive: true })
    for (const heat of ['', '1000000']) expect(runWith(heat, program, what)).toEqual({ seen, node })
  })

  test('a translator is started for a program that goes on for long, and what it makes is kept', () => {
    const first = runWith('', fixed, 'long')
    expect(first).toMatchObject({ seen: { status: 0, stderr: '' }, node: ['late.cjs'] })
    // a translator that starts slowly comes too late for the first run
    const later = Array.from({ length: 4 }, () => runWith('', fixed, 'long'))
    expect(later.map(({ seen }) => seen)).toEqual(later.map(() => first.seen))
    expect(later.at(-1)!.node).toEqual([])
    expect(runWith('1', program, 'long').seen).toEqual(first.seen)
  })

  test('what was hot and is over when the translator comes is kept too', () => {
    const first = runWith('', program, 'brief')
    expect(first).toMatchObject({ seen: { status: 0, stderr: '' }, node: ['late.cjs'] })
    expect(runWith('', program, 'brief')).toEqual({ seen: first.seen, node: [] })
  })
})

test('options, links and relative paths', () => {
  const link = join(work, 'ferry')
  symlinkSync(FERRY_COMMAND, link)
  const options = ['-E', 'SET=1', '--unset-env=TAKEN', '-0', 'other name', '--sysroot', SYSROOT]
  const first = run(...options, '--', program, 'print')
  expect(first.seen.stdout).toBe('other name print 1 taken\n')
  expect(run(...options, '--', program, 'print')).toEqual({ seen: first.seen, node: [] })
  rmSync(mark, { force: true })
  const relative = spawnSync(link, ['run', ...options, '../bin/./../dynamic', 'print'], {
    cwd: join(work, 'bin'),
    env: environment(),
    encoding: 'utf8',
  })
  expect(relative.stdout).toBe(first.seen.stdout)
  expect(existsSync(mark)).toBe(false)
})

test('the options that need no translator are options of `ferry run`', () => {
  const table = /options\[\] = \{(.*)\};/.exec(readFileSync(LAUNCH, 'utf8'))![1]!
  const names = [...table.matchAll(/\{"([a-z0-9-]+)", (?:'(.)'|0)\}/g)]
  expect(names.length).toBeGreaterThan(4)
  const flags = COMMANDS.run.options.map(option => option.flags)
  for (const [, name, letter] of names) {
    const start = letter === undefined ? `--${name} <` : `-${letter}, --${name} <`
    expect(flags.filter(flag => flag.startsWith(start))).toHaveLength(1)
  }
})

describe('the translator is started late', () => {
  test.each([
    ['other', 'for code that was not translated'],
    ['crash', 'to say where a signal came from'],
    ['fork', 'for a second process'],
    ['threads', 'for code of threads'],
    ['exec', 'for another program'],
    ['signal', 'for a handler'],
    ['user', 'before the program gives up its rights'],
  ])('%s: %s', what => {
    const fresh = run(program, what)
    rmSync(join(work, 'cache'), { recursive: true })
    run(program, 'print')
    expect(run(program, what)).toEqual({ seen: fresh.seen, node: ['late.cjs'] })
    // what it has translated is kept as well
    expect(run(program, what).seen).toEqual(fresh.seen)
  })

  test('and what it translates is kept', () => {
    run(program, 'print')
    const late = run(program, 'other')
    expect(late.node).toEqual(['late.cjs'])
    expect(run(program, 'other')).toEqual({ seen: late.seen, node: [] })
    expect(run(program, 'print').node).toEqual([])
  })
})

describe('a hybrid program', () => {
  test.each(['other', 'crash', 'fork', 'threads', 'exec', 'signal', 'user'])('%s', what => {
    const fresh = run(hybrid, what)
    expect(fresh.node).toContain('ferry.cjs')
    rmSync(join(work, 'cache'), { recursive: true })
    run(hybrid, 'print')
    expect(run(hybrid, what)).toEqual({ seen: fresh.seen, node: ['late.cjs'] })
    expect(run(hybrid, what).seen).toEqual(fresh.seen)
    for (const heat of ['', '1000000']) expect(runWith(heat, hybrid, what).seen).toEqual(fresh.seen)
  })

  test('calls its host functions before a translator comes, and after', () => {
    run(fixedHybrid, 'print')
    const later = Array.from({ length: 3 }, () => runWith('', fixedHybrid, 'long'))
    expect(later.map(({ seen }) => seen)).toEqual(later.map(() => runWith('', fixed, 'long').seen))
    expect(later[0]!.node).not.toContain('ferry.cjs')
  })
})

test.each([
  ['truncated', (bytes: Buffer) => bytes.subarray(0, bytes.length - 8)],
  ['empty', () => Buffer.alloc(0)],
  [
    'changed',
    (bytes: Buffer) =>
      Buffer.from(bytes).fill(bytes[bytes.length >> 1]! ^ 1, bytes.length >> 1, (bytes.length >> 1) + 1),
  ],
])('a file that is %s is ignored and written anew', (_, damage) => {
  const first = run(program, 'print')
  const [file] = files()
  writeFileSync(file!, damage(readFileSync(file!)))
  expect(run(program, 'print')).toEqual(first)
  expect(run(program, 'print')).toEqual({ seen: first.seen, node: [] })
})

test('a file that others may write is ignored', () => {
  const first = run(program, 'print')
  chmodSync(files()[0]!, 0o666)
  expect(run(program, 'print').node).toEqual(first.node)
})

test('a program that was built anew is another one', () => {
  run(program, 'print')
  execFileSync('riscv64-linux-gnu-gcc', ['-O1', '-w', SOURCE, '-o', program])
  const second = run(program, 'print')
  expect(second.node).toEqual(['ferry.cjs'])
  expect(second.seen.status).toBe(7)
})

/** The children of a process (proc(5)). */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)

test.each(['translator', 'program'])('the %s is killed', async victim => {
  run(program, 'print')
  const child = spawn(FERRY_COMMAND, ['run', program, 'wait'], { env: environment() })
  const seen = { stdout: '', stderr: '' }
  child.stderr.on('data', text => (seen.stderr += text))
  const closed = once(child, 'close')
  await new Promise<void>(resolve => child.stdout.on('data', text => (seen.stdout += text) && resolve()))
  const [monitor] = childrenOf(child.pid!)
  const [translator] = childrenOf(monitor!)
  process.kill(victim === 'translator' ? translator! : child.pid!, 'SIGKILL')
  const [status, signal] = await closed
  if (victim === 'program') expect({ status, signal }).toEqual({ status: null, signal: 'SIGKILL' })
  else
    expect({ status, stderr: seen.stderr }).toEqual({
      status: 125,
      stderr: expect.stringContaining('the translator was killed'),
    })
  // nobody is left
  while (existsSync(`/proc/${translator}`)) await new Promise(resolve => setTimeout(resolve, 20))
})
