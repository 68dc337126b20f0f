/** One instruction in a routine, with values to start from: for qemu-riscv64 and for the interpreter alike. */
import type { CompressedOpcode } from '../../../emulator/riscv/compressed.ts'
import { CSR } from '../../../emulator/riscv/csr.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { Interpreter } from '../../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory } from '../../../emulator/riscv/interpret/memory.ts'
import { OPCODES, Op, type Opcode } from '../../../emulator/riscv/table.ts'
import { ARENA, type Case, CELL, INITIAL, ROUTINES } from './riscv-qemu.ts'
import type { Random } from './riscv-random.ts'
import { double, half, integer, nearHalf, single } from './riscv-values.ts'

const C_NOP = 1
const RETURN = 0xffff_0000n
const nop = encode(Op.addi, {})
const ret = encode(Op.jalr, { rs1: 1 })
const bump = (by: number) => encode(Op.addi, { rd: 12, rs1: 12, imm: by })
/** A routine is six words: a preparation, the instruction, three additions that a jump may leave out, the return. */
export const ROUTINE_SIZE = 24

export interface Routine {
  /** The instruction, or the one that it expands to. */
  readonly row: Opcode
  readonly address: number
  readonly words: readonly number[]
  readonly imm: number
}

export function routine(row: Opcode, address: number, random: Random): Routine {
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

/** Bits of the floating-point numbers that an instruction reads. */
function widthOf({ name }: Opcode): 16 | 32 | 64 {
  if (/_h$|^fsh$/.test(name)) return 16
  return /_s$|^fmv_x_w$|^fsw$/.test(name) ? 32 : 64
}

function toBeHalved(random: Random, width: number): bigint {
  const bits = width === 32 ? 32 : 64
  return random.below(3) === 0 ? (bits === 32 ? single(random) : double(random)) : nearHalf(random, bits)
}

export function startState(routine: Routine, random: Random): Case {
  const { row } = routine
  const width = widthOf(row)
  const sign = 1n << BigInt(width - 1)
  const float = width === 16 ? half : width === 32 ? single : double
  const zero = ((1n << 64n) - (1n << BigInt(width))) | random.pick([0n, sign])
  const narrows = row.name === 'fcvt_h_s' || row.name === 'fcvt_h_d'
  const f11 = random.below(10) === 0 ? zero : narrows ? toBeHalved(random, width) : float(random)
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

/** The ten words of {@link RESULT}. */
export function runInterpreted(memory: FlatMemory, start: Case): bigint[] {
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

/** A compressed instruction on x10 to x12 in the place of one of 32 bits. Its base is x11. */
export function compressedRoutine(row: CompressedOpcode, address: number, random: Random): Routine {
  const expanded = OPCODES[Op[row.expands]]!
  const memory = expanded.access !== ''
  const short = () => random.pick([10, 12]) - 8
  const fields = (random.next() & 0x60) | ((memory ? 11 - 8 : short()) << 7) | (short() << 2)
  const word = row.match | (fields & ~row.mask) | (C_NOP << 16)
  const first = memory ? encode(Op.addi, { rd: 11, rs1: 7 }) : nop
  return { row: expanded, address, words: [first, word >>> 0, bump(1), bump(2), bump(4), ret], imm: 0 }
}

/** Memory that holds the routines at their addresses. */
export function memoryOf(routines: readonly Pick<Routine, 'address' | 'words'>[]): FlatMemory {
  const memory = new FlatMemory(BigInt(ARENA), ROUTINES - ARENA + routines.length * ROUTINE_SIZE)
  for (const { address, words } of routines) {
    words.forEach((word, i) => void memory.store(BigInt(address + i * 4), 4, BigInt(word)))
  }
  return memory
}
