import { describe, expect, test } from 'vitest'
import { HOME } from '../../../emulator/convention.ts'
import { Analysis, fullUses, stepNarrow } from '../../../emulator/ir/analysis.ts'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { i, RET, regionOf } from './guest-code.ts'

/** a0 and a1 have host registers, s4 has none. */
const [A0, A1, A2, S4] = [10, 11, 12, 20]
const bit = (...registers: readonly number[]) => registers.reduce((mask, r) => mask | (1 << r), 0)

function analysed(words: readonly number[], { lazy = true, narrow = true, counter = true, passes = true } = {}) {
  const ir = regionOf(words)
  if (passes) {
    foldConstants(ir)
    fuse(ir)
  }
  const analysis = new Analysis()
  analysis.run(ir, HOME, { lazy, narrow, counter })
  return { ir, analysis }
}
const addiw = (rd: number, rs1 = rd, imm = 1) => i('addiw', { rd, rs1, imm })
const bne = (rs1: number, rs2: number, imm: number) => i('bne', { rs1, rs2, imm })

describe('32-bit results may stay lazy', () => {
  test.each([
    ['when nothing reads them', [addiw(A0), RET], [1, 0]],
    ['when only low halves are read', [addiw(A0), i('sw', { rs1: A1, rs2: A0 }), RET], [1]],
    ['not when a full reader follows', [addiw(A0), i('ld', { rd: A1, rs1: A0 }), RET], [0]],
    ['not when they are stored whole', [addiw(A0), i('sd', { rs1: A1, rs2: A0 }), RET], [0]],
    [
      'when another result comes before the full reader',
      [addiw(A0), i('lw', { rd: A0, rs1: A1 }), i('sd', { rs1: A1, rs2: A0 }), RET],
      [1],
    ],
    ['not where there is no host register', [addiw(S4), RET], [0]],
    [
      'when they are compared with another narrow value',
      [addiw(A0), i('lw', { rd: A1, rs1: A2 }), bne(A0, A1, 8), RET, RET],
      [1],
    ],
    ['not when they are compared with any value', [addiw(A0), bne(A0, A1, 8), RET, RET], [0]],
  ] as const)('%s', (_, words, expected) => {
    const { analysis } = analysed(words)
    expect([...analysis.mayLazy.subarray(0, expected.length)]).toEqual(expected)
  })

  test('when their own loop compares them with any value', () => {
    const loop = [addiw(A0), bne(A0, A1, -4), RET]
    expect(analysed(loop).analysis.mayLazy[0]).toBe(1)
    expect(analysed(loop, { counter: false }).analysis.mayLazy[0]).toBe(0)
    expect(
      analysed([addiw(A0), i('add', { rd: A2, rs1: A0, rs2: A1 }), bne(A0, A1, -8), RET]).analysis.mayLazy[0],
    ).toBe(0)
  })

  test('never when the optimisation is off', () => {
    const { analysis } = analysed([addiw(A0), RET], { lazy: false })
    expect(analysis.mayLazy[0]).toBe(0)
  })

  test('never those of x0, which later ones would be asked for', () => {
    const words = [addiw(A1), addiw(0, A1), i('addi', { rd: A0 }), bne(A1, 0, -12), RET]
    const { ir, analysis } = analysed(words, { passes: false })
    expect([...analysis.mayLazy.subarray(0, 2)]).toEqual([1, 0])
    expect(ir.blocks.map((_, b) => analysis.lazyIn[b]! & 1)).toEqual([0, 0])
  })

  test('across a loop that reads them as words, and not when the way out needs them', () => {
    const count = [addiw(A0), i('lw', { rd: A1, rs1: A2 }), bne(A0, A1, -8)]
    const clean = analysed([i('lw', { rd: A0, rs1: A2 }), ...count, RET])
    expect(clean.ir.blocks.map(({ loop }) => loop)).toEqual([false, true, false])
    expect(clean.analysis.lazyIn[1]).toBe(bit(A0))
    expect(clean.analysis.lazyIn[2]).toBe(bit(A0))
    expect(clean.analysis.mayLazy[1]).toBe(1)
    const needed = analysed([i('lw', { rd: A0, rs1: A2 }), ...count, i('add', { rd: A2, rs1: A0, rs2: A2 }), RET])
    expect(needed.analysis.mayLazy[1]).toBe(0)
    expect(needed.analysis.lazyIn[1]).toBe(0)
  })

  test('not into a loop that could come with any value', () => {
    // a0 is any value at the first round, so it is not narrow at the head
    const { analysis } = analysed([addiw(A1, A1), addiw(A0), i('bne', { rs1: A2, imm: -4 }), RET])
    expect(analysis.narrowIn[1]! & bit(A0)).toBe(0)
    expect(analysis.lazyIn[1]).toBe(bit(A1))
  })

  test('never into an entry, where code from elsewhere comes in', () => {
    const { ir, analysis } = analysed([addiw(A0), i('jal', { rd: 1, imm: 256 }), addiw(A1), RET])
    expect(ir.blocks[1]!.entry).toBe(true)
    expect(analysis.lazyIn[1]).toBe(0)
    expect(analysis.narrowIn[1]).toBe(1)
  })
})

