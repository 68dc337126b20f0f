/**
 * A region at its place in a code cache. There are tens of thousands: what is known of them is kept as numbers, in arrays that
 * many share.
 *
 * A record is: its length in words; entries (count, then pc and position each); chains (count, then field, stub, the low 32 bits of
 * the pc, the rest); ranges (count, then start and end each); the words of the fault sites (sites.ts). Guest pcs but those of chains
 * are distances from that of the region.
 */
import type { Region } from './region.ts'
import { type FaultSite, FaultSites } from './sites.ts'

const HIGH = 2 ** 32
const ENTRY = 2
const CHAIN = 4
const RANGE = 2

export class Placed {
  /** Of its first byte in the code cache. */
  readonly offset: number
  /** Bytes of host code. */
  readonly length: number
  readonly pc: number
  /** Something else stands at its guest pc (a measuring wrapper): never part of a snapshot. */
  readonly hidden: boolean
  /** The guest bytes of `ranges`, one behind the other, when they may come back after a change. */
  readonly source: Uint8Array | undefined
  readonly #words: Int32Array
  readonly #at: number

  /** Its record begins at `words[at]`. */
  constructor(
    place: { readonly offset: number; readonly length: number; readonly pc: number },
    words: Int32Array,
    at: number,
    { hidden = false, source }: { readonly hidden?: boolean; readonly source?: Uint8Array | undefined } = {},
  ) {
    this.offset = place.offset
    this.length = place.length
    this.pc = place.pc
    this.hidden = hidden
    this.source = source
    this.#words = words
    this.#at = at
  }

  get record(): Int32Array {
    return this.#words.subarray(this.#at, this.#at + this.#words[this.#at]!)
  }

  get entryCount(): number {
    return this.#words[this.#at + 1]!
  }

  /** Calls `see` with the guest pc of each entry, and its position in the host code. */
  eachEntry(see: (pc: number, position: number) => void): void {
    const first = this.#at + 2
    for (let at = first; at < first + ENTRY * this.entryCount; at += ENTRY)
      see(this.pc + this.#words[at]!, this.#words[at + 1]!)
  }

  /** Calls `see` with each rel32 field that goes to another region, where it goes without one, and the guest pc of that. */
  eachChain(see: (field: number, stub: number, pc: number) => void): void {
    const words = this.#words
    const first = this.#chains + 1
    for (let at = first; at < first + CHAIN * words[first - 1]!; at += CHAIN)
      see(words[at]!, words[at + 1]!, (words[at + 2]! >>> 0) + words[at + 3]! * HIGH)
  }

  /** The guest addresses [start, end) that it was translated from. */
  get ranges(): (readonly [start: number, end: number])[] {
    const words = this.#words
    const first = this.#ranges + 1
    const ranges: (readonly [number, number])[] = []
    for (let at = first; at < first + RANGE * words[first - 1]!; at += RANGE)
      ranges.push([this.pc + words[at]!, this.pc + words[at + 1]!])
    return ranges
  }

  get sites(): FaultSites {
    const first = this.#ranges + 1 + RANGE * this.#words[this.#ranges]!
    return new FaultSites(this.#words.subarray(first, this.#at + this.#words[this.#at]!), this.pc)
  }

  holds(offset: number): boolean {
    return offset >= this.offset && offset < this.offset + this.length
  }

  /**
   * The entry at a host offset, where all registers are as the convention has them: loops through other regions, or by
   * indirect jumps, may have no other place where a signal finds them. Not that of a hidden region, which is a part of what
   * stands in front of it.
   */
  entryAt(offset: number): FaultSite | undefined {
    let found: FaultSite | undefined
    this.eachEntry((pc, position) => {
      const isOwn = this.hidden && pc === this.pc
      if (position === offset - this.offset && !isOwn) found = { position, pc, fixups: [] }
    })
    return found
  }

  /** Where the counts of chains and of ranges are. */
  get #chains(): number {
    return this.#at + 2 + ENTRY * this.entryCount
  }
  get #ranges(): number {
    return this.#chains + 1 + CHAIN * this.#words[this.#chains]!
  }
}

/** Whether a record begins at `words[at]`, and ends inside. */
export function isRecord(words: Int32Array, at: number): boolean {
  const end = at + words[at]!
  if (!(end > at && end <= words.length)) return false
  let next = at + 1
  for (const size of [ENTRY, CHAIN, RANGE]) {
    const count = next < end ? words[next]! : -1
    if (count < 0) return false
    next += 1 + size * count
  }
  return next <= end
}

/** Words of an array that records share. */
const SHARED = 1 << 16

/** Makes the records of regions that are placed. An array goes when the last region in it does. */
export class Records {
  #words = new Int32Array(0)
  #used = 0

  place(region: Region, offset: number, options: { hidden?: boolean; source?: Uint8Array | undefined }): Placed {
    const { pc: base, entries, chains, ranges, sites } = region
    const counts = ENTRY * entries.length + CHAIN * chains.length + RANGE * ranges.length
    const size = 4 + counts + sites.words.length
    if (this.#used + size > this.#words.length) {
      this.#words = new Int32Array(Math.max(SHARED, size))
      this.#used = 0
    }
    const first = this.#used
    const words = this.#words
    let at = first
    words[at++] = size
    words[at++] = entries.length
    for (let k = 0; k < entries.length; k++) {
      words[at++] = entries[k]!.pc - base
      words[at++] = entries[k]!.position
    }
    words[at++] = chains.length
    for (let k = 0; k < chains.length; k++) {
      const { field, pc, stub } = chains[k]!
      words[at++] = field
      words[at++] = stub
      words[at++] = pc | 0
      words[at++] = Math.floor(pc / HIGH)
    }
    words[at++] = ranges.length
    for (let k = 0; k < ranges.length; k++) {
      words[at++] = ranges[k]![0] - base
      words[at++] = ranges[k]![1] - base
    }
    words.set(sites.words, at)
    this.#used = first + size
    return new Placed({ offset, length: region.bytes.length, pc: base }, words, first, options)
  }
}
