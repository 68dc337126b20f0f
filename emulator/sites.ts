/**
 * The instructions of a region that may fault, as flat numbers, which take a twentieth of the memory of objects. Each is a word,
 *
 *     31..22  distance of its host position from that of the one before (FAR: position and distance follow in two words)
 *     21..10  distance of its guest pc from that of the one before, as a signed number
 *      9..0   count of its fixups, which follow; SAME: those of the one before
 *
 * in the order of their positions. The first one counts from position 0 and the guest pc of the region.
 */

/** One instruction that may fault: host position, guest pc, and what to do to the registers. */
export interface FaultSite {
  readonly position: number
  readonly pc: number
  /** `register | kind << 8 | host << 16`, as in a LOCATE answer. */
  readonly fixups: readonly number[]
}

const FAR = 0x3ff
const NEAREST = -0x800
const FARTHEST = 0x7ff
const SAME = 0x3ff

export class FaultSites {
  readonly words: Int32Array
  /** Guest pc of the region. */
  readonly base: number

  constructor(words: Int32Array, base: number) {
    this.words = words
    this.base = base
  }

  list(): FaultSite[] {
    return [...this.#each()]
  }

  /** The one at a host position. */
  at(position: number): FaultSite | undefined {
    for (const site of this.#each()) if (site.position >= position) return site.position === position ? site : undefined
    return undefined
  }

  *#each(): Generator<FaultSite> {
    const { words, base } = this
    let position = 0
    let distance = 0
    let fixups: readonly number[] = []
    for (let at = 0; at < words.length; ) {
      const word = words[at++]!
      if (word >>> 22 === FAR) {
        position = words[at++]!
        distance = words[at++]!
      } else {
        position += word >>> 22
        distance += (word << 10) >> 20
      }
      const count = word & SAME
      if (count !== SAME) {
        fixups = [...words.subarray(at, at + count)]
        at += count
      }
      yield { position, pc: base + distance, fixups }
    }
  }
}

/** Takes down the sites of one region after the other. */
export class SiteWriter {
  #words = new Int32Array(1024)
  #length = 0
  /** Position and distance of the last one, and where its word is. */
  #position = 0
  #distance = 0
  #last = -1
  /** Where its fixups begin, and those that the one before it has. */
  #first = 0
  #before = 0
  #countBefore = 0

  reset(): void {
    this.#length = 0
    this.#position = this.#distance = 0
    this.#last = -1
    this.#countBefore = 0
  }

  /** @param distance of the guest pc from that of the region */
  begin(position: number, distance: number): void {
    this.#finish()
    const [further, farther] = [position - this.#position, distance - this.#distance]
    this.#position = position
    this.#distance = distance
    this.#last = this.#length
    if (further < FAR && further >= 0 && farther >= NEAREST && farther <= FARTHEST) {
      this.#push((further << 22) | ((farther << 20) >>> 10))
    } else {
      this.#push(FAR << 22)
      this.#push(position)
      this.#push(distance)
    }
    this.#first = this.#length
  }

  /** Another fixup of the last one. */
  fixup(word: number): void {
    this.#push(word)
  }

  /** Those since {@link reset}. */
  take(): Int32Array {
    this.#finish()
    this.#last = -1
    return this.#words.slice(0, this.#length)
  }

  /** The last one has all of its fixups. */
  #finish(): void {
    if (this.#last < 0) return
    const count = this.#length - this.#first
    if (count > 0 && this.#isAsBefore(count)) {
      this.#words[this.#last]! |= SAME
      this.#length = this.#first
      return
    }
    this.#words[this.#last]! |= count
    this.#before = this.#first
    this.#countBefore = count
  }

  #isAsBefore(count: number): boolean {
    if (count !== this.#countBefore) return false
    for (let k = 0; k < count; k++) if (this.#words[this.#before + k] !== this.#words[this.#first + k]) return false
    return true
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
