/** The guest processes of a tree: found by pid, watched for their ends, and killed together. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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
  /** Pids that may become children of this process and end. */
  readonly #unreaped = new Set<number>()
  /** Children of this process that have nothing to do with the tree. */
  readonly #others = new Set(children())
  readonly #executor: FileIdentity
  readonly #ended: (process: GuestProcess) => void
  /** The child that Node itself waits for. */
  initial = 0
  /** There are or were several processes. */
  plural = false

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
    if (pid !== this.initial) {
      this.plural = true
      this.#unreaped.add(pid)
    }
    for (const [old, { pid: other }] of this.#images) {
      if (this.#images.size <= REMEMBERED) break
      if (this.#living.get(other)?.image !== old) this.#images.delete(old)
    }
  }

  /** Finds out who is gone and frees their thread slots. */
  prune(control: ControlBlock): void {
    for (const process of [...this.#living.values()]) {
      if (!process.alive(this.#executor)) this.#end(process)
    }
    for (const slot of control.slots()) {
      if (slot.owner !== 0 && !this.#living.has(slot.process) && !this.#executes(slot.owner)) slot.free()
    }
    this.#reap()
  }

  /** Ends the tree: its executors, those that have only taken a slot too, and the host programs below them. */
  async killAll(control: ControlBlock): Promise<void> {
    for (let look = 0; look < KILL_LOOKS; look++) {
      const owners = [...control.slots()].map(({ owner }) => owner)
      for (const pid of [...this.#living.keys(), ...owners]) if (pid !== 0 && this.#executes(pid)) kill(pid)
      this.prune(control)
      if (this.#living.size === 0 && [...control.slots()].every(({ owner }) => owner === 0) && !this.#killAdopted())
        return
      await sleep(KILL_PAUSE)
    }
  }

  /** Orphans of the tree are children of this process. False when there are none. */
  #killAdopted(): boolean {
    const pids = children().filter(pid => !this.#others.has(pid))
    for (const pid of pids) {
      kill(pid)
      if (pid !== this.initial) reap(pid)
    }
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

  #reap(): void {
    for (const pid of this.#unreaped) {
      if (this.#living.has(pid)) continue
      reap(pid)
      if (!existsSync(`/proc/${pid}`)) this.#unreaped.delete(pid)
    }
  }
}

/** Pids of this process's children (proc(5); none on kernels without the file). */
const children = (): number[] => readdirSync('/proc/self/task').flatMap(childrenOf)

function childrenOf(thread: string): number[] {
  try {
    const text = readFileSync(`/proc/self/task/${thread}/children`, 'latin1').trim()
    return text === '' ? [] : text.split(' ').map(Number)
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
