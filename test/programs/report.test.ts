/** `ferry report` on small hybrid programs built by `ferry build`. Needs dist/. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MeasuredRun, Report } from '../../runtime/index.ts'
import { report } from '../../runtime/index.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const sources = join(here, 'report')
const ferry = [process.execPath, join(root, 'bin/ferry.cjs')] as const

mkdirSync(join(root, 'test/work'), { recursive: true })
const work = mkdtempSync(join(root, 'test/work/report-'))
/** Temporary files of the reports: what a test finds there was left behind. */
const temporary = join(work, 'tmp')
const environment = { ...process.env, TMPDIR: temporary }
const app = (name: string): string => join(work, name)

interface Settings {
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
}

function runFerry(args: readonly string[], { env = environment, stdin = '/dev/null' }: Settings = {}) {
  const [node, script] = ferry
  return spawnSync(node, [script, ...args], {
    encoding: 'utf8',
    env,
    cwd: work,
    stdio: [openSync(stdin, 'r'), 'pipe', 'pipe'],
  })
}

/** A report of few runs as JSON. */
function reportJson(args: readonly string[], settings: Settings = {}): Report {
  const { stdout, stderr, status } = runFerry(['report', '--json', '--runs=1', '--warmup=0', ...args], settings)
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return JSON.parse(stdout) as Report
}

function build(name: string, ...options: string[]): void {
  const args = ['build', '-O2', ...options, join(sources, `${name}.c`), '-o', app(options.length > 0 ? 'plain' : name)]
  const { status, stderr } = runFerry(args, { env: process.env })
  if (status !== 0) throw new Error(stderr)
}

beforeAll(() => {
  mkdirSync(temporary)
  for (const name of ['work', 'pid', 'signedness']) build(name)
  build('work', '--offload=none')
  const source = join(sources, 'work.c')
  spawnSync(join(root, 'bin/ferry-cc'), ['-O2', '-static', source, '-o', app('by-cc')], { stdio: 'inherit' })
  spawnSync('clang-22', ['-O2', '-w', source, '-o', app('native')], { stdio: 'inherit' })
})
beforeEach(() => {
  rmSync(temporary, { recursive: true })
  mkdirSync(temporary)
})
afterAll(() => rmSync(work, { recursive: true }))

