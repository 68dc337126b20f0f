/** The guest processes of a tree: found by pid, watched for their ends, and killed together. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlBlock } from './mailbox.ts'
import { type FileIdentity, type GuestProcess, processStat, runs } from './process.ts'
import { reap } from './process-control.ts'

/** Ended processes that a late child may still name as its parent. */
const REMEMBERED = 1024
/** Pause between two looks at processes that were killed, in milliseconds, and how many looks. */
const KILL_PAUSE = 5
const KILL_LOOKS = 400

export class ProcessTable {
  readonly #living = new Map<number, GuestProcess>()
  /** By image number, oldest first; the living ones too. */
  readonly #images = new Map<number, GuestProcess>()
  /** Children of this process that have nothing to do with the tree. */
  readonly #others = new Set(childrenOf(process.pid))
  readonly #executor: FileIdentity
  readonly #ended: (process: GuestProcess) => void
  /** There are or were several processes. */
  plural = false
  #closed = false
  /** Those that were children of a process when it ended, perhaps before they had a slot. */
  readonly #orphans: number[] = []

  /** @param ended is told of each process that is gone, or was replaced by execve */
  constructor(executor: FileIdentity, ended: (process: GuestProcess) => void) {
    this.#executor = executor
    this.#ended = ended
  }

  get size(): number {
    return this.#living.size
  }

  get all(): Iterable<GuestProcess> {
    return this.#living.values()
  }

  /** By image number, the ended ones that are still known too. */
  get known(): ReadonlyMap<number, GuestProcess> {
    return this.#images
  }

  get(pid: number): GuestProcess | undefined {
    return this.#living.get(pid)
  }

  /** A process by its image number; when that is 0, the last one with this pid. */
  parent(image: number, pid: number): GuestProcess | undefined {
    if (image !== 0) return this.#images.get(image)
    return this.#living.get(pid) ?? [...this.#images.values()].findLast(process => process.pid === pid)
  }

  /** Takes the place of what had its pid. */
  add(process: GuestProcess): void {
    const { pid, image } = process
    const before = this.#living.get(pid)
    if (before) this.#end(before)
    this.#living.set(pid, process)
    this.#images.set(image, process)
    this.plural ||= this.#living.size > 1
    for (const [old, { pid: other }] of this.#images) {
      if (this.#images.size <= REMEMBERED) break
      if (this.#living.get(other)?.image !== old) this.#images.delete(old)
    }
  }

  /** What another translator knew, oldest first. */
  restore(process: GuestProcess, living: boolean): void {
    this.#images.set(process.image, process)
    if (living) this.#living.set(process.pid, process)
    this.plural = true
  }

  /** Finds out who is gone and frees their thread slots. */
  prune(control: ControlBlock): void {
    if (this.#closed) return
    for (const process of [...this.#living.values()]) {
      if (!process.alive(this.#executor)) this.#end(process)
    }
    for (const slot of control.slots()) {
      if (slot.owner !== 0 && !this.#living.has(slot.process) && !this.#executes(slot.owner)) slot.free()
    }
  }

  /** Another translator looks after the processes from now on. */
  leave(): void {
    this.#closed = true
  }

  /** Whether any guest process is left, one that has just been forked too. */
  left(control: ControlBlock): boolean {
    const reaper = control.get('reaper')
    const forked =
      reaper === 0 ? [...control.slots()].map(({ owner }) => owner).concat(this.#orphans) : childrenOf(reaper)
    return this.#living.size > 0 || forked.some(pid => pid !== 0 && this.#executes(pid))
  }

  /**
   * Where there is no reaper: whether a process that is about to end is the last one. Children that it has just forked are remembered.
   * @param except one that is no guest process
   */
  isLast(pid: number, except: number): boolean {
    this.#orphans.push(...childrenOf(pid).filter(child => child !== except && this.#executes(child)))
    return !this.#orphans.some(orphan => this.#executes(orphan)) && this.size === 1 && this.get(pid) !== undefined
  }

  /** Ends the tree: its executors, those that have only taken a slot too, and the host programs below them. */
  async killAll(control: ControlBlock): Promise<void> {
    for (let look = 0; look < KILL_LOOKS; look++) {
      const owners = [...control.slots()].map(({ owner }) => owner)
      for (const pid of [...this.#living.keys(), ...owners]) if (pid !== 0 && this.#executes(pid)) kill(pid)
      this.prune(control)
      if (
        this.#living.size === 0 &&
        [...control.slots()].every(({ owner }) => owner === 0) &&
        !this.#killOrphans(control)
      )
        return
      await sleep(KILL_PAUSE)
    }
  }

  /** Orphans of the tree are children of the reaper, or of this process when that is gone. False when there are none. */
  #killOrphans(control: ControlBlock): boolean {
    const reaper = control.get('reaper')
    const own = childrenOf(process.pid).filter(pid => pid !== reaper && !this.#others.has(pid))
    const pids = [...childrenOf(reaper), ...own]
    for (const pid of pids) kill(pid)
    for (const pid of own) reap(pid)
    return pids.length > 0
  }

  #executes(pid: number): boolean {
    return !(processStat(pid)?.dead ?? true) && runs(pid, this.#executor)
  }

  #end(process: GuestProcess): void {
    this.#living.delete(process.pid)
    process.close()
    this.#ended(process)
  }
}

/** Pids of a process's children (proc(5); none on kernels without the file). */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'))
      .flatMap(text => text.split(' ').filter(Boolean).map(Number))
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone, or of another user by now
  }
}
