import { expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { i, opsOf, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2] = [10, 11, 12]
const set = (rd: number, imm = 1) => i('addi', { rd, rs1: 0, imm })
const branch = (imm: number) => i('beq', { rs1: A1, rs2: 0, imm })

function alive(...words: readonly number[]): string[][] {
  const ir = regionOf([...words, RET])
  removeDead(ir)
  return opsOf(ir)
}

test('overwritten on both sides of a branch', () => {
  expect(alive(set(A0), branch(12), set(A0, 2), i('jal', { imm: 8 }), set(A0, 3))).toEqual([
    ['nop', 'beq'],
    ['addi', 'jal'],
    ['addi'],
    ['jalr'],
  ])
})

test('overwritten on one side alone', () => {
  expect(alive(set(A0), branch(8), set(A0, 2))[0]).toEqual(['addi', 'beq'])
})

test('read on one side', () => {
  const sum = i('add', { rd: A0, rs1: A0, rs2: A2 })
  expect(alive(set(A0), branch(12), set(A0, 2), i('jal', { imm: 8 }), sum)[0]).toEqual(['addi', 'beq'])
})

test('seen by a load that may fault in the next block', () => {
  expect(alive(set(A0), branch(8), i('ld', { rd: A2, rs1: A1 }), set(A0, 2))[0]).toEqual(['addi', 'beq'])
})

test('seen at the head of a loop, where a signal may be taken', () => {
  const loop = [set(A0, 2), i('addi', { rd: A1, rs1: A1, imm: -1 }), i('bne', { rs1: A1, rs2: 0, imm: -8 })]
  expect(alive(set(A0), ...loop)[0]).toEqual(['addi'])
})

test('seen outside the region', () => {
  const ir = regionOf([set(A0), branch(64), set(A0, 2), RET])
  removeDead(ir)
  expect(opsOf(ir)[0]).toEqual(['addi', 'beq'])
})
