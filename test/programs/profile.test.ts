/** `ferry run --profile` and `--benchmark` on programs whose instructions can be counted by hand. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RunProfile } from '../../base/run-profile.ts'
import type { Benchmark, Measurement, Profile } from '../../runtime/index.ts'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./profile/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/profile/', import.meta.url))
const COUNT = `${WORK}count`
const BRIDGE = `${WORK}bridge`

const ROUNDS = 1000
/** _start, loop, called, odd, done, even. */
const INSTRUCTIONS = 2 + 3 * ROUNDS + ROUNDS / 2 + 2 * ROUNDS + 3 + 2 * (ROUNDS / 2)

interface Document {
  readonly profile: Profile & { readonly measurements?: readonly Measurement[] }
  readonly benchmark: Benchmark
}

function ferry(...args: readonly string[]) {
  const { stdout, stderr, status, signal } = spawnSync(FERRY_COMMAND, args, { encoding: 'utf8', input: '' })
  return { stdout, stderr, status, signal }
}

function documentOf(...args: readonly string[]): Document {
  const { stderr, status } = ferry('run', '--json', ...args)
  expect(status).toBe(0)
  return JSON.parse(stderr) as Document
}

beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  const guest = ['--target=riscv64-linux-gnu', '-march=rv64g', '-nostdlib', '-static', '-fuse-ld=lld']
  execFileSync('clang-22', [...guest, `${SOURCES}count.s`, '-o', COUNT])
  execFileSync(FERRY_COMMAND, ['build', '-O2', `${SOURCES}bridge.c`, '-o', BRIDGE], { stdio: 'ignore' })
})

