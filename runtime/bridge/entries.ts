/** The table by which thunks find the host entry of a guest function (thunk.ts EntryTable). */

/** Never a guest function's address: what the place of address 0 holds, so that a call of a null pointer finds no entry. */
const NO_FUNCTION = 2n

/** Guest address of a function and its place among the host object's functions. */
export type EntryRow = readonly [pc: number, index: number]

/**
 * Entries of two words, guest pc and the function's number (its place plus 1), at `(pc >> 1) & mask`, for functions at even addresses.
 * Without collisions, as large as that takes; what 256 places a function can not separate is left to the slow way.
 */
export function entryWords(direct: readonly EntryRow[]): {
  readonly words: BigUint64Array
  readonly mask: number
} {
  let size = 16
  while (size < direct.length * 4) size *= 2
  for (; size < direct.length * 256; size *= 2) {
    const mask = size - 1
    if (new Set(direct.map(([pc]) => (pc / 2) & mask)).size === direct.length) break
  }
  const words = new BigUint64Array(size * 2)
  for (const [pc, index] of direct) {
    const slot = ((pc / 2) & (size - 1)) * 2
    if (words[slot] !== 0n) continue
    words[slot] = BigInt(pc)
    words[slot + 1] = BigInt(index + 1)
  }
  if (words[0] === 0n) words[0] = NO_FUNCTION
  return { words, mask: size - 1 }
}

/** The table as thunks read it: addresses in place of numbers. */
export function withAddresses(words: BigUint64Array, hosts: BigUint64Array): BigUint64Array {
  return words.map((word, at) => (at % 2 === 1 && word !== 0n ? hosts[Number(word) - 1]! : word))
}
