import { expect, test } from 'vitest'
import { COMPRESSED } from '../../../emulator/riscv/compressed.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { OPCODES, Op } from '../../../emulator/riscv/table.ts'
import { RESULT, ROUTINES } from './riscv-qemu.ts'
import { NEWER_COMPRESSED, readRecorded, recordable } from './riscv-recorded.ts'
import { memoryOf, runInterpreted } from './riscv-routines.ts'

const ret = encode(Op.jalr, { rs1: 1 })
const bumps = [1, 2, 4].map(imm => encode(Op.addi, { rd: 12, rs1: 12, imm }))
const recorded = readRecorded()
const mnemonics = [...new Set(recorded.map(({ mnemonic }) => mnemonic))]

test('every instruction that QEMU 7.2 lacks was recorded', () => {
  const wanted = [
    ...OPCODES.filter(({ name }) => recordable(name)),
    ...COMPRESSED.filter(({ name }) => NEWER_COMPRESSED.test(name)),
  ].map(({ mnemonic }) => mnemonic)
  expect(mnemonics.toSorted()).toEqual(wanted.toSorted())
})

test.each(mnemonics)('%s does what QEMU 10 does', name => {
  for (const { words, start, result } of recorded.filter(({ mnemonic }) => mnemonic === name)) {
    const memory = memoryOf([{ address: ROUTINES, words: [...words, ...bumps, ret] }])
    const named = (values: readonly bigint[]) => Object.fromEntries(RESULT.map((name, i) => [name, values[i]]))
    expect({ words, start, ...named(runInterpreted(memory, { ...start, routine: ROUTINES })) }).toEqual({
      words,
      start,
      ...named(result),
    })
  }
})
