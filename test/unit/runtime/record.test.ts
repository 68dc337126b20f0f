import { describe, expect, it } from 'vitest'
import type { EdgeCount, Profile } from '../../../runtime/profile/profile.ts'
import { recordRun } from '../../../runtime/profile/record.ts'

const edge = (from: string, to: string | undefined, kind: EdgeCount['kind'], count: number): EdgeCount => ({
  ...{ from: 0, fromPlace: from, kind, exit: true, count },
  ...(to === undefined ? {} : { to: 0, toPlace: to }),
})

const profile = {
  functions: [
    { name: 'main', instructions: 100 },
    { name: 'loop', instructions: 5000 },
    { name: undefined, instructions: 7 },
  ],
  blocks: [
    { place: 'main', executions: 1 },
    { place: 'main+0x8', executions: 10 },
    { place: 'loop', executions: 500 },
  ],
  edges: [
    edge('main+0x8', 'loop', 'call', 10),
    edge('loop', 'loop', 'taken', 490),
    edge('loop+0x4', 'tail', 'jump', 10),
    edge('main+0x8', undefined, 'indirect-call', 3),
    edge('main+0x8', 'native', 'call', 3),
    edge('main', 'main+0x8', 'fall', 1),
  ],
} as unknown as Profile

describe('the profile that a run writes', () => {
  const recorded = recordRun({
    ...{ program: 'app', profile, ticksPerSecond: 2e9 },
    measurements: [
      { name: 'native', offloaded: true, calls: 4, outermost: 4, open: 0, ticks: 2000 },
      { name: 'loop', offloaded: false, calls: 10, outermost: 10, open: 0, ticks: 1 },
    ],
    crossings: [{ direction: 'guest-host', from: 'main', to: 'native', calls: 4 }],
  })

  it('has the calls of functions, also of those that begin with a loop', () => {
    expect(recorded.functions).toEqual([
      { name: 'main', calls: 1, instructions: 100, pointerCalls: 3, native: 0 },
      { name: 'loop', calls: 10, instructions: 5000, pointerCalls: 0, native: 0 },
      { name: 'native', calls: 4, instructions: 0, pointerCalls: 0, native: 1000 },
    ])
  })

  it('has calls, jumps to other functions, and crossings', () => {
    expect(recorded.edges).toEqual([
      { caller: 'main', callee: 'loop', calls: 10 },
      { caller: 'loop', callee: 'tail', calls: 10 },
      { caller: 'main', callee: 'native', calls: 4 },
    ])
  })
})
