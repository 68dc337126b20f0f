/**
 * A code cache and its dispatch table, with what is known of the guest code behind the translations. An executor has one
 * space mapped at a time. A public space holds translations of files alone and is shared by all processes that agree with its
 * facts; a private one belongs to one address space.
 */
import { PLACES } from '../base/layout.ts'
import { CodeCache } from '../emulator/cache.ts'
import type { Gates } from '../emulator/gates.ts'
import type { Placed } from '../emulator/placed.ts'
import { DispatchTable } from './dispatch-table.ts'
import { Facts } from './facts.ts'
import { SharedMemory } from './shared-memory.ts'
import { SystemVMemory } from './system-v-memory.ts'

export type SpaceKind = 'public' | 'private'

export interface SpaceOptions {
  /** Bytes of the code cache. */
  readonly codeSize: number
  readonly gates: Gates
  /** Make the code cache of System V shared memory (--perf-map). */
  readonly systemV?: boolean
}

export class Space {
  readonly kind: SpaceKind
  /** The code cache, writable here, executable at PLACES.CODE_CACHE in the executors. */
  readonly code: Uint8Array
  readonly dispatch = new DispatchTable()
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
  readonly #codeMemory: SharedMemory | SystemVMemory
  #released = false

  /** @throws FerryError `shared-memory` */
  constructor(kind: SpaceKind, { codeSize, gates, systemV = false }: SpaceOptions) {
    this.kind = kind
    const memory = systemV ? new SystemVMemory('ferry-code', codeSize) : new SharedMemory('ferry-code', codeSize)
    this.#codeMemory = memory
    this.code = new Uint8Array(memory instanceof SystemVMemory ? memory.buffer : memory.map().buffer)
    this.cache = new CodeCache(this.code, this.dispatch, gates)
    this.cache.publish(PLACES.RETURN_GATE, gates.leave)
  }

  /** Descriptors of this process, for the answer that sends an executor here. */
  get descriptors(): { readonly code: number; readonly dispatch: number } {
    const memory = this.#codeMemory
    const code = memory instanceof SystemVMemory ? PLACES.SYSTEM_V + memory.id : memory.fd
    return { code, dispatch: this.dispatch.memory.fd }
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
    this.#codeMemory.release()
    this.dispatch.memory.release()
  }
}