/** The files in the only folder that was kept, by name. */
function keptFiles(): Record<string, string> {
  const folders = readdirSync(temporary)
  expect(folders).toHaveLength(1)
  const folder = join(temporary, folders[0]!)
  return Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

describe('a report', () => {
  test('counts calls and crossings of each function', () => {
    const { functions } = reportJson([app('work')])
    const rows = new Map(functions.map(row => [row.name, row]))
    expect([...rows.keys()].sort()).toEqual(['kernel', 'leave', 'mix', 'tree'])
    expect(rows.get('kernel')).toMatchObject({ calls: 20, crossings: 20, comparable: true, unreturned: 0 })
    expect(rows.get('mix')).toMatchObject({ calls: 2000, crossings: 0, offloaded: 0, speedup: null })
    expect(rows.get('tree')).toMatchObject({ crossings: 1, comparable: true })
    expect(rows.get('leave')).toMatchObject({ calls: 1, crossings: 1, speedup: null, unreturned: 2 })
    const { emulated, offloaded, speedup, source } = rows.get('kernel')!
    expect(speedup).toBeCloseTo(emulated / offloaded)
    expect(emulated).toBeGreaterThanOrEqual(rows.get('mix')!.emulated)
    expect(source).toMatch(/work\.c:\d+$/)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('counts crossings by caller and callee, and has the verdicts of the build', () => {
    const { crossings, verdicts } = reportJson([app('work')])
    expect(crossings).toContainEqual({ direction: 'guest-host', from: 'main', to: 'kernel', calls: 20 })
    const tree = verdicts!.functions.find(({ name }) => name === 'tree')
    expect(tree).toMatchObject({ verdict: 'chosen', entry: true })
    expect(verdicts!.functions.find(({ name }) => name === 'main')).toMatchObject({ verdict: 'stays' })
    expect(verdicts!.edges).toContainEqual(
      expect.objectContaining({ caller: 'main', callee: 'kernel', kind: 'direct' }),
    )
  })

  test('times the whole program: emulated, hybrid, native and under qemu', () => {
    const result = reportJson(['--runs=2', '--native', '--qemu', app('work')])
    expect(result.programs.map(row => row.kind)).toEqual(['emulated', 'hybrid', 'native', 'qemu'])
    const native = result.programs[2]!
    for (const { wall, cpu, speedup, ofNative, runs } of result.programs) {
      expect(runs).toHaveLength(2)
      expect(wall.min).toBe(Math.min(...runs.map(run => run.wall)))
      expect(cpu.max).toBeGreaterThan(0)
      expect(speedup).toBeCloseTo(result.programs[0]!.wall.median / wall.median)
      expect(ofNative).toBeCloseTo(native.wall.median / wall.median)
    }
    expect(native.difference).toBeUndefined()
    expect(result.environment.versions).toMatchObject({ node: process.versions.node })
    expect(Object.keys(result.environment.versions).sort()).toEqual(['ferry', 'node', 'qemu-riscv64'])
  })

  test('a program of ferry cc against the native one that is named', () => {
    const { programs } = reportJson([`--native=${app('native')}`, app('by-cc')])
    expect(programs.map(row => row.kind)).toEqual(['emulated', 'hybrid', 'native'])
    expect(programs[2]!.difference).toBeUndefined()
  })

  test('gives every run the same arguments and standard input', () => {
    const input = join(work, 'input')
    writeFileSync(input, 'from a file\n')
    const { outcome } = reportJson(['--qemu', app('work'), '3', '--', '--runs=9'], { stdin: input })
    const { stdout } = runFerry(['run', app('work'), '3', '--', '--runs=9'], { stdin: input })
    expect(stdout).toMatch(/^\S+\/work 4 [0-9a-f]{8} from a file\n$/)
    expect(outcome).toEqual({ status: 3, signal: null, stdoutBytes: stdout.length })
  })

  test('is made of a program that a signal ends', () => {
    const { outcome } = reportJson(['--native', '--qemu', app('work'), 'abort'])
    expect(outcome).toMatchObject({ status: null, signal: 'SIGABRT' })
  })

  test('is plain text where no terminal is', () => {
    const { stdout, stderr, status } = runFerry(['report', '--runs=1', '--warmup=0', app('work')])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).not.toMatch(/[^\n\x20-\x7eµ]/)
    expect(stdout).toMatch(/^kernel +20 +20 +\S+ [mµn]s +\S+ [mµn]s +[\d.]+x +\S*work\.c:\d+$/m)
    expect(stdout).toMatch(/^hybrid +\S+ m?s +\S+ m?s +\S+ m?s +[\d.]+x$/m)
    expect(stdout).toMatch(/inside the callers': mix\./)
  })
})

describe('runs that differ', () => {
  test('by themselves: the program prints its process number', () => {
    const { stdout, stderr, status } = runFerry(['report', '--runs=1', app('pid')])
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 })
    expect(stderr).toContain('two emulated runs differ, without offloading: stdout differs from line 2 on')
    const files = keptFiles()
    expect(Object.keys(files).sort()).toEqual(
      ['emulated', 'emulated-again'].flatMap(name => [`${name}.stderr`, `${name}.stdout`]).sort(),
    )
    expect(files['emulated.stdout']).not.toBe(files['emulated-again.stdout'])
    const [folder] = readdirSync(temporary)
    for (const name of ['emulated', 'emulated-again'])
      expect(stderr).toContain(join(temporary, folder!, `${name}.stdout`))
  })

  test.each([
    ['in output', 'process.stdout.write("more\\n")', 'stdout differs from line 2 on'],
    ['in exit status', 'process.exitCode = 7', 'exit status 0 against exit status 7'],
  ])('by offloading, %s', async (_, change, what) => {
    // A ferry whose hybrid runs do something else.
    const wrapper = join(work, 'wrapper.mjs')
    writeFileSync(
      wrapper,
      `import { spawnSync } from 'node:child_process'
const args = process.argv.slice(2)
const { status } = spawnSync(process.execPath, [${JSON.stringify(ferry[1])}, ...args], { stdio: 'inherit' })
process.exitCode = status
if (args.includes('--offload=on')) ${change}
`,
    )
    process.env.TMPDIR = temporary
    try {
      const options = { program: app('work'), arguments: [], ferry: [process.execPath, wrapper], runs: 1, warmup: 0 }
      await expect(report(options)).rejects.toMatchObject({
        id: 'report-differs',
        status: 1,
        message: expect.stringContaining(what),
      })
    } finally {
      delete process.env.TMPDIR
    }
    expect(Object.keys(keptFiles()).sort()).toEqual([
      ...['emulated.stderr', 'emulated.stdout', 'hybrid.stderr', 'hybrid.stdout'],
    ])
  })

  test('because the native build prints otherwise: the report says so', () => {
    const { programs } = reportJson(['--native', app('signedness')])
    const { what, emulated, native } = programs.find(row => row.kind === 'native')!.difference!
    expect(what).toBe('stdout differs from line 1 on (byte 0)')
    expect([readFileSync(emulated, 'utf8'), readFileSync(native, 'utf8')]).toEqual(['200\n', '-56\n'])
  })
})

describe('a report refuses', () => {
  const refusal = (args: readonly string[], settings?: Settings) => {
    const { stdout, stderr, status } = runFerry(['report', ...args], settings)
    expect(stdout).toBe('')
    expect(readdirSync(temporary)).toEqual([])
    return { stderr: stderr.trimEnd(), status }
  }
  const withoutTools = { env: { ...environment, PATH: '/nonexistent' } }

  test('--native of a program that was linked under ferry cc, which names no sources', () => {
    const { status, stderr } = refusal(['--native', app('by-cc')])
    expect(stderr).toMatch(/linked under `ferry cc`.*--native=<program>/)
    expect(status).toBe(1)
  })

  test('--native= of no native program', () => {
    const of = (path: string) => refusal([`--native=${path}`, app('by-cc')]).stderr
    expect(of(app('none'))).toMatch(/none: no such file/)
    expect(of(app('plain'))).toMatch(/plain: it is not for x86-64/)
    expect(of(join(sources, 'work.c'))).toMatch(/not an ELF file/)
  })

  test('a program that is no hybrid', () => {
    const { stderr, status } = refusal([app('plain')])
    expect(stderr).toMatch(/plain: no part of it runs natively.*Build it with `ferry build`/)
    expect(status).toBe(1)
  })

  test('a file that is missing or no program', () => {
    expect(refusal([app('none')])).toEqual({ stderr: expect.stringMatching(/none: no such file/), status: 1 })
    expect(refusal([join(sources, 'pid.c')])).toEqual({ stderr: expect.stringMatching(/not an ELF file/), status: 1 })
  })

  test('--qemu without qemu-riscv64', () => {
    expect(refusal(['--qemu', app('work')], withoutTools)).toEqual({
      stderr: 'ferry: qemu-riscv64 not found. Install it: apt install qemu-user.',
      status: 1,
    })
  })

  test('--native without clang', () => {
    expect(refusal(['--native', app('work')], withoutTools)).toEqual({
      stderr: 'ferry: clang-22 not found. Install it: apt install clang-22 lld-22.',
      status: 1,
    })
  })

  test.each(['0', '-1', 'x', '1.5'])('--runs=%s', value => {
    expect(refusal([`--runs=${value}`, app('work')])).toEqual({
      stderr: expect.stringContaining(`--runs=${value}: give a number from 1 on`),
      status: 2,
    })
  })
})

test('a program that ferry can not start is no report', () => {
  const wrapper = join(work, 'failing.mjs')
  writeFileSync(wrapper, 'process.stderr.write("ferry: no memory\\n"); process.exitCode = 1\n')
  const options = { program: app('work'), arguments: [], ferry: [process.execPath, wrapper], runs: 1, warmup: 0 }
  return expect(report(options)).rejects.toMatchObject({
    id: 'report-failed',
    message: 'the emulated run could not be made: no memory',
  })
})

test('a signal ends the report with the run that is under way and its files', async () => {
  const [node, script] = ferry
  const child = spawn(node, [script, 'report', app('work'), 'wait'], { env: environment, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('exit', (_, signal) => resolve(signal)))
  const guest = Number(await poll(() => firstOutput()))
  expect(guest).toBeGreaterThan(0)
  child.kill('SIGTERM')
  expect(await ended).toBe('SIGTERM')
  expect(readdirSync(temporary)).toEqual([])
  await poll(() => (isAlive(guest) ? undefined : 'gone'))
})

function firstOutput(): string | undefined {
  const [folder] = readdirSync(temporary)
  if (folder === undefined) return undefined
  const files = readdirSync(join(temporary, folder))
  if (!files.includes('emulated.stdout')) return undefined
  return readFileSync(join(temporary, folder, 'emulated.stdout'), 'utf8').trim() || undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Asks until there is an answer; the test's own limit ends it. */
async function poll<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask()
    if (answer !== undefined) return answer
    await sleep(20)
  }
}

describe('ferry run --measure', () => {
  test.each([
    ['on', true],
    ['off', false],
  ] as const)('counts with --offload=%s', (choice, offloaded) => {
    const file = join(work, `measured-${choice}`)
    const { status } = runFerry(['run', `--offload=${choice}`, `--measure=${file}`, app('work'), '5'])
    expect(status).toBe(5)
    const measured = JSON.parse(readFileSync(file, 'utf8')) as MeasuredRun
    expect(measured).toMatchObject({ status: 5, signal: null })
    expect(measured.ticksPerSecond).toBeGreaterThan(1e8)
    const kernel = measured.functions.find(({ name }) => name === 'kernel')
    expect(kernel).toMatchObject({ offloaded, calls: 20, outermost: 20, open: 0 })
  })

  test('writes an empty list for a program that is no hybrid', () => {
    const file = join(work, 'measured-plain')
    runFerry(['run', `--measure=${file}`, app('plain')])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ status: 0, functions: [] })
  })

  test('refuses a file that can not be written before the program runs', () => {
    const { stdout, stderr, status } = runFerry(['run', `--measure=${join(work, 'none/file')}`, app('work')])
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 })
    expect(stderr).toMatch(/none\/file: can not be written/)
  })
})
