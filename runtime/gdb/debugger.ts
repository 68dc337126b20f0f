/**
 * The program that gdb debugs: the first process of the tree. Threads that have to stand still are held in REQUEST.DEBUG
 * (runtime/executor/debug.c); while the program is stopped, all of its threads are, or wait in system calls. Breakpoints
 * are translated to traps, in a space of the process's own, so that no other process meets them.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CPU_STATE, DEBUG_REASON } from '../../base/layout.ts'
import type { GuestMemory } from '../guest-memory.ts'
import type { ControlBlock } from '../mailbox.ts'
import type { GuestProcess } from '../process.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { type Execution, interpretAll, step, type ThreadAction } from './execution.ts'
import { codeChanged, Points } from './points.ts'
import { SIGINT, SIGTRAP } from './signals.ts'
import type { Action, End, Stop, Target } from './target.ts'
import type { DebuggedThread } from './thread.ts'
import { Threads } from './threads.ts'

/** Bytes of siginfo_t. */
const SIGNAL_INFO_SIZE = 128
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
  readonly #since = { steps: 0 }
  /** The threads are interpreted: they stand still for that only. */
  #interpreting = false
  /** The stop before the first instruction, while it has not come. */
  #entry: Omit<Stop, 'thread'> | undefined
  #stopped = 0
  readonly #points = new Points()
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
    this.#points.clear()
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
    thread.signalInfo = signal === 0 ? undefined : slot.bytes(SIGNAL_INFO_SIZE)
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
    else if (!this.#interpreting) thread.release(0)
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
    if (written > 0) codeChanged(this.#process!, address, written)
    return written === bytes.length
  }

  auxiliaryVector(): Uint8Array {
    return this.#auxiliary
  }

  insert(kind: number, address: number, length: number): boolean {
    this.#points.insert(kind, address, length)
    return true
  }

  remove(kind: number, address: number, length: number): void {
    this.#points.remove(kind, address, length)
  }

  signalInfo(thread: number): Uint8Array | undefined {
    return this.#threads.byId(thread)?.signalInfo
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
    this.#turn++
    this.#points.apply(this.#process!)
    const going = actions.flatMap(action => {
      const thread = this.#threads.byId(action.thread)
      return thread ? [{ ...action, thread }] : []
    })
    for (const { thread } of going) {
      const { pending } = thread
      thread.pending = undefined
      if (pending && this.#stillTrue(thread, pending)) return this.#tellLater(pending, going)
    }
    this.#state = 'running'
    const execution = this.#execution()
    this.#interpreting = this.#points.watchpoints.length > 0
    if (this.#interpreting) return void interpretAll(execution, going)
    const stepper = going.find(({ kind }) => kind !== 'continue')
    const others = going.filter(action => action !== stepper)
    const releaseOthers = (): void => {
      for (const { thread, signal } of others.splice(0)) thread.release(signal)
    }
    if (stepper) void step(execution, stepper, releaseOthers)
    else releaseOthers()
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
    this.#points.clear()
    if (this.#process) this.#points.apply(this.#process)
    this.#threads.forget()
  }

  /** One of the threads that should go on has something to tell: none goes on, but all have the signals that they were to get. */
  #tellLater(stop: Stop, going: readonly ThreadAction[]): void {
    for (const { thread, signal } of going) {
      const answered = thread.id !== stop.thread && thread.held && (thread.signal !== 0 || signal !== 0)
      if (answered) thread.deliver(signal)
    }
    const turn = this.#turn
    this.#stopped = stop.thread
    setImmediate(() => turn === this.#turn && this.onEvent(stop))
  }

  #execution(): Execution {
    const turn = this.#turn
    return {
      threads: this.#threads,
      process: this.#process!,
      watchpoints: this.#points.watchpoints,
      since: this.#since,
      current: () => turn === this.#turn && this.#state === 'running',
      stop: stop => void this.#stop(stop),
    }
  }

  /** A breakpoint that gdb took back meanwhile is none. */
  #stillTrue({ pc }: DebuggedThread, { reason }: Stop): boolean {
    return reason?.kind !== 'swbreak' || this.#points.breaksAt(pc)
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
