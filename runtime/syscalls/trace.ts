/**
 * `--log=strace`: the executors post REQUEST.TRACE before and after each system call; this makes the lines of `strace -f -a1` of
 * them from the rows of table.ts.
 *
 *   openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
 *
 * A call during which another thread makes one has two lines:
 *
 *   [pid 12] read(0,  <unfinished ...>
 *   [pid 13] getpid() = 13
 *   [pid 12] <... read resumed>"abc", 10) = 3
 *
 * strace writes the first part of a line when the call begins. Here that is put off until the call has taken a while, so
 * that what the guest writes to the same terminal seldom gets between the parts.
 */
import { isLate, noteBefore, printArgument } from './arguments.ts'
import type { ReadMemory } from './memory.ts'
import { view } from './memory.ts'
import { printSignal } from './names.ts'
import { printResult } from './results.ts'
import { STRUCTS } from './structs.ts'
import { SYSTEM_CALLS, type SystemCall } from './table.ts'

export type { ReadMemory } from './memory.ts'

/** Milliseconds after which the first part of a line is written. */
const PATIENCE = 200

/** A guest thread that posts an event, and how its memory is read. */
interface TracedThread {
  readonly tid: number
  readonly process: number
  readonly read: ReadMemory
}

const CALLS = new Map(SYSTEM_CALLS.map(call => [call.number, call]))
const PHASE = { BEFORE: 0, AFTER: 1, SIGNAL: 2 } as const
/** Calls whose arguments strace shows in another order than that of the registers. */
const ORDER: Readonly<Record<string, readonly number[]>> = { clone: [1, 0, 2, 3, 4] }
const NEW_THREAD = new Set(['clone', 'clone3'])
const EXECUTION = new Set(['execve', 'execveat'])

/** A number without a row: its six words. */
const unknown = (number: number): SystemCall => ({
  number,
  name: `syscall_${hexNumber(number)}`,
  args: ['hex', 'hex', 'hex', 'hex', 'hex', 'hex'],
  policy: 'enosys',
  interruption: 'none',
})
const hexNumber = (number: number) => `0x${number.toString(16)}`

/** How much of the line of a call was written: nothing, its beginning, or its beginning and `<unfinished ...>`. */
type Shown = 'nothing' | 'beginning' | 'unfinished'

interface Started {
  readonly thread: TracedThread
  readonly call: SystemCall
  readonly args: readonly bigint[]
  /** Values that the kernel replaces. */
  readonly before: readonly (number | undefined)[]
  /** The text up to the first argument that needs the result, and how many arguments that is. */
  readonly beginning: string
  readonly count: number
  shown: Shown
}

const low = (word: bigint): number => Number(BigInt.asUintN(32, word))
const high = (word: bigint): number => Number(word >> 32n)

const orderOf = (call: SystemCall): readonly number[] => ORDER[call.name] ?? call.args.map((_, index) => index)

