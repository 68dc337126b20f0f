import { describe, expect, test } from 'vitest'
import { entryWords, withAddresses } from '../../../../runtime/bridge/entries.ts'

/** What a thunk finds for a target, or undefined: the comparison and the load that thunk.ts emits. */
function find({ words, mask }: ReturnType<typeof entryWords>, target: bigint): bigint | undefined {
  const place = Number((target >> 1n) & BigInt(mask)) * 2
  return words[place] === target ? words[place + 1] : undefined
}
const functions = (count: number, distance: number) =>
  Array.from({ length: count }, (_, n) => [0x10000 + n * distance, n] as const)

describe('host entries', () => {
  test.each([
    [1, 2],
    [5, 64],
    [100, 34],
    [300, 46],
    [8, 256],
  ])('of %i functions %i bytes apart are found, each its own', (count, distance) => {
    const direct = functions(count, distance)
    const table = entryWords(direct)
    for (const [pc, index] of direct) expect(find(table, BigInt(pc))).toBe(BigInt(index + 1))
    for (const [pc] of direct) expect(find(table, BigInt(pc) + 1n)).toBeUndefined()
  })

  test('have addresses in place of the numbers when a process uses them', () => {
    const { words, mask } = entryWords(functions(2, 64))
    const hosts = BigUint64Array.of(0x7000_0000n, 0x7000_0100n)
    const table = { words: withAddresses(words, hosts), mask }
    expect([0x10000n, 0x10040n, 0n].map(pc => find(table, pc))).toEqual([0x7000_0000n, 0x7000_0100n, undefined])
  })

  test('are a power of two, in a table that is no larger than the limit', () => {
    for (const count of [0, 1, 7, 100]) {
      const { words, mask } = entryWords(functions(count, 1 << 20))
      expect((mask + 1) & mask).toBe(0)
      expect(words).toHaveLength((mask + 1) * 2)
      expect(mask + 1).toBeLessThanOrEqual(Math.max(16, count * 512))
    }
  })

  test('that can not be separated are left to the slow way, but never confused', () => {
    const direct = functions(3, 2 ** 30)
    const table = entryWords(direct)
    expect(direct.map(([pc]) => find(table, BigInt(pc)))).toEqual([1n, undefined, undefined])
  })

  test('do not exist for a null pointer', () => {
    for (const direct of [[], functions(3, 16)]) expect(find(entryWords(direct), 0n)).toBeUndefined()
  })
})
