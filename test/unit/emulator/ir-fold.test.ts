import { describe, expect, test } from 'vitest'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { BASE, fieldsOf, i, opsOf, RET, regionOf } from './guest-code.ts'

const [RA, T0, A0, A1, A2] = [1, 5, 10, 11, 12]

function folded(...words: readonly number[]) {
  const ir = regionOf(words)
  foldConstants(ir)
  expect(verifyIr(ir)).toEqual([])
  return ir
}

/** The constant that the last instruction before the return loads, as a signed number; undefined when it is none. */
function constant(...words: readonly number[]): bigint | undefined {
  const ir = folded(...words, RET)
  const at = words.length - 1
  if (opsOf(ir)[0]![at] !== 'li') return undefined
  return (BigInt(ir.hi[at]!) << 32n) | BigInt(ir.imm[at]! >>> 0)
}

const lui = (rd: number, value: number) => i('lui', { rd, imm: value })
const addi = (rd: number, rs1: number, imm: number) => i('addi', { rd, rs1, imm })

describe('constants', () => {
  test.each([
    ['lui', [lui(A0, 0x12345000)], 0x12345000n],
    ['lui of a negative value', [lui(A0, 0x80000000 | 0)], -0x80000000n],
    ['li', [addi(A0, 0, -7)], -7n],
    ['lui, addi', [lui(A0, 0x12346000), addi(A0, A0, -1)], 0x12345fffn],
    ['lui, addi beyond 31 bits: no wrap', [lui(A0, 0x7ffff000), addi(A0, A0, 0x7ff), addi(A0, A0, 0x7ff)], 0x7ffffffen],
    [
      'the same, carried',
      [lui(A0, 0x7ffff000), addi(A0, A0, 0x7ff), addi(A0, A0, 0x7ff), addi(A0, A0, 2)],
      0x80000000n,
    ],
    [
      'lui, addiw: wraps',
      [
        lui(A0, 0x7ffff000),
        i('addiw', { rd: A0, rs1: A0, imm: 0x7ff }),
        i('addiw', { rd: A0, rs1: A0, imm: 0x7ff }),
        i('addiw', { rd: A0, rs1: A0, imm: 2 }),
      ],
      -0x80000000n,
    ],
    ['auipc', [i('auipc', { rd: A0, imm: 0x1000 })], BigInt(BASE + 0x1000)],
    ['auipc below zero', [i('auipc', { rd: A0, imm: 0x80000000 | 0 })], BigInt(BASE) - 0x80000000n],
    ['slli by 12', [addi(A0, 0, -1), i('slli', { rd: A0, rs1: A0, imm: 12 })], -4096n],
    ['slli by 0', [addi(A0, 0, -1), i('slli', { rd: A0, rs1: A0, imm: 0 })], -1n],
    ['slli by 32', [addi(A0, 0, 3), i('slli', { rd: A0, rs1: A0, imm: 32 })], 3n << 32n],
    ['slli by 63', [addi(A0, 0, 3), i('slli', { rd: A0, rs1: A0, imm: 63 })], -(1n << 63n)],
    ['slliw', [addi(A0, 0, 3), i('slliw', { rd: A0, rs1: A0, imm: 30 })], -(1n << 30n)],
    ['xori', [lui(A0, 0x5000), i('xori', { rd: A0, rs1: A0, imm: -1 })], -0x5001n],
    ['ori', [lui(A0, 0x5000), i('ori', { rd: A0, rs1: A0, imm: 0x7f })], 0x507fn],
    ['andi', [lui(A0, 0x80000000 | 0), i('andi', { rd: A0, rs1: A0, imm: -16 })], -0x80000000n],
    ['a sum of two', [addi(A0, 0, 5), addi(A1, 0, -6), i('add', { rd: A2, rs1: A0, rs2: A1 })], -1n],
    ['a sum with a carry', [lui(A0, 0x80000000 | 0), i('add', { rd: A2, rs1: A0, rs2: A0 })], -(1n << 32n)],
    ['a difference', [addi(A0, 0, 5), addi(A1, 0, -6), i('sub', { rd: A2, rs1: A0, rs2: A1 })], 11n],
    ['sllw by a register', [addi(A0, 0, 1), addi(A1, 0, 33), i('sllw', { rd: A2, rs1: A0, rs2: A1 })], 2n],
    ['a move', [addi(A0, 0, 5), addi(A1, A0, 0)], 5n],
  ] as const)('%s', (_, words, value) => {
    expect(constant(...words)).toBe(value)
  })

  test.each([
    ['what a load left', [lui(A0, 0x5000), i('ld', { rd: A0, rs1: A1 }), addi(A0, A0, 1)]],
    ['an unknown register', [addi(A0, A1, 1)]],
    [
      'a constant that another instruction overwrote',
      [addi(A0, 0, 5), i('mul', { rd: A0, rs1: A1, rs2: A2 }), addi(A0, A0, 1)],
    ],
    ['what a CSR held', [addi(A0, 0, 5), i('csrrs', { rd: A0, imm: 1 }), addi(A0, A0, 1)]],
  ] as const)('not %s', (_, words) => {
    expect(constant(...words)).toBeUndefined()
  })

  test('are forgotten where a block begins', () => {
    const ir = folded(addi(A0, 0, 5), i('bne', { rs1: A1, imm: 8 }), addi(A0, A0, 1), RET)
    expect(opsOf(ir)[1]).toEqual(['addi'])
  })

  test('x0 stays zero when it is written', () => {
    expect(constant(addi(0, 0, 5), addi(A0, 0, 1))).toBe(1n)
  })
})