/** One for a tree of processes. */
export class SystemCallTrace {
  readonly #write: (text: string) => void
  readonly #started = new Map<number, Started>()
  /** Threads that are there, with their processes. */
  readonly #alive = new Map<number, number>()
  /** Threads that ended before the call that made them returned. */
  readonly #ended = new Set<number>()
  /** The call whose line is not finished. */
  #open: Started | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param write takes text that ends with a newline or goes on with the next one. */
  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** One request: the words of REQUEST.TRACE (base/layout.ts), and how the memory of the process is read. */
  event(read: ReadMemory, words: ArrayLike<bigint>): void {
    const thread = { tid: high(words[1]!), process: high(words[0]!), read }
    this.#alive.set(thread.tid, thread.process)
    if (this.#open && this.#open.thread.tid !== thread.tid) this.#suspend()
    switch (low(words[1]!)) {
      case PHASE.BEFORE:
        return this.#begin(thread, words)
      case PHASE.AFTER:
        return this.#end(thread, words[7]!)
      case PHASE.SIGNAL:
        return this.#signal(thread, low(words[0]!), words[2]!)
    }
  }

  /** The process has ended, or runs a host program; by a signal when one is given. */
  gone(process: number, signal?: string): void {
    const tids = [...this.#alive].filter(([, owner]) => owner === process).map(([tid]) => tid)
    for (const tid of tids) {
      const started = this.#started.get(tid)
      if (started) this.#abandon(started)
      if (signal !== undefined) this.#line(tid, `+++ killed by ${signal} +++\n`)
      this.#remove(tid)
    }
  }

  /** Everything has ended, by a signal when one is given: finishes the lines of calls that have not returned. */
  finish(signal?: string): void {
    for (const process of new Set(this.#alive.values())) this.gone(process, signal)
  }

  #prefix(tid: number): string {
    return this.#alive.size > 1 ? `[pid ${String(tid).padStart(5)}] ` : ''
  }

  #line(tid: number, text: string): void {
    this.#write(`${this.#prefix(tid)}${text}`)
  }

  #begin(thread: TracedThread, words: ArrayLike<bigint>): void {
    const earlier = this.#started.get(thread.tid)
    if (earlier) this.#abandon(earlier)
    const number = low(words[0]!)
    const call = CALLS.get(number) ?? unknown(number)
    const args = Array.from({ length: 6 }, (_, i) => words[i + 2]!)
    const before = call.args.map((word, i) => noteBefore(word, args[i]!, thread.read))
    const context = (index: number) => ({ args, index, read: thread.read, before })
    const order = orderOf(call)
    const found = order.findIndex(index => isLate(call.args[index]!, context(index)))
    const count = found < 0 ? order.length : found
    const texts = order.slice(0, count).map(index => printArgument(call.args[index]!, context(index)))
    const shown = texts.filter(text => text !== undefined).join(', ')
    const beginning = `${call.name}(${shown}${found < 0 || shown === '' ? '' : ', '}`
    const started: Started = { thread, call, args, before, beginning, count, shown: 'nothing' }
    if (call.name === 'exit' || call.name === 'exit_group') return this.#exit(started)
    this.#started.set(thread.tid, started)
    this.#open = started
    this.#timer ??= setTimeout(() => this.#show(), PATIENCE).unref()
  }

  /** The line of a call that never returns, and the end of the thread or of all threads of the process. */
  #exit({ thread, call, args, beginning }: Started): void {
    const status = `+++ exited with ${Number(BigInt.asUintN(8, args[0]!))} +++\n`
    this.#line(thread.tid, `${beginning}) = ?\n`)
    for (const [tid, process] of [...this.#alive]) {
      if (tid === thread.tid || call.name === 'exit' || process !== thread.process) continue
      const other = this.#started.get(tid)
      if (other) this.#abandon(other)
      this.#line(tid, status)
      this.#remove(tid)
    }
    this.#line(thread.tid, status)
    this.#remove(thread.tid)
  }

  #end(thread: TracedThread, result: bigint): void {
    const started = this.#started.get(thread.tid)
    if (!started) return
    this.#reap(started, result)
    const { call, args, before, count } = started
    const order = orderOf(call)
    const texts = order
      .slice(count)
      .map(index => printArgument(call.args[index]!, { args, index, read: thread.read, result, before }))
    const rest = texts.filter(text => text !== undefined).join(', ')
    this.#close(started, `${rest}) = ${printResult({ row: call, args, read: thread.read }, result)}\n`)
    const child = BigInt.asIntN(64, result)
    if (NEW_THREAD.has(call.name) && child > 0n && child < 2n ** 31n) this.#note(Number(child), thread, args[0]!)
  }

  /** A parent learns that a signal ended its child: nothing else tells of that. */
  #reap({ thread, call, args }: Started, result: bigint): void {
    const child = BigInt.asIntN(64, result)
    if (call.name !== 'wait4' || child <= 0n) return
    const status = view(thread.read, args[1]!, 4)?.getInt32(0, true) ?? 0
    const signal = status & 0x7f
    if (signal === 0 || signal === 0x7f) return
    const open = this.#open
    if (open && this.#alive.has(Number(child))) this.#suspend()
    this.gone(Number(child), printSignal(signal))
  }

  /** A child has begun: lines name their threads from now on. It may have told of itself already, and have ended. */
  #note(child: number, { process }: TracedThread, flags: bigint): void {
    const CLONE_THREAD = 0x10000n
    if (!this.#alive.has(child) && !this.#ended.has(child))
      this.#alive.set(child, flags & CLONE_THREAD ? process : child)
  }

  #remove(tid: number): void {
    this.#alive.delete(tid)
    this.#ended.add(tid)
  }

  #signal(thread: TracedThread, number: number, info: bigint): void {
    if (this.#open) this.#suspend()
    const bytes = view(thread.read, info, STRUCTS.siginfo!.size)
    this.#line(thread.tid, `--- ${printSignal(number)} ${bytes ? STRUCTS.siginfo!.print(bytes) : '{}'} ---\n`)
  }

  /** Writes the end of a line, and what of it was not written yet. */
  #close(started: Started, end: string): void {
    const { thread, call, beginning, shown } = started
    if (shown === 'beginning') this.#write(end)
    else this.#line(thread.tid, shown === 'nothing' ? `${beginning}${end}` : `<... ${call.name} resumed>${end}`)
    this.#forget(started)
  }

  #forget(started: Started): void {
    this.#started.delete(started.thread.tid)
    if (this.#open !== started) return
    this.#open = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** The call will not return: an execution succeeded, or the thread is gone. */
  #abandon(started: Started): void {
    if (EXECUTION.has(started.call.name)) return this.#close(started, ') = 0\n')
    const open = started.shown === 'unfinished' ? '' : ' <unfinished ...>'
    this.#close(started, `${open}) = ?\n`)
  }

  /** The beginning of the line that waits. */
  #show(): void {
    this.#timer = undefined
    const started = this.#open
    if (started?.shown !== 'nothing') return
    started.shown = 'beginning'
    this.#line(started.thread.tid, started.beginning)
  }

  #suspend(): void {
    const started = this.#open!
    if (started.shown === 'nothing') this.#line(started.thread.tid, `${started.beginning} <unfinished ...>\n`)
    else this.#write(' <unfinished ...>\n')
    started.shown = 'unfinished'
    this.#open = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
