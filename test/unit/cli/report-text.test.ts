import { describe, expect, it } from 'vitest'
import { formatFactor, formatSeconds, reportText } from '../../../cli/report-text.ts'
import type { FunctionReport, ProgramReport, Report } from '../../../runtime/index.ts'

it.each([
  [12.345, '12.3 s'],
  [1.2345, '1.23 s'],
  [123.4, '123 s'],
  [0.9996, '1.00 s'],
  [0.0456, '45.6 ms'],
  [0.000_789, '789 µs'],
  [12e-9, '12.0 ns'],
  [0.4e-9, '0.40 ns'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

it.each([
  [0.984, '0.98x'],
  [9.999, '10.0x'],
  [12.34, '12.3x'],
  [99.97, '100x'],
  [1234.5, '1235x'],
])('a factor %s is %s', (factor, text) => {
  expect(formatFactor(factor)).toBe(text)
})

const hot: FunctionReport = {
  ...{ name: 'hot', source: 'a.c:3', calls: 100, crossings: 100, emulated: 2, offloaded: 0.25, speedup: 8 },
  ...{ comparable: true, unreturned: 0 },
}

const program = (kind: ProgramReport['kind'], median: number, speedup: number): ProgramReport => ({
  ...{ kind, speedup, ofNative: null, runs: [] },
  wall: { median, min: median / 2, max: median },
  cpu: { median: median * 1.5, min: median, max: median * 2 },
})

const basic: Report = {
  ...{ program: './app', arguments: ['in.txt'], stdin: '/dev/null', runs: 5, warmup: 1, optimize: '', stackSize: 0 },
  outcome: { status: 0, signal: null, stdoutBytes: 42 },
  functions: [hot],
  crossings: [],
  programs: [program('emulated', 3, 1), program('hybrid', 1, 3)],
  measured: { emulated: { wall: 3.1, user: 3, system: 0 }, hybrid: { wall: 1.1, user: 1, system: 0 } },
  ticksPerSecond: 2e9,
  environment: {
    ...{ cpu: 'Model X', cpuCount: 4, kernel: '6.1', memory: 2 ** 30, load: 0.2, hostCpu: 'x86-64-v3' },
    versions: { node: '20.0.0' },
  },
}

describe('the text of a report', () => {
  it('has both tables', () => {
    expect(reportText(basic)).toMatchInlineSnapshot(`
      "./app in.txt
      1 offloaded function; 5 timed runs of each kind, all with the same output (42 bytes) and exit status 0
      Model X, 4 processors, Linux 6.1, native code for x86-64-v3

      function  calls  crossings  emulated  offloaded  speedup  source
      hot         100        100    2.00 s     250 ms    8.00x  a.c:3

      Times of a function are those of one emulated and one hybrid run, and include the functions that it calls.

      program   median     min     CPU  speedup
      emulated  3.00 s  1.50 s  4.50 s    1.00x
      hybrid    1.00 s  500 ms  1.50 s    3.00x

      Times of the program are of whole processes, start included; translations are kept between runs. Speedup is against emulated.
      "
    `)
  })

  it('explains functions without crossings, unlike calls, calls without return, unused functions', () => {
    const functions = [
      hot,
      { ...hot, name: 'inner', crossings: 0, offloaded: 0, speedup: null, comparable: false },
      { ...hot, name: 'both', crossings: 50, comparable: false },
      { ...hot, name: 'leave', unreturned: 2 },
      { ...hot, name: 'idle', calls: 0, crossings: 0, emulated: 0, offloaded: 0, speedup: null },
    ]
    const text = reportText({ ...basic, functions })
    expect(text).toContain('5 offloaded functions')
    expect(text).toContain("the time offloaded is inside the callers': inner.")
    expect(text).toContain('the speedup is that of the mean call: both.')
    expect(text).toContain('not in the times of: leave.')
    expect(text).toContain('Not called: idle.')
    expect(text).toMatch(/^both +100 +50 +2\.00 s +250 ms +~8\.00x +a\.c:3$/m)
    expect(text).toMatch(/^idle +0 +0 +- +- +- +a\.c:3$/m)
  })

  it('compares with native, and says when that prints otherwise', () => {
    const difference = { what: 'stdout differs from line 2 on (byte 6)', emulated: '/t/e', native: '/t/n' }
    const programs = [
      { ...program('emulated', 3, 1), ofNative: 0.1 },
      { ...program('native', 0.3, 10), ofNative: 1, difference },
    ]
    const text = reportText({ ...basic, programs })
    expect(text).toMatch(/^emulated +3\.00 s +1\.50 s +4\.50 s +1\.00x +10 %$/m)
    expect(text).toContain('stdout differs from line 2 on (byte 6). Compare /t/e with /t/n.')
  })

  it('says when measuring or other work made times longer', () => {
    expect(reportText(basic)).not.toMatch(/Measuring made|busy/)
    const measured = { ...basic.measured, emulated: { wall: 6, user: 6, system: 0 } }
    const environment = { ...basic.environment, load: 3.4 }
    const text = reportText({ ...basic, measured, environment })
    expect(text).toContain('Measuring made the emulated run 2.00x as long')
    expect(text).toContain('busy (load 3.4 on 4 processors)')
  })

  it('names the signal that ended the program', () => {
    const text = reportText({ ...basic, outcome: { status: null, signal: 'SIGABRT', stdoutBytes: 0 } })
    expect(text).toContain('all with the same output (0 bytes) and SIGABRT')
  })
})
