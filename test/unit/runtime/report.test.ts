import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commandOf } from '../../../runtime/report/commands.ts'
import { functionReports } from '../../../runtime/report/functions.ts'
import { type MeasuredRun, readMeasured } from '../../../runtime/report/measure.ts'
import { describeEnding, difference, firstDifference } from '../../../runtime/report/outcome.ts'
import { programReports } from '../../../runtime/report/programs.ts'
import { median, summarize } from '../../../runtime/report/statistics.ts'
import type { Measurement } from '../../../runtime/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'ferry-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('statistics', () => {
  it('take the middle of an odd number and the mean of the middle two of an even one', () => {
    expect(median([3, 1, 20])).toBe(3)
    expect(median([4, 1, 2, 30])).toBe(3)
    expect(median([7])).toBe(7)
  })

  it('have no median of nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })

  it('keep the runs in their order', () => {
    const values = [3, 1, 2]
    expect(summarize(values)).toEqual({ median: 2, min: 1, max: 3 })
    expect(values).toEqual([3, 1, 2])
  })
})

describe('the outcomes of two runs', () => {
  const same = file('same', 'one\ntwo\n')
  const ok = { status: 0, signal: null, stdout: same }

  it('agree when output and ending do', () => {
    expect(difference(ok, { ...ok, stdout: file('copy', 'one\ntwo\n') })).toBeUndefined()
  })

  it('differ in a byte, with its line', () => {
    expect(difference(ok, { ...ok, stdout: file('other', 'one\ntwa\n') })).toBe(
      'stdout differs from line 2 on (byte 6)',
    )
  })

  it('differ in length', () => {
    expect(firstDifference(same, file('longer', 'one\ntwo\nthree\n'))).toEqual({ byte: 8, line: 3 })
    expect(firstDifference(file('empty', ''), same)).toEqual({ byte: 0, line: 1 })
  })

  it('differ behind the first chunk', () => {
    const long = Buffer.alloc(3 << 20, 'x')
    const a = file('long', long)
    long[(2 << 20) + 5] = 0x79
    expect(firstDifference(a, file('changed', long))).toEqual({ byte: (2 << 20) + 5, line: 1 })
    expect(firstDifference(a, a)).toBeUndefined()
    // the end is where a chunk ends
    expect(firstDifference(a, file('short', long.subarray(0, 1 << 20)))).toEqual({ byte: 1 << 20, line: 1 })
  })

  it('differ in the status or the signal', () => {
    expect(difference(ok, { ...ok, status: 3 })).toBe('exit status 0 against exit status 3')
    const killed = { status: null, signal: 'SIGSEGV', stdout: file('cut', 'one\n') }
    expect(difference(ok, killed)).toBe('exit status 0 against SIGSEGV, and stdout differs from line 2 on (byte 4)')
    expect(describeEnding(killed)).toBe('SIGSEGV')
  })
})

const measurement = (name: string, values: Partial<Measurement>): Measurement => ({
  ...{ name, offloaded: false, calls: 0, outermost: 0, open: 0, ticks: 0 },
  ...values,
})

const measuredRun = (ticksPerSecond: number, functions: readonly Measurement[]): MeasuredRun => ({
  ...{ status: 0, signal: null, ticksPerSecond, functions, crossings: [] },
})

describe('the functions of two measured runs', () => {
  it('have their ticks in seconds, by the frequency of each run', () => {
    const [row] = functionReports(
      measuredRun(1e9, [measurement('f', { calls: 10, outermost: 10, ticks: 2e9, source: 'f.c:1' })]),
      measuredRun(2e9, [measurement('f', { calls: 10, outermost: 10, ticks: 1e9 })]),
    )
    expect(row).toEqual({
      ...{ name: 'f', source: 'f.c:1', calls: 10, crossings: 10, emulated: 2, offloaded: 0.5, speedup: 4 },
      ...{ comparable: true, unreturned: 0 },
    })
  })

  it('have no speedup without a crossing', () => {
    const [row] = functionReports(
      measuredRun(1e9, [measurement('inner', { calls: 5, outermost: 5, ticks: 1e9 })]),
      measuredRun(1e9, [measurement('inner', {})]),
    )
    expect(row).toMatchObject({ calls: 5, crossings: 0, emulated: 1, offloaded: 0, speedup: null, comparable: false })
  })

  it('compare recursive functions by their outermost calls', () => {
    const [row] = functionReports(
      measuredRun(1e9, [measurement('fib', { calls: 1000, outermost: 1, ticks: 9e8 })]),
      measuredRun(1e9, [measurement('fib', { calls: 1, outermost: 1, ticks: 1e8 })]),
    )
    expect(row).toMatchObject({ calls: 1000, crossings: 1, speedup: 9, comparable: true })
  })

  it('compare mean calls when offloaded functions made some of them', () => {
    const [row] = functionReports(
      measuredRun(1e9, [measurement('f', { calls: 30, outermost: 30, ticks: 3e9 })]),
      measuredRun(1e9, [measurement('f', { calls: 10, outermost: 10, ticks: 5e8 })]),
    )
    expect(row).toMatchObject({ speedup: 2, comparable: false })
  })

  it('come with most time first, and with the calls that did not return', () => {
    const rows = functionReports(
      measuredRun(1e9, [
        measurement('short', { calls: 1, outermost: 1, ticks: 1 }),
        measurement('long', { calls: 2, outermost: 1, open: 1, ticks: 1e9 }),
      ]),
      measuredRun(1e9, [
        measurement('short', {}),
        measurement('long', { calls: 2, outermost: 1, open: 1, ticks: 1e8 }),
      ]),
    )
    expect(rows.map(row => [row.name, row.unreturned])).toEqual([
      ['long', 2],
      ['short', 0],
    ])
  })
})

describe('the times of the program', () => {
  const runs = (...walls: number[]) => walls.map(wall => ({ wall, user: wall / 2, system: wall / 4 }))

  it('are compared with emulated and native by their medians', () => {
    const rows = programReports(
      new Map([
        ['emulated', runs(9, 8, 20)],
        ['hybrid', runs(3, 3, 3)],
        ['native', runs(1.5, 1, 4)],
      ]),
      { what: 'stdout differs', emulated: 'a', native: 'b' },
    )
    expect(rows.map(({ kind, speedup, ofNative }) => ({ kind, speedup, ofNative }))).toEqual([
      { kind: 'emulated', speedup: 1, ofNative: 1.5 / 9 },
      { kind: 'hybrid', speedup: 3, ofNative: 0.5 },
      { kind: 'native', speedup: 6, ofNative: 1 },
    ])
    expect(rows[0]).toMatchObject({ wall: { median: 9, min: 8, max: 20 }, cpu: { median: 6.75 } })
    expect(rows.map(row => row.difference?.what)).toEqual([undefined, undefined, 'stdout differs'])
  })

  it('say nothing of native without it', () => {
    const rows = programReports(
      new Map([
        ['emulated', runs(2)],
        ['hybrid', runs(1)],
      ]),
      undefined,
    )
    expect(rows.map(row => row.ofNative)).toEqual([null, null])
  })
})

describe('the command of a run', () => {
  const options = { program: './app', arguments: ['-x', '--', 'y'], ferry: ['node', 'ferry'] }

  it('starts ferry without and with offloading', () => {
    const files = { native: '/work/native' }
    const tail = ['--', './app', '-x', '--', 'y']
    expect(commandOf('emulated', options, files)).toEqual({
      file: 'node',
      args: ['ferry', 'run', '--offload=off', ...tail],
    })
    expect(commandOf('hybrid', { ...options, optimize: 'no-chain,no-ras', stackSize: 65536 }, files)).toEqual({
      file: 'node',
      args: ['ferry', 'run', '--offload=on', '--optimize=no-chain,no-ras', '--stack-size=65536', ...tail],
    })
    expect(commandOf('hybrid', options, { ...files, measure: 'm.json' }).args).toContain('--measure=m.json')
  })

  it('gives native programs and qemu the same argv[0]', () => {
    const files = { native: '/work/native' }
    expect(commandOf('native', options, files)).toEqual({
      ...{ file: '/work/native', args: ['-x', '--', 'y'], argv0: './app' },
    })
    const qemu = commandOf('qemu', { ...options, stackSize: 65536 }, files)
    expect(qemu.file).toBe('qemu-riscv64')
    expect(qemu.args).toEqual(['-s', '65536', '-0', './app', join(process.cwd(), 'app'), '-x', '--', 'y'])
  })
})

describe('the counts of a measured run', () => {
  it('are missing when the run did not write them', () => {
    expect(readMeasured(join(folder, 'never'))).toBeUndefined()
    expect(readMeasured(file('unwritten', ''))).toBeUndefined()
    const run = measuredRun(1e9, [])
    expect(readMeasured(file('written', JSON.stringify(run)))).toEqual(run)
    expect(readFileSync(join(folder, 'written'), 'utf8')).toContain('ticksPerSecond')
  })
})