describe('immediate operands', () => {
  const five = addi(A0, 0, 5)
  test.each([
    ['add', 'add', 'addi', 5],
    ['sub', 'sub', 'addi', -5],
    ['and', 'and', 'andi', 5],
    ['or', 'or', 'ori', 5],
    ['xor', 'xor', 'xori', 5],
    ['slt', 'slt', 'slti', 5],
    ['sltu', 'sltu', 'sltiu', 5],
    ['addw', 'addw', 'addiw', 5],
    ['subw', 'subw', 'addiw', -5],
    ['sll', 'sll', 'slli', 5],
    ['srl', 'srl', 'srli', 5],
    ['sra', 'sra', 'srai', 5],
    ['sllw', 'sllw', 'slliw', 5],
    ['srlw', 'srlw', 'srliw', 5],
    ['sraw', 'sraw', 'sraiw', 5],
  ] as const)('%s takes a known second operand', (_, op, immediate, value) => {
    const ir = folded(five, i(op, { rd: A2, rs1: A1, rs2: A0 }), RET)
    expect(opsOf(ir)[0]![1]).toBe(immediate)
    expect(fieldsOf(ir, 1, 'rd', 'rs1', 'rs2', 'imm')).toEqual({ rd: A2, rs1: A1, rs2: 0, imm: value })
  })

  test.each(['add', 'and', 'or', 'xor'] as const)('%s takes a known first operand', op => {
    const ir = folded(five, i(op, { rd: A2, rs1: A0, rs2: A1 }), RET)
    expect(opsOf(ir)[0]![1]).toBe(`${op}i`)
    expect(fieldsOf(ir, 1, 'rs1', 'imm')).toEqual({ rs1: A1, imm: 5 })
  })

  test('shift counts are taken modulo the width', () => {
    const count = addi(A0, 0, 69)
    expect(folded(count, i('sll', { rd: A2, rs1: A1, rs2: A0 }), RET).imm[1]).toBe(5)
    expect(folded(count, i('sraw', { rd: A2, rs1: A1, rs2: A0 }), RET).imm[1]).toBe(5)
  })

  test.each([
    ['sub', [five, i('sub', { rd: A2, rs1: A0, rs2: A1 })]],
    ['slt', [five, i('slt', { rd: A2, rs1: A0, rs2: A1 })]],
    ['sll', [five, i('sll', { rd: A2, rs1: A0, rs2: A1 })]],
    ['mul', [five, i('mul', { rd: A2, rs1: A1, rs2: A0 })]],
  ] as const)('%s keeps its register', (op, words) => {
    expect(opsOf(folded(...words, RET))[0]![1]).toBe(op)
  })

  test('a constant beyond 32 bits is no immediate', () => {
    const wide = [five, i('slli', { rd: A0, rs1: A0, imm: 32 })]
    for (const op of ['add', 'and', 'or', 'xor', 'slt', 'addw'] as const) {
      expect(opsOf(folded(...wide, i(op, { rd: A2, rs1: A1, rs2: A0 }), RET))[0]![2]).toBe(op)
    }
  })

  test('-2^31 has no negative among 32-bit numbers', () => {
    for (const op of ['sub', 'subw'] as const) {
      expect(opsOf(folded(lui(A0, 0x80000000 | 0), i(op, { rd: A2, rs1: A1, rs2: A0 }), RET))[0]![1]).toBe(op)
    }
  })

  test('branches and stores have theirs in hi', () => {
    const branch = folded(five, i('blt', { rs1: A1, rs2: A0, imm: 8 }), RET, RET)
    expect(fieldsOf(branch, 1, 'rs1', 'rs2', 'hi', 'scale')).toEqual({ rs1: A1, rs2: 0, hi: 5, scale: 1 })
    const store = folded(five, i('sd', { rs1: A1, rs2: A0, imm: 8 }), RET)
    expect(fieldsOf(store, 1, 'rs1', 'rs2', 'rs3', 'hi', 'imm')).toEqual({ rs1: A1, rs2: 0, rs3: 1, hi: 5, imm: 8 })
  })

  test('a branch or a store with x0 stays one', () => {
    const branch = folded(five, i('beq', { rs1: A1, imm: 8 }), RET, RET)
    expect(fieldsOf(branch, 1, 'rs2', 'hi', 'scale')).toEqual({ rs2: 0, hi: 0, scale: 0 })
    const store = folded(five, i('sb', { rs1: A1 }), RET)
    expect(fieldsOf(store, 1, 'rs2', 'rs3', 'hi')).toEqual({ rs2: 0, rs3: 0, hi: 0 })
  })
})

