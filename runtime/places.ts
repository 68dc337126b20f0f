/** Where files are mapped: each at one address in all processes of a tree, so that its code is translated once. */
import { PLACES } from '../base/layout.ts'

/** Bytes that places are multiples of. */
const GRANULE = 64 << 10

/** A file and its address. */
export type PlaceRow = readonly [key: string, address: number, end: number]

export class Places {
  readonly #known = new Map<string, PlaceRow>()
  /** Of the known ones, those that this run has asked for. */
  readonly #used = new Set<PlaceRow>()

  /** The address for a file of `length` bytes in memory, 0 when there is none left. */
  place(device: bigint, inode: bigint, time: bigint, length: number): number {
    const key = `${device}:${inode}:${time}:${length}`
    const row = this.#known.get(key) ?? this.#make(key, Math.ceil(length / GRANULE) * GRANULE)
    if (row === undefined) return 0
    this.#used.add(row)
    return row[1]
  }

  /** What was placed, for {@link restore} by another translator. */
  get list(): readonly PlaceRow[] {
    return [...this.#known.values()]
  }

  /** What was placed in this run, or has one of these mapped, for {@link restore} in a later one. */
  used(mapped: readonly { readonly start: number }[]): readonly PlaceRow[] {
    const holds = ([, from, to]: PlaceRow): boolean => mapped.some(({ start }) => start >= from && start < to)
    return this.list.filter(row => this.#used.has(row) || holds(row))
  }

  /** Before the first place is given: files of an earlier run get the addresses that they had. */
  restore(rows: readonly PlaceRow[]): void {
    for (const row of rows) this.#known.set(row[0], row)
  }

  /** In the lowest gap that is large enough. */
  #make(key: string, size: number): PlaceRow | undefined {
    let address: number = PLACES.LIBRARIES
    for (const [, start, end] of this.list.toSorted((a, b) => a[1] - b[1])) {
      if (start - address >= size) break
      address = Math.max(address, end)
    }
    if (address + size > PLACES.LIBRARIES_END) return undefined
    const row: PlaceRow = [key, address, address + size]
    this.#known.set(key, row)
    return row
  }
}
