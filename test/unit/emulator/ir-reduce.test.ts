import { describe, expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { SCALE_ZEXT } from '../../../emulator/ir/ir.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { fieldsOf, i, opsOf, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2] = [10, 11, 12]

function reduced(...words: readonly number[]) {
  const ir = regionOf([...words, RET])
  foldConstants(ir)
  expect(verifyIr(ir)).toEqual([])
  return ir
}

describe('instructions of Zba, Zbb and Zbs become known operations', () => {
  const registers = { rd: A0, rs1: A1, rs2: A2 }
  const scaled = { rd: A0, rs1: A1, rs2: 0 }
  test.each([
    ['sh1add', i('sh1add', registers), 'shift_add', { rs2: A2, rm: 1 }],
    ['sh3add', i('sh3add', registers), 'shift_add', { rs2: A2, rm: 3 }],
    ['sh2add to x0', i('sh2add', scaled), 'slli', { rs2: 0, imm: 2 }],
    ['add.uw', i('add_uw', registers), 'zext_shift_add', { rs2: A2, rm: 0 }],
    ['sh2add.uw', i('sh2add_uw', registers), 'zext_shift_add', { rs2: A2, rm: 2 }],
    ['zext.w', i('add_uw', scaled), 'zext_shift', { rm: 0, imm: 0 }],
    ['sh3add.uw to x0', i('sh3add_uw', scaled), 'zext_shift', { rm: 3, imm: 0 }],
    ['slli.uw', i('slli_uw', { ...scaled, imm: 40 }), 'zext_shift', { rm: 40, imm: 0 }],
    ['sext.b', i('sext_b', scaled), 'sext8', {}],
    ['sext.h', i('sext_h', scaled), 'sext16', {}],
    ['zext.h', i('zext_h', scaled), 'zext16', {}],
    ['bseti', i('bseti', { ...scaled, imm: 30 }), 'ori', { imm: 1 << 30 }],
    ['binvi', i('binvi', { ...scaled, imm: 4 }), 'xori', { imm: 16 }],
    ['bclri', i('bclri', { ...scaled, imm: 0 }), 'andi', { imm: -2 }],
    ['bseti of bit 31', i('bseti', { ...scaled, imm: 31 }), 'bseti', { imm: 31 }],
    ['binvi of bit 63', i('binvi', { ...scaled, imm: 63 }), 'binvi', { imm: 63 }],
    ['bclri of bit 31', i('bclri', { ...scaled, imm: 31 }), 'bclri', { imm: 31 }],
  ] as const)('%s', (_, word, op, fields) => {
    const ir = reduced(word)
    expect(opsOf(ir)[0]![0]).toBe(op)
    expect(fieldsOf(ir, 0, 'rd', 'rs1', 'rs2', 'rm', 'imm')).toMatchObject({ rd: A0, rs1: A1, ...fields })
  })
})

describe('known operands', () => {
  const five = i('addi', { rd: A0, imm: 5 })
  test.each([
    ['rol', 'rori', 59],
    ['ror', 'rori', 5],
    ['rolw', 'roriw', 27],
    ['rorw', 'roriw', 5],
    ['bclr', 'andi', ~32],
    ['bset', 'ori', 32],
    ['binv', 'xori', 32],
    ['bext', 'bexti', 5],
    ['andn', 'andi', ~5],
    ['orn', 'ori', ~5],
    ['xnor', 'xori', ~5],
  ] as const)('%s by a constant is %s', (op, immediate, imm) => {
    const ir = reduced(five, i(op, { rd: A2, rs1: A1, rs2: A0 }))
    expect(opsOf(ir)[0]![1]).toBe(immediate)
    expect(fieldsOf(ir, 1, 'rd', 'rs1', 'rs2', 'imm')).toEqual({ rd: A2, rs1: A1, rs2: 0, imm })
  })

  test.each([
    ['a bit of x0', [i('bseti', { rd: A2, imm: 40 })], 1n << 40n],
    ['bit 31 of x0', [i('bseti', { rd: A2, imm: 31 })], 1n << 31n],
    ['a bit of a constant', [five, i('bseti', { rd: A2, rs1: A0, imm: 63 })], 5n - (1n << 63n)],
    [
      'a constant index of a constant',
      [five, i('addi', { rd: A1, imm: 8 }), i('sh3add', { rd: A2, rs1: A0, rs2: A1 })],
      48n,
    ],
  ] as const)('%s is a constant', (_, words, value) => {
    const ir = reduced(...words)
    const at = words.length - 1
    expect(opsOf(ir)[0]![at]).toBe('li')
    expect((BigInt(ir.hi[at]!) << 32n) | BigInt(ir.imm[at]! >>> 0)).toBe(value)
  })

  test('a constant index is an offset', () => {
    const ir = reduced(five, i('sh3add', { rd: A2, rs1: A0, rs2: A1 }))
    expect(opsOf(ir)[0]![1]).toBe('addi')
    expect(fieldsOf(ir, 1, 'rs1', 'imm')).toEqual({ rs1: A1, imm: 40 })
  })

  test('one that does not fit keeps its register', () => {
    const large = [i('lui', { rd: A0, imm: 0x40000000 }), i('sh3add', { rd: A2, rs1: A0, rs2: A1 })]
    expect(opsOf(reduced(...large))[0]![1]).toBe('shift_add')
  })
})

test.each([
  ['sh3add', 3],
  ['sh1add', 1],
  ['sh2add_uw', 2 + SCALE_ZEXT],
  ['add_uw', SCALE_ZEXT],
] as const)('an address made by %s becomes that of the load', (op, scale) => {
  const ir = reduced(i(op, { rd: A0, rs1: A1, rs2: A2 }), i('lw', { rd: A0, rs1: A0, imm: 4 }))
  fuse(ir)
  removeDead(ir)
  expect(verifyIr(ir)).toEqual([])
  expect(opsOf(ir)[0]!.slice(0, 2)).toEqual(['nop', 'lw'])
  expect(fieldsOf(ir, 1, 'rs1', 'index', 'scale', 'imm')).toEqual({ rs1: A2, index: A1, scale, imm: 4 })
})
