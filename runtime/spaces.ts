/**
 * Which process is in which space, and when it has to move to another one. A process is in a public space as long as it only
 * executes code of files that nobody wrote to, and no other process there has another file at the same addresses.
 */
import { CacheFull } from '../emulator/code-memory.ts'
import { type Fact, fileIdentity, PRIVATE } from './facts.ts'
import type { Mapped, Move } from './handlers.ts'
import { interpretOne } from './interpret.ts'
import type { KeptTranslations } from './kept.ts'
import { KeptSpace } from './kept-space.ts'
import { type PlaceRow, Places } from './places.ts'
import type { GuestProcess } from './process.ts'
import { Space, type SpaceKind, type SpaceOptions, type SpaceState } from './space.ts'
import type { Translation } from './translation.ts'

/** First rounding mode that MXCSR does not have (round to nearest, ties to max magnitude). */
const ODD_ROUNDING = 4
/** Dropped regions that take room in a space before its processes go to a fresh one. */
const MOST_LOST = 60_000

export interface SpacesOptions extends SpaceOptions {
  readonly translation: Translation
  /** What a new private space of the process must hold at fixed places. */
  readonly furnish: (space: Space, process: GuestProcess) => void
  /** Where the translations of the first space come from and go to. */
  readonly store?: KeptTranslations | undefined
  /** Is told of every process that begins to run from a space. */
  readonly attached?: ((process: GuestProcess, space: Space) => void) | undefined
}

/** The spaces of a tree without its processes. */
export interface SpacesState {
  readonly places: readonly PlaceRow[]
  readonly spaces: readonly SpaceState[]
  /** Numbers of the public ones, in order. */
  readonly public: readonly number[]
}

export class Spaces {
  readonly places = new Places()
  readonly #options: SpacesOptions
  readonly #public: Space[] = []
  readonly #all = new Set<Space>()
  /** The space of the first program. */
  #first: Space | undefined
  #kept: KeptSpace | undefined

  constructor(options: SpacesOptions) {
    this.#options = options
  }

  /** The space of a program that begins. */
  enter(process: GuestProcess, isPrivate: boolean): Space {
    const space = isPrivate ? this.#make('private') : this.#publicFor(process)
    const { store } = this.#options
    if (this.#first === undefined && store) {
      this.#first = space
      this.#kept = new KeptSpace(store, space, this.places)
    }
    this.#attach(process, space)
    return space
  }

