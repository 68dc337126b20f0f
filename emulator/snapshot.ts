/**
 * The regions of a code cache as flat numbers, for the translations that are kept on disk. The host code itself is kept as
 * it is; this is what the cache has to know of it.
 *
 * A region is: offset, length, the low 32 bits of its guest pc and the rest; entries (count, then pc and position each);
 * chains (count, then field, pc, stub); ranges (count, then start and end); the number of words of its fault sites, and those
 * (sites.ts). Guest pcs are distances from that of the region.
 */
import type { Placed } from './placed.ts'
import { FaultSites } from './sites.ts'

const HIGH = 2 ** 32
/** Distances that a word holds. */
const REACH = 2 ** 31

export function packRegions(placed: readonly Placed[]): Int32Array {
  const words: number[] = []
  for (const region of placed) {
    if (reaches(region)) packRegion(words, region)
  }
  return Int32Array.from(words)
}

function packRegion(words: number[], { offset, length, pc: base, entries, chains, ranges, sites }: Placed): void {
  words.push(offset, length, base | 0, Math.floor(base / HIGH), entries.length)
  for (const { pc, position } of entries) words.push(pc - base, position)
  words.push(chains.length)
  for (const { field, pc, stub } of chains) words.push(field, pc - base, stub)
  words.push(ranges.length)
  for (const [start, end] of ranges) words.push(start - base, end - base)
  words.push(sites.words.length)
  for (const word of sites.words) words.push(word)
}

/** Whether a region can be packed: a branch in the last bytes of the address space goes to its first ones. */
export function reaches({ pc: base, chains }: Placed): boolean {
  return chains.every(({ pc }) => Math.abs(pc - base) < REACH)
}

/** @throws RangeError when the words are no regions. */
export function unpackRegions(words: Int32Array): Placed[] {
  const placed: Placed[] = []
  const { length: total } = words
  let at = 0
  /** The number of rows of `size` words that come next. */
  const count = (size: number): number => {
    const rows = words[at++]!
    if (!(rows >= 0 && at + rows * size <= total)) throw new RangeError('not the words of regions')
    return rows
  }
  while (at < total) {
    const [offset, length] = [words[at]!, words[at + 1]!]
    const base = (words[at + 2]! >>> 0) + words[at + 3]! * HIGH
    at += 4
    const entries: { pc: number; position: number }[] = new Array(count(2))
    for (let k = 0; k < entries.length; k++, at += 2) entries[k] = { pc: base + words[at]!, position: words[at + 1]! }
    const chains: { field: number; pc: number; stub: number }[] = new Array(count(3))
    for (let k = 0; k < chains.length; k++, at += 3)
      chains[k] = { field: words[at]!, pc: base + words[at + 1]!, stub: words[at + 2]! }
    const ranges: (readonly [number, number])[] = new Array(count(2))
    for (let k = 0; k < ranges.length; k++, at += 2) ranges[k] = [base + words[at]!, base + words[at + 1]!]
    const packed = count(1)
    const first = at
    at += packed
    const sites = new FaultSites(words.subarray(first, first + packed), base)
    placed.push({ offset, length, pc: base, entries, chains, ranges, hidden: false, sites })
  }
  return placed
}

/** Bytes of the host code of packed regions. @throws RangeError when the words are no regions */
export function hostBytes(words: Int32Array): number {
  return unpackRegions(words).reduce((sum, { length }) => sum + length, 0)
}
