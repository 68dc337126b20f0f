/**
 * A run of a guest program: the control block, the first executor, the processes that it makes, and the answers to their
 * requests. What is translated, how and into which space is the handlers' business.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { FerryError } from '../base/diagnostics.ts'
import { PLACES, REQUEST, TRAP } from '../base/layout.ts'
import { type Death, deathOf } from './death.ts'
import { failureOf, type Gates, type SessionHandlers, type SessionOptions, type SessionResult } from './handlers.ts'
import { hiddenFromLoader } from './loader-environment.ts'
import { ControlBlock } from './mailbox.ts'
import { GuestProcess } from './process.ts'
import { adoptOrphans } from './process-control.ts'
import { ProcessTable } from './process-table.ts'
import type { Space } from './space.ts'
import { toStandardError } from './standard-error.ts'
import { leaveTerminals, Terminal } from './terminal.ts'
import type { ThreadSlot } from './thread-slot.ts'

export type * from './handlers.ts'

const STANDARD_DESCRIPTORS = 3
/** Between two looks for processes that are gone, in milliseconds: while some live, and when only orphans are left. */
const PRUNE_PAUSE = 500
const ORPHANS_PAUSE = 50
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
  readonly control = new ControlBlock()
  readonly processes: ProcessTable
  /** How many requests of each kind (REQUEST) were answered. */
  readonly requests = new Map<number, number>()
  readonly #options: SessionOptions
  readonly #executor: string
  /** The process that used each slot last: a vfork child uses its parent's. */
  readonly #last: GuestProcess[] = []
  #handlers!: SessionHandlers
  #death: Death | undefined
  #failure: FerryError | undefined
  #loaded = false

  /** @throws FerryError `shared-memory` or `executor-missing`. */
  constructor(options: SessionOptions) {
    this.#options = options
    this.#executor = options.executor ?? findExecutor()
    if (!existsSync(this.#executor)) throw new FerryError('executor-missing', { path: this.#executor })
    this.processes = new ProcessTable(statSync(this.#executor), process => this.#handlers.gone(process))
    this.control.set('code_size', options.codeSize)
    this.control.set('stack_size', options.stackSize ?? 0)
    this.control.set('flags', options.flags ?? 0)
    this.control.setText('sysroot', options.sysroot ?? '')
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
   * Runs the guest until all of its processes have ended; the result is the first one's. SIGTERM and others that are meant for the guest
   * are passed on to it; SIGINT and SIGQUIT, which a terminal sends to it as well, do not end the translator.
   * @throws FerryError `executor-failed` when the guest could not be started, and what a handler throws.
   */
  async run(handlers: SessionHandlers): Promise<SessionResult> {
    this.#handlers = handlers
    const terminal = this.#keepTerminal()
    const child = this.#spawn()
    const keep = adoptOrphans()
    const exited = ended(child)
    this.processes.initial = child.pid ?? 0
    const stopForwarding = forwardSignals(child)
    const pruning = setInterval(() => this.#prune(), PRUNE_PAUSE)
    let thrown: { readonly error: unknown } | undefined
    // An answer that can not be given ends the guest, and the run when the guest is gone.
    const served = this.control
      .serve(slot => this.#handle(slot))
      .catch(async error => {
        thrown = { error }
        child.kill('SIGKILL')
        await this.processes.killAll(this.control)
      })
    try {
      const end = await exited
      // Somebody wants an end to all of it: no shell is left that could end the others.
      if (end.signal === 'SIGKILL') {
        await this.processes.killAll(this.control)
        terminal?.restore()
      }
      for (this.#prune(); this.processes.size > 0 && !thrown; this.#prune()) await sleep(ORPHANS_PAUSE)
      this.control.stop()
      await served
      if (thrown) throw thrown.error
      if (this.#failure) throw this.#failure
      if (!this.#loaded)
        throw new FerryError('executor-failed', { reason: `it ended with ${end.signal ?? end.status}` })
      return this.#death ? { ...end, death: this.#death } : end
    } finally {
      this.control.stop()
      await served
      clearInterval(pruning)
      stopForwarding()
      for (const process of this.processes.all) process.close()
      keep()
    }
  }

  /** Gives the shared memory back. `control` and `state` must not be touched any more. */
  dispose(): void {
    this.control.memory.release()
  }

  #keepTerminal(): Terminal | undefined {
    const terminal = Terminal.open()
    if (terminal === undefined) return undefined
    process.once('exit', leaveTerminals)
    this.control.set('terminal_kept', 1)
    this.control.set('shell', terminal.shell)
    this.control.setBytes('terminal', terminal.settings)
    return terminal
  }

  #spawn(): ChildProcess {
    const { program, name = program, argv, env } = this.#options
    // it keeps its number, which none of those that ferry passes on has
    const { fd } = this.control.memory
    const others = Array<'ignore'>(fd - STANDARD_DESCRIPTORS).fill('ignore')
    try {
      return spawn(this.#executor, [`${fd}`, program, name, ...argv], {
        stdio: ['inherit', 'inherit', 'inherit', ...others, fd],
        env: hiddenFromLoader(env),
      })
    } catch (error) {
      // E2BIG, for one, is thrown; others come as events.
      throw new FerryError('executor-failed', { reason: (error as Error).message })
    }
  }

  #prune(): void {
    this.processes.prune(this.control)
  }

  #handle(slot: ThreadSlot): void {
    this.requests.set(slot.kind, (this.requests.get(slot.kind) ?? 0) + 1)
    slot.clearResults()
    const process = this.#processOf(slot)
    try {
      this.#answer(slot, process)
    } catch (error) {
      // whoever is killed while it waits for an answer can not be looked at
      this.#prune()
      if (process === undefined || this.processes.get(process.pid) === process) throw error
    }
  }

  #processOf(slot: ThreadSlot): GuestProcess | undefined {
    const known = this.processes.get(slot.process) ?? this.#last[slot.number]
    let process: GuestProcess | undefined = known
    if (slot.kind === REQUEST.PROGRAM) process = new GuestProcess(slot.process)
    else if (slot.kind === REQUEST.FORK) {
      const parent = this.processes.parent(slot.arg(1), slot.arg(0))
      process = parent && GuestProcess.forkOf(parent, slot.process)
    }
    if (process === undefined) return undefined
    if (process !== known) this.processes.add(process)
    this.#last[slot.number] = process
    return process
  }

  #answer(slot: ThreadSlot, process: GuestProcess | undefined): void {
    if (slot.kind === REQUEST.FAILED) return this.#failed(slot, process)
    if (process === undefined) throw new RangeError(`request ${slot.kind} of process ${slot.process}, which is unknown`)
    const handlers = this.#handlers
    const number = (index: number): number => slot.arg(index)
    switch (slot.kind) {
      case REQUEST.PROGRAM:
        return this.#program(slot, process)
      case REQUEST.READY:
        return this.#ready(slot, process)
      case REQUEST.FORK:
        process.memory.open(process.pid)
        slot.setResult(3, process.image)
        return send(slot, handlers.fork(process, this.processes.parent(slot.arg(1), slot.arg(0))!, number(2)))
      case REQUEST.MOVED:
        return handlers.moved(process)
      case REQUEST.MAPPED: {
        const [device, inode, time, offset] = [2, 3, 4, 5].map(index => slot.argBig(index)) as [
          bigint,
          bigint,
          bigint,
          bigint,
        ]
        return send(
          slot,
          handlers.mapped(process, { start: number(0), length: number(1), device, inode, time, offset }),
        )
      }
      case REQUEST.PLACE:
        return slot.setResult(0, handlers.place(slot.argBig(0), slot.argBig(1), slot.argBig(2), number(3)))
      case REQUEST.RESOLVE: {
        const found = handlers.resolve(process, number(0), number(1), number(2), number(3) !== 0)
        if (typeof found === 'object') return send(slot, found)
        return slot.setResult(0, found < 0 ? 0 : PLACES.CODE_CACHE + found)
      }
      case REQUEST.LOCATE: {
        const location = handlers.locate(process, number(0) - PLACES.CODE_CACHE)
        const words = location?.fixups.map(({ register, kind, host }) => register | (kind << 8) | (host << 16)) ?? []
        slot.setResult(1, slot.setWords(words))
        return slot.setResult(0, location?.pc ?? 0)
      }
      case REQUEST.INVALIDATE:
        process.memory.forget(number(0), number(1))
        return send(slot, handlers.invalidate(process, number(0), number(1), number(2) === 1))
      case REQUEST.INTERPRET: {
        const result = handlers.interpret?.(process, slot.state) ?? { answer: TRAP.ILLEGAL }
        if (!('answer' in result)) return send(slot, result)
        slot.setResult(1, result.address ?? 0)
        return slot.setResult(0, result.answer)
      }
      case REQUEST.ROUNDING:
        return send(slot, handlers.oddRounding?.(process))
      case REQUEST.TRACE:
        return handlers.trace?.(
          process,
          Array.from({ length: 8 }, (_, index) => slot.argBig(index)),
        )
      case REQUEST.DEBUG:
        return handlers.debug?.(process, slot)
      case REQUEST.DIED: {
        const death = deathOf(slot, process.memory)
        if (slot.process === this.processes.initial) this.#death = death
        return handlers.died?.(process, death)
      }
      case REQUEST.EXIT:
        handlers.exit?.(process, number(0))
        if (this.processes.plural) setTimeout(() => this.#prune(), ORPHANS_PAUSE).unref()
        return
      default:
        throw new RangeError(`request ${slot.kind} of the executor is unknown`)
    }
  }

  #program(slot: ThreadSlot, process: GuestProcess): void {
    process.memory.open(process.pid)
    if (process.pid === this.processes.initial) this.#death = undefined
    slot.setResult(3, process.image)
    const answer = this.#handlers.program(process, slot.text)
    if (typeof answer === 'string') return refuse(slot, answer)
    slot.setResult(1, process.hostObject?.memory.number ?? 0)
    slot.setResult(4, process.hostObject?.length ?? 0)
    slot.setResult(2, answer.references ?? 0)
    send(slot, answer.space)
  }

  #ready(slot: ThreadSlot, process: GuestProcess): void {
    const [pid, entry, functions, thunks, bias] = [0, 1, 2, 3, 4].map(index => slot.arg(index))
    if (process.pid === this.processes.initial) this.#loaded = true
    process.info = { pid: pid!, entry: entry!, functions: functions!, thunks: thunks!, bias: bias! }
    process.releaseHostObject()
    const refusal = this.#handlers.ready(process, process.info)
    if (refusal !== undefined) refuse(slot, refusal)
  }

  #failed(slot: ThreadSlot, process: GuestProcess | undefined): void {
    const failure = failureOf(slot.text, this.#options.argv[0]!)
    if (slot.process === this.processes.initial || process === undefined) this.#failure ??= failure
    else toStandardError(`ferry: ${failure.message}\n`)
  }
}

function refuse(slot: ThreadSlot, reason: string): void {
  slot.setResult(0, 1)
  slot.text = reason
}

/** The process has to go on in this space; undefined: where it is. */
function send(slot: ThreadSlot, space: Space | undefined): void {
  if (space === undefined) return
  for (const [index, word] of space.words.entries()) slot.setResult(6 + index, word)
}

function ended(child: ChildProcess): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new FerryError('executor-failed', { reason: error.message })))
    child.once('exit', (status, signal) => resolve({ status, signal }))
  })
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
