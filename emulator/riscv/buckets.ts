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
 * Sorts rows by a key of `bits` bits that is taken from the word. `spread(key)` places a key's bits where they stand in a word;
 * `accepts` can refuse a row for a key although mask and match let it pass. Rows keep their order in every list, equal lists
 * are stored once.
 */
export function buildBuckets(
  rows: readonly Pattern[],
  bits: number,
  spread: (key: number) => number,
  accepts: (row: number, word: number) => boolean = () => true,
): Buckets {
  const all = spread((1 << bits) - 1)
  const starts = new Uint16Array(1 << bits)
  const lists: number[] = []
  const known = new Map<string, number>()
  // Rows that agree on the lowest 5 key bits (the major opcode) are looked at together: the keys are 2^15, the rows 170.
  for (let low = 0; low < 32; low++) {
    const part = spread(low)
    const near = rows.map((_, i) => i).filter(i => ((rows[i]!.match ^ part) & rows[i]!.mask & spread(31)) === 0)
    for (let key = low; key < starts.length; key += 32) {
      const word = spread(key)
      const list = near.filter(i => ((rows[i]!.match ^ word) & rows[i]!.mask & all) === 0 && accepts(i, word))
      const name = list.join()
      let start = known.get(name)
      if (start === undefined) {
        known.set(name, (start = lists.length))
        lists.push(...list, END)
      }
      starts[key] = start
    }
  }
  return { starts, lists: Uint8Array.from(lists) }
}
