/** A thread of the program that is debugged, as the debugger sees it. */
import { readFileSync } from 'node:fs'
import { CPU_STATE, DEBUG, PLACES } from '../../base/layout.ts'
import { signalThread } from '../process-control.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import type { Stop } from './target.ts'

export class DebuggedThread {
  readonly slot: ThreadSlot
  readonly id: number
  readonly #pid: number
  /** Why it stands still, while gdb was not told. */
  pending: Stop | undefined
  /** The signal that it is about to get, when it stands still for that. */
  signal = 0
  /** siginfo_t of that signal. */
  signalInfo: Uint8Array | undefined
  /** A signal that the debugger sent it: gdb need not be told. */
  injected = 0
  /** Is told when it stands still without a reason of its own. */
  waiter: (() => void) | undefined

  constructor(pid: number, slot: ThreadSlot) {
    this.slot = slot
    this.id = slot.owner
    this.#pid = pid
  }

  get pc(): number {
    return Number(this.slot.state.getBigUint64(CPU_STATE.at.pc, true))
  }

  /** The slot is still this thread's. */
  get alive(): boolean {
    return this.slot.owner === this.id && this.slot.process === this.#pid
  }

  /** It stands still in its request. */
  get held(): boolean {
    return this.slot.held
  }

  get name(): string {
    return this.#read('comm')?.trimEnd() ?? ''
  }

  /**
   * It waits in a system call of the guest: its registers are in the CPU state, and it stands still before it goes on if it was told
   * to. False when that can not be seen.
   */
  get inCall(): boolean {
    const text = this.slot.idle ? this.#read('syscall') : undefined
    return text !== undefined && /^\d/.test(text)
  }

  /** It will stand still before its next guest instruction. */
  stopSoon(): void {
    this.slot.debug = DEBUG.SIGNALS | DEBUG.STOP
  }

  /** Brings it out of translated code. */
  kick(): void {
    signalThread(this.#pid, this.id, PLACES.WORLD_SIGNAL)
  }

  /** Resolves when it stands still again without a reason of its own; never when it does with one. */
  stands(): Promise<void> {
    return new Promise(resolve => {
      this.waiter = resolve
    })
  }

  /** Lets it go on with a signal, 0 = none. */
  release(signal: number): void {
    this.slot.debug = DEBUG.SIGNALS
    this.#answer(signal, false)
  }

  /** Lets it go on up to where it next enters the executor; then it stands still again. */
  releaseOnce(): void {
    this.stopSoon()
    this.#answer(0, true)
  }

  /** Gives it a signal in place of the one that it stands still for, 0 = none; then it stands still again. */
  deliver(signal: number): void {
    this.stopSoon()
    this.#answer(signal, false)
  }

  #answer(signal: number, once: boolean): void {
    // what it does not stand still for comes as a new signal
    if (signal !== 0 && this.signal === 0) this.injected = signal
    this.signal = 0
    if (!this.held) {
      if (signal !== 0) signalThread(this.#pid, this.id, signal)
      return
    }
    this.slot.setResult(0, once ? 1 : 0)
    this.slot.setResult(1, signal)
    this.slot.answer()
  }

  /** A file of /proc/pid/task/tid (proc(5)). */
  #read(name: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.#pid}/task/${this.id}/${name}`, 'utf8')
    } catch {
      return undefined
    }
  }
}