describe('narrow values', () => {
  const narrowAfter = (word: number, narrow: number) => stepNarrow(regionOf([word, RET]), 0, narrow) & bit(A0)
  test.each([
    ['lw', i('lw', { rd: A0, rs1: A2 }), true, true],
    ['lwu', i('lwu', { rd: A0, rs1: A2 }), false, false],
    ['ld', i('ld', { rd: A0, rs1: A2 }), false, false],
    ['addiw', addiw(A0, A1), true, true],
    ['a move', i('addi', { rd: A0, rs1: A1 }), false, true],
    ['addi', i('addi', { rd: A0, rs1: A1, imm: 1 }), false, false],
    ['andi', i('andi', { rd: A0, rs1: A1, imm: 15 }), true, true],
    ['andi of a negative mask', i('andi', { rd: A0, rs1: A1, imm: -16 }), false, true],
    ['ori', i('ori', { rd: A0, rs1: A1, imm: 1 }), false, true],
    ['xori', i('xori', { rd: A0, rs1: A1, imm: -1 }), false, true],
    ['xor of two', i('xor', { rd: A0, rs1: A1, rs2: A1 }), false, true],
    ['and with any value', i('and', { rd: A0, rs1: A1, rs2: A2 }), false, false],
    ['srai by 32', i('srai', { rd: A0, rs1: A1, imm: 32 }), true, true],
    ['srai by 31', i('srai', { rd: A0, rs1: A1, imm: 31 }), false, true],
    ['srli by 33', i('srli', { rd: A0, rs1: A1, imm: 33 }), true, true],
    ['srli by 32', i('srli', { rd: A0, rs1: A1, imm: 32 }), false, false],
    ['sltu', i('sltu', { rd: A0, rs1: A1, rs2: A2 }), true, true],
    ['andn of two', i('andn', { rd: A0, rs1: A1, rs2: A1 }), false, true],
    ['the larger of two', i('maxu', { rd: A0, rs1: A1, rs2: A1 }), false, true],
    ['the smaller of any', i('min', { rd: A0, rs1: A1, rs2: A2 }), false, false],
    ['czero', i('czero_eqz', { rd: A0, rs1: A1, rs2: A2 }), false, true],
    ['ctz', i('ctz', { rd: A0, rs1: A1 }), true, true],
    ['rori', i('rori', { rd: A0, rs1: A1, imm: 3 }), false, false],
    ['roriw', i('roriw', { rd: A0, rs1: A1, imm: 3 }), true, true],
  ] as const)('%s', (_, word, fromAny, fromNarrow) => {
    expect([narrowAfter(word, 1), narrowAfter(word, 1 | bit(A1))]).toEqual([
      fromAny ? bit(A0) : 0,
      fromNarrow ? bit(A0) : 0,
    ])
  })

  test('a 32-bit constant is, a wider one is not', () => {
    const { ir, analysis } = analysed([
      i('addi', { rd: A0, imm: -1 }),
      i('addi', { rd: A1, imm: -1 }),
      i('srli', { rd: A1, rs1: A1, imm: 1 }),
      i('addi', { rd: A2, imm: 1 }),
      i('slli', { rd: A2, rs1: A2, imm: 31 }),
      bne(A0, A1, 8),
      RET,
      RET,
    ])
    expect(ir.blocks).toHaveLength(3)
    expect(analysis.narrowIn[1]! & bit(A0, A1, A2)).toBe(bit(A0))
  })

  test('only what is narrow on every path is narrow', () => {
    const both = [bne(A2, 0, 12), i('lw', { rd: A0, rs1: A1 }), i('jal', { imm: 8 })]
    const same = analysed([...both, i('lb', { rd: A0, rs1: A1 }), RET])
    expect(same.analysis.narrowIn[3]! & bit(A0)).toBe(bit(A0))
    const other = analysed([...both, i('ld', { rd: A0, rs1: A1 }), RET])
    expect(other.analysis.narrowIn[3]! & bit(A0)).toBe(0)
  })
})

