import { describe, expect, test } from 'vitest'
import { FUSED, IR_NAMES, type IrName, IrOp } from '../../../emulator/ir/ops.ts'
import {
  ADDRESSED,
  DEF,
  DEFF,
  DEFX,
  ENDS_BLOCK,
  FUSE1,
  FUSE2,
  FUSE3,
  MAY_LEAVE,
  USE,
  USE1,
  USE2,
  unclassified,
} from '../../../emulator/ir/traits.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { Interpreter } from '../../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory } from '../../../emulator/riscv/interpret/memory.ts'
import { OPCODES } from '../../../emulator/riscv/table.ts'

const namesWhere = (holds: (op: number) => unknown): IrName[] => IR_NAMES.filter((_, op) => holds(op))

test('every operation is classified', () => {
  expect(unclassified()).toEqual([])
  expect(IR_NAMES).toHaveLength(OPCODES.length + FUSED.length)
})

test.each(OPCODES.map((row, op) => [row.name, row, op] as const))('%s has the operands of its row', (_, row, op) => {
  const files = (x: Uint8Array, f: Uint8Array): string => (x[op] ? 'x' : '') + (f[op] ? 'f' : '')
  expect([files(DEFX, DEFF), files(USE1, FUSE1), files(USE2, FUSE2), FUSE3[op] ? 'f' : '']).toEqual([
    row.rd,
    row.rs1,
    row.rs2,
    row.rs3,
  ])
})

test('loads and stores have an index, atomic operations have none', () => {
  expect(namesWhere(op => ADDRESSED[op])).toEqual(
    namesWhere(op => OPCODES[op]?.access === 'load' || OPCODES[op]?.access === 'store'),
  )
})

test('what accesses memory, rounds, traps or converts to integers may leave', () => {
  const must = namesWhere(op => {
    const row = OPCODES[op]
    return row !== undefined && (row.access !== '' || row.flow === 'trap' || row.imm.startsWith('csr') || row.rounds)
  })
  expect(must.filter(name => !MAY_LEAVE[IrOp[name]])).toEqual([])
  expect(MAY_LEAVE[IrOp.illegal]).toBe(1)
})

test('what changes the flow of control ends a block', () => {
  expect(
    Object.keys(ENDS_BLOCK)
      .map(op => IR_NAMES[Number(op)]!)
      .sort(),
  ).toEqual([...namesWhere(op => OPCODES[op] && OPCODES[op]!.flow !== ''), 'fence_i'].sort())
})

describe('the interpreter agrees', () => {
  const RD = 10
  const edges = [0n, 1n, -1n, 0x7fffffffn, 0x80000000n, -0x80000000n, 0x1_0000_0000n, 0x1234_5678_9abc_def0n]
  const values = edges.map(value => BigInt.asUintN(64, value))
  const OTHER_UPPER = 0x5555_aaaa_0000_0000n
  const memory = new FlatMemory(0x1000n, 4)

  function result(op: number, imm: number, a: bigint, b: bigint): bigint {
    memory.store(0x1000n, 4, BigInt(encode(op, { rd: RD, rs1: 11, rs2: 12, imm })))
    const hart = new Interpreter()
    hart.pc = 0x1000n
    hart.x[11] = a
    hart.x[12] = b
    expect(hart.step(memory)).toBe('ok')
    return hart.x[RD]!
  }
  const integer = OPCODES.map((row, op) => ({ row, op })).filter(
    ({ row, op }) => DEFX[op] && row.access === '' && row.flow === '' && !row.imm.startsWith('csr') && row.rs1 !== 'f',
  )

  test.each(integer.map(({ row, op }) => [row.name, op] as const))(
    'with the operands and the result of %s',
    (_, op) => {
      for (const imm of [0, 1, 17]) {
        for (const a of values) {
          for (const b of values) {
            const value = result(op, imm, a, b)
            if (USE1[op] === USE.low) expect(result(op, imm, a ^ OTHER_UPPER, b)).toBe(value)
            if (USE2[op] === USE.low) expect(result(op, imm, a, b ^ OTHER_UPPER)).toBe(value)
            if (DEFX[op] !== DEF.any) expect(BigInt.asUintN(64, BigInt.asIntN(32, value))).toBe(value)
          }
        }
      }
    },
  )
})
