/** What a session asks of who runs it: the answers to the executors' requests, and the kinds of their data. */
import { type DiagnosticId, FerryError } from '../base/diagnostics.ts'
import type { Death } from './death.ts'
import type { GuestProcess, ReadyInfo } from './process.ts'
import type { Space } from './space.ts'
import type { ThreadSlot } from './thread-slot.ts'

export type { ReadyInfo } from './process.ts'

/** Where an instruction of the guest is, for a fault in its translation. `kind` is one of FIXUP in base/layout.ts. */
export interface Location {
  readonly pc: number
  readonly fixups: readonly { readonly register: number; readonly kind: number; readonly host: number }[]
}

/** A new executable mapping; device and inode are 0 for code that is in no file or was written to. */
export interface Mapped {
  readonly start: number
  readonly length: number
  readonly device: bigint
  readonly inode: bigint
  /** Of the last change of the file's status, nanoseconds. */
  readonly time: bigint
  readonly offset: bigint
}

/** Words of REQUEST.HOSTED. */
export interface Hosted {
  /** As `library` answered. */
  readonly references: number
  /** Addresses of the host object's arrays in the executor. */
  readonly functions: number
  readonly thunks: number
}

/** Where the process has to go on before it asks again; undefined: where it is. */
export type Move = Space | undefined

/** Answers to the executors' requests. The thread that asks stands still meanwhile. */
export interface SessionHandlers {
  /** A program begins. A text gives up with that message; `references` is the address of its reference table, bias not included. */
  program(process: GuestProcess, path: string): { readonly space: Space; readonly references?: number } | string
  /** The guest is loaded; nothing has run. A text gives up with that message. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
  ready(process: GuestProcess, info: ReadyInfo): void | string
  mapped(process: GuestProcess, mapped: Mapped): Move
  /** Behind `mapped`: whether it is a hybrid library whose host object is wanted. That is `process.hostObject` then; the answer is the guest address of its reference table. */
  library?(process: GuestProcess, mapped: Mapped): number | undefined
  /** What the executor prints behind `mapped` and `library`, where the translator has no standard error. */
  said?(): string
  /** A library's host object was loaded. */
  hosted?(process: GuestProcess, loaded: Hosted): Move
  /** Address at which a file is mapped everywhere, 0: anywhere. */
  place(device: bigint, inode: bigint, time: bigint, length: number): number
  /**
   * Offset in the code cache of the translation of `pc`, in the executable mapping from `start` to `end`; -1: none.
   * @param changes the code is not a file's, or was written to
   */
  resolve(process: GuestProcess, pc: number, start: number, end: number, changes: boolean): number | Space
  /** Makes the translation of `pc` ahead: a file's code, in the executable mapping from `start` to `end`. Nothing when the process would have to move for it. */
  want?(process: GuestProcess, pc: number, start: number, end: number): void
  /** The guest instruction that host code at this offset of the code cache belongs to. */
  locate(process: GuestProcess, hostOffset: number): Location | undefined
  /** Guest code in this range changed, or is gone without having been written to (`unmapped`): drop its translations. */
  invalidate(process: GuestProcess, start: number, length: number, unmapped: boolean): Move
  /** @param mapped number of the space that the process has mapped: the parent may have moved meanwhile */
  fork(process: GuestProcess, parent: GuestProcess, mapped: number): Move
  moved(process: GuestProcess): void
  /** The process has ended, or execve has begun another program in it. */
  gone(process: GuestProcess): void
  /** Executes the instruction at state.pc on the CPU state: 0, a TRAP, or 0x100 | signal with its address. */
  interpret?(process: GuestProcess, state: DataView): { readonly answer: number; readonly address?: number } | Space
  /** frm of a thread is a mode that the host lacks. */
  oddRounding?(process: GuestProcess): Move
  /** A system call under CONTROL_FLAG.TRACE: the words of REQUEST.TRACE. The results of the slot are its answer. */
  trace?(process: GuestProcess, words: readonly bigint[], slot: ThreadSlot): void
  /** REQUEST.DEBUG: the thread stands still until the slot is answered, at once or, when `slot.held` is set, later. */
  debug?(process: GuestProcess, slot: ThreadSlot): void
  /**
   * The first process has ended, others have not, and no request is under way: whether another translator has taken them over.
   * @param last the process that used each slot last
   */
  survivors?(last: readonly GuestProcess[]): boolean
  /** A checked function has given two results: what to say of it (REQUEST.DIFFERS). */
  differs?(process: GuestProcess, pc: number, record: number, sp: number): FerryError
  /** A text is what the executor prints of it. */
  died?(process: GuestProcess, death: Death): string | undefined
  /** The process exits with this status; not called when a signal ends it. Whether this translator ends as well. */
  exit?(process: GuestProcess, status: number): boolean
}

export interface SessionOptions {
  readonly program: string
  /** What the program was started by, a script for one; `program` when missing. */
  readonly name?: string
  /** The guest's arguments, argv[0] first. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Bytes of a code cache. */
  readonly codeSize: number
  /** Bytes of the guest stack; the process's limit when missing. */
  readonly stackSize?: number
  /** Where absolute guest paths are looked for first. */
  readonly sysroot?: string
  /** CONTROL_FLAG bits. */
  readonly flags?: number
  /** The executor's file, when it is not the one beside this program. */
  readonly executor?: string
}

export interface SessionResult {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** What the executor reported before a signal of the guest's own making ended it. */
  readonly death?: Death
}

/** What the executor gives up with, by what the user can do about it. */
const FAILURES: readonly (readonly [pattern: RegExp, id: DiagnosticId])[] = [
  [/Cannot allocate memory/, 'address-space'],
  [/^the host object /, 'hybrid-corrupt'],
  [/arguments and environment do not fit/, 'arguments-size'],
]

/** The error for what an executor says in REQUEST.FAILED. */
export function failureOf(reason: string, path: string): FerryError {
  const id = FAILURES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'executor-failed'
  return new FerryError(id, { reason, path })
}
