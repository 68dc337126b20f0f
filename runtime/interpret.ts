/**
 * One guest instruction by the reference interpreter, on the CPU state of a stopped guest thread: what translated code
 * leaves to it (static rounding modes that the host lacks, conversions out of range, rare CSR accesses).
 */
import { CPU_STATE, TRAP } from '../base/layout.ts'
import { Interpreter } from '../emulator/riscv/interpret/interpreter.ts'
import { type Memory, MemoryFault } from '../emulator/riscv/interpret/memory.ts'
import type { GuestMemory } from './guest-memory.ts'

const SIGSEGV = 11
const SIGBUS = 7
const { at } = CPU_STATE
const ONES = 2n ** 64n - 1n

class RemoteMemory implements Memory {
  readonly #memory: GuestMemory
  constructor(memory: GuestMemory) {
    this.#memory = memory
  }

  load(address: bigint, size: number): bigint {
    const bytes = address < 2n ** 48n ? this.#memory.read(Number(address), size) : new Uint8Array(0)
    if (bytes.length < size) throw new MemoryFault(address)
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  }

  store(address: bigint, size: number, value: bigint): void {
    const bytes = Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
    // what is not mapped faults; protection is not looked at, because translated code leaves no store to the interpreter
    this.load(address, size)
    this.#memory.write(Number(address), bytes)
  }
}

export interface Interpreted {
  /** Answer to REQUEST.INTERPRET: 0, a TRAP, or 0x100 | signal. */
  readonly answer: number
  readonly address?: number
  /** frm after the instruction. */
  readonly frm: number
}

/** An interpreter that is where the CPU state is. */
export function loadHart(state: DataView): Interpreter {
  const hart = new Interpreter()
  for (let r = 0; r < 32; r++) {
    hart.x[r] = state.getBigUint64(at.x + r * 8, true)
    hart.f[r] = state.getBigUint64(at.f + r * 8, true)
  }
  hart.pc = state.getBigUint64(at.pc, true)
  hart.frm = state.getUint32(at.frm, true)
  hart.fflags = state.getUint32(at.fflags, true)
  const reserved = state.getBigUint64(at.reservation_address, true)
  hart.reservationAddress = reserved === ONES ? -1n : reserved
  hart.reservationValue = state.getBigInt64(at.reservation_value, true)
  hart.instret = process.hrtime.bigint()
  return hart
}

/** Puts the CPU state where the interpreter is. */
export function storeHart(hart: Interpreter, state: DataView): void {
  for (let r = 0; r < 32; r++) {
    state.setBigUint64(at.x + r * 8, hart.x[r]!, true)
    state.setBigUint64(at.f + r * 8, hart.f[r]!, true)
  }
  state.setBigUint64(at.pc, hart.pc, true)
  state.setUint32(at.frm, hart.frm, true)
  state.setUint32(at.fflags, hart.fflags, true)
  state.setBigUint64(at.reservation_address, hart.reservationAddress < 0n ? ONES : hart.reservationAddress, true)
  state.setBigInt64(at.reservation_value, hart.reservationValue, true)
}

export function interpretOne(state: DataView, memory: GuestMemory): Interpreted {
  const hart = loadHart(state)
  const result = hart.step(new RemoteMemory(memory))
  switch (result) {
    case 'ok':
      break
    case 'ebreak':
      return { answer: TRAP.BREAKPOINT, frm: hart.frm }
    case 'fetch-fault':
      return { answer: TRAP.FETCH_FAULT, frm: hart.frm }
    case 'fault':
      return { answer: 0x100 | SIGSEGV, address: Number(hart.faultAddress), frm: hart.frm }
    case 'misaligned':
      return { answer: 0x100 | SIGBUS, address: Number(hart.faultAddress), frm: hart.frm }
    case 'illegal':
    case 'ecall':
      return { answer: TRAP.ILLEGAL, frm: hart.frm }
  }
  storeHart(hart, state)
  return { answer: 0, frm: hart.frm }
}
