/**
 * A run of a guest program: the shared memory, the executor's process, and the answers to its requests. What is
 * translated and how is the handlers' business.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DiagnosticId, FerryError } from '../base/diagnostics.ts'
import { ACCESS, CPU_STATE, PLACES, REQUEST, TRAP } from '../base/layout.ts'
import type { Death } from './death.ts'
import { DispatchTable } from './dispatch-table.ts'
import { GuestMemory } from './guest-memory.ts'
import { ControlBlock, type ThreadSlot } from './mailbox.ts'
import { SharedMemory } from './shared-memory.ts'

export interface ReadyInfo {
  readonly pid: number
  /** Entry pc, load bias included. */
  readonly entry: number
  /** Addresses of the host object's arrays in the executor, 0 without one; read and write them through `memory`. */
  readonly functions: number
  readonly thunks: number
  /** What is added to the addresses in the ELF file: 0 but for a position-independent program. */
  readonly bias: number
}

/** Where an instruction of the guest is, for a fault in its translation. `kind` is one of FIXUP in base/layout.ts. */
export interface Location {
  readonly pc: number
  readonly fixups: readonly { readonly register: number; readonly kind: number; readonly host: number }[]
}

/** Answers to the executor's requests. The guest stands still meanwhile. */
export interface SessionHandlers {
  /** The guest is loaded; nothing has run. A text gives up with that message. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the usual one
  ready(info: ReadyInfo): void | string
  /** Offset in the code cache of the translation of `pc`, in the executable mapping from `start` to `end`; -1: none. */
  resolve(pc: number, start: number, end: number): number
  /** The guest instruction that host code at this offset of the code cache belongs to. */
  locate(hostOffset: number): Location | undefined
  /** Guest code in this range changed: drop its translations. */
  invalidate(start: number, length: number): void
  /** Executes the instruction at state.pc on the CPU state: 0, a TRAP, or 0x100 | signal with its address. */
  interpret?(state: DataView): { readonly answer: number; readonly address?: number }
  /** A system call of this thread under CONTROL_FLAG.TRACE: the words of REQUEST.TRACE. */
  trace?(thread: number, words: readonly bigint[]): void
  died?(death: Death): void
  /** The guest exits with this status; not called when a signal ends it. */
  exit?(status: number): void
}

export interface SessionOptions {
  readonly program: string
  /** The guest's arguments, argv[0] first. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Bytes of the code cache. */
  readonly codeSize: number
  /** Bytes of the guest stack; the process's limit when missing. */
  readonly stackSize?: number
  /** An ELF shared object for this machine, and the guest address (bias not included) of its reference table. */
  readonly hostObject?: Uint8Array
  readonly references?: number
  /** CONTROL_FLAG bits. */
  readonly flags?: number
  /** The executor's file, when it is not the one beside this program. */
  readonly executor?: string
}

/** Offsets in the code cache of the gates that the executor enters. */
export interface Gates {
  readonly enter: number
  readonly resume: number
  readonly trap: number
}

export interface SessionResult {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** What the executor reported before a signal of the guest's own making ended it. */
  readonly death?: Death
}

/** Bytes. */
const LONGEST_INSTRUCTION = 4
/** Numbers of registers (psABI). */
const RA = 1
const SP = 2
const CHILD_DESCRIPTORS = { control: 3, code: 4, dispatch: 5, hostObject: 6 } as const
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const
const IGNORED = ['SIGINT', 'SIGQUIT'] as const

/** dist/executor, from the sources (runtime/) and from the bundle (dist/). */
function findExecutor(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [join(here, 'executor'), join(here, '..', 'dist', 'executor')]
  // runtime/executor is the folder of the executor's sources.
  return here.endsWith('runtime') ? built[1]! : built[0]!
}

