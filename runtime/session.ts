/**
 * A run of a guest program: the control block, the first executor, the processes that it makes, and the end. What is
 * translated, how and into which space is the handlers' business.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { FerryError } from '../base/diagnostics.ts'
import type { Gates } from '../emulator/gates.ts'
import type { SessionHandlers, SessionOptions, SessionResult } from './handlers.ts'
import { hiddenFromLoader } from './loader-environment.ts'
import { ControlBlock } from './mailbox.ts'
import { adoptOrphans } from './process-control.ts'
import { ProcessTable } from './process-table.ts'
import { Requests } from './requests.ts'
import { leaveTerminals, Terminal } from './terminal.ts'

export type * from './handlers.ts'

const STANDARD_DESCRIPTORS = 3
/** Between two looks for processes that are gone, in milliseconds: while the first lives, then, and when others outlive it. */
const PRUNE_PAUSE = 500
const LEFT_PAUSE = 5
const SURVIVORS_PAUSE = 50
/** How long processes that outlive the first may take to end before they count as survivors, in milliseconds. */
const GRACE = 40
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const
const IGNORED = ['SIGINT', 'SIGQUIT'] as const

type End = Pick<SessionResult, 'status' | 'signal'>
/** What can not be told otherwise: who should tell is gone. */
const KILLED: End = { status: null, signal: 'SIGKILL' }

/** dist/executor, from the sources (runtime/) and from the bundle (dist/). */
export function findExecutor(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const built = [join(here, 'executor'), join(here, '..', 'dist', 'executor')]
  // runtime/executor is the folder of the executor's sources.
  return here.endsWith('runtime') ? built[1]! : built[0]!
}

export class Session {
  readonly control = new ControlBlock()
  readonly processes: ProcessTable
  readonly #options: SessionOptions
  readonly #executor: string
  #requests: Requests | undefined
  #handlers!: SessionHandlers
  #served: Promise<void> = Promise.resolve()
  #thrown: { readonly error: unknown } | undefined
  #left = false

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

  set gates(gates: Gates) {
    this.control.set('gate_enter', gates.enter)
    this.control.set('gate_resume', gates.resume)
    this.control.set('gate_trap', gates.resume)
    this.control.set('gate_call', gates.call)
    this.control.set('gate_return', gates.return)
    this.control.set('gate_ecall', gates.ecall)
    this.control.set('native_start', gates.native.start)
    this.control.set('native_end', gates.native.end)
    this.control.set('native_stop', gates.native.stop)
  }

  /** The CPU state of the first guest thread (CPU_STATE in base/layout.ts). */
  get state(): DataView {
    return this.control.slot(0).state
  }

  /** How many requests of each kind (REQUEST) were answered. */
  get requests(): ReadonlyMap<number, number> {
    return this.#requests?.counts ?? new Map()
  }

  /** Another translator serves the processes that outlived the first: nothing of the shared memory may be given back. */
  get left(): boolean {
    return this.#left
  }

  /**
   * Runs the guest until its first process has ended, and all others have or somebody else has taken them over
   * (SessionHandlers.survivors); the result is the first one's. When that was killed (SIGKILL), the others are as well. SIGTERM
   * and others that are meant for the guest are passed on to it; SIGINT and SIGQUIT, which a terminal sends to it as well, do
   * not end the translator. On a terminal it stops and goes on with the first process.
   * @throws FerryError `executor-failed` when the guest could not be started, and what a handler throws.
   */
  async run(handlers: SessionHandlers): Promise<SessionResult> {
    this.#handlers = handlers
    const { control, processes } = this
    const requests = new Requests(control, processes, handlers, this.#options.argv[0]!)
    this.#requests = requests
    const terminal = this.#keepTerminal()
    const reaper = this.#spawn()
    // should the reaper be killed, orphans come here
    const keep = adoptOrphans()
    const reaped = exitOf(reaper)
    const stopForwarding = forwardSignals(control, reaper)
    const pruning = setInterval(() => processes.prune(control), PRUNE_PAUSE)
    const ended = new Promise<undefined>(resolve => this.#serve(requests, () => resolve(undefined)))
    try {
      const stopped = await Promise.race([ended, reaped])
      const end = endOf(control.end) ?? stopped ?? KILLED
      stopForwarding()
      // Somebody wants an end to all of it: no shell is left that could end the others.
      if (end.signal === 'SIGKILL') {
        await processes.killAll(control)
        terminal?.restore()
      }
      await this.#serveOthers(requests)
      control.stop()
      await this.#served
      if (!this.#left) await this.#dismiss(reaper, reaped)
      reaper.unref()
      if (this.#thrown) throw this.#thrown.error
      if (requests.failure) throw requests.failure
      if (!requests.loaded)
        throw new FerryError('executor-failed', { reason: `it ended with ${end.signal ?? end.status}` })
      return requests.death ? { ...end, death: requests.death } : end
    } finally {
      control.stop()
      await this.#served
      clearInterval(pruning)
      stopForwarding()
      for (const process of processes.all) process.close()
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

  /** An answer that can not be given ends the guest, and the run when the guest is gone. */
  #serve(requests: Requests, ended: () => void): void {
    const { control, processes } = this
    this.#served = control.serve(requests, ended).catch(async error => {
      this.#thrown = { error }
      await processes.killAll(control)
      ended()
    })
  }

  /** Until no process is left, or somebody has taken over those that are. */
  async #serveOthers(requests: Requests): Promise<void> {
    const { control, processes } = this
    const late = performance.now() + GRACE
    for (let asked = false; ; await sleep(asked ? SURVIVORS_PAUSE : LEFT_PAUSE)) {
      processes.prune(control)
      if (this.#thrown || !processes.left(control)) return
      if (asked || performance.now() < late) continue
      asked = true
      if (await this.#leave(requests)) return
    }
  }

  /** Whether somebody has taken over the processes that are left. No request is answered meanwhile, and none afterwards. */
  async #leave(requests: Requests): Promise<boolean> {
    const { survivors } = this.#handlers
    if (survivors === undefined) return false
    this.control.stop()
    await this.#served
    this.#left = !this.#thrown && survivors(requests.last)
    if (this.#left) this.processes.leave()
    else if (!this.#thrown) this.#serve(requests, () => {})
    return this.#left
  }

  /** The tree has ended, but perhaps for programs of the host. */
  async #dismiss(reaper: ChildProcess, reaped: Promise<End>): Promise<void> {
    this.control.set('translator_pid', 0)
    reaper.kill('SIGURG')
    await reaped
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
}

/** The end that waitpid(2) tells in a word. A signal without a name becomes the status that shells have for it. */
function endOf(word: number | undefined): End | undefined {
  if (word === undefined) return undefined
  const number = word & 0x7f
  if (number === 0) return { status: (word >> 8) & 0xff, signal: null }
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return signal === undefined
    ? { status: 128 + number, signal: null }
    : { status: null, signal: signal as NodeJS.Signals }
}

function exitOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new FerryError('executor-failed', { reason: error.message })))
    child.once('exit', (status, signal) => resolve({ status, signal }))
  })
}

/** Returns what undoes it. */
function forwardSignals(control: ControlBlock, child: ChildProcess): () => void {
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  const goOn = () => {
    control.set('continued', control.get('stops'))
    child.kill('SIGCONT')
  }
  const ignore = () => {}
  for (const signal of FORWARDED) process.on(signal, forward)
  for (const signal of IGNORED) process.on(signal, ignore)
  process.on('SIGCONT', goOn)
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward)
    for (const signal of IGNORED) process.off(signal, ignore)
    process.off('SIGCONT', goOn)
  }
}
