import { describe, expect, test } from 'vitest'
import { CacheFull } from '../../../emulator/code-memory.ts'
import { Translator } from '../../../emulator/translate.ts'
import { gates, jumpRegion, newCache, retRegion, translate } from './cached.ts'
import { BASE, bytesOf, guestCode, i, RET } from './guest-code.ts'

/** Opcode of `mov eax, imm32`, what a stub that asks for a translation begins with. */
const RAX_TO = 0xb8

describe('invalidation', () => {
  const TARGET = BASE + 4096

  test('takes the entry back, unlinks those who jumped there, and diverts the old code to the miss gate', () => {
    const { cache, code, goes, published } = newCache()
    const source = jumpRegion(BASE, 4096)
    const from = cache.place(source)
    const to = cache.place(retRegion(TARGET))
    expect(cache.invalidate(TARGET, TARGET + 1)).toBe(1)
    expect(cache.offsetOf(TARGET)).toBeUndefined()
    expect(published.get(TARGET)).toBe(0)
    expect(goes(from + source.chains[0]!.field)).toBe(from + source.chains[0]!.stub)
    expect(code[to]).toBe(0xe9)
    const stub = goes(to + 1)
    expect(code[stub]).toBe(RAX_TO)
    expect(new DataView(code.buffer).getUint32(stub + 1, true)).toBe(TARGET)
    const jump = code.indexOf(0xe9, stub + 5)
    expect(goes(jump + 1)).toBe(gates.miss)
  })

  test('a new translation is linked again', () => {
    const { cache, goes } = newCache()
    const source = jumpRegion(BASE, 4096)
    const from = cache.place(source)
    cache.place(retRegion(TARGET))
    cache.invalidate(TARGET, TARGET + 4)
    const again = cache.place(retRegion(TARGET))
    expect(goes(from + source.chains[0]!.field)).toBe(again)
  })

  test('drops the links of the region that went', () => {
    const { cache, code } = newCache()
    const source = jumpRegion(BASE, 4096)
    const from = cache.place(source)
    cache.invalidate(BASE, BASE + 4)
    const before = code.slice(from, from + source.bytes.length)
    cache.place(retRegion(TARGET))
    expect(code.slice(from, from + source.bytes.length)).toEqual(before)
  })

  test.each([
    ['before', BASE - 8, BASE, 0],
    ['the first byte', BASE - 8, BASE + 1, 1],
    ['the last byte', BASE + 7, BASE + 4096, 1],
    ['behind', BASE + 8, BASE + 4096, 0],
    ['everything', 0, 2 ** 38, 1],
  ] as const)('of %s', (_, start, end, dropped) => {
    const { cache } = newCache()
    cache.place(translate([i('addi', { rd: 10, rs1: 10, imm: 1 }), RET], BASE))
    expect(cache.invalidate(start, end)).toBe(dropped)
    expect(cache.invalidate(start, end)).toBe(0)
  })

  test('of a gap between the blocks of a region drops nothing', () => {
    const { cache } = newCache()
    cache.place(translate([i('jal', { imm: 16 }), 0, 0, 0, 0, 0, 0, RET], BASE))
    expect(cache.invalidate(BASE + 4, BASE + 16)).toBe(0)
    expect(cache.invalidate(BASE + 16, BASE + 17)).toBe(1)
  })

  test('of the second page of a region', () => {
    const { cache } = newCache()
    const start = BASE + 4096 - 4
    cache.place(translate([i('addi', { rd: 10, rs1: 10, imm: 1 }), RET], start))
    expect(cache.invalidate(BASE + 4096, BASE + 8192)).toBe(1)
    expect(cache.offsetOf(start)).toBeUndefined()
  })

  test('leaves what was published for good', () => {
    const { cache, published } = newCache()
    const fixed = cache.placeFixed(Uint8Array.of(0xc3))
    cache.place(retRegion(BASE))
    cache.publish(BASE, fixed)
    expect(cache.invalidate(BASE, BASE + 4)).toBe(1)
    expect([cache.offsetOf(BASE), published.get(BASE)]).toEqual([fixed, fixed])
  })

  test('entries that follow each other closely are diverted each to its own pc', () => {
    // behind the call at BASE, one instruction of three or four bytes before the entry of the region
    const words = [
      i('jal', { rd: 1, imm: 256 }),
      i('addi', { rd: 10, rs1: 10, imm: 1 }),
      i('bne', { rs1: 10, imm: -8 }),
      RET,
    ]
    const region = new Translator().translate(BASE + 8, guestCode(BASE, bytesOf(words)))!
    expect(region.entries.map(({ pc }) => pc)).toEqual([BASE + 4, BASE + 8])
    const { cache, code, goes } = newCache()
    const offset = cache.place(region) - region.entries[1]!.position
    cache.invalidate(BASE, BASE + 16)
    const view = new DataView(code.buffer)
    for (const { pc, position } of region.entries) {
      expect(code[offset + position]).toBe(0xe9)
      expect(view.getUint32(goes(offset + position + 1) + 1, true)).toBe(pc)
    }
  })

  test('a hidden region takes what stands in front of it along', () => {
    const { cache, published } = newCache()
    cache.place(retRegion(BASE), { hidden: true })
    const wrapper = cache.placeFixed(Uint8Array.of(0xc3))
    cache.publish(BASE, wrapper)
    expect(cache.invalidate(BASE, BASE + 4)).toBe(1)
    // or the wrapper would call code that asks for a translation, and get the wrapper again
    expect([cache.offsetOf(BASE), published.get(BASE)]).toEqual([undefined, 0])
  })
})

