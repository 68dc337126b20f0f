/**
 * The program that gdb debugs: the first process of the tree. Threads that have to stand still are held in REQUEST.DEBUG
 * (runtime/executor/debug.c); while the program is stopped, all of its threads are, or wait in system calls. Breakpoints
 * are translated to traps, in a space of the process's own, so that no other process meets them.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { CPU_STATE, DEBUG_REASON } from '../../base/layout.ts'
import type { GuestMemory } from '../guest-memory.ts'
import type { ControlBlock } from '../mailbox.ts'
import type { GuestProcess } from '../process.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { SIGINT, SIGTRAP } from './signals.ts'
import { interpretSteps } from './step.ts'
import { type Action, type End, POINT, type Stop, type Target } from './target.ts'
import type { DebuggedThread } from './thread.ts'
import { Threads } from './threads.ts'

/** Most steps that one thread makes before the others get a turn, and the turn's length in milliseconds. */
const STEPS = 2000
const TURN = 2
/** A `once` may have to be given again: the first look at code that is not translated enters the executor. */
const TRIES = 4
/** Bytes of the shortest instruction. */
const HALFWORD = 2
/** Register sp (psABI). */
const SP = 2

export class Debugger implements Target {
  readonly #threads: Threads
  readonly #sysroot: string
  #process: GuestProcess | undefined
  #state: 'running' | 'stopping' | 'stopped' | 'ended' | 'detached' = 'running'
  /** Counts the times that gdb let the program go on: what is under way for an earlier one is void. */
  #turn = 0
  /** Steps since the other threads had a turn. */
  #steps = 0
  /** The stop before the first instruction, while it has not come. */
  #entry: Omit<Stop, 'thread'> | undefined
  #stopped = 0
  /** Breakpoints that gdb wants; those of the process are brought in step when it goes on. */
  readonly #wanted = new Set<number>()
  #passed: ReadonlySet<number> = new Set()
  #auxiliary: Uint8Array = new Uint8Array()
  /** The end, when gdb could not be told: it hears of it when it lets the program go on. */
  #end: End | undefined
  /** gdb ended the program. */
  killed = false
  /** Is told of every stop, and of the end. */
  onEvent: (event: Stop | End) => void = () => {}

  /** @param sysroot where absolute guest paths are looked for first, or '' */
  constructor(control: ControlBlock, sysroot: string) {
    this.#threads = new Threads(control)
    this.#sysroot = sysroot
  }

  /** Whether this process is the one: it needs a private space. */
  owns({ pid }: GuestProcess): boolean {
    return this.#state !== 'detached' && (this.#process === undefined || this.#process.pid === pid)
  }

  /** A program begins in the process, perhaps by execve. It stops before its first instruction. */
  program(process: GuestProcess): void {
    if (!this.owns(process)) return
    const path = process.program?.path ?? ''
    this.#entry = { kind: 'stop', signal: SIGTRAP, ...(this.#process ? { reason: { kind: 'exec', at: path } } : {}) }
    this.#process = process
    this.#wanted.clear()
    this.#threads.begin(process.pid)
  }

