/** Writes riscv-recorded.txt: see riscv-recorded.ts. */
import { writeFileSync } from 'node:fs'
import { COMPRESSED } from '../../../emulator/riscv/compressed.ts'
import { OPCODES } from '../../../emulator/riscv/table.ts'
import { type Case, RESULT, ROUTINES, runUnderQemu } from './riscv-qemu.ts'
import { Random } from './riscv-random.ts'
import { NEWER_COMPRESSED, RECORDED, recordable } from './riscv-recorded.ts'
import { compressedRoutine, memoryOf, ROUTINE_SIZE, type Routine, routine, startState } from './riscv-routines.ts'

const CPU = 'rv64,zfa=true,zcb=true,zicond=true,zicbom=true,zicboz=true'
const VARIANTS = 6
const CASES_PER_VARIANT = 4

const random = new Random(0x2ec0)
const rows = OPCODES.filter(({ name }) => recordable(name))
const compressed = COMPRESSED.filter(({ name }) => NEWER_COMPRESSED.test(name))
const routines: { readonly mnemonic: string; readonly routine: Routine }[] = []
const place = () => ROUTINES + routines.length * ROUTINE_SIZE
for (let i = 0; i < VARIANTS; i++) {
  for (const row of rows) routines.push({ mnemonic: row.mnemonic, routine: routine(row, place(), random) })
  for (const row of compressed) {
    routines.push({ mnemonic: row.mnemonic, routine: compressedRoutine(row, place(), random) })
  }
}
const cases: { readonly mnemonic: string; readonly routine: Routine; readonly start: Case }[] = []
for (const { mnemonic, routine } of routines) {
  for (let i = 0; i < CASES_PER_VARIANT; i++) cases.push({ mnemonic, routine, start: startState(routine, random) })
}
const results = runUnderQemu(
  [process.env.QEMU ?? 'qemu-riscv64', '-cpu', CPU],
  memoryOf(routines.map(({ routine }) => routine)).bytes,
  cases.map(({ start }) => start),
)
const hex = (value: bigint | number): string => value.toString(16)
const lines = cases.map(({ mnemonic, routine: { words }, start }, i) => {
  const { fcsr, x11, x12, f11, f12, f13, cell } = start
  const result = results.subarray(i * RESULT.length, (i + 1) * RESULT.length)
  return [mnemonic, ...[words[0]!, words[1]!, fcsr, x11, x12, f11, f12, f13, cell, ...result].map(hex)].join(' ')
})
writeFileSync(RECORDED, `${lines.sort().join('\n')}\n`)
