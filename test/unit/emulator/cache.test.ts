import { describe, expect, test } from 'vitest'
import { CacheFull } from '../../../emulator/code-memory.ts'
import { gates, jumpRegion, newCache, retRegion, translate } from './cached.ts'
import { BASE, C_NOP, i, RET } from './guest-code.ts'

describe('placing', () => {
  test('begins behind the gates, at multiples of 64', () => {
    const { cache, code, published } = newCache()
    expect(code.subarray(0, gates.bytes.length)).toEqual(gates.bytes)
    const first = cache.place(retRegion(BASE))
    const second = cache.place(retRegion(BASE + 64))
    expect([first % 64, second % 64]).toEqual([0, 0])
    expect(first).toBeGreaterThanOrEqual(gates.bytes.length)
    expect(second).toBeGreaterThan(first)
    expect([...published]).toEqual([
      [BASE, first],
      [BASE + 64, second],
    ])
    expect([cache.offsetOf(BASE), cache.offsetOf(BASE + 4)]).toEqual([first, undefined])
    expect(cache.size).toBeLessThanOrEqual(second + 64)
  })

  test('points references at gates and constants', () => {
    const { cache, goes } = newCache()
    const region = retRegion(BASE)
    const offset = cache.place(region)
    expect(region.gateReferences).toHaveLength(1)
    expect(goes(offset + region.gateReferences[0]!.field)).toBe(gates.mismatch)
  })

  test('publishes the entries behind calls', () => {
    const { cache, published } = newCache()
    const region = translate([i('jal', { rd: 1, imm: 256 }), i('ecall'), RET], BASE)
    const offset = cache.place(region)
    expect([...published.keys()].sort()).toEqual([BASE, BASE + 4, BASE + 8])
    for (const { pc, position } of region.entries) expect(published.get(pc)).toBe(offset + position)
  })

  test('keeps what stands for other pcs already, and replaces that of the region itself', () => {
    const { cache } = newCache()
    const fixed = cache.placeFixed(Uint8Array.of(0xc3))
    cache.publish(BASE, fixed)
    cache.publish(BASE + 4, fixed)
    const offset = cache.place(translate([i('jal', { rd: 1, imm: 256 }), RET], BASE))
    expect([cache.offsetOf(BASE), cache.offsetOf(BASE + 4)]).toEqual([offset, fixed])
  })

  test('a hidden region is reachable by its offset alone', () => {
    const { cache, published } = newCache()
    const offset = cache.place(translate([i('jal', { rd: 1, imm: 256 }), RET], BASE), { hidden: true })
    expect(cache.offsetOf(BASE)).toBeUndefined()
    expect([...published.keys()]).toEqual([BASE + 4])
    expect(offset).toBeGreaterThan(0)
  })

  test('fixed code refers to cache offsets', () => {
    const { cache, goes } = newCache()
    const offset = cache.placeFixed(Uint8Array.of(0xe9, 0, 0, 0, 0), [{ field: 1, target: gates.miss }])
    expect(goes(offset + 1)).toBe(gates.miss)
  })

  test('fails when the cache is full, and changes nothing then', () => {
    // room for a region, and for the diversion of its entry
    const { cache, published } = newCache(gates.bytes.length + 64 + 16)
    cache.place(retRegion(BASE))
    const size = cache.size
    expect(() => cache.place(retRegion(BASE + 64))).toThrow(CacheFull)
    expect(() => cache.placeFixed(new Uint8Array(65))).toThrow(/code cache of \d+ bytes is full/)
    expect([cache.size, published.size, cache.offsetOf(BASE + 64)]).toEqual([size, 1, undefined])
  })
})

