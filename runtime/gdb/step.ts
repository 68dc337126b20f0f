/**
 * Single steps of a thread that stands still, by the reference interpreter. What needs the executor is left to it: system
 * calls, fence.i, and whatever raises a signal.
 */
import { readFileSync } from 'node:fs'
import { CPU_STATE } from '../../base/layout.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { interpretOne } from '../interpret.ts'

/** Instructions that have to be executed where they are: `ecall` and `fence.i` (ISA manual, RV32I and Zifencei). */
const ECALL = 0x0000_0073
const FENCE_I = 0x0000_100f
const FENCE_I_MASK = 0x0000_707f

/** The instruction accesses memory that the thread itself may not access so. */
class NotAccessible extends Error {}

/** Memory with the protections that the thread has. */
class ProtectedMemory {
  readonly #pid: number
  readonly #memory: GuestMemory
  #ranges: readonly { readonly start: number; readonly end: number; readonly flags: string }[] | undefined

  constructor(pid: number, memory: GuestMemory) {
    this.#pid = pid
    this.#memory = memory
  }

  read(address: number, length: number): Uint8Array {
    this.#check(address, length, 'r')
    return this.#memory.read(address, length)
  }

  write(address: number, bytes: Uint8Array): number {
    this.#check(address, bytes.length, 'w')
    return this.#memory.write(address, bytes)
  }

  #check(address: number, length: number, flag: 'r' | 'w'): void {
    this.#ranges ??= readFileSync(`/proc/${this.#pid}/maps`, 'latin1').split('\n').flatMap(parseRange)
    const end = address + length
    for (let at = address; at < end; ) {
      const range = this.#ranges.find(candidate => at >= candidate.start && at < candidate.end)
      if (!range?.flags.includes(flag)) throw new NotAccessible()
      at = range.end
    }
  }
}

/** A line of /proc/pid/maps (proc(5)). */
function parseRange(line: string): { start: number; end: number; flags: string }[] {
  const [, start, end, flags] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
  return start ? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end!, 16), flags: flags! }] : []
}

export interface StepOptions {
  readonly pid: number
  readonly memory: GuestMemory
  /** Most instructions. */
  readonly limit: number
  /** Whether to stop at this pc, behind at least one instruction. */
  readonly done: (pc: number) => boolean
}

/**
 * Executes instructions on the CPU state. `done`: stopped where it should; `limit`: not there yet; `executor`: the next one
 * is not the interpreter's.
 */
export function interpretSteps(
  state: DataView,
  { pid, memory, limit, done }: StepOptions,
): 'done' | 'limit' | 'executor' {
  const access = new ProtectedMemory(pid, memory)
  for (let i = 0; i < limit; i++) {
    const pc = Number(state.getBigUint64(CPU_STATE.at.pc, true))
    const bytes = memory.read(pc, 4)
    const word = bytes.length === 4 ? new DataView(bytes.buffer).getInt32(0, true) : 0
    if (word === ECALL || (word & FENCE_I_MASK) === FENCE_I) return 'executor'
    try {
      if (interpretOne(state, access).answer !== 0) return 'executor'
    } catch (error) {
      if (error instanceof NotAccessible) return 'executor'
      throw error
    }
    if (done(Number(state.getBigUint64(CPU_STATE.at.pc, true)))) return 'done'
  }
  return 'limit'
}
