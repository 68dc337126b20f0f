/**
 * The regions of a code cache as flat numbers, for the translations that are kept on disk. The host code itself is kept as
 * it is; this is what the cache has to know of it.
 *
 * A region is: offset, length, the low 32 bits of its guest pc and the rest; its record (placed.ts).
 */
import { isRecord, Placed } from './placed.ts'

const HIGH = 2 ** 32
/** Words in front of the record. */
const HEAD = 4

export function packRegions(placed: readonly Placed[]): Int32Array {
  const words = new Int32Array(placed.reduce((sum, { record }) => sum + HEAD + record.length, 0))
  let at = 0
  for (const { offset, length, pc, record } of placed) {
    words.set([offset, length, pc | 0, Math.floor(pc / HIGH)], at)
    words.set(record, at + HEAD)
    at += HEAD + record.length
  }
  return words
}

type Options = ConstructorParameters<typeof Placed>[3]

/**
 * The regions share the array.
 * @param optionsOf what is not packed of the region at an offset
 * @throws RangeError when the words are no regions
 */
export function unpackRegions(words: Int32Array, optionsOf: (offset: number) => Options = () => ({})): Placed[] {
  const placed: Placed[] = []
  for (let at = 0; at < words.length; ) {
    const record = at + HEAD
    if (!isRecord(words, record)) throw new RangeError('not the words of regions')
    const pc = (words[at + 2]! >>> 0) + words[at + 3]! * HIGH
    const [offset, length] = [words[at]!, words[at + 1]!]
    placed.push(new Placed({ offset, length, pc }, words, record, optionsOf(offset)))
    at = record + words[record]!
  }
  return placed
}

/** Bytes of the host code of packed regions. @throws RangeError when the words are no regions */
export function hostBytes(words: Int32Array): number {
  return unpackRegions(words).reduce((sum, { length }) => sum + length, 0)
}
