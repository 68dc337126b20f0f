/** A row as far as matching goes. */
export interface Pattern {
  readonly match: number
  readonly mask: number
}

/** Candidate lists: those of key k start at `lists[starts[k]]` and end with {@link END}. */
export interface Buckets {
  readonly starts: Uint16Array
  readonly lists: Uint8Array
}

/** Ends a list of candidates; row numbers are below it. */
export const END = 255

/**
 * Sorts rows by a key of `bits` bits that is taken from the word; `spread(key)` places a key's bits where they stand in a word.
 * The lowest `majorBits` bits of the key are those of the major opcode, which every row's mask covers. Rows keep
 * their order in every list.
 */
export function buildBuckets(
  rows: readonly Pattern[],
  bits: number,
  majorBits: number,
  spread: (key: number) => number,
): Buckets {
  const starts = new Uint16Array(1 << bits)
  const lists: number[] = [END]
  const majorMask = spread((1 << majorBits) - 1)
  const keyMask = spread((1 << bits) - 1)
  // One major opcode after the other: few rows have it, and only the key bits that their masks cover make a difference.
  for (let major = 0; major < 1 << majorBits; major++) {
    const near = rows.map((_, i) => i).filter(i => ((rows[i]!.match ^ spread(major)) & majorMask) === 0)
    if (near.length === 0) continue
    const matters = keyMask & near.reduce((bits, i) => bits | rows[i]!.mask, 0)
    const known = new Map<number, number>()
    for (let key = major; key < starts.length; key += 1 << majorBits) {
      const word = spread(key)
      let start = known.get(word & matters)
      if (start === undefined) {
        known.set(word & matters, (start = lists.length))
        for (const i of near) if (((rows[i]!.match ^ word) & rows[i]!.mask & keyMask) === 0) lists.push(i)
        if (lists.length === start) known.set(word & matters, (start = 0))
        else lists.push(END)
      }
      starts[key] = start
    }
  }
  return { starts, lists: Uint8Array.from(lists) }
}