export class Session {
  /** The code cache, writable here, executable at PLACES.CODE_CACHE in the executor. */
  readonly code: Uint8Array
  readonly dispatch = new DispatchTable()
  readonly memory = new GuestMemory()
  readonly control = new ControlBlock()
  /** How many requests of each kind (REQUEST) were answered. */
  readonly requests = new Map<number, number>()
  readonly #options: SessionOptions
  readonly #codeMemory: SharedMemory
  #death: Death | undefined
  #failure: FerryError | undefined
  #loaded = false

  /** @throws FerryError `shared-memory` or `executor-missing`. */
  constructor(options: SessionOptions) {
    this.#options = { ...options, executor: options.executor ?? findExecutor() }
    if (!existsSync(this.#options.executor!)) {
      throw new FerryError('executor-missing', { path: this.#options.executor! })
    }
    this.#codeMemory = new SharedMemory('ferry-code', options.codeSize)
    this.code = new Uint8Array(this.#codeMemory.map().buffer)
    this.control.set('code_size', options.codeSize)
    this.control.set('stack_size', options.stackSize ?? 0)
    this.control.set('flags', options.flags ?? 0)
    this.control.set('refs', options.references ?? 0)
  }

  set gates({ enter, resume, trap }: Gates) {
    this.control.set('gate_enter', enter)
    this.control.set('gate_resume', resume)
    this.control.set('gate_trap', trap)
  }

  /** The CPU state of the first guest thread (CPU_STATE in base/layout.ts). */
  get state(): DataView {
    return this.control.slot(0).state
  }

  /**
   * Runs the guest to its end. SIGTERM and others that are meant for the guest are passed on to it; SIGINT and SIGQUIT, which a terminal sends to
   * it as well, do not end the translator.
   * @throws FerryError `executor-failed` when the guest could not be started, and what a handler throws.
   */
  async run(handlers: SessionHandlers): Promise<SessionResult> {
    const child = this.#spawn()
    const stopForwarding = forwardSignals(child)
    let thrown: { readonly error: unknown } | undefined
    // An answer that can not be given ends the guest, and the run when the guest is gone.
    const served = this.control
      .serve(slot => this.#handle(slot, handlers))
      .catch(error => {
        thrown = { error }
        child.kill('SIGKILL')
      })
    try {
      const end = await ended(child).finally(() => this.control.stop())
      await served
      if (thrown) throw thrown.error
      if (this.#failure) throw this.#failure
      if (!this.#loaded)
        throw new FerryError('executor-failed', { reason: `it ended with ${end.signal ?? end.status}` })
      return this.#death ? { ...end, death: this.#death } : end
    } finally {
      stopForwarding()
      this.memory.close()
    }
  }

  /** Gives the shared memory back. `code`, `control`, `state` and `dispatch` must not be touched any more. */
  dispose(): void {
    for (const memory of [this.control.memory, this.#codeMemory, this.dispatch.memory]) memory.release()
  }

  #spawn(): ChildProcess {
    const { program, argv, env, hostObject, executor } = this.#options
    const shared = [this.control.memory, this.#codeMemory, this.dispatch.memory]
    if (hostObject) {
      shared.push(SharedMemory.holding('ferry-host', hostObject))
      this.control.set('host_object_fd', CHILD_DESCRIPTORS.hostObject)
    }
    const { control, code, dispatch } = CHILD_DESCRIPTORS
    try {
      return spawn(executor!, [`${control}`, `${code}`, `${dispatch}`, program, ...argv], {
        stdio: ['inherit', 'inherit', 'inherit', ...shared.map(({ fd }) => fd)],
        env,
      })
    } catch (error) {
      // E2BIG, for one, is thrown; others come as events.
      throw new FerryError('executor-failed', { reason: (error as Error).message })
    } finally {
      if (hostObject) shared.pop()!.close()
    }
  }

  #handle(slot: ThreadSlot, handlers: SessionHandlers): void {
    this.requests.set(slot.kind, (this.requests.get(slot.kind) ?? 0) + 1)
    switch (slot.kind) {
      case REQUEST.READY:
        this.#ready(slot, handlers)
        break
      case REQUEST.RESOLVE: {
        const offset = handlers.resolve(slot.arg(0), slot.arg(1), slot.arg(2))
        slot.setResult(0, offset < 0 ? 0 : PLACES.CODE_CACHE + offset)
        break
      }
      case REQUEST.LOCATE: {
        const location = handlers.locate(slot.arg(0) - PLACES.CODE_CACHE)
        const words = location?.fixups.map(({ register, kind, host }) => register | (kind << 8) | (host << 16)) ?? []
        slot.setResult(1, slot.setWords(words))
        slot.setResult(0, location?.pc ?? 0)
        break
      }
      case REQUEST.INVALIDATE:
        this.memory.forget(slot.arg(0), slot.arg(1))
        handlers.invalidate(slot.arg(0), slot.arg(1))
        break
      case REQUEST.INTERPRET: {
        const { answer, address = 0 } = handlers.interpret?.(slot.state) ?? { answer: TRAP.ILLEGAL }
        slot.setResult(1, address)
        slot.setResult(0, answer)
        break
      }
      case REQUEST.TRACE:
        handlers.trace?.(
          slot.number,
          Array.from({ length: 8 }, (_, index) => slot.argBig(index)),
        )
        break
      case REQUEST.DIED:
        this.#death = deathOf(slot, this.memory)
        handlers.died?.(this.#death)
        break
      case REQUEST.EXIT:
        handlers.exit?.(slot.arg(0))
        break
      case REQUEST.FAILED:
        this.#failure = failureOf(slot.text, this.#options.argv[0]!)
        break
      default:
        throw new RangeError(`request ${slot.kind} of the executor is unknown`)
    }
  }

  #ready(slot: ThreadSlot, handlers: SessionHandlers): void {
    this.#loaded = true
    const [pid, entry, functions, thunks, bias] = [0, 1, 2, 3, 4].map(index => slot.arg(index))
    this.memory.open(pid!)
    const refusal = handlers.ready({ pid: pid!, entry: entry!, functions: functions!, thunks: thunks!, bias: bias! })
    slot.setResult(0, refusal === undefined ? 0 : 1)
    if (refusal !== undefined) slot.text = refusal
  }
}

/** What the executor gives up with, by what the user can do about it. */
const FAILURES: readonly (readonly [pattern: RegExp, id: DiagnosticId])[] = [
  [/Cannot allocate memory/, 'address-space'],
  [/^the host object /, 'hybrid-corrupt'],
  [/arguments and environment do not fit/, 'arguments-size'],
]

function failureOf(reason: string, path: string): FerryError {
  const id = FAILURES.find(([pattern]) => pattern.test(reason))?.[1] ?? 'executor-failed'
  return new FerryError(id, { reason, path })
}

function ended(child: ChildProcess): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new FerryError('executor-failed', { reason: error.message })))
    child.once('exit', (status, signal) => resolve({ status, signal }))
  })
}

function deathOf(slot: ThreadSlot, memory: GuestMemory): Death {
  const access = Object.entries(ACCESS).find(([, value]) => value === slot.arg(4))?.[0] as keyof typeof ACCESS
  const number = slot.arg(0)
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
  const hostPc = slot.argBig(3)
  const pc = slot.arg(1)
  return {
    ...{ signal, pc, address: slot.argBig(2), access, hostPc, hostSymbol: slot.text },
    instruction: Number.isSafeInteger(pc) ? memory.read(pc, LONGEST_INSTRUCTION) : new Uint8Array(),
    returnAddress: Number(slot.state.getBigUint64(CPU_STATE.at.x + RA * 8, true)),
    stackPointer: Number(slot.state.getBigUint64(CPU_STATE.at.x + SP * 8, true)),
  }
}

/** Returns what undoes it. */
function forwardSignals(child: ChildProcess): () => void {
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  const ignore = () => {}
  for (const signal of FORWARDED) process.on(signal, forward)
  for (const signal of IGNORED) process.on(signal, ignore)
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward)
    for (const signal of IGNORED) process.off(signal, ignore)
  }
}
