/** The threads of the program that is debugged: they come and go by themselves while it runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DEBUG } from '../../base/layout.ts'
import type { ControlBlock } from '../mailbox.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { DebuggedThread } from './thread.ts'

/** Pause between two looks at threads that have to stand still, in milliseconds. */
const LOOK_PAUSE = 1
/** One brings a thread there, unless it was where none can. */
const LOOKS_PER_KICK = 20

export class Threads {
  readonly #control: ControlBlock
  #pid = 0
  #known = new Map<ThreadSlot, DebuggedThread>()

  constructor(control: ControlBlock) {
    this.#control = control
  }

  /** A program begins in the process: its first thread stands still before its first instruction. */
  begin(pid: number): void {
    this.#pid = pid
    this.#known.clear()
    for (const slot of this.#control.slots()) {
      if (slot.owner !== 0 && slot.process === pid) slot.debug = DEBUG.SIGNALS | DEBUG.STOP
    }
  }

  /** Those that run or stand still now, the first one of the process first. */
  get list(): DebuggedThread[] {
    const found = new Map<number, DebuggedThread>()
    for (const slot of this.#control.slots()) {
      // a slot that fork has taken for the child has no bits
      const own = slot.owner !== 0 && slot.process === this.#pid && (slot.debug & DEBUG.SIGNALS) !== 0
      if (own) found.set(slot.owner, this.of(slot))
    }
    return [...found.values()].sort((a, b) => Number(b.id === this.#pid) - Number(a.id === this.#pid))
  }

  /** The thread that has the slot. */
  of(slot: ThreadSlot): DebuggedThread {
    let thread = this.#known.get(slot)
    if (!thread?.alive) {
      thread = new DebuggedThread(this.#pid, slot)
      this.#known.set(slot, thread)
    }
    return thread
  }

  byId(id: number): DebuggedThread | undefined {
    return this.list.find(thread => thread.id === id)
  }

  /** Resolves when all stand still or wait in system calls, or when that is no longer wanted. */
  async stop(wanted: () => boolean): Promise<void> {
    for (let look = 0; ; look++) {
      const { list } = this
      for (const thread of list) if (!thread.held) thread.stopSoon()
      const running = list.filter(thread => !thread.held && !thread.inCall)
      if (running.length === 0 || !wanted()) return
      if (look % LOOKS_PER_KICK === 0) for (const thread of running) thread.kick()
      await sleep(LOOK_PAUSE)
      if (!wanted()) return
    }
  }

  /** Nothing of them is watched any more. */
  forget(): void {
    for (const thread of this.list) {
      const { signal } = thread
      thread.release(signal)
      thread.slot.debug = 0
    }
    this.#known.clear()
  }
}