describe('chaining', () => {
  const TARGET = BASE + 4096
  const source = jumpRegion(BASE, 4096)
  const [chain] = source.chains

  test('the field goes to its stub, then to the target when that comes', () => {
    const { cache, goes } = newCache()
    const from = cache.place(source)
    expect(chain!.pc).toBe(TARGET)
    expect(goes(from + chain!.field)).toBe(from + chain!.stub)
    const to = cache.place(retRegion(TARGET))
    expect(goes(from + chain!.field)).toBe(to)
  })

  test('at once when the target is there', () => {
    const { cache, goes } = newCache()
    const to = cache.place(retRegion(TARGET))
    expect(goes(cache.place(source) + chain!.field)).toBe(to)
  })

  test('to code that is published later', () => {
    const { cache, goes, published } = newCache()
    const from = cache.place(source)
    const stub = cache.placeFixed(Uint8Array.of(0xc3))
    cache.publish(TARGET, stub)
    expect(goes(from + chain!.field)).toBe(stub)
    expect(published.get(TARGET)).toBe(stub)
  })

  test('a region to itself', () => {
    const { cache, goes } = newCache()
    const region = translate([i('jal', { rd: 1, imm: 0 }), RET], BASE)
    const offset = cache.place(region)
    const call = region.chains.find(({ pc }) => pc === BASE)!
    expect(goes(offset + call.field)).toBe(offset + region.entries[0]!.position)
  })

  test('fields lie inside aligned words, so that one store replaces them', () => {
    const words = Array.from({ length: 20 }, (_, n) => i('bne', { rs1: 10 + (n % 8), rs2: 20, imm: 2048 + 4 * n }))
    const region = translate([...words, RET], BASE, { reach: 1024 })
    expect(region.chains).toHaveLength(20)
    for (const { field } of region.chains) expect(field % 8).toBeLessThanOrEqual(4)
  })
})

describe('host pcs', () => {
  test('of instructions that may fault have a guest pc', () => {
    const { cache } = newCache()
    const region = translate([i('ld', { rd: 10, rs1: 11 }), i('sd', { rs1: 11, rs2: 10 }), RET], BASE)
    cache.place(retRegion(BASE + 4096))
    const offset = cache.place(region)
    cache.place(retRegion(BASE + 8192))
    expect(region.sites.list().map(({ pc }) => pc)).toEqual([BASE, BASE + 4])
    for (const site of region.sites.list()) expect(cache.locate(offset + site.position)).toEqual(site)
  })

  test('others have none', () => {
    const { cache } = newCache()
    const region = translate([C_NOP, i('ld', { rd: 10, rs1: 11 }), RET], BASE)
    const offset = cache.place(region)
    const fixed = cache.placeFixed(new Uint8Array(16))
    const at = offset + region.sites.list()[0]!.position
    for (const pc of [0, gates.miss, gates.trap, at + 1, offset + region.bytes.length, fixed, cache.size + 64]) {
      expect(cache.locate(pc)).toBeUndefined()
    }
  })

  test('are found in code that was dropped and still runs', () => {
    const { cache } = newCache()
    const region = translate(
      [
        C_NOP,
        i('addi', { rd: 10, rs1: 10, imm: 99 }),
        i('addi', { rd: 12, rs1: 10, imm: 1 }),
        i('ld', { rd: 10, rs1: 11 }),
        RET,
      ],
      BASE,
    )
    const offset = cache.place(region)
    cache.invalidate(BASE, BASE + 4)
    expect(cache.locate(offset + region.sites.list()[0]!.position)?.pc).toBe(BASE + 10)
  })
})

