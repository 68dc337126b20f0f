/**
 * A code cache and its dispatch table, with what is known of the guest code behind the translations. An executor has one
 * space mapped at a time. A public space holds translations of files alone and is shared by all processes that agree with its
 * facts; a private one belongs to one address space.
 */
import { PLACES } from '../base/layout.ts'
import { type CacheState, CodeCache } from '../emulator/cache.ts'
import type { Gates } from '../emulator/gates.ts'
import type { Placed } from '../emulator/placed.ts'
import type { BridgeTemplate } from './bridge/template.ts'
import { DispatchTable } from './dispatch-table.ts'
import { type Fact, Facts } from './facts.ts'
import type { Hybrid } from './hybrid.ts'
import { SystemVMemory } from './system-v-memory.ts'
import type { SpaceMemory, TreeMemory } from './tree-memory.ts'

export type SpaceKind = 'public' | 'private'

export interface SpaceOptions {
  readonly memory: TreeMemory
  /** Bytes of the code cache. */
  readonly codeSize: number
  readonly gates: Gates
  /** Make the code cache of System V shared memory (--perf-map). */
  readonly systemV?: boolean
}

/** That of the program of a process. */
export interface ProgramBridge extends BridgeTemplate {
  readonly hybrid: Hybrid
  /** What is added to the addresses in the program's file. */
  readonly bias: number
}

/** A space without its memory and processes. */
export interface SpaceState {
  readonly number: number
  readonly kind: SpaceKind
  readonly facts: readonly Fact[]
  readonly oddRounding: boolean
  readonly full: boolean
  readonly cache: CacheState
}

export class Space {
  readonly kind: SpaceKind
  /** The code cache, writable here, executable at PLACES.CODE_CACHE in the executors. */
  readonly code: Uint8Array
  readonly dispatch: DispatchTable
  readonly cache: CodeCache
  facts = new Facts()
  /** Pids of the processes that have it mapped. */
  readonly pids = new Set<number>()
  /** Dynamic rounding is left to the interpreter, because frm is a mode that the host lacks. */
  oddRounding = false
  /** Translations may have traps for a debugger, which are for one process only. */
  debugged = false
  /** No process comes in any more: the next translation may not fit. */
  full = false
  /** Of the program that it is for, when that has host functions and nothing is measured. */
  bridge: ProgramBridge | undefined
  readonly #memory: SpaceMemory
  /** Of the code cache, when the space's own has none. */
  readonly #systemV: SystemVMemory | undefined
  #released = false

  /**
   * @param state a space whose memory is there already
   * @throws FerryError `shared-memory`
   */
  constructor(kind: SpaceKind, { memory, codeSize, gates, systemV = false }: SpaceOptions, state?: SpaceState) {
    this.kind = kind
    this.#systemV = systemV ? new SystemVMemory('ferry-code', codeSize) : undefined
    this.#memory = state ? memory.taken(state.number) : memory.take()
    this.dispatch = new DispatchTable(this.#memory)
    this.code = this.#systemV
      ? new Uint8Array(this.#systemV.buffer)
      : this.#memory.map(PLACES.DISPATCH_SIZE, codeSize).bytes
    this.cache = new CodeCache(this.code, this.dispatch, gates)
    if (state === undefined) {
      this.cache.publish(PLACES.RETURN_GATE, gates.leave)
      return
    }
    this.cache.restore(state.cache)
    this.facts = new Facts(state.facts)
    this.oddRounding = state.oddRounding
    this.full = state.full
  }

  get state(): SpaceState {
    const { number, kind, facts, oddRounding, full, cache } = this
    return { number, kind, facts: facts.list, oddRounding, full, cache: cache.state }
  }

  /** Its number in the shared memory of the tree. */
  get number(): number {
    return this.#memory.number
  }

  /** Words 6 and 7 of the answer that sends an executor here. */
  get words(): readonly [number: number, systemV: number] {
    return [this.number, this.#systemV === undefined ? 0 : this.#systemV.id + 1]
  }

  get released(): boolean {
    return this.#released
  }

  /** This process alone has it mapped. */
  belongsTo(pid: number): boolean {
    return this.pids.size === 1 && this.pids.has(pid)
  }

  /**
   * Takes over what another space of the same size has translated from files that the facts of this one know: before anything
   * else. Code that changes may have changed there and not here.
   */
  copy(other: Space): void {
    const { facts } = this
    const keep = ({ pc, source }: Placed) =>
      source === undefined && other.facts.at(pc)?.identity === facts.at(pc)?.identity
    this.cache.copy(other.cache, keep)
  }

  /** Gives the memory back: nothing of the space may be used any more. */
  release(): void {
    if (this.#released) return
    this.#released = true
    this.#systemV?.release()
    this.#memory.release()
  }
}
