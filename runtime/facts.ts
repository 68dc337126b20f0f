/**
 * What code stands at which guest addresses: ranges of files that nobody wrote to, or private code. Ranges do not
 * overlap; neighbours of one identity are one range.
 */

/** The identity of code that is in no file, or was written to. */
export const PRIVATE = 'private'

export interface Fact {
  readonly start: number
  readonly end: number
  /** {@link fileIdentity} or {@link PRIVATE}: two ranges of one identity have the same bytes at every address that both have. */
  readonly identity: string
}

/** Words 2 to 5 of REQUEST.MAPPED: device, inode, time of the last change and file offset of what is mapped at `start`. */
export function fileIdentity(device: bigint, inode: bigint, time: bigint, offset: bigint, start: number): string {
  return device === 0n && inode === 0n ? PRIVATE : `${device}:${inode}:${time}@${offset - BigInt(start)}`
}

/** The words of the identity of a file's code; `distance` is file offset minus address. */
export function identityWords(identity: string): {
  readonly device: bigint
  readonly inode: bigint
  readonly changed: bigint
  readonly distance: bigint
} {
  const [device, inode, changed, distance] = identity.split(/[:@]/).map(BigInt) as [bigint, bigint, bigint, bigint]
  return { device, inode, changed, distance }
}

export class Facts {
  #list: readonly Fact[]

  constructor(list: readonly Fact[] = []) {
    this.#list = list
  }

  get list(): readonly Fact[] {
    return this.#list
  }

  at(address: number): Fact | undefined {
    return this.#list.find(({ start, end }) => address >= start && address < end)
  }

  /** The facts that share an address with [start, end). */
  overlapping(start: number, end: number): Fact[] {
    return this.#list.filter(fact => fact.start < end && fact.end > start)
  }

  /** The parts of [start, end) that have another identity. Private code differs from private code. */
  conflicts({ start, end, identity }: Fact): Fact[] {
    return this.overlapping(start, end)
      .filter(fact => fact.identity !== identity || identity === PRIVATE)
      .map(fact => ({ ...fact, start: Math.max(start, fact.start), end: Math.min(end, fact.end) }))
  }

  /** No address has different code here and there. */
  agrees(other: Facts): boolean {
    return other.#list.every(fact => this.conflicts(fact).length === 0)
  }

  /** Replaces what was known of the range. */
  set(fact: Fact): void {
    this.clear(fact.start, fact.end)
    const joined = this.#list.filter(
      ({ start, end, identity }) => identity === fact.identity && (end === fact.start || start === fact.end),
    )
    const whole = {
      start: Math.min(fact.start, ...joined.map(({ start }) => start)),
      end: Math.max(fact.end, ...joined.map(({ end }) => end)),
      identity: fact.identity,
    }
    this.#list = [...this.#list.filter(other => !joined.includes(other)), whole]
  }

  /** Nothing is known of the range any more. */
  clear(from: number, to: number): void {
    this.#list = this.#list.flatMap(fact => {
      const { start, end } = fact
      if (start >= to || end <= from) return [fact]
      return [...(start < from ? [{ ...fact, end: from }] : []), ...(end > to ? [{ ...fact, start: to }] : [])]
    })
  }

  copy(): Facts {
    return new Facts(this.#list)
  }
}
