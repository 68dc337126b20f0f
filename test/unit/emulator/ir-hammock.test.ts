import { describe, expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { hammockAt, readsFirst } from '../../../emulator/ir/hammock.ts'
import type { RegionLimits } from '../../../emulator/ir/region.ts'
import { BASE, i, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2, A3] = [10, 11, 12, 13]

/** A branch over the words; what it says of the first block. */
function over(words: readonly number[], limits: Partial<RegionLimits> = {}): number {
  const ir = regionOf([i('bge', { rs1: A0, rs2: A1, imm: 4 + 4 * words.length }), ...words, RET], limits)
  foldConstants(ir)
  fuse(ir)
  removeDead(ir)
  return hammockAt(ir, 0)
}

const move = i('addi', { rd: A0, rs1: A1 })

describe('taken', () => {
  test.each([
    ['a move', [move], A0],
    ['a sum in place', [i('addw', { rd: A2, rs1: A2, rs2: A0 })], A2],
    [
      'an extension, which is one operation',
      [i('slli', { rd: A3, rs1: A1, imm: 48 }), i('srli', { rd: A3, rs1: A3, imm: 48 })],
      A3,
    ],
    ['three operations', [move, i('xori', { rd: A0, rs1: A0, imm: 5 }), i('slli', { rd: A0, rs1: A0, imm: 2 })], A0],
    ['a jump over nothing', [move, i('jal', { imm: 4 })], A0],
  ])('%s', (_, words, register) => {
    expect(over(words)).toBe(register)
  })
})

describe('not taken', () => {
  test.each([
    ['two registers', [move, i('addi', { rd: A2, rs1: A1 })]],
    ['four operations', [1, 2, 3, 4].map(imm => i('addi', { rd: A0, rs1: A0, imm }))],
    ['a load, which may fault', [i('ld', { rd: A0, rs1: A1 })]],
    ['a store', [i('sd', { rs1: A1, rs2: A0 })]],
    ['a division', [i('div', { rd: A0, rs1: A0, rs2: A1 })]],
    ['nothing that can be seen', [i('addi', { rd: 0, rs1: A1 })]],
    ['a jump to elsewhere', [move, i('jal', { imm: -8 })]],
    ['a call', [i('jal', { rd: 1, imm: 4 })]],
  ])('%s', (_, words) => {
    expect(over(words)).toBe(0)
  })

  test('a block that another branch goes to', () => {
    const ir = regionOf([i('bge', { rs1: A0, rs2: A1, imm: 8 }), move, i('beq', { rs1: A0, rs2: A2, imm: -4 }), RET])
    expect(hammockAt(ir, 0)).toBe(0)
  })

  test('out of the region', () => {
    const ir = regionOf([i('bge', { rs1: A0, rs2: A1, imm: 8 }), move, RET], {}, { translated: [BASE + 8] })
    expect(hammockAt(ir, 0)).toBe(0)
  })

  test('the last block', () => {
    const ir = regionOf([RET])
    expect(hammockAt(ir, 0)).toBe(0)
  })
})

test.each([
  ['begins with its register', [i('addi', { rd: A0, rs1: A0, imm: 1 })], true],
  ['as the second operand', [i('sub', { rd: A0, rs1: A1, rs2: A0 })], true],
  ['begins with another', [move, i('addi', { rd: A0, rs1: A0, imm: 1 })], false],
])('%s', (_, words, expected) => {
  const ir = regionOf([i('bge', { rs1: A0, rs2: A1, imm: 4 + 4 * words.length }), ...words, RET])
  expect(readsFirst(ir, ir.blocks[1]!, A0)).toBe(expected)
})