describe('snapshots', () => {
  /** A cache with the code of another one, and its regions of each range. */
  function restored({ cache }: ReturnType<typeof newCache>, ...ranges: [start: number, end: number][]) {
    const other = newCache()
    const { code, groups } = cache.snapshot(ranges.map(([start, end]) => ({ start, end })))
    other.cache.load(code)
    for (const { regions } of groups) other.cache.adopt(regions)
    return other
  }

  test('restore entries, jumps and fault sites', () => {
    const one = newCache()
    const from = one.cache.place(jumpRegion(BASE, 256))
    const to = one.cache.place(translate([i('ld', { rd: 10, rs1: 2 }), RET], BASE + 256))
    const other = restored(one, [0, 2 ** 38])
    expect(other.code).toEqual(one.code)
    expect(other.published).toEqual(one.published)
    expect(other.cache.locate(to)).toEqual(one.cache.locate(to))
    expect(other.cache.locate(to)?.pc).toBe(BASE + 256)
    // what is placed later is joined to it, and what it was made from can still change
    expect(other.cache.place(retRegion(BASE + 512))).toBeGreaterThan(to)
    expect(other.cache.invalidate(BASE + 256, BASE + 260)).toBe(1)
    expect(other.cache.offsetOf(BASE + 256)).toBeUndefined()
    expect(other.cache.offsetOf(BASE)).toBe(from)
  })

  test('come in parts: jumps go to what is there', () => {
    const one = newCache()
    const region = jumpRegion(BASE, 256)
    const from = one.cache.place(region)
    const to = one.cache.place(retRegion(BASE + 256))
    const { field, stub } = region.chains[0]!
    expect(one.goes(from + field)).toBe(to)
    const other = restored(one, [BASE, BASE + 16])
    expect(other.cache.offsetOf(BASE + 256)).toBeUndefined()
    expect(other.goes(from + field)).toBe(from + stub)
    other.cache.adopt(one.cache.snapshot([{ start: BASE + 256, end: BASE + 512 }]).groups[0]!.regions)
    expect(other.goes(from + field)).toBe(to)
  })

  test('have nothing that was dropped', () => {
    const one = newCache()
    const region = jumpRegion(BASE, 256)
    const from = one.cache.place(region)
    one.cache.place(retRegion(BASE + 256))
    one.cache.invalidate(BASE + 256, BASE + 260)
    const other = restored(one, [0, 2 ** 38])
    expect([...other.published]).toEqual([[BASE, from]])
    expect(other.goes(from + region.chains[0]!.field)).toBe(from + region.chains[0]!.stub)
  })

  test('refuse words that are no regions', () => {
    const adopt = (...words: number[]) => {
      const { cache } = newCache()
      cache.load(new Uint8Array(64))
      cache.adopt(Int32Array.from(words))
    }
    const refused = 'not the words of regions'
    expect(() => adopt(gates.bytes.length, 64, BASE, 0)).toThrow(refused)
    expect(() => adopt(gates.bytes.length, 64, BASE, 0, 5, 0, 0, 0)).toThrow(refused)
    expect(() => adopt(gates.bytes.length, 64, BASE, 0, 4, 1, 0, 0)).toThrow(refused)
    expect(() => adopt(gates.bytes.length, 64, BASE, 0, 4, 0, -1, 0)).toThrow(refused)
    expect(() => adopt(gates.bytes.length, 64, BASE, 0, 0, 0, 0, 0)).toThrow(refused)
    expect(() => adopt(gates.bytes.length, 128, BASE, 0, 4, 0, 0, 0)).toThrow('a region outside of its code')
  })

  test('refuse code that does not fit', () => {
    expect(() => newCache().cache.load(new Uint8Array((1 << 16) + 1))).toThrow(CacheFull)
  })
})

describe('copies', () => {
  test('have the regions that are wanted, fixed code, and jumps to what is there', () => {
    const one = newCache()
    const region = jumpRegion(BASE, 256)
    const from = one.cache.place(region)
    const to = one.cache.place(retRegion(BASE + 256))
    const gone = one.cache.place(retRegion(BASE + 512))
    const fixed = one.cache.placeFixed(Uint8Array.of(0xc3))
    one.cache.publish(BASE + 1024, fixed)
    const all = newCache()
    all.cache.copy(one.cache, () => true)
    expect(all.code).toEqual(one.code)
    expect(all.published).toEqual(one.published)
    const some = newCache()
    some.cache.copy(one.cache, ({ pc }) => pc === BASE)
    expect([...some.published].sort()).toEqual([
      [BASE, from],
      [BASE + 1024, fixed],
    ])
    expect(some.goes(from + region.chains[0]!.field)).toBe(from + region.chains[0]!.stub)
    expect(some.cache.locate(to)).toBeUndefined()
    // and grow behind what the other one had
    expect(some.cache.place(retRegion(BASE + 256))).toBeGreaterThan(gone)
    expect(some.goes(from + region.chains[0]!.field)).toBe(some.cache.offsetOf(BASE + 256))
  })
})
