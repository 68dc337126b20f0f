/** What the stub asks of a program that is being debugged. `Debugger` is one; tests have another. */

/** A thread of the program that stands still, or that all threads stand still for. */
export interface Stop {
  readonly kind: 'stop'
  /** Thread that stopped first. */
  readonly thread: number
  /** Linux signal: SIGTRAP at a breakpoint and after a step; one that is about to be delivered. */
  readonly signal: number
  /** Why, when it is not the signal itself. `at` is the data address of a watchpoint, or the program of an exec. */
  readonly reason?: { readonly kind: StopKind; readonly at?: string }
}
export type StopKind = 'swbreak' | 'watch' | 'rwatch' | 'awatch' | 'exec'

/** The program is no more: it exited with a status, or a Linux signal ended it. */
export interface End {
  readonly kind: 'exited' | 'killed'
  readonly value: number
}

/** What one thread does next. Threads without one stay where they are. */
export interface Action {
  readonly thread: number
  /** `range`: step until the pc is outside of [start, end). */
  readonly kind: 'continue' | 'step' | 'range'
  readonly start?: number
  readonly end?: number
  /** Linux signal that the thread gets, 0 = none: the one that it stopped for is dropped. */
  readonly signal: number
}

/** Kinds of Z packets. */
export const POINT = { SOFTWARE: 0, HARDWARE: 1, WRITE: 2, READ: 3, ACCESS: 4 } as const

export interface Target {
  /** All threads stand still. */
  readonly stopped: boolean
  readonly pid: number
  /** Path of the program as the guest sees it, and what was added to the addresses in its file. */
  readonly path: string
  readonly bias: number
  /** Threads, the first one of the process first. */
  threads(): readonly { readonly id: number; readonly name: string }[]
  /** The CPU state (CPU_STATE in base/layout.ts) of a thread that stands still; undefined when there is no such thread. */
  state(thread: number): DataView | undefined
  /** Fewer bytes than asked for when not all are mapped. */
  readMemory(address: number, length: number): Uint8Array
  /** Whether all were written. */
  writeMemory(address: number, bytes: Uint8Array): boolean
  /** The auxiliary vector that the program got (getauxval(3)), as it is in memory. */
  auxiliaryVector(): Uint8Array
  /** siginfo_t of the signal that the thread stopped for; undefined when it was none. */
  signalInfo(thread: number): Uint8Array | undefined
  /** A breakpoint or watchpoint (POINT); false when there can be none of the kind. */
  insert(kind: number, address: number, length: number): boolean
  remove(kind: number, address: number, length: number): void
  /** Lets threads go on. The target tells the stub when one of them stops. */
  resume(actions: readonly Action[]): void
  /** Linux signals that threads get without a stop. */
  passSignals(signals: ReadonlySet<number>): void
  /** Stops all threads soon: a stop with SIGINT. */
  interrupt(): void
  /** Ends the program. */
  kill(): void
  /** Lets all go on without breakpoints. */
  detach(): void
  /** The file of this machine that an absolute path of the guest names. */
  hostPath(path: string): string
}
