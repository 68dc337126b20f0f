import { describe, expect, test } from 'vitest'
import { type BlockProfile, REGISTERS, type RegionProfile } from '../../../emulator/profile.ts'
import { regionEdges } from '../../../runtime/profile/edges.ts'
import { makeProfile } from '../../../runtime/profile/profile.ts'

/** Blocks of one region, 16 bytes apart; the numbers of their counters are those of `first` on. */
function region(blocks: readonly Partial<BlockProfile>[], first = 0): RegionProfile {
  return {
    inHost: new Uint8Array(REGISTERS).fill(1, 10, 16),
    blocks: blocks.map((block, b) => ({
      pc: 0x1000 + 16 * b,
      counter: first + b,
      instructions: 4,
      bytes: 10,
      kind: 'ret',
      taken: -1,
      takenPc: -1,
      next: -1,
      nextPc: -1,
      entry: b === 0,
      uses: { reads: new Uint16Array(REGISTERS), writes: new Uint16Array(REGISTERS) },
      ...block,
    })),
  }
}

const branch = (taken: number, next: number): Partial<BlockProfile> => ({
  kind: 'branch',
  taken,
  takenPc: 0x1000 + 16 * taken,
  next,
  nextPc: 0x1000 + 16 * next,
})
const fall = (next: number): Partial<BlockProfile> => ({ kind: 'fall', next, nextPc: 0x1000 + 16 * next })

const edgesOf = (blocks: readonly Partial<BlockProfile>[], counts: readonly (number | undefined)[]) =>
  regionEdges(region(blocks), counts).map(({ block, kind, count }) => [block, kind, count])

describe('edges', () => {
  test('a loop: what enters it and what does not come from before is the way back', () => {
    expect(edgesOf([fall(1), branch(1, 2), {}], [1, 100, 1])).toEqual([
      [0, 'fall', 1],
      [1, 'taken', 99],
      [1, 'not-taken', 1],
      [2, 'return', 1],
    ])
  })

  test('a diamond: each side has its own count', () => {
    expect(edgesOf([branch(2, 1), { kind: 'jump', taken: 3, takenPc: 0x1030 }, fall(3), {}], [10, 7, 3, 10])).toEqual([
      [0, 'taken', 3],
      [0, 'not-taken', 7],
      [1, 'jump', 7],
      [2, 'fall', 3],
      [3, 'return', 10],
    ])
  })

  test('what other regions enter tells nothing of the edges into it', () => {
    expect(edgesOf([fall(1), { ...branch(1, 2), entry: true }, { entry: true }], [1, 100, 50])).toEqual([
      [0, 'fall', 1],
      [1, 'taken', undefined],
      [1, 'not-taken', undefined],
      [2, 'return', 50],
    ])
  })

  test('a block that is not counted leaves its edges open, and those that only it could tell', () => {
    expect(edgesOf([branch(2, 1), fall(2), {}], [undefined, undefined, 5])).toEqual([
      [0, 'taken', undefined],
      [0, 'not-taken', undefined],
      [1, 'fall', undefined],
      [2, 'return', 5],
    ])
  })

  test('are never taken less than no time, when a fault left a block unfinished', () => {
    expect(edgesOf([branch(2, 1), fall(2), {}], [3, 4, 3])).toContainEqual([0, 'taken', 0])
  })

  test.each([
    ['call', 'call', 0x2000],
    ['callr', 'indirect-call', undefined],
    ['jumpr', 'indirect-jump', undefined],
    ['ret', 'return', undefined],
    ['resume', 'system', 0x1010],
    ['trap', 'trap', undefined],
  ] as const)('%s is the edge %s', (kind, name, to) => {
    const [edge] = regionEdges(region([{ kind, takenPc: 0x2000, nextPc: 0x1010 }]), [6])
    expect(edge).toEqual({ block: 0, to, kind: name, exit: true, count: 6 })
  })
})

describe('the profile', () => {
  const uses = { reads: new Uint16Array(REGISTERS), writes: new Uint16Array(REGISTERS) }
  uses.reads[10] = 2
  uses.writes[5] = 1
  uses.reads[32 + 10] = 1
  const regions = [
    region([{ ...fall(1), uses }, branch(1, 2), { instructions: 1 }]),
    // the loop's block again, translated alone; and one that ran out of counters
    region([{ pc: 0x1010, instructions: 2, bytes: 20 }, { counter: -1 }], 3),
    region([{ pc: 0x3000, instructions: 8 }], 5),
  ]
  const counts = [1, 100, 1, 10, 0, 3]
  const symbolAt = (pc: number) => (pc < 0x2000 ? { name: 'loop', offset: pc - 0x1000 } : undefined)
  const profile = makeProfile(regions, counter => counts[counter]!, symbolAt)

  test('adds up executions and instructions', () => {
    expect(profile).toMatchObject({
      executions: 115,
      instructions: 4 + 400 + 1 + 20 + 24,
      blocksTranslated: 6,
      blocksUncounted: 1,
      edgesOpen: 1,
    })
    expect(profile.hostBytesPerInstruction).toBeCloseTo((10 * 102 + 200 + 30) / 449)
  })

  test('has translations of the same block once, the hottest block first', () => {
    expect(
      profile.blocks.map(({ pc, place, executions, instructions }) => [pc, place, executions, instructions]),
    ).toEqual([
      [0x1010, 'loop+0x10', 110, 420],
      [0x3000, undefined, 3, 24],
      [0x1000, 'loop', 1, 4],
      [0x1020, 'loop+0x20', 1, 1],
    ])
    expect(profile.blocks[0]).toMatchObject({ translations: 2, hostBytesPerInstruction: 1200 / 420, share: 420 / 449 })
  })

  test('has functions, and code without a symbol as one', () => {
    expect(profile.functions).toEqual([
      { name: 'loop', blocks: 3, instructions: 425, share: 425 / 449, hostBytesPerInstruction: 1220 / 425 },
      { blocks: 1, instructions: 24, share: 24 / 449, hostBytesPerInstruction: 30 / 24 },
    ])
  })

  test('has the registers of each file with their homes', () => {
    expect(profile.registers).toEqual([
      { name: 'a0', home: 'rdi', reads: 2, writes: 0, share: 2 / 3, inHost: 1 },
      { name: 't0', home: 'memory', reads: 0, writes: 1, share: 1 / 3, inHost: 0 },
      { name: 'fa0', home: 'xmm0', reads: 1, writes: 0, share: 1, inHost: 0 },
    ])
  })

  test('has edges by what they join', () => {
    expect(profile.edges[0]).toEqual({
      from: 0x1010,
      fromPlace: 'loop+0x10',
      to: 0x1010,
      toPlace: 'loop+0x10',
      kind: 'taken',
      exit: false,
      count: 99,
    })
    expect(profile.edges.filter(({ exit }) => exit).map(({ from, kind, count }) => [from, kind, count])).toEqual([
      [0x1010, 'return', 10],
      [0x3000, 'return', 3],
      [0x1020, 'return', 1],
    ])
  })

  test('of nothing is empty', () => {
    expect(makeProfile([], () => 0, symbolAt)).toEqual({
      executions: 0,
      instructions: 0,
      hostBytesPerInstruction: 0,
      blocksTranslated: 0,
      blocksUncounted: 0,
      edgesOpen: 0,
      blocks: [],
      functions: [],
      registers: [],
      edges: [],
    })
  })
})
