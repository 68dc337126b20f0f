/**
 * The regions of a code cache as flat numbers, for the translations that are kept on disk. The host code itself is kept as
 * it is; this is what the cache has to know of it.
 *
 * A region is: offset, length, guest pc; entries (count, then pc and position each); chains (count, then field, pc, stub);
 * ranges (count, then start and end); the number of words of its fault sites, and those (position, pc, count of
 * fixups, fixups), which are only decoded when a fault asks for them.
 */
import type { FaultSite } from './emit/emitter.ts'
import type { Placed } from './placed.ts'

export function packRegions(placed: readonly Placed[]): Float64Array {
  const words: number[] = []
  for (const { offset, length, pc, entries, chains, ranges, sites } of placed) {
    words.push(offset, length, pc, entries.length)
    for (const entry of entries) words.push(entry.pc, entry.position)
    words.push(chains.length)
    for (const chain of chains) words.push(chain.field, chain.pc, chain.stub)
    words.push(ranges.length)
    for (const [start, end] of ranges) words.push(start, end)
    const at = words.push(0)
    for (const site of sites()) words.push(site.position, site.pc, site.fixups.length, ...site.fixups)
    words[at - 1] = words.length - at
  }
  return Float64Array.from(words)
}

/** @throws RangeError when the words are no regions. */
export function unpackRegions(words: Float64Array): Placed[] {
  const placed: Placed[] = []
  let at = 0
  const next = (): number => {
    const word = words[at++]
    if (word === undefined || !Number.isSafeInteger(word)) throw new RangeError('not the words of regions')
    return word
  }
  const list = <T>(make: () => T): T[] => {
    const count = next()
    if (count < 0 || count > words.length) throw new RangeError('not the words of regions')
    const items: T[] = []
    for (let k = 0; k < count; k++) items.push(make())
    return items
  }
  while (at < words.length) {
    const [offset, length, pc] = [next(), next(), next()]
    const entries = list(() => ({ pc: next(), position: next() }))
    const chains = list(() => ({ field: next(), pc: next(), stub: next() }))
    const ranges = list(() => [next(), next()] as const)
    const count = next()
    const packed = words.subarray(at, at + count)
    at += count
    placed.push({ offset, length, pc, entries, chains, ranges, hidden: false, sites: () => unpackSites(packed) })
  }
  return placed
}

/** Bytes of the host code of packed regions. @throws RangeError when the words are no regions */
export function hostBytes(words: Float64Array): number {
  return unpackRegions(words).reduce((sum, { length }) => sum + length, 0)
}

function unpackSites(words: Float64Array): FaultSite[] {
  const sites: FaultSite[] = []
  for (let at = 0; at < words.length; ) {
    const [position, pc, count] = [words[at]!, words[at + 1]!, words[at + 2]!]
    sites.push({ position, pc, fixups: [...words.subarray(at + 3, at + 3 + count)] })
    at += 3 + count
  }
  return sites
}
