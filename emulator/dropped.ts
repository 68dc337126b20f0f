/**
 * Regions that were dropped because their guest code changed. Their host code stays where it is: a fault in it is found here,
 * and a region is used again when its guest code is what it was, as after a page was made writable and executable again.
 */
import { holds, type Placed } from './placed.ts'

/** Regions that may come back, and regions that faults are looked for in. */
const MOST_REVIVABLE = 8192
const MOST_RECENT = 1024

/** A dropped region, with the bytes that its entries had, and the stubs that they go to now. */
export interface Dropped {
  readonly placed: Placed
  readonly bytes: readonly Uint8Array[]
  readonly stubs: readonly number[]
}

export class DroppedRegions {
  /** By pc, oldest first. */
  readonly #revivable = new Map<number, Dropped>()
  readonly #recent: Placed[] = []
  #lost = 0

  /** How many can not come back. */
  get lost(): number {
    return this.#lost
  }

  add(dropped: Dropped): void {
    const { placed } = dropped
    this.#recent.push(placed)
    if (this.#recent.length > MOST_RECENT) this.#recent.shift()
    if (placed.source === undefined || this.#revivable.delete(placed.pc)) this.#lost++
    if (placed.source === undefined) return
    this.#revivable.set(placed.pc, dropped)
    if (this.#revivable.size <= MOST_REVIVABLE) return
    this.#revivable.delete(this.#revivable.keys().next().value!)
    this.#lost++
  }

  /** The last one from this pc, when `same` finds its guest code unchanged. It is no dropped one any more then. */
  take(pc: number, same: (placed: Placed) => boolean): Dropped | undefined {
    const dropped = this.#revivable.get(pc)
    if (dropped === undefined || !same(dropped.placed)) return undefined
    this.#revivable.delete(pc)
    const at = this.#recent.lastIndexOf(dropped.placed)
    if (at >= 0) this.#recent.splice(at, 1)
    return dropped
  }

  /** None comes back: they were translated in another way. */
  forget(): void {
    this.#lost += this.#revivable.size
    this.#revivable.clear()
  }

  /** The one that a host offset lies in, if it was dropped recently. */
  at(offset: number): Placed | undefined {
    return this.#recent.findLast(placed => holds(placed, offset))
  }
}
