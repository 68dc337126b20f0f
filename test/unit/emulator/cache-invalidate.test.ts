import { describe, expect, test } from 'vitest'
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
    cache.place(retRegion(BASE), true)
    const wrapper = cache.placeFixed(Uint8Array.of(0xc3))
    cache.publish(BASE, wrapper)
    expect(cache.invalidate(BASE, BASE + 4)).toBe(1)
    // or the wrapper would call code that asks for a translation, and get the wrapper again
    expect([cache.offsetOf(BASE), published.get(BASE)]).toEqual([undefined, 0])
  })
})