describe('registers read in full', () => {
  const uses = (word: number, narrow = 1) => fullUses(regionOf([word, RET]), 0, narrow)
  test.each([
    ['add', i('add', { rd: A2, rs1: A0, rs2: A1 }), bit(A0, A1), bit(A0, A1)],
    ['addw', i('addw', { rd: A2, rs1: A0, rs2: A1 }), 0, 0],
    ['sll', i('sll', { rd: A2, rs1: A0, rs2: A1 }), bit(A0), bit(A0)],
    ['sw', i('sw', { rs1: A0, rs2: A1 }), bit(A0), bit(A0)],
    ['sd of x0', i('sd', { rs1: A0 }), bit(A0), bit(A0)],
    ['andi with a positive mask', i('andi', { rd: A2, rs1: A0, imm: 1 }), 0, 0],
    ['slli by 32', i('slli', { rd: A2, rs1: A0, imm: 32 }), 0, 0],
    ['slli by 31', i('slli', { rd: A2, rs1: A0, imm: 31 }), bit(A0), bit(A0)],
    ['a comparison', bne(A0, A1, 8), bit(A0, A1), 0],
    ['slti', i('slti', { rd: A2, rs1: A0, imm: 4 }), bit(A0), 0],
  ] as const)('%s', (_, word, ofAny, ofNarrow) => {
    expect([uses(word), uses(word, 1 | bit(A0, A1))]).toEqual([ofAny, ofNarrow])
  })

  test('an index counts, unless only its low half does', () => {
    const { ir } = analysed([
      i('add', { rd: A0, rs1: A1, rs2: A2 }),
      i('ld', { rd: A0, rs1: A0 }),
      i('slli', { rd: A0, rs1: A1, imm: 32 }),
      i('srli', { rd: A0, rs1: A0, imm: 30 }),
      i('add', { rd: A0, rs1: A0, rs2: A2 }),
      i('ld', { rd: A0, rs1: A0 }),
      RET,
    ])
    expect(fullUses(ir, 1, 1)).toBe(bit(A1, A2))
    expect(fullUses(ir, 5, 1)).toBe(bit(A2))
  })
})

test('an analysis can be run again on a larger region', () => {
  const analysis = new Analysis()
  const blocks = 100
  const words = Array.from({ length: blocks }, () => i('beq', { rs1: A0, imm: 4 }))
  const ir = regionOf([addiw(A0), ...words, i('sd', { rs1: A1, rs2: A0 }), RET])
  analysis.run(regionOf([RET]), HOME)
  analysis.run(ir, HOME)
  expect(ir.blocks).toHaveLength(blocks + 1)
  expect(analysis.wantedIn[0]! & bit(A1)).toBe(bit(A1))
  expect(analysis.mayLazy[0]).toBe(0)
})
