/**
 * A number for each even guest pc, 0 where none was set: a hash table with open addressing in typed arrays. A Map takes several
 * times the memory, because most pcs are too large for V8's small integers, and gives the garbage collector work.
 */

const SMALLEST = 1024
/** In a place without a pc: no even number. */
const EMPTY = -1
/** The most of its places that a table uses. */
const LOAD = 0.6
/** Distances, in pcs, that stay as they are. */
const NEAR = 31
/** 2^32 divided by the golden ratio: its multiples are spread evenly (Knuth, The Art of Computer Programming 6.4). */
const SPREAD = 0x9e3779b1

export class GuestTable {
  /** The pc of each place, EMPTY where none was ever. */
  #pcs = new Float64Array(SMALLEST).fill(EMPTY)
  #values = new Uint32Array(SMALLEST)
  #shift = 32 - Math.log2(SMALLEST)
  /** Places that have a pc. */
  #used = 0

  /** @param pc even */
  get(pc: number): number {
    return this.#values[this.#place(pc)]!
  }

  /** Sets a number from 1 to 2^32 - 1, or 0 again. */
  set(pc: number, value: number): void {
    let place = this.#place(pc)
    if (this.#pcs[place] === EMPTY) {
      if (value === 0) return
      if (this.#used >= this.#pcs.length * LOAD) {
        this.#rebuild()
        place = this.#place(pc)
      }
      this.#pcs[place] = pc
      this.#used++
    }
    this.#values[place] = value
  }

  /** Pairs of pc and number. */
  *[Symbol.iterator](): Generator<[pc: number, value: number]> {
    for (const [place, value] of this.#values.entries()) if (value !== 0) yield [this.#pcs[place]!, value]
  }

  /** Where the pc is, or would be. */
  #place(pc: number): number {
    const pcs = this.#pcs
    const last = pcs.length - 1
    // pcs that are near each other are asked for one after the other: they have places that are (the bits above the lowest
    // 32 tell files in memory apart)
    let place = ((Math.imul(pc >>> 6, SPREAD) >>> this.#shift) + ((pc >>> 1) & NEAR)) & last
    for (let found = pcs[place]!; found !== pc && found !== EMPTY; found = pcs[place]!) place = (place + 1) & last
    return place
  }

  /** Makes room, without the pcs that have no number any more. */
  #rebuild(): void {
    const [pcs, values] = [this.#pcs, this.#values]
    let live = 0
    for (let k = 0; k < values.length; k++) if (values[k] !== 0) live++
    const size = live * 2 >= pcs.length * LOAD ? pcs.length * 2 : pcs.length
    this.#pcs = new Float64Array(size).fill(EMPTY)
    this.#values = new Uint32Array(size)
    this.#shift = 32 - Math.log2(size)
    this.#used = live
    for (let k = 0; k < values.length; k++) {
      if (values[k] === 0) continue
      const place = this.#place(pcs[k]!)
      this.#pcs[place] = pcs[k]!
      this.#values[place] = values[k]!
    }
  }
}