  /** REQUEST.DEBUG: holds the slot, or lets it be answered at once. */
  request(process: GuestProcess, slot: ThreadSlot): void {
    const [reason, signal] = [slot.arg(0), slot.arg(1)]
    slot.setResult(1, signal)
    if (process !== this.#process || this.#state === 'detached' || this.#state === 'ended') {
      slot.debug = 0
      return
    }
    const thread = this.#threads.of(slot)
    if (reason === DEBUG_REASON.SIGNAL && (this.#passed.has(signal) || thread.injected === signal)) {
      thread.injected = 0
      return
    }
    slot.held = true
    thread.signal = signal
    this.#held(thread, this.#reasonOf(thread, reason))
  }

  /** The process has ended. */
  ended(end: End): void {
    if (this.#state === 'ended' || this.#state === 'detached') return
    if (this.#state === 'stopped') this.#end = end
    else this.onEvent(end)
    this.#state = 'ended'
  }

  #reasonOf({ id, pc, signal }: DebuggedThread, reason: number): Stop | undefined {
    if (reason === DEBUG_REASON.SIGNAL) return { kind: 'stop', thread: id, signal }
    if (reason === DEBUG_REASON.BREAKPOINT) {
      const known = this.#process!.breakpoints.has(pc)
      return known ? { kind: 'stop', thread: id, signal: SIGTRAP, reason: { kind: 'swbreak' } } : undefined
    }
    const entry = this.#entry
    if (entry === undefined) return undefined
    this.#entry = undefined
    this.#auxiliary = readAuxiliaryVector(this.#process!.memory, this.#threads.byId(id)!.slot.state)
    return { ...entry, thread: id }
  }

  #held(thread: DebuggedThread, stop: Stop | undefined): void {
    if (this.#state !== 'running') {
      thread.pending = stop
      return
    }
    const { waiter } = thread
    thread.waiter = undefined
    if (stop) void this.#stop(stop)
    else if (waiter) waiter()
    else thread.release(0)
  }

  /** Stops all threads, then tells gdb. */
  async #stop(stop: Stop): Promise<void> {
    this.#state = 'stopping'
    for (const thread of this.#threads.list) thread.waiter = undefined
    await this.#threads.stop(() => this.#state === 'stopping')
    if (this.#state !== 'stopping') return
    this.#state = 'stopped'
    this.#stopped = stop.thread
    this.onEvent(stop)
  }

  // ---- Target: what gdb asks ----

  get stopped(): boolean {
    return this.#state === 'stopped'
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  get path(): string {
    return this.#process?.program?.path ?? ''
  }

  get bias(): number {
    return this.#process?.bias ?? 0
  }

  threads(): { id: number; name: string }[] {
    return this.#threads.list.map(({ id, name }) => ({ id, name }))
  }

  state(thread: number): DataView | undefined {
    return this.#threads.byId(thread)?.slot.state
  }

  readMemory(address: number, length: number): Uint8Array {
    return this.#process?.memory.read(address, length) ?? new Uint8Array()
  }

  writeMemory(address: number, bytes: Uint8Array): boolean {
    const written = this.#process?.memory.write(address, bytes) ?? 0
    this.#changed(address, written)
    return written === bytes.length
  }

  auxiliaryVector(): Uint8Array {
    return this.#auxiliary
  }

  insert(kind: number, address: number): boolean {
    if (kind !== POINT.SOFTWARE && kind !== POINT.HARDWARE) return false
    this.#wanted.add(address)
    return true
  }

  remove(_kind: number, address: number): void {
    this.#wanted.delete(address)
  }

  passSignals(signals: ReadonlySet<number>): void {
    this.#passed = signals
  }

  hostPath(path: string): string {
    const inside = join(this.#sysroot, path)
    return this.#sysroot !== '' && path.startsWith('/') && existsSync(inside) ? inside : path
  }

  // ---- Target: what gdb has done ----

  resume(actions: readonly Action[]): void {
    if (this.#end) return this.onEvent(this.#end)
    if (this.#state !== 'stopped') return
    const turn = ++this.#turn
    this.#applyBreakpoints()
    const going = actions.flatMap(action => {
      const thread = this.#threads.byId(action.thread)
      return thread ? [{ ...action, thread }] : []
    })
    for (const { thread } of going) {
      const { pending } = thread
      thread.pending = undefined
      if (pending && this.#stillTrue(thread, pending)) {
        this.#stopped = thread.id
        setImmediate(() => turn === this.#turn && this.onEvent(pending))
        return
      }
    }
    this.#state = 'running'
    const stepper = going.find(({ kind }) => kind !== 'continue')
    const others = going.filter(action => action !== stepper)
    const releaseOthers = (): void => {
      this.#steps = 0
      for (const { thread, signal } of others.splice(0)) thread.release(signal)
    }
    if (stepper === undefined) releaseOthers()
    else void this.#step(stepper, turn, releaseOthers)
  }

  interrupt(): void {
    // before the first instruction it stops by itself
    if (this.#state !== 'running' || this.#entry) return
    const thread = this.#threads.byId(this.#stopped) ?? this.#threads.list[0]
    if (thread) void this.#stop({ kind: 'stop', thread: thread.id, signal: SIGINT })
  }

  kill(): void {
    this.killed = true
    try {
      process.kill(this.pid, 'SIGKILL')
    } catch {
      // it is gone already
    }
  }

  detach(): void {
    if (this.#state === 'ended') return
    this.#state = 'detached'
    this.#wanted.clear()
    this.#applyBreakpoints()
    this.#threads.forget()
  }

  /** A breakpoint that gdb took back meanwhile is none. */
  #stillTrue({ pc }: DebuggedThread, { reason }: Stop): boolean {
    return reason?.kind !== 'swbreak' || this.#wanted.has(pc)
  }

  #applyBreakpoints(): void {
    const breakpoints = this.#process?.breakpoints ?? new Set<number>()
    const added = [...this.#wanted].filter(address => !breakpoints.has(address))
    const removed = [...breakpoints].filter(address => !this.#wanted.has(address))
    for (const address of added) breakpoints.add(address)
    for (const address of removed) breakpoints.delete(address)
    for (const address of [...added, ...removed]) this.#changed(address, HALFWORD)
    if (this.#process?.space) this.#process.space.debugged = true
  }

  /** Guest code may have changed: its translations are void. */
  #changed(address: number, length: number): void {
    const { memory, space, next } = this.#process ?? {}
    memory?.forget(address, length)
    for (const each of [space, next]) each?.cache.invalidate(address, address + length)
  }

  /**
   * Steps one thread, by the interpreter where that can do it, while the others stand still; they get a turn now and then,
   * because the thread may wait for them.
   */
  async #step(
    action: Omit<Action, 'thread'> & { thread: DebuggedThread },
    turn: number,
    releaseOthers: () => void,
  ): Promise<void> {
    const { thread, kind, signal, start = 0, end = 0 } = action
    const current = (): boolean => turn === this.#turn && this.#state === 'running'
    const done = (pc: number): boolean =>
      kind === 'step' || pc < start || pc >= end || this.#process!.breakpoints.has(pc)
    const stop = (): Promise<void> => this.#stop({ kind: 'stop', thread: thread.id, signal: SIGTRAP })

    if (!thread.held) {
      // in a system call: the step ends where that returns
      releaseOthers()
      await thread.stands()
      return current() ? stop() : undefined
    }
    if (thread.signal !== 0 || signal !== 0) {
      const stands = thread.stands()
      thread.deliver(signal)
      await stands
      if (!current()) return
      if (signal !== 0) return stop()
    }
    for (let tries = 0; ; ) {
      const { pc } = thread
      const { memory, pid } = this.#process!
      const limit = kind === 'step' ? 1 : STEPS
      const outcome = interpretSteps(thread.slot.state, { pid, memory, limit, done })
      this.#steps += limit
      if (outcome === 'executor') {
        releaseOthers()
        const stands = thread.stands()
        thread.releaseOnce()
        await stands
        if (!current()) return
        if (thread.pc === pc && ++tries < TRIES) continue
      } else if (this.#steps >= STEPS) {
        releaseOthers()
        await sleep(TURN)
        if (!current()) return
      }
      if (outcome === 'done' || done(thread.pc)) return stop()
      tries = 0
      await this.#threads.stop(current)
      await nextTurn()
      if (!current()) return
    }
  }
}

/** The auxiliary vector behind the arguments and the environment on a first stack (psABI, Process Initialization). */
function readAuxiliaryVector(memory: GuestMemory, state: DataView): Uint8Array {
  const word = (at: number): bigint => {
    const bytes = memory.read(at, 8)
    return bytes.length === 8 ? new DataView(bytes.buffer).getBigUint64(0, true) : 0n
  }
  const sp = Number(state.getBigUint64(CPU_STATE.at.x + SP * 8, true))
  let start = sp + 8 * (Number(word(sp)) + 2)
  while (word(start) !== 0n) start += 8
  start += 8
  let end = start
  while (word(end) !== 0n) end += 16
  return memory.read(start, end + 16 - start)
}