describe('reviving', () => {
  const source = Uint8Array.of(1, 2, 3)
  const TARGET = BASE + 4096
  const region = translate([i('addi', { rd: 10, rs1: 10, imm: 1 }), i('jal', { imm: 4092 })], BASE, { reach: 8 })

  test('puts a dropped region back at its place, with its jumps', () => {
    const { cache, code, goes, published } = newCache()
    const caller = jumpRegion(BASE - 4096, 4096)
    const from = cache.place(caller)
    const offset = cache.place(region, { source })
    cache.place(retRegion(TARGET))
    const before = code.slice()
    cache.invalidate(BASE, BASE + 4)
    cache.invalidate(TARGET, TARGET + 4)
    expect(goes(from + caller.chains[0]!.field)).toBe(from + caller.chains[0]!.stub)
    const again = cache.place(retRegion(TARGET))
    expect(cache.revive(BASE, placed => placed.source === source)).toBe(offset)
    expect(published.get(BASE)).toBe(offset)
    expect(code.subarray(offset, offset + 5)).toEqual(before.subarray(offset, offset + 5))
    expect(goes(from + caller.chains[0]!.field)).toBe(offset)
    expect(goes(offset + region.chains[0]!.field)).toBe(again)
  })

  test('again and again takes no room', () => {
    const { cache, code, goes } = newCache()
    const offset = cache.place(region, { source })
    cache.invalidate(BASE, BASE + 4)
    const diversion = goes(offset + 1)
    for (let n = 0; n < 10_000; n++) {
      cache.revive(BASE, () => true)
      expect(code[offset]).not.toBe(0xe9)
      cache.invalidate(BASE, BASE + 4)
    }
    expect(goes(offset + 1)).toBe(diversion)
    expect(cache.lost).toBe(0)
  })

  test('finds the one of several that fits, among the last sixteen', () => {
    const { cache } = newCache()
    const variants = Array.from({ length: 18 }, (_, n) => ({ n, offset: 0, source: Uint8Array.of(n) }))
    for (const variant of variants) {
      variant.offset = cache.place(region, { source: variant.source })
      cache.invalidate(BASE, BASE + 4)
    }
    const revive = (n: number) => {
      const offset = cache.revive(BASE, placed => placed.source![0] === n)
      if (offset !== undefined) cache.invalidate(BASE, BASE + 4)
      return offset
    }
    expect([1, 3, 5, 2, 3].map(revive)).toEqual([1, 3, 5, 2, 3].map(n => (n < 2 ? undefined : variants[n]!.offset)))
    expect(cache.lost).toBe(2)
  })

  test('is not done to other code, to what was not dropped, or has no source', () => {
    const { cache } = newCache()
    cache.place(region, { source })
    cache.place(retRegion(TARGET))
    expect(cache.revive(BASE, () => true)).toBeUndefined()
    cache.invalidate(0, 2 ** 38)
    expect(cache.revive(BASE, () => false)).toBeUndefined()
    expect(cache.revive(TARGET, () => true)).toBeUndefined()
    expect(cache.lost).toBe(1)
  })
})

describe('room', () => {
  test('for diversions is there when the cache is full', () => {
    const { cache, code } = newCache()
    const offsets: number[] = []
    expect(() => {
      for (let n = 0; ; n++) offsets.push(cache.place(retRegion(BASE + 64 * n)))
    }).toThrow(CacheFull)
    expect(cache.invalidate(0, 2 ** 38)).toBe(offsets.length)
    for (const offset of offsets) expect(code[offset]).toBe(0xe9)
    const end = cache.size
    const view = new DataView(code.buffer)
    for (const offset of offsets) expect(offset + 5 + view.getInt32(offset + 1, true)).toBeGreaterThanOrEqual(end)
  })
})
