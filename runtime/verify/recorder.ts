/** The first run of `ferry run --verify`: writes down each system call with what it read, returned and wrote. */
import { closeSync, fstatSync, openSync, readlinkSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import type { GuestProcess } from '../process.ts'
import { contentOf, outputs } from '../syscalls/effects.ts'
import { view } from '../syscalls/memory.ts'
import { printSignal } from '../syscalls/names.ts'
import { failed, int } from '../syscalls/text.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { inputOf, roomsOf, type StartedCall, startedCall, textOf } from './call.ts'
import { placeText } from './difference.ts'
import { PERFORMED, REFUSED, UNCOMPARED } from './policy.ts'
import { Tape } from './tape.ts'
import { makesUpName } from './temporary.ts'
import { type CallWatcher, PHASE } from './watcher.ts'

/** A file that was mapped, kept open. */
export interface MappedFile {
  readonly fd: number
  readonly path: string
  /** Of the last status change, nanoseconds. */
  readonly time: bigint
  /** What was mapped is in the record, because the run itself may have changed it. */
  readonly saved: boolean
}

/** si_code of siginfo_t (sigaction(2)). */
const SI = { USER: 0, QUEUE: -1, TKILL: -6 } as const
const SIGINFO_SIZE = 24
const FAULTS: readonly string[] = ['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP']
const MAP = { SHARED: 1, ANONYMOUS: 0x20 } as const
const PROT = { WRITE: 2, EXEC: 4 } as const
const NANOSECONDS = 1_000_000n
/** The kernel's clock for files lags behind by a tick, in milliseconds. */
const TICK = 10

export class Recorder implements CallWatcher {
  readonly tape = new Tape()
  readonly files: MappedFile[] = []
  /** The process that is followed. */
  pid = 0
  readonly #begin = BigInt(Date.now() - TICK) * NANOSECONDS
  #started: StartedCall | undefined
  #input: Uint8Array = new Uint8Array()
  #rooms: readonly number[] = []

  /** @throws FerryError `verify-unsupported`, which ends the run */
  event(process: GuestProcess, slot: ThreadSlot, words: readonly bigint[]): void {
    const [phase, word] = [Number(BigInt.asUintN(32, words[1]!)), words[0]!]
    if (phase === PHASE.SIGNAL) return this.#signal(process, Number(BigInt.asUintN(32, word)), words[2]!)
    if (phase === PHASE.AFTER) return this.#end(words[7]!)
    this.pid = process.pid
    const started = startedCall(process, slot, words)
    const reason = REFUSED[started.row.name]
    if (reason !== undefined) throw unsupported(started, reason)
    if (UNCOMPARED.has(started.row.name) || makesUpName(started)) return
    this.#started = started
    this.#input = inputOf(started)
    this.#rooms = roomsOf(started)
  }

  /** The run has ended, perhaps within a call. */
  finish(): void {
    if (this.#started) this.#append(this.#started, {})
  }

  close(): void {
    this.tape.close()
    for (const { fd } of this.files) closeSync(fd)
  }

  #end(result: bigint): void {
    const started = this.#started
    if (started === undefined) return
    if (started.row.name === 'mmap' && mapsFile(started.args) && !failed(result)) return this.#mapped(started, result)
    const places = PERFORMED.has(started.row.name) ? [] : outputs(started, result)
    if (places === undefined) throw unsupported(started, 'what it writes to memory is not known')
    const output = places.map(place => contentOf(started.read, place))
    this.#append(started, { result, output })
  }

  #mapped(started: StartedCall, result: bigint): void {
    const [, length, protection, flags, descriptor, offset] = started.args.map(Number)
    const link = `/proc/${started.process.pid}/fd/${int(BigInt(descriptor!))}`
    const path = readlinkSync(link)
    let fd: number
    try {
      fd = openSync(link, 'r')
    } catch {
      throw unsupported(started, `${path}, which it maps, can not be opened for reading`)
    }
    const { size, ctimeNs } = fstatSync(fd, { bigint: true })
    const stored = (flags! & MAP.SHARED) !== 0 && (protection! & PROT.WRITE) !== 0
    const saved = stored || (ctimeNs >= this.#begin && (protection! & PROT.EXEC) === 0)
    const count = Math.min(length!, Math.max(Number(size) - offset!, 0))
    const output = saved ? [contentOf(started.read, { address: result, length: count })] : []
    this.files.push({ fd, path, time: ctimeNs, saved })
    this.#append(started, { result, output, file: this.files.length - 1 })
  }

  #append(
    { row, texts, pc, callers }: StartedCall,
    rest: { result?: bigint; output?: readonly Uint8Array[]; file?: number },
  ): void {
    this.tape.append({
      number: row.number,
      texts,
      pc,
      callers,
      input: this.#input,
      rooms: this.#rooms,
      output: [],
      ...rest,
    })
    this.#started = undefined
  }

  /** Signals that the process sends itself, and those of its faults, come in the other run as well. */
  #signal(process: GuestProcess, number: number, info: bigint): void {
    const bytes = view((address, length) => process.memory.read(address, length), info, SIGINFO_SIZE)
    const code = bytes?.getInt32(8, true) ?? SI.USER
    const sent = code === SI.USER || code === SI.TKILL || code === SI.QUEUE
    const own = sent ? bytes?.getInt32(16, true) === process.pid : FAULTS.includes(printSignal(number))
    if (own) return
    throw new FerryError('verify-unsupported', {
      what: printSignal(number),
      place: '',
      reason: 'a signal from outside can not be repeated at the same instruction',
    })
  }
}

export const mapsFile = (args: readonly bigint[]): boolean => (int(args[3]!) & MAP.ANONYMOUS) === 0

function unsupported(call: StartedCall, reason: string): FerryError {
  const { process, row, texts, pc } = call
  return new FerryError('verify-unsupported', {
    what: textOf(row.number, texts),
    place: ` at ${placeText(process, pc)}`,
    reason,
  })
}
