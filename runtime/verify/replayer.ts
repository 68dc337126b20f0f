/**
 * The second run of `ferry run --verify`: each system call is compared with the one that was recorded in its place. Most are not made
 * again: the program gets what the first run got, in memory and as result.
 */
import { fstatSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { TRACE_ANSWER } from '../../base/layout.ts'
import type { GuestProcess } from '../process.ts'
import { outputs } from '../syscalls/effects.ts'
import { printResult } from '../syscalls/results.ts'
import { failed, int } from '../syscalls/text.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { inputOf, isAddress, roomsOf, rowOf, type StartedCall, startedCall, textOf } from './call.ts'
import { bytesDifference, difference, type Side } from './difference.ts'
import { PERFORMED, SIGNALS, UNCOMPARED, WITHOUT_RESULT } from './policy.ts'
import { mapsFile, type Recorder } from './recorder.ts'
import type { RecordedCall } from './tape.ts'
import { makesUpName, withRecordedName } from './temporary.ts'
import { type CallWatcher, PHASE } from './watcher.ts'

/** Thrown where the recorded run was ended by a signal within a call: there is nothing more to compare. */
export class RecordEnds extends Error {}

const MAP = { TYPE: 0xf, PRIVATE: 2, ANONYMOUS: 0x20 } as const
const ENDING = new Set(['exit', 'exit_group'])

export class Replayer implements CallWatcher {
  /** The line about the signal that ended the process. */
  death: string | undefined
  readonly #record: Recorder
  readonly #recordedEnd: string
  #number = 0
  #process: GuestProcess | undefined
  #started: StartedCall | undefined
  #recorded: RecordedCall | undefined

  /** @param end how the recorded run ended */
  constructor(record: Recorder, end: string) {
    this.#record = record
    this.#recordedEnd = end
  }

  readonly died = (line: string): void => {
    this.death = line
  }

  /** @throws FerryError `verify-differs` and others that end the run, RecordEnds */
  event(process: GuestProcess, slot: ThreadSlot, words: readonly bigint[]): void {
    const phase = Number(BigInt.asUintN(32, words[1]!))
    if (phase === PHASE.AFTER) return this.#end(words[7]!)
    if (phase === PHASE.SIGNAL) return
    this.#process = process
    const started = startedCall(process, slot, words)
    if (UNCOMPARED.has(started.row.name) || makesUpName(started)) return
    this.#number++
    const recorded = this.#record.tape.next()
    this.#compare(started, recorded)
    this.#started = started
    this.#recorded = recorded
    this.#answer(slot, started, recorded)
  }

  /** The run has ended: the record must have, in the same way. @throws FerryError `verify-differs` */
  finish(end: string): void {
    const recorded = this.#record.tape.next()
    if (this.#process === undefined || (recorded === undefined && end === this.#recordedEnd)) return
    const emulated: Side = recorded
      ? { text: textOf(recorded.number, recorded.texts), at: recorded }
      : { text: this.#recordedEnd }
    throw difference(this.#process, this.#number + 1, { emulated, hybrid: { text: this.death ?? end } })
  }

  #compare(started: StartedCall, recorded: RecordedCall | undefined): asserts recorded is RecordedCall {
    const { process, row, args } = started
    const texts = recorded?.number === row.number ? withRecordedName(started, recorded.texts) : started.texts
    const hybrid: Side = { text: textOf(row.number, texts), at: started }
    if (recorded === undefined)
      throw difference(process, this.#number, { emulated: { text: this.#recordedEnd }, hybrid })
    const emulated: Side = { text: textOf(recorded.number, recorded.texts), at: recorded }
    const differs = (what?: string): FerryError =>
      difference(process, this.#number, { emulated, hybrid, ...(what === undefined ? {} : { what }) })
    if (recorded.number !== row.number) throw differs()
    const other = texts.findIndex((text, i) => {
      const then = recorded.texts[i]!
      return isAddress({ row, args }, i) ? (text === 'NULL') !== (then === 'NULL') : text !== then
    })
    if (other >= 0) throw differs()
    const bytes = bytesDifference(recorded.input, inputOf(started))
    if (bytes !== undefined) throw differs(bytes)
    const rooms = roomsOf(started)
    if (rooms.join() !== recorded.rooms.join())
      throw differs(`Sizes of its buffers: ${recorded.rooms.join(', ')} emulated and ${rooms.join(', ')} hybrid.`)
  }

  #answer(slot: ThreadSlot, started: StartedCall, recorded: RecordedCall): void {
    const { row, args } = started
    if (SIGNALS.has(row.name) && this.#aboutItself(args, row.args)) return this.#perform(slot, started)
    if (recorded.result === undefined && !ENDING.has(row.name)) throw new RecordEnds()
    if (row.name === 'mmap' && mapsFile(args)) return this.#map(slot, started, recorded)
    if (PERFORMED.has(row.name)) return this.#perform(slot, started)
    this.#repeat(slot, started, recorded)
  }

  /** Whether what a signal is sent to is the process: by the numbers that the first run told it. */
  #aboutItself(args: readonly bigint[], words: readonly string[]): boolean {
    return words.every((word, i) => word !== 'pid' || int(args[i]!) === this.#record.pid)
  }

  /** With this run's number of the process in place of the first one's. */
  #perform(slot: ThreadSlot, { process, row, args }: StartedCall): void {
    const { pid } = this.#record
    const own = (value: bigint, i: number): boolean => row.args[i] === 'pid' && int(value) === pid
    if (args.some(own))
      this.#change(
        slot,
        args.map((value, i) => (own(value, i) ? BigInt(process.pid) : value)),
      )
  }

  #change(slot: ThreadSlot, args: readonly bigint[]): void {
    slot.setResult(0, TRACE_ANSWER.CHANGED)
    for (const [i, value] of args.entries()) slot.setResultBig(i + 1, value)
  }

  /** A mapping of the same file while it is what it was, or else of memory with its content then. */
  #map(slot: ThreadSlot, started: StartedCall, recorded: RecordedCall): void {
    if (failed(recorded.result!)) return this.#repeat(slot, started, recorded)
    const { fd, path, time, saved } = this.#record.files[recorded.file!]!
    if (saved) {
      const [address, length, protection, flags] = started.args.map(Number)
      const memory = (flags! & ~MAP.TYPE) | MAP.PRIVATE | MAP.ANONYMOUS
      return this.#change(slot, [...[address!, length!, protection!, memory].map(BigInt), -1n, 0n])
    }
    if (fstatSync(fd, { bigint: true }).ctimeNs !== time) throw new FerryError('verify-file-changed', { path })
    slot.setResult(0, TRACE_ANSWER.ON_FILE)
    slot.text = `/proc/${process.pid}/fd/${fd}`
  }

  #repeat(slot: ThreadSlot, started: StartedCall, { result, output }: RecordedCall): void {
    const places = outputs(started, result!) ?? []
    for (const [i, bytes] of output.entries()) started.process.memory.write(Number(places[i]!.address), bytes)
    slot.setResult(0, TRACE_ANSWER.ANSWERED)
    slot.setResultBig(1, result!)
    this.#started = undefined
  }

  /** Behind a call that was made: its result is compared. */
  #end(result: bigint): void {
    const [started, recorded] = [this.#started, this.#recorded]
    this.#started = undefined
    if (started === undefined || recorded?.result === undefined || WITHOUT_RESULT.has(started.row.name)) return
    const { process, row, args, read } = started
    if (recorded.file !== undefined && this.#record.files[recorded.file]!.saved)
      process.memory.write(Number(result), recorded.output[0]!)
    if (result === recorded.result) return
    const side = (texts: StartedCall['texts'], value: bigint, at: Side['at']): Side => ({
      text: `${textOf(row.number, texts)} = ${printResult({ row: rowOf(row.number), args, read }, value)}`,
      at,
    })
    throw difference(process, this.#number, {
      emulated: side(recorded.texts, recorded.result, recorded),
      hybrid: side(started.texts, result, started),
    })
  }
}
