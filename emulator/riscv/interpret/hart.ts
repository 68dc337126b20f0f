import type { Decoded } from '../decode.ts'
import type { Memory } from './memory.ts'

/** Why an instruction did not complete. `misaligned` is an atomic at an address that is no multiple of its size. */
export type TrapCause = 'ecall' | 'ebreak' | 'illegal' | 'misaligned'

/** Thrown by a handler to end the instruction; nothing of the state has changed by then. */
export class Trap extends Error {
  readonly trap: TrapCause
  /** Of a misaligned access. */
  readonly address: bigint
  constructor(trap: TrapCause, address = 0n) {
    super(trap)
    this.trap = trap
    this.address = address
  }
}

/** The user-visible state of one hardware thread. */
export class Hart {
  /** Integer registers, unsigned; x[0] is 0 between instructions. */
  readonly x = new BigUint64Array(32)
  /** Floating-point registers; single precision is NaN-boxed. */
  readonly f = new BigUint64Array(32)
  pc = 0n
  /** Where the current instruction goes on; handlers of branches and jumps change it. */
  nextPc = 0n
  /** fcsr bits 4:0 (NV 16, DZ 8, OF 4, UF 2, NX 1). */
  fflags = 0
  /** fcsr bits 7:5; 5 to 7 are no valid rounding modes but can be held. */
  frm = 0
  /** The current instruction's rounding mode, 0–4. */
  rounding = 0
  /** Instructions completed: what the CSRs instret, cycle and time read. */
  instret = 0n
  /** LR's address, or -1 when there is no reservation, and the value that it loaded (sign-extended, signed). */
  reservationAddress = -1n
  reservationValue = 0n
}

/** Executes one decoded instruction. */
export type Handler = (hart: Hart, decoded: Decoded, memory: Memory) => void

export const signed = (value: bigint) => BigInt.asIntN(64, value)
export const unsigned = (value: bigint) => BigInt.asUintN(64, value)
export const signed32 = (value: bigint) => BigInt.asIntN(32, value)
export const unsigned32 = (value: bigint) => BigInt.asUintN(32, value)
