/**
 * Regions that were dropped because their guest code changed. Their host code stays where it is: a fault in it is found here,
 * and a region is used again when its guest code is what it was, as after a page was made writable and executable again.
 */
import type { Placed } from './placed.ts'

/** Regions that may come back, those of one pc, and regions that faults are looked for in. */
const MOST_REVIVABLE = 16384
const MOST_OF_PC = 16
const MOST_RECENT = 1024

/** A dropped region, with the bytes that its entries had, and the stubs that they go to now. */
export interface Dropped {
  readonly placed: Placed
  readonly bytes: readonly Uint8Array[]
  readonly stubs: readonly number[]
}

export class DroppedRegions {
  /** By pc, both the pcs and the regions oldest first. */
  readonly #revivable = new Map<number, Dropped[]>()
  #count = 0
  readonly #recent: Placed[] = []
  #lost: number

  /** @param lost regions that were dropped before and can not come back */
  constructor(lost = 0) {
    this.#lost = lost
  }

  /** How many there are, and were lost. */
  get count(): number {
    return this.#count + this.#lost
  }

  /** How many can not come back. */
  get lost(): number {
    return this.#lost
  }

  add(dropped: Dropped): void {
    const { placed } = dropped
    this.#recent.push(placed)
    if (this.#recent.length > MOST_RECENT) this.#recent.shift()
    if (placed.source === undefined) {
      this.#lost++
      return
    }
    const variants = this.#revivable.get(placed.pc) ?? []
    this.#revivable.delete(placed.pc)
    this.#revivable.set(placed.pc, variants)
    variants.push(dropped)
    this.#count++
    if (variants.length > MOST_OF_PC) this.#lose(variants.splice(0, 1).length)
    while (this.#count > MOST_REVIVABLE) {
      const [oldest, gone] = this.#revivable.entries().next().value!
      this.#revivable.delete(oldest)
      this.#lose(gone.length)
    }
  }

  /** One from this pc whose guest code `same` finds unchanged. It is no dropped one any more then. */
  take(pc: number, same: (placed: Placed) => boolean): Dropped | undefined {
    const variants = this.#revivable.get(pc) ?? []
    const found = variants.findLastIndex(({ placed }) => same(placed))
    if (found < 0) return undefined
    const [dropped] = variants.splice(found, 1)
    this.#count--
    if (variants.length === 0) this.#revivable.delete(pc)
    const at = this.#recent.lastIndexOf(dropped!.placed)
    if (at >= 0) this.#recent.splice(at, 1)
    return dropped
  }

  /** The one that a host offset lies in, if it was dropped recently. */
  at(offset: number): Placed | undefined {
    return this.#recent.findLast(placed => placed.holds(offset))
  }

  #lose(regions: number): void {
    this.#lost += regions
    this.#count -= regions
  }
}
