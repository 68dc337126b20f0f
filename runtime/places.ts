/** Where files are mapped: each at one address in all processes of a tree, so that its code is translated once. */
import { PLACES } from '../base/layout.ts'

/** Bytes that places are multiples of. */
const GRANULE = 64 << 10

/** A file and its address. */
export type PlaceRow = readonly [key: string, address: number, end: number]

export class Places {
  readonly #known = new Map<string, number>()
  readonly #rows: PlaceRow[] = []
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
    this.#add([key, address, end])
    return address
  }

  /** What was placed, for {@link restore}. */
  get list(): readonly PlaceRow[] {
    return this.#rows
  }

  /** Before the first place is given: files of an earlier run get the addresses that they had. */
  restore(rows: readonly PlaceRow[]): void {
    for (const row of rows) this.#add(row)
  }

  #add(row: PlaceRow): void {
    const [key, address, end] = row
    this.#rows.push(row)
    this.#known.set(key, address)
    this.#next = Math.max(this.#next, end)
  }
}
