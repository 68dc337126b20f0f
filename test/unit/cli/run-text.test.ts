import { expect, test } from 'vitest'
import { benchmarkText } from '../../../cli/benchmark-text.ts'
import { profileText } from '../../../cli/profile-text.ts'
import type { Benchmark, Profile } from '../../../runtime/index.ts'

const BENCHMARK: Benchmark = {
  startup: 60.04,
  wall: 123.45,
  firstInstruction: 20.1,
  executor: { user: 100, system: 3.21 },
  translator: { user: 40, system: 5 },
  translation: { regions: 7, instructions: 120, bytes: 900, bytesPerInstruction: 7.5, milliseconds: 12.3 },
  requests: { ready: 1, resolve: 7, exit: 1 },
}

test('a benchmark is four lines', () => {
  expect(benchmarkText(BENCHMARK)).toBe(
    `ferry: run          123.5 ms, start and end of the guest included, first guest instruction after 20.1 ms; 60.0 ms before that to load ferry
ferry: cpu          executor 100.0 ms user + 3.2 ms system, translator 40.0 ms user + 5.0 ms system
ferry: translation  12.3 ms for 7 regions: 120 guest instructions, 900 bytes of host code, 7.50 bytes per guest instruction
ferry: requests     ready 1, resolve 7, exit 1
`,
  )
})

test('a guest that executed nothing has no first instruction', () => {
  const { firstInstruction, ...rest } = BENCHMARK
  const text = benchmarkText({ ...rest, requests: {} })
  expect(firstInstruction).toBe(20.1)
  expect(text).not.toContain('first guest instruction')
  expect(text).toContain('requests     none\n')
})

const block = (number: number): Profile['blocks'][number] => ({
  pc: 0x1000 + number * 4,
  place: `f+0x${(number * 4 + 8).toString(16)}`,
  executions: 100 - number,
  instructions: 300,
  share: 0.04,
  hostBytesPerInstruction: 5.125,
  translations: 1,
})
const PROFILE: Profile = {
  executions: 2000,
  instructions: 7500,
  hostBytesPerInstruction: 5.5,
  blocksTranslated: 30,
  blocksUncounted: 0,
  edgesOpen: 2,
  blocks: Array.from({ length: 25 }, (_, number) => block(number)),
  functions: [{ name: 'f', blocks: 25, instructions: 7500, share: 1, hostBytesPerInstruction: 5.5 }],
  registers: [
    { name: 'a0', home: 'rdi', reads: 30, writes: 10, share: 0.8, inHost: 1 },
    { name: 'zero', home: 'constant', reads: 10, writes: 0, share: 0.2, inHost: 0 },
    { name: 'fs0', home: 'memory', reads: 1, writes: 0, share: 1, inHost: 0.5 },
  ],
  edges: [
    { from: 0x1000, fromPlace: 'f', to: 0x1000, toPlace: 'f', kind: 'taken', exit: false, count: 99 },
    { from: 0x1004, kind: 'return', exit: true, count: 7 },
  ],
}

test('a profile has its tables, the longest cut', () => {
  const sections = profileText(PROFILE).trimEnd().split('\n\n')
  expect(sections.map(text => text.split('\n')[0])).toEqual([
    'ferry: profile: 7500 guest instructions in 2000 executions of 25 blocks (30 translated; 2 edges can not be told from them), 5.50 host bytes per guest instruction',
    'hottest blocks (20 of 25)',
    'hottest functions',
    'most taken edges',
    'most taken ways out of regions',
    'uses of integer registers',
    'uses of floating-point registers',
  ])
  expect(sections[1]!.split('\n')).toHaveLength(22)
  expect(sections[1]!.split('\n')[2]).toBe('       100           300  4.00 %               5.13  0x1000  f+0x8')
  expect(sections[4]!.split('\n').at(-1)).toBe('    7  return  0x1004  -')
  expect(sections[5]).toBe(`uses of integer registers
reads  writes    share  in a register  guest  home
   30      10  80.00 %       100.00 %  a0     rdi
   10       0  20.00 %              -  zero   constant`)
})

test('a profile says what it could not count, and the bridge calls of a hybrid', () => {
  const measured = { outermost: 7, open: 0, ticks: 1 }
  const text = profileText({ ...PROFILE, blocksUncounted: 3 }, [
    { name: 'on_host', offloaded: true, calls: 7, ...measured },
    { name: 'stays', offloaded: false, calls: 9, ...measured },
    { name: 'unused', offloaded: true, calls: 0, ...measured },
  ])
  expect(text).toContain('ferry: profile: 3 blocks were not counted: out of counters\n')
  expect(text.endsWith('bridge calls of offloaded functions\ncalls  function\n    7  on_host\n')).toBe(true)
})
