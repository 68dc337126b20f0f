import { describe, expect, test } from 'vitest'
import { ILLEGAL } from '../../../emulator/ir/region.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { BASE, bytesOf, C_NOP, i, opsOf, RET, regionOf } from './guest-code.ts'

const NOP = i('addi')
const blocksOf = (ir: ReturnType<typeof regionOf>) =>
  ir.blocks.map(({ pc, kind, taken, next, entry, loop, depth }) => ({
    pc: pc - BASE,
    kind,
    taken,
    next,
    ...(entry && { entry }),
    ...(loop && { loop }),
    ...(depth > 0 && { depth }),
  }))

describe('blocks', () => {
  test('a straight line is one block', () => {
    const ir = regionOf([NOP, C_NOP, RET])
    expect(opsOf(ir)).toEqual([['addi', 'addi', 'jalr']])
    expect([...ir.pc.subarray(0, 3)]).toEqual([0, 4, 6])
    expect([...ir.length.subarray(0, 3)]).toEqual([4, 2, 4])
    expect(blocksOf(ir)).toEqual([{ pc: 0, kind: 'ret', taken: -1, next: -1, entry: true }])
  })

  test('a branch has both sides in the region, in the order of their addresses', () => {
    const ir = regionOf([i('beq', { rs1: 10, imm: 12 }), NOP, RET, NOP, RET])
    expect(blocksOf(ir)).toEqual([
      { pc: 0, kind: 'branch', taken: 2, next: 1, entry: true },
      { pc: 4, kind: 'ret', taken: -1, next: -1 },
      { pc: 12, kind: 'ret', taken: -1, next: -1 },
    ])
    expect(verifyIr(ir)).toEqual([])
  })

  test('a target in the middle of a straight line cuts it', () => {
    const ir = regionOf([NOP, NOP, i('bne', { rs1: 10, imm: -4 }), RET])
    expect(blocksOf(ir)).toEqual([
      { pc: 0, kind: 'fall', taken: -1, next: 1, entry: true },
      { pc: 4, kind: 'branch', taken: 1, next: 2, loop: true, depth: 1 },
      { pc: 12, kind: 'ret', taken: -1, next: -1 },
    ])
  })

  test('the entry may have blocks before it', () => {
    const ir = regionOf([NOP, NOP, i('bne', { rs1: 10, imm: -8 }), RET], {}, { entry: BASE + 8 })
    expect(blocksOf(ir)).toEqual([
      { pc: 0, kind: 'fall', taken: -1, next: 1, loop: true, depth: 1 },
      { pc: 8, kind: 'branch', taken: 0, next: 2, entry: true, depth: 1 },
      { pc: 12, kind: 'ret', taken: -1, next: -1 },
    ])
    expect(ir.base).toBe(BASE + 8)
    expect(verifyIr(ir)).toEqual([])
  })

  test('nested loops count', () => {
    const ir = regionOf([NOP, NOP, i('bne', { rs1: 10, imm: -4 }), i('bne', { rs1: 11, imm: -12 }), RET])
    expect(ir.blocks.map(({ depth }) => depth)).toEqual([1, 2, 1, 0])
    expect(ir.blocks.map(({ loop }) => loop)).toEqual([true, true, false, false])
  })

  test.each([
    ['jal', i('jal', { rd: 1, imm: 64 }), 'call'],
    ['jal through t0', i('jal', { rd: 5, imm: 64 }), 'call'],
    ['jalr', i('jalr', { rd: 1, rs1: 10 }), 'callr'],
    ['ecall', i('ecall'), 'resume'],
    ['fence.i', i('fence_i'), 'resume'],
  ] as const)('behind %s the region goes on at an entry', (_, word, kind) => {
    const ir = regionOf([word, RET])
    expect(blocksOf(ir)).toEqual([
      { pc: 0, kind, taken: -1, next: 1, entry: true },
      { pc: 4, kind: 'ret', taken: -1, next: -1, entry: true },
    ])
  })

  test.each([
    ['ret', RET, 'ret'],
    ['jr t0', i('jalr', { rs1: 5 }), 'ret'],
    ['jr a0', i('jalr', { rs1: 10 }), 'jumpr'],
    ['jr 4(ra)', i('jalr', { rs1: 1, imm: 4 }), 'jumpr'],
    ['jalr a0, ra', i('jalr', { rd: 10, rs1: 1 }), 'jumpr'],
    ['ebreak', i('ebreak'), 'trap'],
  ] as const)('%s ends the region', (_, word, kind) => {
    expect(blocksOf(regionOf([word, RET]))).toEqual([{ pc: 0, kind, taken: -1, next: -1, entry: true }])
  })

  test('a jump is followed; one that links elsewhere than to ra and t0 is a way out', () => {
    expect(blocksOf(regionOf([i('jal', { imm: 8 }), NOP, RET]))).toEqual([
      { pc: 0, kind: 'jump', taken: 1, next: -1, entry: true },
      { pc: 8, kind: 'ret', taken: -1, next: -1 },
    ])
    expect(blocksOf(regionOf([i('jal', { rd: 10, imm: 8 }), NOP, RET]))).toEqual([
      { pc: 0, kind: 'jump', taken: -1, next: -1, entry: true },
    ])
  })
})

