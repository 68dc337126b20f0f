import { describe, expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { NONE, SCALE_ZEXT } from '../../../emulator/ir/ir.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { fieldsOf, i, opsOf, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2, A3] = [10, 11, 12, 13]

function fused(...words: readonly number[]) {
  const ir = regionOf([...words, RET])
  foldConstants(ir)
  fuse(ir)
  removeDead(ir)
  expect(verifyIr(ir)).toEqual([])
  return ir
}
/** Operations of the first block without the return. */
const ops = (...words: readonly number[]) => opsOf(fused(...words))[0]!.slice(0, words.length)

const slli = (rd: number, rs1: number, imm: number) => i('slli', { rd, rs1, imm })
const srli = (rd: number, rs1: number, imm: number) => i('srli', { rd, rs1, imm })
const srai = (rd: number, rs1: number, imm: number) => i('srai', { rd, rs1, imm })
const add = (rd: number, rs1: number, rs2: number) => i('add', { rd, rs1, rs2 })
const ld = (rd: number, rs1: number, imm = 0) => i('ld', { rd, rs1, imm })

describe('extensions', () => {
  test.each([
    ['zext.w', slli(A0, A1, 32), srli(A0, A0, 32), 'zext_shift', { imm: 0, rm: 0 }],
    ['an unsigned index times 8', slli(A0, A1, 32), srli(A0, A0, 29), 'zext_shift', { imm: 0, rm: 3 }],
    ['a field of a word', slli(A0, A1, 32), srli(A0, A0, 40), 'zext_shift', { imm: 8, rm: 0 }],
    ['a shift left', slli(A0, A1, 32), srli(A0, A0, 0), 'zext_shift', { imm: 0, rm: 32 }],
    ['zext.h', slli(A0, A1, 48), srli(A0, A0, 48), 'zext16', {}],
    ['zext.b', slli(A0, A1, 56), srli(A0, A0, 56), 'zext8', {}],
    ['sext.h', slli(A0, A1, 48), srai(A0, A0, 48), 'sext16', {}],
    ['sext.b', slli(A0, A1, 56), srai(A0, A0, 56), 'sext8', {}],
    ['sext.w', slli(A0, A1, 32), srai(A0, A0, 32), 'addiw', { imm: 0 }],
  ] as const)('%s', (_, first, second, op, fields) => {
    const ir = fused(first, second)
    expect(opsOf(ir)[0]).toEqual(['nop', op, 'jalr'])
    expect(fieldsOf(ir, 1, 'rd', 'rs1', 'imm', 'rm')).toMatchObject({ rd: A0, rs1: A1, ...fields })
  })

  test('in place', () => {
    expect(ops(slli(A0, A0, 48), srli(A0, A0, 48))).toEqual(['nop', 'zext16'])
  })

  test('with instructions between that do not touch the registers', () => {
    expect(ops(slli(A0, A1, 48), i('addi', { rd: A2, rs1: A2, imm: 1 }), srli(A0, A0, 48))).toEqual([
      'nop',
      'addi',
      'zext16',
    ])
  })
})

describe('sums', () => {
  test.each([1, 2, 3])('shifted by %i, either way round', n => {
    for (const sum of [add(A0, A0, A2), add(A0, A2, A0)]) {
      const ir = fused(slli(A0, A1, n), sum)
      expect(opsOf(ir)[0]).toEqual(['nop', 'shift_add', 'jalr'])
      expect(fieldsOf(ir, 1, 'rd', 'rs1', 'rs2', 'rm')).toEqual({ rd: A0, rs1: A1, rs2: A2, rm: n })
    }
  })

  test('of an unsigned index', () => {
    const ir = fused(slli(A0, A1, 32), srli(A0, A0, 30), add(A0, A2, A0))
    expect(opsOf(ir)[0]).toEqual(['nop', 'nop', 'zext_shift_add', 'jalr'])
    expect(fieldsOf(ir, 2, 'rd', 'rs1', 'rs2', 'rm')).toEqual({ rd: A0, rs1: A1, rs2: A2, rm: 2 })
  })
})

describe('addresses', () => {
  test('a sum becomes base and index', () => {
    const ir = fused(add(A0, A1, A2), ld(A0, A0, 16))
    expect(opsOf(ir)[0]).toEqual(['nop', 'ld', 'jalr'])
    expect(fieldsOf(ir, 1, 'rd', 'rs1', 'index', 'scale', 'imm')).toEqual({
      rd: A0,
      rs1: A2,
      index: A1,
      scale: 0,
      imm: 16,
    })
  })

  test('a shifted index', () => {
    const ir = fused(slli(A0, A1, 3), add(A0, A0, A2), ld(A0, A0))
    expect(opsOf(ir)[0]).toEqual(['nop', 'nop', 'ld', 'jalr'])
    expect(fieldsOf(ir, 2, 'rs1', 'index', 'scale')).toEqual({ rs1: A2, index: A1, scale: 3 })
  })

  test('an unsigned index', () => {
    const ir = fused(slli(A0, A1, 32), srli(A0, A0, 30), add(A0, A0, A2), i('lw', { rd: A0, rs1: A0 }))
    expect(opsOf(ir)[0]).toEqual(['nop', 'nop', 'nop', 'lw', 'jalr'])
    expect(fieldsOf(ir, 3, 'rs1', 'index', 'scale')).toEqual({ rs1: A2, index: A1, scale: SCALE_ZEXT + 2 })
  })
})

describe('across loads and stores, whose faults show the value in between', () => {
  test.each([
    ['a sum', [add(A0, A1, A2), ld(A3, A3), ld(A0, A0)], ['implied', 'ld', 'ld'], { rs1: A2, rs2: A1, rm: 0, imm: 2 }],
    [
      'a shift',
      [slli(A0, A1, 3), i('sd', { rs1: A3, rs2: A2 }), add(A0, A0, A2)],
      ['implied', 'sd', 'shift_add'],
      { rs1: 0, rs2: A1, rm: 3, imm: 2 },
    ],
    [
      'in place',
      [slli(A0, A0, 1), i('fld', { rd: 1, rs1: A3 }), add(A0, A0, A2)],
      ['implied', 'fld', 'shift_add'],
      { rs1: 0, rs2: A0, rm: 1, imm: 2 },
    ],
  ] as const)('%s', (_, words, operations, fields) => {
    const ir = fused(...words)
    expect(opsOf(ir)[0]!.slice(0, 3)).toEqual(operations)
    expect(fieldsOf(ir, 0, 'rd', 'rs1', 'rs2', 'rm', 'imm')).toEqual({ rd: A0, ...fields })
  })

  test('of an unsigned index', () => {
    const ir = fused(slli(A0, A1, 32), srli(A0, A0, 30), ld(A3, A3), add(A0, A0, A2))
    expect(opsOf(ir)[0]!.slice(0, 4)).toEqual(['nop', 'implied', 'ld', 'zext_shift_add'])
    expect(fieldsOf(ir, 1, 'rs1', 'rs2', 'rm')).toEqual({ rs1: 0, rs2: A1, rm: SCALE_ZEXT + 2 })
  })
})

test('sums of low halves', () => {
  const ir = fused(i('slliw', { rd: A0, rs1: A1, imm: 2 }), i('addw', { rd: A0, rs1: A2, rs2: A0 }))
  expect(opsOf(ir)[0]!.slice(0, 2)).toEqual(['nop', 'shift_addw'])
  expect(fieldsOf(ir, 1, 'rs1', 'rs2', 'rm')).toEqual({ rs1: A1, rs2: A2, rm: 2 })
})

describe('what must stay apart', () => {
  test.each([
    ['the intermediate value lives on', [slli(A0, A1, 48), srli(A2, A0, 48)], ['slli', 'srli']],
    ['something between reads it', [slli(A0, A1, 48), add(A2, A0, A3), srli(A0, A0, 48)], ['slli', 'add', 'srli']],
    [
      'something between changes the source',
      [slli(A0, A1, 48), i('addi', { rd: A1, rs1: A1, imm: 1 }), srli(A0, A0, 48)],
      ['slli', 'addi', 'srli'],
    ],
    [
      'something between may fault, and would show the old value',
      [slli(A0, A1, 48), ld(A2, A3), srli(A0, A0, 48)],
      ['slli', 'ld', 'srli'],
    ],
    [
      'an atomic operation between may fault',
      [slli(A0, A1, 2), i('amoadd_d', { rd: A3, rs1: A3, rs2: A2 }), add(A0, A0, A2)],
      ['slli', 'amoadd_d', 'add'],
    ],
    ['something between changes the index', [add(A0, A1, A2), ld(A1, A3), ld(A0, A0)], ['add', 'ld', 'ld']],
    ['the counts make no extension', [slli(A0, A1, 40), srli(A0, A0, 40)], ['slli', 'srli']],
    ['they differ, signed', [slli(A0, A1, 48), srai(A0, A0, 56)], ['slli', 'srai']],
    ['16 bits shifted out of place', [slli(A0, A1, 48), srli(A0, A0, 40)], ['slli', 'srli']],
    ['the shift is too far for an address', [slli(A0, A1, 4), add(A0, A0, A2)], ['slli', 'add']],
    ['there is no shift', [slli(A0, A1, 0), add(A0, A0, A2)], ['slli', 'add']],
    ['the sum takes the value twice', [slli(A0, A1, 2), add(A0, A0, A0)], ['slli', 'add']],
    ['the loaded value goes elsewhere', [add(A0, A1, A2), ld(A3, A0)], ['add', 'ld']],
    ['the sum is stored', [add(A0, A1, A2), i('sd', { rs1: A3, rs2: A0 })], ['add', 'sd']],
    ['a store goes there', [add(A0, A1, A2), i('sd', { rs1: A0, rs2: A3 })], ['add', 'sd']],
    ['a floating-point load does not overwrite it', [add(A0, A1, A2), i('fld', { rd: A0, rs1: A0 })], ['add', 'fld']],
    ['an atomic operation has no such address', [add(A0, A1, A2), i('lr_d', { rd: A0, rs1: A0 })], ['add', 'lr_d']],
    [
      'something between changes an operand of the sum',
      [add(A0, A1, A2), i('addi', { rd: A2, rs1: A2, imm: 8 }), ld(A0, A0)],
      ['add', 'addi', 'ld'],
    ],
  ] as const)('%s', (_, words, names) => {
    expect(ops(...words)).toEqual(names)
  })

  test('what is far apart', () => {
    const between = Array.from({ length: 16 }, (_, n) => i('addi', { rd: 14 + n, rs1: 14 + n, imm: 1 }))
    expect(ops(slli(A0, A1, 48), ...between, srli(A0, A0, 48))).toEqual(['slli', ...between.map(() => 'addi'), 'srli'])
    expect(ops(slli(A0, A1, 48), ...between.slice(1), srli(A0, A0, 48)).at(-1)).toBe('zext16')
  })

  test('what a block boundary separates', () => {
    const ir = regionOf([slli(A0, A1, 48), srli(A0, A0, 48), i('bne', { rs1: A2, imm: -4 }), RET])
    fuse(ir)
    expect(opsOf(ir)).toEqual([['slli'], ['srli', 'bne'], ['jalr']])
  })

  test('a write to x0 has no consumer', () => {
    expect(ops(slli(0, A1, 2), add(A0, 0, A2))[0]).toBe('slli')
    expect(fused(slli(A0, A1, 3), add(A0, A0, 0)).index[1]).toBe(NONE)
  })
})

describe('results that nothing reads', () => {
  const li = (rd: number, imm: number) => i('addi', { rd, imm })
  const mul = (rd: number) => i('mul', { rd, rs1: A1, rs2: A2 })
  test.each([
    ['go', [mul(A0), li(A0, 1)], ['nop', 'li']],
    ['stay when something reads them', [mul(A0), add(A3, A0, A0), li(A0, 1)], ['mul', 'add', 'li']],
    ['stay when something between may leave', [mul(A0), ld(A3, A1), li(A0, 1)], ['mul', 'ld', 'li']],
    ['stay when an index needs them', [mul(A0), add(A3, A0, A1), ld(A3, A3), li(A0, 1)], ['mul', 'nop', 'ld', 'li']],
    ['stay at the end', [mul(A0)], ['mul']],
    ['stay when they raise flags', [i('feq_d', { rd: A0, rs1: 1, rs2: 2 }), li(A0, 1)], ['feq_d', 'li']],
    ['are loads: these stay for their faults', [ld(A0, A1), li(A0, 1)], ['ld', 'li']],
    ['overwritten by one that goes itself', [mul(A0), mul(A0), li(A0, 1)], ['nop', 'nop', 'li']],
  ] as const)('%s', (_, words, names) => {
    expect(ops(...words)).toEqual(names)
  })
})
