/** The regions of a code cache: by host offset, and by the guest pages that they were translated from. */
import type { Placed } from './placed.ts'

const PAGE = 4096

export class PlacedRegions {
  /** In order of their offsets. */
  readonly #list: Placed[] = []
  /** Those from each guest page. */
  readonly #pages = new Map<number, Placed[]>()

  get list(): readonly Placed[] {
    return this.#list
  }

  add(placed: Placed): void {
    if (placed.offset > (this.#list.at(-1)?.offset ?? -1)) this.#list.push(placed)
    else this.#list.splice(this.#behind(placed.offset), 0, placed)
    const { ranges } = placed
    for (let k = 0; k < ranges.length; k++) {
      const [start, end] = ranges[k]!
      for (let page = Math.floor(start / PAGE); page * PAGE < end; page++) {
        const list = this.#pages.get(page)
        if (list === undefined) this.#pages.set(page, [placed])
        else if (list[list.length - 1] !== placed) list.push(placed)
      }
    }
  }

  remove(placed: Placed): void {
    const at = this.#behind(placed.offset) - 1
    if (this.#list[at] !== placed) return
    this.#list.splice(at, 1)
    for (const [start, end] of placed.ranges) {
      for (let page = Math.floor(start / PAGE); page * PAGE < end; page++) {
        const list = this.#pages.get(page)
        const place = list?.indexOf(placed) ?? -1
        if (place >= 0) list!.splice(place, 1)
        if (list?.length === 0) this.#pages.delete(page)
      }
    }
  }

  /** The region that a host offset lies in. */
  at(offset: number): Placed | undefined {
    const placed = this.#list[this.#behind(offset) - 1]
    return placed?.holds(offset) ? placed : undefined
  }

  /** The regions that were translated from guest bytes in [start, end). */
  from(start: number, end: number): Set<Placed> {
    const found = new Set<Placed>()
    const look = (list: readonly Placed[] | undefined): void => {
      for (const placed of list ?? []) {
        if (placed.ranges.some(([from, to]) => from < end && to > start)) found.add(placed)
      }
    }
    const [first, last] = [Math.floor(start / PAGE), Math.ceil(end / PAGE)]
    if (last - first <= this.#pages.size) for (let page = first; page < last; page++) look(this.#pages.get(page))
    else for (const [page, list] of this.#pages) if (page >= first && page < last) look(list)
    return found
  }

  /** Where the first region behind this offset is in the list. */
  #behind(offset: number): number {
    let low = 0
    let high = this.#list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#list[middle]!.offset <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