describe('addresses', () => {
  test('known ones are absolute', () => {
    const ir = folded(lui(A0, 0x12345000), i('lw', { rd: A1, rs1: A0, imm: -4 }), i('fsd', { rs1: A0, rs2: 3 }), RET)
    expect(fieldsOf(ir, 1, 'rs1', 'imm')).toEqual({ rs1: 0, imm: 0x12344ffc })
    expect(fieldsOf(ir, 2, 'rs1', 'rs2', 'imm')).toEqual({ rs1: 0, rs2: 3, imm: 0x12345000 })
  })

  test.each([
    ['negative', [addi(A0, 0, -64)], 0],
    ['below zero with the offset', [addi(A0, 0, 4)], -8],
    ['beyond 31 bits with the offset', [lui(A0, 0x7ffff000), addi(A0, A0, 0x7ff)], 0x7ff + 2],
    ['beyond 32 bits', [addi(A0, 0, 1), i('slli', { rd: A0, rs1: A0, imm: 36 })], 0],
  ] as const)('one that is %s keeps its register', (_, words, imm) => {
    const offset = Math.min(imm, 0x7ff)
    const more = imm > 0x7ff ? [addi(A0, A0, 0x7ff)] : []
    const ir = folded(...words, ...more, i('ld', { rd: A1, rs1: A0, imm: offset }), RET)
    expect(fieldsOf(ir, words.length + more.length, 'rs1', 'imm')).toEqual({ rs1: A0, imm: offset })
  })
})

describe('jumps through known registers', () => {
  const far = [i('auipc', { rd: T0, imm: 0x1000 })]

  test('a call', () => {
    const ir = folded(...far, i('jalr', { rd: RA, rs1: T0, imm: 0x21 }), RET)
    expect(opsOf(ir)[0]).toEqual(['li', 'jal'])
    expect(ir.blocks[0]).toMatchObject({ kind: 'call', taken: -1, takenPc: BASE + 0x1020, next: 1 })
  })

  test('a jump, also into the region', () => {
    expect(folded(...far, i('jalr', { rs1: T0, imm: 8 })).blocks[0]).toMatchObject({
      kind: 'jump',
      taken: -1,
      takenPc: BASE + 0x1008,
    })
    const loop = folded(i('auipc', { rd: T0 }), i('jalr', { rs1: T0 }))
    expect(loop.blocks[0]).toMatchObject({ kind: 'jump', taken: 0, takenPc: BASE })
  })

  test('the value is the one from before the jump, which may link to the same register', () => {
    const ir = folded(...far, i('jalr', { rd: T0, rs1: T0, imm: 4 }), RET)
    expect(ir.blocks[0]).toMatchObject({ kind: 'call', takenPc: BASE + 0x1004 })
  })

  test.each([
    ['negative', [addi(T0, 0, -64)]],
    ['no guest address', [addi(T0, 0, 1), i('slli', { rd: T0, rs1: T0, imm: 38 })]],
    ['unknown', [i('ld', { rd: T0, rs1: A0 })]],
    ['overwritten', [addi(T0, 0, 64), i('ld', { rd: T0, rs1: A0 })]],
  ] as const)('one that is %s stays', (_, words) => {
    const ir = folded(...words, i('jalr', { rd: RA, rs1: T0 }), RET)
    expect(ir.blocks[0]!.kind).toBe('callr')
  })
})
