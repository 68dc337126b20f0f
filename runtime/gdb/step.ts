/**
 * Single steps of a thread that stands still, by the reference interpreter. What needs the executor is left to it: system
 * calls, CSRs, fence.i, and whatever raises a signal.
 */
import { readFileSync } from 'node:fs'
import { type Memory, MemoryFault } from '../../emulator/riscv/interpret/memory.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { loadHart, storeHart } from '../interpret.ts'

/** A range of data that gdb watches. */
export interface Watchpoint {
  readonly start: number
  /** First address behind it. */
  readonly end: number
  readonly kind: 'watch' | 'rwatch' | 'awatch'
}

/** Major opcodes SYSTEM and MISC-MEM, and funct3 of fence.i (ISA manual, RV32/64G instruction listings and Zifencei). */
const OPCODE_MASK = 0x7f
const SYSTEM = 0x73
const FENCE_I = 0x100f
const FENCE_I_MASK = 0x707f
/** Guest addresses are below this, and exact as numbers. */
const HIGHEST = 2n ** 48n

interface Range {
  readonly start: number
  readonly end: number
  /** `rwxp` as in /proc/pid/maps. */
  readonly flags: string
}

/** The memory of the process with the protections that its threads have, and an eye on what is watched. */
class WatchedMemory implements Memory {
  readonly #pid: number
  readonly #memory: GuestMemory
  readonly #watchpoints: readonly Watchpoint[]
  #ranges: readonly Range[] | undefined
  /** What was accessed, and where. */
  hit: { readonly watchpoint: Watchpoint; readonly address: number } | undefined

  constructor(pid: number, memory: GuestMemory, watchpoints: readonly Watchpoint[]) {
    this.#pid = pid
    this.#memory = memory
    this.#watchpoints = watchpoints
  }

  load(address: bigint, size: number): bigint {
    const at = this.#check(address, size, 'r')
    if (this.#watchpoints.length > 0) this.#watch(at, size, 'rwatch')
    const bytes = this.#memory.read(at, size)
    if (bytes.length < size) throw new MemoryFault(address)
    return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  }

  store(address: bigint, size: number, value: bigint): void {
    const at = this.#check(address, size, 'w')
    const bytes = Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))
    if (this.#memory.write(at, bytes) < size) throw new MemoryFault(address)
    this.#watch(at, size, 'watch')
  }

  /** @throws MemoryFault for memory that the thread may not access so */
  #check(address: bigint, size: number, flag: 'r' | 'w'): number {
    if (address >= HIGHEST) throw new MemoryFault(address)
    this.#ranges ??= rangesOf(this.#pid)
    const start = Number(address)
    for (let at = start; at < start + size; ) {
      const range = this.#ranges.find(candidate => at >= candidate.start && at < candidate.end)
      if (!range?.flags.includes(flag)) throw new MemoryFault(address)
      at = range.end
    }
    return start
  }

  #watch(start: number, size: number, kind: 'watch' | 'rwatch'): void {
    const found = this.#watchpoints.find(
      watchpoint =>
        (watchpoint.kind === kind || watchpoint.kind === 'awatch') &&
        start < watchpoint.end &&
        start + size > watchpoint.start,
    )
    if (found) this.hit ??= { watchpoint: found, address: Math.max(start, found.start) }
  }
}

/** What the process has mapped; nothing when it is gone. */
function rangesOf(pid: number): Range[] {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n').flatMap(parseRange)
  } catch {
    return []
  }
}

/** A line of /proc/pid/maps (proc(5)). */
function parseRange(line: string): Range[] {
  const [, start, end, flags] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
  return start ? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end!, 16), flags: flags! }] : []
}

export interface StepOptions {
  readonly pid: number
  readonly memory: GuestMemory
  readonly watchpoints: readonly Watchpoint[]
  /** Most instructions. */
  readonly limit: number
  /** Whether to stop at this pc, behind at least one instruction. */
  readonly done: (pc: number) => boolean
}

/** `limit`: not there yet; `executor`: the next instruction is not the interpreter's. */
export type Stepped = 'done' | 'limit' | 'executor' | { readonly watchpoint: Watchpoint; readonly address: number }

/** Executes instructions on the CPU state. */
export function interpretSteps(state: DataView, options: StepOptions): Stepped {
  const { pid, memory, watchpoints, limit, done } = options
  const data = new WatchedMemory(pid, memory, watchpoints)
  const code = new WatchedMemory(pid, memory, [])
  const hart = loadHart(state)
  const split: Memory = {
    // the interpreter fetches by halves at pc, and no instruction loads its own bytes without being stepped the same
    load: (address, size) => (address >= hart.pc && address < hart.pc + 4n ? code : data).load(address, size),
    store: (address, size, value) => data.store(address, size, value),
  }
  let outcome: Stepped = 'limit'
  for (let i = 0; i < limit && outcome === 'limit'; i++) {
    if (forExecutor(memory, Number(hart.pc)) || hart.step(split) !== 'ok') outcome = 'executor'
    else if (data.hit) outcome = data.hit
    else if (done(Number(hart.pc))) outcome = 'done'
  }
  storeHart(hart, state)
  return outcome
}

function forExecutor(memory: GuestMemory, pc: number): boolean {
  const bytes = memory.read(pc, 4)
  const word = bytes.length === 4 ? new DataView(bytes.buffer).getUint32(0, true) : 0
  return (word & OPCODE_MASK) === SYSTEM || (word & FENCE_I_MASK) === FENCE_I
}