describe('--profile', () => {
  test('counts every block as often as it runs', () => {
    const { profile } = documentOf('--profile', COUNT)
    const executions = Object.fromEntries(profile.blocks.map(row => [row.place, row.executions]))
    expect(executions).toEqual({
      _start: 1,
      loop: ROUNDS,
      called: ROUNDS / 2,
      odd: ROUNDS,
      done: 1,
      even: ROUNDS / 2,
    })
    expect(profile.instructions).toBe(INSTRUCTIONS)
    expect(profile).toMatchObject({ blocksUncounted: 0, edgesOpen: 0 })
    expect(profile.blocks[0]).toMatchObject({ place: 'loop', instructions: 3 * ROUNDS, translations: 1 })
    expect(profile.functions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  test('tells the edges from the counts', () => {
    const { profile } = documentOf('--profile', COUNT)
    const edges = profile.edges.map(({ fromPlace, toPlace, kind, count }) => [fromPlace, toPlace, kind, count])
    expect(edges).toEqual(
      expect.arrayContaining([
        ['_start', 'loop', 'fall', 1],
        ['loop', 'odd', 'taken', ROUNDS / 2],
        ['loop', 'called', 'not-taken', ROUNDS / 2],
        ['called', 'even', 'call', ROUNDS / 2],
        ['even', undefined, 'return', ROUNDS / 2],
        ['odd', 'loop', 'taken', ROUNDS - 1],
        ['odd', 'done', 'not-taken', 1],
      ]),
    )
  })

  test('counts uses of registers and knows their homes', () => {
    const { profile } = documentOf('--profile', COUNT)
    const registers = Object.fromEntries(profile.registers.map(({ name, ...row }) => [name, row]))
    expect(registers.s1).toMatchObject({ home: 'r13', reads: 2 * ROUNDS, writes: ROUNDS + 1 })
    expect(registers.a0).toMatchObject({ home: 'rdi', reads: 2 * ROUNDS, writes: ROUNDS + 2 })
    expect(registers.ra).toMatchObject({ home: 'memory', reads: ROUNDS / 2, writes: ROUNDS / 2 })
  })

  test.each(['no-ras', 'no-chain', 'no-jump', 'no-fusion', 'no-lazy', 'no-region', 'no-alloc', 'none'])(
    'counts the same instructions with --optimize=%s',
    names => {
      expect(documentOf('--profile', `--optimize=${names}`, COUNT).profile.instructions).toBe(INSTRUCTIONS)
    },
  )

  test('prints tables on stderr and leaves the guest its output', () => {
    const { stdout, stderr, status } = ferry('run', '--profile', BRIDGE)
    expect([stdout, status]).toEqual(['16243\n', 0])
    for (const title of ['hottest blocks', 'hottest functions', 'most taken edges', 'uses of integer registers']) {
      expect(stderr).toContain(`\n${title}`)
    }
    expect(stderr).toMatch(/\nbridge calls of offloaded functions\ncalls {2}function\n {3}37 {2}on_host\n$/)
  })

  test('has an offloaded function among those of the guest when offloading is off', () => {
    const { stderr, stdout } = ferry('run', '--profile', '--json', '--offload=off', BRIDGE)
    const { profile } = JSON.parse(stderr) as Document
    expect(stdout).toBe('16243\n')
    expect(profile.measurements).toBeUndefined()
    expect(profile.blocks.find(({ place }) => place === 'on_host')).toMatchObject({ executions: 37 })
  })
})

describe('--benchmark', () => {
  test('has times, sizes and requests', () => {
    const { benchmark } = documentOf('--benchmark', COUNT)
    const { startup, wall, firstInstruction, executor, translator, translation, requests } = benchmark
    expect(requests).toEqual({ program: 1, mapped: 1, ready: 1, resolve: translation.regions, exit: 1 })
    // everything behind _start, then `even`
    expect([translation.regions, translation.instructions]).toEqual([2, 14])
    expect(translation.bytesPerInstruction).toBe(translation.bytes / translation.instructions)
    expect(startup).toBeGreaterThan(0)
    expect(firstInstruction).toBeGreaterThan(0)
    expect(firstInstruction).toBeLessThan(wall)
    expect(translation.milliseconds).toBeLessThan(wall)
    for (const { user, system } of [executor, translator]) expect(user + system).toBeGreaterThan(0)
  })

  test('goes with --profile into one document, and into a file when the guest dies', () => {
    const output = `${WORK}killed.json`
    const arguments_ = ['run', '--profile', '--benchmark', '--json', `--output=${output}`, BRIDGE, 'die']
    expect(ferry(...arguments_)).toMatchObject({ stdout: '16243\n', signal: 'SIGTERM' })
    const { profile, benchmark } = JSON.parse(readFileSync(output, 'utf8')) as Document
    expect(profile.measurements).toMatchObject([{ name: 'on_host', offloaded: true, calls: 37 }])
    expect(benchmark.requests.ready).toBe(1)
  })
})

test.each([
  ['--json', 'ferry: --json: there is nothing to print; give --profile or --benchmark too.\n'],
  ['--output=x', 'ferry: --output: there is nothing to print; give --profile or --benchmark too.\n'],
])('%s alone is refused', (option, message) => {
  expect(ferry('run', option, COUNT)).toEqual({ stdout: '', stderr: message, status: 2, signal: null })
})

test('an output that can not be written is refused before the guest runs', () => {
  const { stdout, stderr, status } = ferry('run', '--profile', `--output=${WORK}missing/x`, BRIDGE)
  expect([stdout, status]).toEqual(['', 1])
  expect(stderr).toMatch(/^ferry: .*missing\/x: can not be written: /)
})

describe('--log', () => {
  test('asm-in has symbols', () => {
    const { stderr } = ferry('run', '--log=asm-in', COUNT)
    expect(stderr).toMatch(/^region 0x[0-9a-f]+ <_start>: 12 guest instructions, \d+ bytes of host code at 0x60\w+$/m)
    expect(stderr).toMatch(/^ {2}0x[0-9a-f]+ <loop\+0x4>: andi\tt0, a0, 1$/m)
  })

  test('asm-out has host instructions, entries and gates', () => {
    const { stderr } = ferry('run', '--log=asm-out', COUNT)
    expect(stderr).toMatch(/^entry 0x[0-9a-f]+ <_start>:\n {2}60[0-9a-f]+: mov r13(,|d)/m)
    expect(stderr).toMatch(/^entry 0x[0-9a-f]+ <odd>:$/m)
    expect(stderr).toMatch(/^ {2}60[0-9a-f]+: call 0x60[0-9a-f]+ <gate syscall>$/m)
    expect(stderr).toMatch(/^ {2}60[0-9a-f]+: ret$/m)
  })

  test('asm-out has bytes and a note where there is no objdump', () => {
    const env = { ...process.env, PATH: '/nowhere' }
    const { stderr } = spawnSync(process.execPath, [`${FERRY_COMMAND}.cjs`, 'run', '--log=asm-out', COUNT], {
      encoding: 'utf8',
      env,
    })
    expect(stderr.match(/bytes only: objdump not found; apt install binutils/g)).toHaveLength(1)
    expect(stderr.match(/^ {2}host [0-9a-f]+$/gm)).toHaveLength(2)
  })
})

describe('--profile=<file>', () => {
  const file = `${WORK}bridge.profile`

  test.each(['on', 'off'])('writes what a build chooses by, with --offload=%s', choice => {
    const { stdout, stderr, status } = ferry('run', `--offload=${choice}`, `--profile=${file}`, BRIDGE)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toMatch(/^\d+\n$/)
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as RunProfile
    const onHost = recorded.functions.find(({ name }) => name === 'on_host')!
    expect(onHost.calls).toBe(37)
    expect(onHost.native > 0).toBe(choice === 'on')
    expect(recorded.edges).toContainEqual({ caller: 'main', callee: 'on_host', calls: 37 })
    const built = ferry('build', '-O2', '--profile', file, `${SOURCES}bridge.c`, '-o', `${WORK}again`)
    expect(built).toMatchObject({ status: 0, stdout: expect.stringContaining('1 of 2 functions run natively') })
  })

  test('belongs to the program behind it', () => {
    expect(ferry('run', COUNT, `--profile=${file}.other`)).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(`${file}.other`)).toBe(false)
  })

  test('is refused by a build when it is none', () => {
    const { stderr, status } = ferry(
      'build',
      '--profile',
      `${SOURCES}bridge.c`,
      `${SOURCES}bridge.c`,
      '-o',
      `${WORK}none`,
    )
    expect(status).toBe(1)
    expect(stderr).toMatch(/bridge\.c: it is not a profile of this version/)
  })
})
