import { describe, expect, test } from 'vitest'
import { GuestTable } from '../../../emulator/guest-table.ts'
import { Links } from '../../../emulator/links.ts'
import { FaultSites, SiteWriter } from '../../../emulator/sites.ts'

/** Too large for a small integer. */
const HIGH = 0x3f_1234_5000

describe('a table of guest pcs', () => {
  test('has a number for each pc, and none for its neighbours', () => {
    const table = new GuestTable()
    const pcs = [0, 0x10, 0x1000, 0x13fe, 0x1400, HIGH, HIGH + 2, 2 ** 38 - 2]
    for (const [k, pc] of pcs.entries()) table.set(pc, k + 1)
    expect(pcs.map(pc => table.get(pc))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect([2, 0x12, 0x0ffe, 0x1402, HIGH - 2, HIGH + 4].map(pc => table.get(pc))).toEqual([0, 0, 0, 0, 0, 0])
    expect([...table].sort(([a], [b]) => a - b)).toEqual(pcs.map((pc, k) => [pc, k + 1]))
  })

  test('grows, and makes room of what was forgotten', () => {
    const table = new GuestTable()
    for (let k = 1; k <= 20_000; k++) {
      table.set(HIGH + k * 2, k)
      if (k > 1000) table.set(HIGH + (k - 1000) * 2, 0)
    }
    const left = Array.from({ length: 1000 }, (_, k) => 19_001 + k)
    expect([...table].sort(([a], [b]) => a - b)).toEqual(left.map(k => [HIGH + k * 2, k]))
    expect([1, 19_000, 19_001, 20_000, 20_001].map(k => table.get(HIGH + k * 2))).toEqual([0, 0, 19_001, 20_000, 0])
  })

  test('forgets what is set to 0, and holds 32 bits', () => {
    const table = new GuestTable()
    table.set(HIGH, 0)
    table.set(0x2000, 2 ** 32 - 1)
    expect([table.get(HIGH), table.get(0x2000)]).toEqual([0, 2 ** 32 - 1])
    table.set(0x2000, 0)
    expect([...table]).toEqual([])
  })
})

describe('links', () => {
  const seen = (links: Links, pc: number) => {
    const found: [field: number, stub: number][] = []
    links.each(pc, (field, stub) => found.push([field, stub]))
    return found.sort(([a], [b]) => a - b)
  }

  test('are those of one pc', () => {
    const links = new Links()
    links.add(HIGH, 8, 100)
    links.add(0x1000, 16, 200)
    links.add(HIGH, 24, 300)
    expect(seen(links, HIGH)).toEqual([
      [8, 100],
      [24, 300],
    ])
    expect(seen(links, 0x1000)).toEqual([[16, 200]])
    expect(seen(links, 0x1002)).toEqual([])
  })

  test('are taken off wherever they are, and their places used again', () => {
    const links = new Links()
    for (let k = 0; k < 3000; k++) links.add(0x1000 + (k % 3) * 2, k, k + 1)
    for (let k = 0; k < 3000; k++) if (k % 5 !== 0) links.remove(0x1000 + (k % 3) * 2, k)
    links.remove(0x1000, 1)
    links.remove(0x5000, 0)
    for (let k = 0; k < 3; k++) links.add(0x2000, 5000 + k, k)
    const left = Array.from({ length: 200 }, (_, k) => k * 15)
    expect(seen(links, 0x1000)).toEqual(left.map(k => [k, k + 1]))
    expect(seen(links, 0x1002).map(([field]) => field % 3)).toEqual(Array(200).fill(1))
    expect(seen(links, 0x2000)).toEqual([
      [5000, 0],
      [5001, 1],
      [5002, 2],
    ])
  })
})

describe('fault sites', () => {
  test('are read as they were written, after others', () => {
    const writer = new SiteWriter()
    for (let k = 0; k < 1000; k++) writer.begin(k, k)
    writer.reset()
    writer.begin(4, 0)
    writer.begin(9, -2)
    writer.fixup(7)
    writer.fixup(-1)
    writer.begin(9, 6)
    const sites = new FaultSites(writer.take(), HIGH)
    expect(sites.list()).toEqual([
      { position: 4, pc: HIGH, fixups: [] },
      { position: 9, pc: HIGH - 2, fixups: [7, -1] },
      { position: 9, pc: HIGH + 6, fixups: [] },
    ])
    expect([3, 4, 9, 10].map(position => sites.at(position)?.pc)).toEqual([undefined, HIGH, HIGH - 2, undefined])
  })

  test('may have the same fixups as the one before, and be far apart', () => {
    const writer = new SiteWriter()
    const places = [
      [0, 0],
      [1022, 2046],
      [2045, -2],
      [2046, 2046],
      [2047, 4094],
      [2048, 2],
      [1 << 20, -(1 << 20)],
      [(1 << 20) + 1, 1 << 20],
    ] as const
    const fixups = [[1, 2], [1, 2], [1, 2], [], [], [1, 2], [1, 3], [1, 3, 4]]
    for (const [k, [position, distance]] of places.entries()) {
      writer.begin(position, distance)
      for (const word of fixups[k]!) writer.fixup(word)
    }
    const sites = new FaultSites(writer.take(), HIGH)
    const expected = places.map(([position, distance], k) => ({ position, pc: HIGH + distance, fixups: fixups[k] }))
    expect(sites.list()).toEqual(expected)
    for (const site of expected) expect(sites.at(site.position)).toEqual(site)
  })
})
