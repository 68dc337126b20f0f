import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CSR } from '../../../emulator/riscv/csr.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { Interpreter } from '../../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory } from '../../../emulator/riscv/interpret/memory.ts'
import { OPCODES, Op, type Opcode } from '../../../emulator/riscv/table.ts'
import { ARENA, buildProgram, type Case, CELL, INITIAL, RESULT, ROUTINES, runUnderQemu } from './riscv-qemu.ts'
import { Random } from './riscv-random.ts'
import { double, integer, single } from './riscv-values.ts'

const PROGRAM = readFileSync(new URL('riscv-program.c', import.meta.url), 'utf8')
const RETURN = 0xffff_0000n
const nop = encode(Op.addi, {})
const ret = encode(Op.jalr, { rs1: 1 })
const bump = (by: number) => encode(Op.addi, { rd: 12, rs1: 12, imm: by })
/** A routine is six words: a preparation, the instruction, three additions that a jump may leave out, the return. */
const ROUTINE_SIZE = 24
const BOX = 0xffff_ffff_0000_0000n
const VARIANTS = 6
const CASES_PER_VARIANT = 60

interface Routine {
  readonly row: Opcode
  readonly address: number
  readonly words: readonly number[]
  readonly imm: number
}

function routine(row: Opcode, address: number, random: Random): Routine {
  const memory = row.access !== ''
  const jumps = row.imm === 'b' || row.imm === 'j'
  const register = () => random.pick(memory || jumps ? [10, 12] : [0, 10, 11, 12])
  let imm = random.pick([0, 1, -1, 2047, -2048, random.next() | 0])
  if (memory) imm = random.below(17 - row.size) - 8
  else if (jumps) imm = random.pick([4, 8, 12])
  else if (row.imm === 'csr' || row.imm === 'csri') imm = random.pick([CSR.fflags, CSR.frm, CSR.fcsr])
  else if (row.imm === 'i') imm = (imm << 20) >> 20
  const word = encode(row.id, {
    rd: row.rd === 'f' ? random.pick([10, 11, 12]) : register(),
    rs1: memory || row.format === 'jalr' ? 11 : row.rs1 === 'f' ? random.pick([11, 11, 11, 12]) : register(),
    rs2: row.rs2 === 'f' ? random.pick([12, 12, 12, 11]) : register(),
    rs3: 13,
    imm,
    rm: row.rm ? random.pick([0, 1, 2, 3, 4, 7, 7, 7]) : random.below(4),
  })
  let first = nop
  if (memory) first = encode(Op.addi, { rd: 11, rs1: 7 })
  const second = row.access === 'sc' ? encode(row.size === 4 ? Op.lr_w : Op.lr_d, { rd: 10, rs1: 7 }) : nop
  const words =
    row.access === 'sc' && random.below(3) > 0
      ? [first, second, word, bump(1), bump(2), ret]
      : [first, word, bump(1), bump(2), bump(4), ret]
  return { row, address, words, imm }
}

function startState(routine: Routine, random: Random): Case {
  const { row } = routine
  const isSingle = /_s$|^fmv_x_w$|^fsw$/.test(row.name)
  const float = isSingle ? single : double
  const sign = isSingle ? 1n << 31n : 1n << 63n
  const zero = (isSingle ? BOX : 0n) | random.pick([0n, sign])
  const f11 = random.below(10) === 0 ? zero : float(random)
  // Neighbours and opposites: cancellation, and the order of the zeros.
  const near = f11 ^ random.pick([0n, 1n, sign, sign])
  const f12 = random.below(3) === 0 ? near : float(random)
  const equalOperands = random.below(6) === 0
  const x11 = integer(random)
  return {
    routine: routine.address,
    fcsr: (random.below(5) << 5) | (random.below(4) === 0 ? random.below(32) : 0),
    x11:
      row.format === 'jalr' ? BigInt(routine.address + 8 + 4 * random.below(3) - routine.imm + random.below(2)) : x11,
    x12: equalOperands ? x11 : integer(random),
    f11,
    f12,
    f13: random.below(4) === 0 ? near : float(random),
    cell: integer(random),
  }
}

function runInterpreted(memory: FlatMemory, start: Case): bigint[] {
  const hart = new Interpreter()
  const cells = [-8, 0, 8].map(offset => BigInt(CELL + offset))
  for (const address of cells) memory.store(address, 8, start.cell)
  hart.pc = BigInt(start.routine)
  hart.fflags = start.fcsr & 31
  hart.frm = start.fcsr >> 5
  hart.x.set([RETURN], 1)
  hart.x.set([BigInt(CELL)], 7)
  hart.x.set([INITIAL, start.x11, start.x12], 10)
  hart.f.set([INITIAL, start.f11, start.f12, start.f13], 10)
  for (let i = 0; hart.pc !== RETURN; i++) {
    const result = hart.step(memory)
    if (result !== 'ok' || i > 8) throw new Error(`${result} at ${hart.pc.toString(16)}`)
  }
  const fcsr = BigInt((hart.frm << 5) | hart.fflags)
  return [...hart.x.slice(10, 13), ...hart.f.slice(10, 13), ...cells.map(address => memory.load(address, 8)), fcsr]
}

describe('the interpreter against qemu-riscv64', () => {
  it('computes every instruction alike: registers, memory, flags', () => {
    const random = new Random(0xcafe)
    // A system call and a breakpoint would leave the routine: see riscv-interpreter.test.ts.
    // Of a register whose low half is zero, ctzw of QEMU 7.2 counts on into the upper half.
    const rows = OPCODES.filter(row => row.flow !== 'trap' && row.name !== 'ctzw')
    const routines: Routine[] = []
    for (const row of rows) {
      for (let i = 0; i < VARIANTS; i++) routines.push(routine(row, ROUTINES + routines.length * ROUTINE_SIZE, random))
    }
    const memory = new FlatMemory(BigInt(ARENA), ROUTINES - ARENA + routines.length * ROUTINE_SIZE)
    for (const { address, words } of routines) {
      words.forEach((word, i) => void memory.store(BigInt(address + i * 4), 4, BigInt(word)))
    }
    const cases: { routine: Routine; start: Case }[] = []
    for (const routine of routines) {
      for (let i = 0; i < CASES_PER_VARIANT; i++) cases.push({ routine, start: startState(routine, random) })
    }
    const expected = runUnderQemu(
      memory.bytes,
      cases.map(c => c.start),
    )
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
