import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Interpreter } from '../../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory } from '../../../emulator/riscv/interpret/memory.ts'
import { OPCODES } from '../../../emulator/riscv/table.ts'
import { buildProgram, type Case, RESULT, ROUTINES, runUnderQemu } from './riscv-qemu.ts'
import { Random } from './riscv-random.ts'
import { NEWER } from './riscv-recorded.ts'
import { memoryOf, ROUTINE_SIZE, type Routine, routine, runInterpreted, startState } from './riscv-routines.ts'

const PROGRAM = readFileSync(new URL('riscv-program.c', import.meta.url), 'utf8')
const VARIANTS = 6
const CASES_PER_VARIANT = 60

describe('the interpreter against qemu-riscv64', () => {
  it('computes every instruction alike: registers, memory, flags', () => {
    const random = new Random(0xcafe)
    // A system call and a breakpoint would leave the routine: see riscv-interpreter.test.ts.
    const rows = OPCODES.filter(row => row.flow !== 'trap')
    const routines: Routine[] = []
    for (const row of rows.filter(({ name }) => !NEWER.test(name))) {
      for (let i = 0; i < VARIANTS; i++) routines.push(routine(row, ROUTINES + routines.length * ROUTINE_SIZE, random))
    }
    const memory = memoryOf(routines)
    const cases: { routine: Routine; start: Case }[] = []
    for (const routine of routines) {
      for (let i = 0; i < CASES_PER_VARIANT; i++) cases.push({ routine, start: startState(routine, random) })
    }
    const starts = cases.map(({ start }) => start)
    const expected = runUnderQemu(['qemu-riscv64', '-cpu', 'rv64,Zfhmin=true'], memory.bytes, starts)
    expect(expected.length).toBe(cases.length * RESULT.length)
    const failures: string[] = []
    cases.forEach(({ routine, start }, i) => {
      const result = runInterpreted(memory, start)
      result.forEach((value, j) => {
        const wanted = expected[i * RESULT.length + j]!
        if (value !== wanted) {
          const inputs = Object.entries(start).map(([name, v]) => `${name}=${v.toString(16)}`)
          const words = routine.words.slice(1, 3).map(word => word.toString(16))
          failures.push(
            `${routine.row.name} ${words} ${inputs.join(' ')}: ${RESULT[j]} ${value.toString(16)}, qemu ${wanted.toString(16)}`,
          )
        }
      })
    })
    expect(failures.slice(0, 20)).toEqual([])
  }, 60_000)

  it('runs a compiled program to the same output', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-program-'))
    try {
      const { image, stdout } = buildProgram(folder, PROGRAM, 0x20000)
      const memory = new FlatMemory(0x20000n, 0x40000)
      memory.bytes.set(image)
      expect(runProgram(memory, 0x20000n, 0x60000n)).toEqual({ status: 0, output: stdout.toString('latin1') })
      expect(stdout.length).toBeGreaterThan(100)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

/** Serves write (64) and exit (93). */
function runProgram(memory: FlatMemory, entry: bigint, stack: bigint): { status: number; output: string } {
  const hart = new Interpreter()
  hart.pc = entry
  hart.x[2] = stack
  let output = ''
  for (;;) {
    const result = hart.run(memory, 5_000_000)
    if (result !== 'ecall') throw new Error(`${result} at ${hart.pc.toString(16)}`)
    const [a0, a1, a2] = [hart.x[10]!, hart.x[11]!, Number(hart.x[12]!)]
    if (hart.x[17] === 93n) return { status: Number(a0), output }
    expect(hart.x[17]).toBe(64n)
    const at = Number(a1 - memory.base)
    output += Buffer.from(memory.bytes.subarray(at, at + a2)).toString('latin1')
    hart.x[10] = BigInt(a2)
    hart.pc += 4n
  }
}
