/**
 * The memory that the translator shares with all processes of a tree: one sparse memfd, which executors inherit under one
 * descriptor. It begins with the control block; behind it are numbered spaces of PLACES.SPACE_SIZE bytes, each for a dispatch table
 * and a code cache, or for a host object on its way to an executor.
 */
import { writeSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import { PLACES } from '../base/layout.ts'
import { type Mapping, SharedMemory } from './shared-memory.ts'

const NAME = 'ferry'
const SPACES = PLACES.SHARED_SIZE / PLACES.SPACE_SIZE

/** Which spaces are in use: the numbers from 1 on, below `next`, but the free ones. */
export interface TreeMemoryState {
  readonly next: number
  readonly free: readonly number[]
}

export class TreeMemory {
  readonly #memory: SharedMemory
  /** Numbers that were in use. */
  readonly #free: number[]
  #next: number

  /**
   * @param inherited the memory that another process made, under this descriptor
   * @throws FerryError `shared-memory` when the system refuses.
   */
  constructor(inherited?: { readonly fd: number; readonly state: TreeMemoryState }) {
    this.#memory = new SharedMemory(NAME, PLACES.SHARED_SIZE, inherited?.fd)
    this.#free = [...(inherited?.state.free ?? [])]
    this.#next = inherited?.state.next ?? 1
  }

  get state(): TreeMemoryState {
    return { next: this.#next, free: this.#free }
  }

  get fd(): number {
    return this.#memory.fd
  }

  /** The control block. */
  mapControl(): Mapping {
    return this.#memory.map(0, PLACES.CONTROL_SIZE)
  }

  /** A space that holds zeros. @throws FerryError `shared-memory` when there is none left */
  take(): SpaceMemory {
    const number = this.#free.pop() ?? this.#next
    if (number >= SPACES) throw new FerryError('shared-memory', { name: NAME, call: 'ftruncate', errno: 27 })
    if (number === this.#next) this.#next++
    return this.taken(number)
  }

  /** A space that is in use already. */
  taken(number: number): SpaceMemory {
    return new SpaceMemory(this.#memory, number, () => this.#free.push(number))
  }

  /** Gives everything back: no view of it must be touched any more. */
  release(): void {
    this.#memory.release()
  }
}

export class SpaceMemory {
  readonly number: number
  readonly #memory: SharedMemory
  readonly #mappings: Mapping[] = []
  readonly #released: () => void
  #gone = false

  /** @param released is called when the number may be used again */
  constructor(memory: SharedMemory, number: number, released: () => void) {
    this.#memory = memory
    this.number = number
    this.#released = released
  }

  /** Maps bytes of the space read-write; `offset` is a multiple of the page size. */
  map(offset: number, length: number): Mapping {
    const mapping = this.#memory.map(this.#start + offset, length)
    this.#mappings.push(mapping)
    return mapping
  }

  /** Writes at the start of the space. */
  write(bytes: Uint8Array): void {
    const { fd } = this.#memory
    for (let done = 0; done < bytes.length; )
      done += writeSync(fd, bytes, done, bytes.length - done, this.#start + done)
  }

  /** Views of the mappings must not be touched any more, and no executor may have it mapped and use it. */
  release(): void {
    if (this.#gone) return
    this.#gone = true
    for (const mapping of this.#mappings) this.#memory.unmap(mapping)
    this.#memory.punch(this.#start, PLACES.SPACE_SIZE)
    this.#released()
  }

  get #start(): number {
    return this.number * PLACES.SPACE_SIZE
  }
}