describe('limits', () => {
  const loop = [NOP, NOP, NOP, i('bne', { rs1: 10, imm: -8 }), RET]

  test('the budget of instructions cuts a line where it ends', () => {
    const ir = regionOf(loop, { instructions: 2 })
    expect(opsOf(ir)).toEqual([['addi', 'addi']])
    expect(ir.blocks[0]).toMatchObject({ kind: 'fall', next: -1, nextPc: BASE + 8 })
    expect(verifyIr(ir)).toEqual([])
  })

  test('a block without budget stays outside', () => {
    const ir = regionOf(loop, { instructions: 4 })
    expect(ir.count).toBe(4)
    expect(ir.blocks.at(-1)).toMatchObject({ kind: 'branch', taken: 1, next: -1, nextPc: BASE + 16 })
  })

  test('targets out of reach stay outside', () => {
    const ir = regionOf([i('beq', { rs1: 10, imm: 16 }), RET, NOP, NOP, RET], { reach: 12 })
    expect(ir.blocks[0]).toMatchObject({ taken: -1, takenPc: BASE + 16, next: 1 })
  })

  test('single is the block of the entry, even when that is a loop', () => {
    const ir = regionOf(loop, { single: true })
    expect(opsOf(ir)).toEqual([['addi', 'addi', 'addi', 'bne']])
    const self = regionOf([NOP, i('bne', { rs1: 10, imm: -4 }), RET], { single: true })
    expect(self.blocks).toHaveLength(1)
    expect(self.blocks[0]).toMatchObject({ taken: 0, loop: true, depth: 1, next: -1 })
  })

  test('code that has a translation is left to it: behind a branch, behind a call and on the way', () => {
    const words = [i('beq', { rs1: 10, imm: 8 }), RET, NOP, i('jal', { rd: 1, imm: 32 }), RET]
    expect(regionOf(words, {}, { translated: [BASE + 8] }).blocks.map(({ pc }) => pc - BASE)).toEqual([0, 4])
    const called = regionOf(words, {}, { translated: [BASE + 16] })
    expect(called.blocks.at(-1)).toMatchObject({ kind: 'call', next: -1, nextPc: BASE + 16 })
    const way = regionOf([NOP, NOP, RET], {}, { translated: [BASE, BASE + 4] })
    expect(way.blocks).toHaveLength(1)
    expect(way.blocks[0]).toMatchObject({ kind: 'fall', next: -1, nextPc: BASE + 4, end: 1 })
  })
})

describe('what is no instruction', () => {
  test('ends the block with a trap that has the word', () => {
    const ir = regionOf([NOP, 0xffffffff])
    expect(opsOf(ir)).toEqual([['addi', 'illegal']])
    expect(ir.blocks[0]!.kind).toBe('trap')
    expect([ir.imm[1], ir.rm[1]]).toEqual([0xffffffff | 0, 0])
    expect(verifyIr(ir)).toEqual([])
  })

  test.each([
    ['whole', [NOP], 4],
    ['in its second half', [NOP, RET], 6],
  ] as const)('is left in front of one that can not be fetched, %s', (_, words, mapped) => {
    const ir = regionOf(bytesOf(words).subarray(0, mapped))
    expect(opsOf(ir)).toEqual([['addi']])
    expect(ir.blocks[0]).toMatchObject({ kind: 'fall', next: -1, nextPc: BASE + 4 })
    expect(verifyIr(ir)).toEqual([])
  })

  test('leaves no operands of an earlier region behind', () => {
    const ir = regionOf([i('add', { rd: 1, rs1: 2, rs2: 3 }), RET])
    expect(ir.rs1[0]).toBe(2)
    expect(regionOf([0xffffffff]).rs1[0]).toBe(0)
  })
})

describe('a breakpoint', () => {
  const CODE = [NOP, C_NOP, i('bne', { rs1: 10, imm: -6 }), RET]

  test.each([
    ['at the entry', 0, [['illegal']]],
    ['within a block', 4, [['addi', 'illegal']]],
    ['at a branch', 6, [['addi', 'addi', 'illegal']]],
    ['behind a branch', 10, [['addi', 'addi', 'bne'], ['illegal']]],
  ] as const)('%s ends its block before the instruction', (_, at, ops) => {
    const ir = regionOf(CODE, {}, { breakpoints: [BASE + at] })
    expect(opsOf(ir)).toEqual(ops)
    const last = ir.count - 1
    expect([ir.rm[last], ir.address(last), ir.length[last]]).toEqual([ILLEGAL.BREAKPOINT, BASE + at, 2])
    expect(ir.blocks.at(-1)!.kind).toBe('trap')
    expect(verifyIr(ir)).toEqual([])
  })
})

describe('overlapping instructions', () => {
  /** lui zero, 16: its upper half is c.nop. */
  const WIDE = i('lui', { imm: C_NOP << 16 })

  test('two readings come together in a block that they share', () => {
    const ir = regionOf([i('beq', { rs1: 10, imm: 6 }), WIDE, NOP, RET])
    expect(blocksOf(ir)).toEqual([
      { pc: 0, kind: 'branch', taken: 2, next: 1, entry: true },
      { pc: 4, kind: 'fall', taken: -1, next: 3 },
      { pc: 6, kind: 'fall', taken: -1, next: 3 },
      { pc: 8, kind: 'ret', taken: -1, next: -1 },
    ])
    expect(opsOf(ir)).toEqual([['beq'], ['lui'], ['addi'], ['addi', 'jalr']])
    expect(verifyIr(ir)).toEqual([])
  })

  test('many of them take every instruction once', () => {
    const branches = 48
    const into = Array.from({ length: branches }, (_, n) => i('beq', { rs1: 10, imm: (branches - n) * 4 + n * 4 + 2 }))
    const ir = regionOf([...into, ...Array<number>(branches).fill(WIDE), RET])
    expect(ir.count).toBeLessThanOrEqual(160)
    expect(verifyIr(ir)).toEqual([])
  })
})
