/**
 * The instructions of a region that may fault, as flat numbers, which take a tenth of the memory of objects: position, distance
 * of the guest pc from that of the region, count of fixups, fixups; in the order of their positions.
 */

/** One instruction that may fault: host position, guest pc, and what to do to the registers. */
export interface FaultSite {
  readonly position: number
  readonly pc: number
  /** `register | kind << 8 | host << 16`, as in a LOCATE answer. */
  readonly fixups: readonly number[]
}

const HEAD = 3

export class FaultSites {
  readonly words: Int32Array
  /** Guest pc of the region. */
  readonly base: number

  constructor(words: Int32Array, base: number) {
    this.words = words
    this.base = base
  }

  list(): FaultSite[] {
    const sites: FaultSite[] = []
    for (let at = 0; at < this.words.length; at += HEAD + this.words[at + 2]!) sites.push(this.#read(at))
    return sites
  }

  /** The one at a host position. */
  at(position: number): FaultSite | undefined {
    const { words } = this
    for (let at = 0; at < words.length && words[at]! <= position; at += HEAD + words[at + 2]!)
      if (words[at] === position) return this.#read(at)
    return undefined
  }

  #read(at: number): FaultSite {
    const { words, base } = this
    const first = at + HEAD
    const fixups = [...words.subarray(first, first + words[at + 2]!)]
    return { position: words[at]!, pc: base + words[at + 1]!, fixups }
  }
}

/** Takes down the sites of one region after the other. */
export class SiteWriter {
  #words = new Int32Array(1024)
  #length = 0
  /** Where the count of the last one's fixups is. */
  #count = 0

  reset(): void {
    this.#length = 0
  }

  /** @param distance of the guest pc from that of the region */
  begin(position: number, distance: number): void {
    this.#push(position)
    this.#push(distance)
    this.#count = this.#length
    this.#push(0)
  }

  /** Another fixup of the last one. */
  fixup(word: number): void {
    this.#push(word)
    this.#words[this.#count]!++
  }

  /** Those since {@link reset}. */
  take(): Int32Array {
    return this.#words.slice(0, this.#length)
  }

  #push(word: number): void {
    if (this.#length === this.#words.length) {
      const grown = new Int32Array(this.#length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words[this.#length++] = word
  }
}
