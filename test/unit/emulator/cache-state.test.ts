/** A code cache in the hands of another translator: what it knows travels, its bytes stay where they are. */
import { deserialize, serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { type CacheState, CodeCache } from '../../../emulator/cache.ts'
import { gates, jumpRegion, newCache, retRegion, translate } from './cached.ts'
import { BASE, i, RET } from './guest-code.ts'

/** The cache of another process over the same memory. */
function taken({ cache, code, published }: ReturnType<typeof newCache>): CodeCache {
  const other = new CodeCache(code, { set: (pc, offset) => void published.set(pc, offset) }, gates)
  other.restore(deserialize(serialize(cache.state)) as CacheState)
  return other
}

describe('a cache that another process takes over', () => {
  test('has its entries and fault sites, and no byte of it changes', () => {
    const one = newCache()
    one.cache.publish(0x10, gates.leave)
    one.cache.placeFixed(new Uint8Array(100))
    const from = one.cache.place(jumpRegion(BASE, 256))
    const to = one.cache.place(translate([i('ld', { rd: 10, rs1: 2 }), RET], BASE + 256))
    const [code, published] = [one.code.slice(), new Map(one.published)]
    const other = taken(one)
    expect(one.code).toEqual(code)
    expect(one.published).toEqual(published)
    expect([0x10, BASE, BASE + 256, BASE + 4].map(pc => other.offsetOf(pc))).toEqual([gates.leave, from, to, undefined])
    expect(other.locate(to)).toEqual(one.cache.locate(to))
    expect(other.locate(to)?.pc).toBe(BASE + 256)
    expect(other.state).toEqual(one.cache.state)
  })

  test('goes on where it was', () => {
    const one = newCache()
    const region = jumpRegion(BASE, 256)
    const from = one.cache.place(region)
    const { field, stub } = region.chains[0]!
    const other = taken(one)
    expect(one.goes(from + field)).toBe(from + stub)
    const to = other.place(retRegion(BASE + 256))
    expect(to).toBeGreaterThan(from)
    expect(one.goes(from + field)).toBe(to)
    expect(other.invalidate(BASE + 256, BASE + 260)).toBe(1)
    expect(one.goes(from + field)).toBe(from + stub)
    expect(one.published.get(BASE + 256)).toBe(0)
    const fixed = other.placeFixed(new Uint8Array(64))
    expect(fixed).toBeLessThan(one.code.length - 64)
  })

  test('puts back what had come back before, and leaves out what was dropped', () => {
    const one = newCache()
    const source = Uint8Array.of(1, 2, 3, 4)
    const from = one.cache.place(retRegion(BASE), { source })
    one.cache.place(retRegion(BASE + 64), { source })
    one.cache.place(retRegion(BASE + 128), { hidden: true })
    one.cache.invalidate(BASE, BASE + 128)
    expect(one.cache.revive(BASE, () => true)).toBe(from)
    const other = taken(one)
    expect(other.lost).toBe(1)
    expect(other.revive(BASE + 64, () => true)).toBeUndefined()
    expect(other.offsetOf(BASE + 128)).toBeUndefined()
    const bytes = one.code.slice(from, from + 5)
    other.invalidate(BASE, BASE + 4)
    expect(one.code.slice(from, from + 5)).not.toEqual(bytes)
    expect(other.revive(BASE, placed => Buffer.compare(placed.source!, source) === 0)).toBe(from)
    expect(one.code.slice(from, from + 5)).toEqual(bytes)
  })

  test('keeps chains from one end of the address space to the other', () => {
    const one = newCache()
    const last = 2 ** 38 - 4
    const from = one.cache.place(translate([i('jal', { imm: 8 })], last, { reach: 4 }))
    const far = { ...jumpRegion(BASE, 256), pc: BASE + 1024, entries: [{ pc: BASE + 1024, position: 0 }] }
    const offset = one.cache.place({ ...far, chains: far.chains.map(chain => ({ ...chain, pc: last })) })
    const other = taken(one)
    expect(other.offsetOf(BASE + 1024)).toBe(offset)
    expect(one.goes(offset + far.chains[0]!.field)).toBe(from)
    other.invalidate(last, last + 4)
    expect(one.goes(offset + far.chains[0]!.field)).toBe(offset + far.chains[0]!.stub)
  })
})
