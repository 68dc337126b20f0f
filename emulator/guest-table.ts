/**
 * A number for each even guest pc, 0 where none was set. Guest code comes in clusters, so that numbers are kept in pages; a Map of
 * pcs takes several times the memory and time, because most pcs are too large for V8's small integers.
 */

/** Bytes of guest code that a page is for. */
const PAGE = 1024
const NOTHING = new Uint32Array(PAGE / 2)

export class GuestTable {
  readonly #pages = new Map<number, Uint32Array>()
  /** The page of the last call, and its number. */
  #page: Uint32Array = NOTHING
  #number = -1

  get(pc: number): number {
    const number = Math.floor(pc / PAGE)
    if (number !== this.#number) this.#turnTo(number)
    return this.#page[((pc - number * PAGE) >> 1) | 0]!
  }

  /** Sets a number from 1 to 2^32 - 1, or 0 again. */
  set(pc: number, value: number): void {
    const number = Math.floor(pc / PAGE)
    if (number !== this.#number) this.#turnTo(number)
    if (this.#page === NOTHING) {
      if (value === 0) return
      this.#page = new Uint32Array(PAGE / 2)
      this.#pages.set(number, this.#page)
    }
    this.#page[((pc - number * PAGE) >> 1) | 0] = value
  }

  /** Pairs of pc and number. */
  *[Symbol.iterator](): Generator<[pc: number, value: number]> {
    for (const [number, page] of this.#pages) {
      for (const [k, value] of page.entries()) if (value !== 0) yield [number * PAGE + k * 2, value]
    }
  }

  #turnTo(number: number): void {
    this.#number = number
    this.#page = this.#pages.get(number) ?? NOTHING
  }
}
