/** A program in a guest process: what the translator knows of it. An execve makes a new one of the same pid. */
import { readFileSync, statSync } from 'node:fs'
import { type Fact, Facts } from './facts.ts'
import { GuestMemory } from './guest-memory.ts'
import type { Library } from './libraries.ts'
import type { Program } from './program.ts'
import type { Space } from './space.ts'
import { type GuestPlace, MappedFiles } from './symbols.ts'
import type { SpaceMemory } from './tree-memory.ts'

/** Words of REQUEST.READY. */
export interface ReadyInfo {
  readonly pid: number
  /** Entry pc of the program, load bias included. */
  readonly entry: number
  /** Addresses of the host object's arrays in the executor, 0 without one; read and write them through `memory`. */
  readonly functions: number
  readonly thunks: number
  /** What is added to the addresses in the ELF file: 0 but for a position-independent program. */
  readonly bias: number
}

let images = 0

/** A process without what it shares with others: memory, program, spaces. */
export interface ProcessState {
  readonly pid: number
  readonly image: number
  readonly birth: string
  readonly info: ReadyInfo | undefined
  readonly facts: readonly Fact[]
  readonly libraries: readonly Library[]
}

export class GuestProcess {
  readonly pid: number
  /** A number that no other object of this class has: forked processes name their parent by it. */
  readonly image: number
  readonly memory: GuestMemory
  /** The program that it runs; undefined until PROGRAM was answered. */
  program: Program | undefined
  /** What READY said; undefined before. */
  info: ReadyInfo | undefined
  /** The executable mappings that it told of. */
  facts: Facts
  /** Hybrid libraries that it has mapped or had mapped, in the order in which their host objects were loaded. */
  readonly libraries: Library[]
  /** Guest addresses at which a debugger wants control. */
  readonly breakpoints = new Set<number>()
  /** What it has mapped. */
  space: Space | undefined
  /** Where it was told to move to, until MOVED. */
  next: Space | undefined
  /** The host object and its bytes, while the executor has not loaded it. */
  hostObject: { readonly memory: SpaceMemory; readonly length: number } | undefined
  /** Where symbols come from, but for the program's own. */
  readonly files: MappedFiles
  /** When the process began; a later process with the same pid has another time. */
  readonly #birth: string

  /** @param known what another translator knew of it, and its memory */
  constructor(pid: number, known?: ProcessState, memory = new GuestMemory()) {
    this.pid = pid
    this.image = known?.image ?? ++images
    images = Math.max(images, this.image)
    this.memory = memory
    this.files = new MappedFiles(pid)
    this.info = known?.info
    this.facts = new Facts(known?.facts)
    this.libraries = [...(known?.libraries ?? [])]
    this.#birth = known?.birth ?? processStat(pid)?.birth ?? ''
  }

  get state(): ProcessState {
    const { pid, image, info, facts, libraries } = this
    return { pid, image, birth: this.#birth, info, facts: facts.list, libraries }
  }

  /** The process that `parent` forks: the same program, with memory of its own. */
  static forkOf(parent: GuestProcess, pid: number): GuestProcess {
    const child = new GuestProcess(pid)
    child.program = parent.program
    child.info = parent.info === undefined ? undefined : { ...parent.info, pid }
    child.facts = parent.facts.copy()
    child.libraries.push(...parent.libraries)
    return child
  }

  get bias(): number {
    return this.info?.bias ?? 0
  }

  /** False for a zombie, and for a host program that it turned into by execve. */
  alive(executor: FileIdentity): boolean {
    const stat = processStat(this.pid)
    if (stat === undefined || stat.birth !== this.#birth || stat.dead) return false
    return runs(this.pid, executor)
  }

  /** What stands at `pc`: in the program, or in a library. */
  symbolAt(pc: number): GuestPlace | undefined {
    return this.program?.symbolAt(pc - this.bias) ?? this.files.placeAt(pc)
  }

  /** Gives back what the translator holds for it, but for its space. */
  close(): void {
    this.memory.close()
    this.releaseHostObject()
  }

  releaseHostObject(): void {
    this.hostObject?.memory.release()
    this.hostObject = undefined
  }
}

/** Undefined when there is no such process (proc(5), /proc/pid/stat). */
export function processStat(pid: number): { readonly birth: string; readonly dead: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the name in parentheses may have spaces
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const zombie = words[0] === 'Z' || words[0] === 'X'
    // the first thread of a process may end before the others
    return { birth: words[19]!, dead: zombie && Number(words[17]) <= 1 }
  } catch {
    return undefined
  }
}

export interface FileIdentity {
  readonly dev: number
  readonly ino: number
}

/** Whether the process runs this file. True when that can not be seen. */
export function runs(pid: number, { dev, ino }: FileIdentity): boolean {
  try {
    const own = statSync(`/proc/${pid}/exe`)
    return own.dev === dev && own.ino === ino
  } catch {
    return true
  }
}
