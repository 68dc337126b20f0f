/** What follows the system calls of a run: its side of REQUEST.TRACE. */
import type { GuestProcess } from '../process.ts'
import type { ThreadSlot } from '../thread-slot.ts'

/** The phases of a call, and a signal that a handler gets. */
export const PHASE = { BEFORE: 0, AFTER: 1, SIGNAL: 2 } as const

export interface CallWatcher {
  /** The words of REQUEST.TRACE. The results of the slot are the answer (TRACE_ANSWER). What is thrown ends the run. */
  event(process: GuestProcess, slot: ThreadSlot, words: readonly bigint[]): void
  /** Takes the line about a process that a signal ended instead of standard error. */
  readonly died?: (line: string) => void
}
