/** Where files are mapped: each at one address in all processes of a tree, so that its code is translated once. */
import { PLACES } from '../base/layout.ts'

/** Bytes that places are multiples of. */
const GRANULE = 64 << 10

export class Places {
  readonly #known = new Map<string, number>()
  #next: number = PLACES.LIBRARIES

  /**
   * The address for a file of `length` bytes in memory, 0 when there is none left. Addresses are given in the order of
   * first use.
   */
  place(device: bigint, inode: bigint, time: bigint, length: number): number {
    const key = `${device}:${inode}:${time}:${length}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const address = this.#next
    const end = address + Math.ceil(length / GRANULE) * GRANULE
    if (end > PLACES.LIBRARIES_END) return 0
    this.#known.set(key, address)
    this.#next = end
    return address
  }

  /** What was placed, in order, for {@link restore}. */
  get list(): readonly (readonly [key: string, address: number])[] {
    return [...this.#known]
  }
}
