/**
 * The translator's side of the dispatch table: one u32 for every even guest pc at byte pc * 2 of a space, 512 GiB that
 * are mostly holes (base/layout.ts). It is mapped in windows, on first use.
 */
import type { SpaceMemory } from './tree-memory.ts'

/** Bytes of table in a window: 4 MiB serve 2 MiB of guest code. */
const WINDOW = 4 << 20
const ENTRIES = WINDOW / 4

export class DispatchTable {
  readonly #memory: SpaceMemory
  readonly #windows = new Map<number, Uint32Array>()

  /** The table at the start of a space. */
  constructor(memory: SpaceMemory) {
    this.#memory = memory
  }

  /** Publishes the translation of `pc` at `offset` of the code cache with one aligned store; 0 is the miss gate. */
  set(pc: number, offset: number): void {
    const entry = pc / 2
    const number = Math.floor(entry / ENTRIES)
    let window = this.#windows.get(number)
    if (!window) {
      const { bytes } = this.#memory.map(number * WINDOW, WINDOW)
      window = new Uint32Array(bytes.buffer, bytes.byteOffset, ENTRIES)
      this.#windows.set(number, window)
    }
    Atomics.store(window, entry % ENTRIES, offset)
  }

  /** Offset of the translation of `pc`, or 0. */
  get(pc: number): number {
    const entry = pc / 2
    return this.#windows.get(Math.floor(entry / ENTRIES))?.[entry % ENTRIES] ?? 0
  }

  /** Drops the entries of the guest range; what was never set takes no time. */
  clear(start: number, length: number): void {
    const first = Math.floor(start / 2)
    const end = Math.ceil((start + length) / 2)
    for (const [number, window] of this.#windows) {
      const base = number * ENTRIES
      const from = Math.max(first - base, 0)
      const to = Math.min(end - base, ENTRIES)
      if (from < to) window.fill(0, from, to)
    }
  }
}
