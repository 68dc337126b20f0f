import { describe, expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { fieldsOf, i, opsOf, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2, A3] = [10, 11, 12, 13]

function fused(...words: readonly number[]) {
  const ir = regionOf([...words, RET])
  fuse(ir)
  removeDead(ir)
  expect(verifyIr(ir)).toEqual([])
  return ir
}
const ops = (...words: readonly number[]) => opsOf(fused(...words))[0]!.slice(0, words.length)
const shift = (name: 'slli' | 'srli' | 'slliw' | 'srliw', rd: number, rs1: number, imm: number) =>
  i(name, { rd, rs1, imm })
const or = (rd: number, rs1: number, rs2: number) => i('or', { rd, rs1, rs2 })
const clear = (rd: number) => i('addi', { rd, rs1: 0, imm: 0 })

describe('a rotation', () => {
  test.each([
    ['of 32 bits', 'slliw', 'srliw', 7, 25, 'roriw'],
    ['of 64 bits', 'slli', 'srli', 63, 1, 'rori'],
  ] as const)('%s is what is left of two shifts and their sum', (_, left, right, up, down, rotation) => {
    for (const sum of ['or', 'xor', 'add'] as const) {
      const ir = fused(
        shift(left, A1, A0, up),
        shift(right, A2, A0, down),
        i(sum, { rd: A3, rs1: A2, rs2: A1 }),
        clear(A1),
        clear(A2),
      )
      expect(opsOf(ir)[0]!.slice(0, 3)).toEqual(['nop', 'nop', rotation])
      expect(fieldsOf(ir, 2, 'rd', 'rs1', 'rs2', 'imm')).toEqual({ rd: A3, rs1: A0, rs2: 0, imm: down })
    }
  })

  test('leaves shifts that are read again', () => {
    expect(ops(shift('slliw', A1, A0, 7), shift('srliw', A2, A0, 25), or(A3, A2, A1))).toEqual([
      'slliw',
      'srliw',
      'roriw',
    ])
  })

  test('is the second shift where that is in place, when nothing else sees it', () => {
    const ir = fused(shift('srliw', A1, A0, 10), shift('slliw', A0, A0, 22), or(A1, A1, A0), clear(A0))
    expect(opsOf(ir)[0]!.slice(0, 3)).toEqual(['nop', 'roriw', 'addi'])
    expect(fieldsOf(ir, 1, 'rd', 'rs1', 'imm')).toEqual({ rd: A0, rs1: A0, imm: 10 })
    expect(fieldsOf(ir, 2, 'rd', 'rs1', 'rs2', 'imm')).toEqual({ rd: A1, rs1: A0, rs2: 0, imm: 0 })
  })

  test('in place, whose sum is in place too', () => {
    expect(ops(shift('srliw', A1, A0, 10), shift('slliw', A0, A0, 22), or(A0, A1, A0))).toEqual([
      'srliw',
      'roriw',
      'addi',
    ])
  })
})

describe('shifts stay', () => {
  test.each([
    ['that do not make up the width', [shift('slliw', A1, A0, 7), shift('srliw', A2, A0, 24), or(A3, A2, A1)]],
    ['of different widths', [shift('slli', A1, A0, 7), shift('srliw', A2, A0, 25), or(A3, A2, A1)]],
    ['of different registers', [shift('slliw', A1, A0, 7), shift('srliw', A2, A3, 25), or(A3, A2, A1)]],
    ['in one direction', [shift('slliw', A1, A0, 7), shift('slliw', A2, A0, 25), or(A3, A2, A1)]],
    [
      'of a register that changed between',
      [shift('slliw', A1, A0, 7), clear(A0), shift('srliw', A2, A0, 25), or(A3, A2, A1)],
    ],
    [
      'of a register that changed behind',
      [shift('slliw', A1, A0, 7), shift('srliw', A2, A0, 25), clear(A0), or(A3, A2, A1)],
    ],
    [
      'in place, when the shifted one is read later',
      [shift('srliw', A1, A0, 10), shift('slliw', A0, A0, 22), or(A1, A1, A0)],
    ],
    [
      'in place, when a fault shows the shifted one',
      [shift('srliw', A1, A0, 10), shift('slliw', A0, A0, 22), or(A1, A1, A0), i('lw', { rd: A0, rs1: A2 })],
    ],
    [
      'in place, when the shifted one is read between',
      [shift('srliw', A1, A0, 10), shift('slliw', A0, A0, 22), or(A3, A0, A2), or(A1, A1, A0), clear(A0)],
    ],
  ] as const)('%s', (_, words) => {
    const before = opsOf(regionOf([...words, RET]))[0]
    expect(opsOf(fused(...words))[0]).toEqual(before)
  })
})