  mapped(process: GuestProcess, mapped: Mapped): Move {
    const { start, length, device, inode, time, offset } = mapped
    const fact: Fact = { start, end: start + length, identity: fileIdentity(device, inode, time, offset, start) }
    process.memory.forget(start, length)
    process.files.forget()
    process.facts.set(fact)
    const { space, next } = process
    if (next) return next
    if (space!.kind === 'public') {
      if (fact.identity === PRIVATE) return this.#toPrivate(process)
      if (space!.facts.conflicts(fact).length > 0 && !space!.belongsTo(process.pid)) return this.#toPublic(process)
    }
    for (const conflict of space!.facts.conflicts(fact)) space!.cache.invalidate(conflict.start, conflict.end)
    space!.facts.set(fact)
    if (space === this.#first) this.#kept?.mapped(fact)
    return undefined
  }

  /** As SessionHandlers.resolve. */
  resolve(process: GuestProcess, pc: number, start: number, end: number, changes: boolean): number | Space {
    const { space, next } = process
    if (next) return next
    if (changes && space!.kind === 'public') return this.#toPrivate(process)
    if (changes) process.memory.forget(start, end - start)
    if (space!.full || space!.cache.lost > MOST_LOST) return this.#toFresh(process)
    try {
      return this.#options.translation.resolve(space!, process, pc, { start, end }, changes)
    } catch (error) {
      if (!(error instanceof CacheFull)) throw error
      return this.#toFresh(process)
    }
  }

  /** As SessionHandlers.want. What fails, because the code can not be read any more or the cache is full, is asked for again if it matters. */
  want(process: GuestProcess, pc: number, start: number, end: number): void {
    const { space, next } = process
    if (next || space === undefined || space.full || space.cache.lost > MOST_LOST) return
    try {
      this.#options.translation.resolve(space, process, pc, { start, end }, false)
    } catch {}
  }

  /** As SessionHandlers.invalidate. */
  invalidate(process: GuestProcess, start: number, length: number, unmapped: boolean): Move {
    const { space, next } = process
    const end = start + length
    if (next) return next
    if (space!.kind === 'public' && !space!.belongsTo(process.pid)) {
      // the others still have what was there, and nothing else can be mapped there without MAPPED
      if (unmapped || space!.facts.overlapping(start, end).length === 0) return undefined
      return this.#toPrivate(process)
    }
    space!.cache.invalidate(start, end)
    return undefined
  }

  /** As SessionHandlers.fork. */
  fork(process: GuestProcess, parent: GuestProcess, mapped: number): Move {
    const { space } = parent
    if (space?.number === mapped && space.kind === 'public' && space.facts.agrees(process.facts)) {
      this.#attach(process, space)
      return undefined
    }
    // what it has mapped until it has moved, or has had in place of it
    process.space = space
    return space?.kind === 'private' ? this.#toPrivate(process) : this.#toPublic(process)
  }

  /**
   * The process has host functions from now on, which `install` puts into its space. It goes on in a private one.
   */
  hosted(process: GuestProcess, install: (space: Space) => void): Move {
    const { next } = process
    if (next?.kind === 'public') {
      next.pids.delete(process.pid)
      this.#releaseIfEmpty(next)
      process.next = undefined
    }
    const space = process.next ?? (process.space!.kind === 'private' ? process.space! : this.#toPrivate(process))
    install(space)
    return process.next
  }

  moved(process: GuestProcess): void {
    const { next } = process
    if (next === undefined) return
    this.#detach(process)
    process.next = undefined
    this.#attach(process, next)
  }

  gone(process: GuestProcess): void {
    this.#detach(process)
    if (process.next) {
      process.next.pids.delete(process.pid)
      this.#releaseIfEmpty(process.next)
      process.next = undefined
    }
  }

  /**
   * As SessionHandlers.interpret. A change of frm to or from a mode that the host lacks changes how everything is translated: the
   * process goes on in a fresh space, where it executes the instruction. The threads of a process have one frm each, so that only a lone one comes back.
   */
  interpret(process: GuestProcess, state: DataView, alone: boolean): { answer: number; address?: number } | Space {
    if (process.next) return process.next
    const before = state.buffer.slice(state.byteOffset, state.byteOffset + state.byteLength)
    const result = interpretOne(state, process.memory)
    const odd = result.frm >= ODD_ROUNDING
    if (odd === process.space!.oddRounding || (!odd && !alone)) return result
    new Uint8Array(state.buffer, state.byteOffset, state.byteLength).set(new Uint8Array(before))
    return this.#toRounding(process, odd)
  }

  /** frm of a thread is a mode that the host lacks, because a signal frame or a debugger says so. */
  toOddRounding(process: GuestProcess): Move {
    if (process.next) return process.next
    return process.space!.oddRounding ? undefined : this.#toRounding(process, true)
  }

  /** Keeps what the next run can use. */
  save(): void {
    this.#kept?.save()
  }

  get state(): SpacesState {
    return {
      places: this.places.list,
      spaces: [...this.#all].map(({ state }) => state),
      public: this.#public.map(({ number }) => number),
    }
  }

  /** Takes over what another translator had, before anything else: the spaces by their numbers, in which nobody is yet. */
  restore(state: SpacesState): ReadonlyMap<number, Space> {
    this.places.restore(state.places)
    const spaces = state.spaces.map(known => new Space(known.kind, this.#options, known))
    for (const space of spaces) this.#all.add(space)
    const byNumber = new Map(spaces.map(space => [space.number, space]))
    this.#public.push(...state.public.map(number => byNumber.get(number)!))
    return byNumber
  }

  /** A process of another translator, whose facts are known, is in this space, and moves to the next one. */
  enterKnown(process: GuestProcess, space: Space, next: Space | undefined): void {
    this.#attach(process, space)
    if (next) this.#send(process, next)
  }

  /** Gives back the spaces that nobody is in. */
  prune(): void {
    for (const space of [...this.#all]) this.#releaseIfEmpty(space)
  }

  /** All memory of all spaces. */
  dispose(): void {
    for (const space of this.#all) space.release()
  }

  #make(kind: SpaceKind): Space {
    const space = new Space(kind, this.#options)
    this.#all.add(space)
    return space
  }

  #toRounding(process: GuestProcess, odd: boolean): Space {
    const space = this.#toPrivate(process, true)
    space.oddRounding = odd
    return space
  }

  /** A private space that begins with what the process has translated, or `fresh`. */
  #toPrivate(process: GuestProcess, fresh = false): Space {
    const space = this.#make('private')
    space.facts = process.facts.copy()
    space.oddRounding = process.space?.oddRounding ?? false
    const { space: before } = process
    if (fresh || before === undefined || before.released || before.debugged) this.#options.furnish(space, process)
    else space.copy(before)
    return this.#send(process, space)
  }

  #toPublic(process: GuestProcess): Space {
    return this.#send(process, this.#publicFor(process))
  }

  #toFresh(process: GuestProcess): Space {
    const space = process.space!
    space.full = true
    return space.kind === 'public' ? this.#toPublic(process) : this.#toPrivate(process, true)
  }

  /** The process is counted in its next space from now on, so that the space stays. */
  #send(process: GuestProcess, space: Space): Space {
    process.next = space
    space.pids.add(process.pid)
    return space
  }

  /** A public space that the process agrees with. */
  #publicFor({ facts }: GuestProcess): Space {
    let space = this.#public.find(candidate => !candidate.full && candidate.facts.agrees(facts))
    if (space === undefined) {
      space = this.#make('public')
      this.#public.push(space)
    }
    for (const fact of facts.list) space.facts.set(fact)
    return space
  }

  #attach(process: GuestProcess, space: Space): void {
    process.space = space
    space.pids.add(process.pid)
    for (const fact of process.facts.list) space.facts.set(fact)
    this.#options.attached?.(process, space)
  }

  #detach(process: GuestProcess): void {
    const { space } = process
    process.space = undefined
    if (space === undefined) return
    space.pids.delete(process.pid)
    this.#releaseIfEmpty(space)
  }

  /** The first one stays, to be kept, and the first public one: the next programs of the tree find their libraries there. */
  #releaseIfEmpty(space: Space): void {
    if (space.pids.size > 0 || space.released || space === this.#first || space === this.#public[0]) return
    const at = this.#public.indexOf(space)
    if (at >= 0) this.#public.splice(at, 1)
    this.#all.delete(space)
    space.release()
  }
}
