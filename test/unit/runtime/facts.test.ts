import { describe, expect, it } from 'vitest'
import { PLACES } from '../../../base/layout.ts'
import { type Fact, Facts, fileIdentity, PRIVATE } from '../../../runtime/facts.ts'
import { Places } from '../../../runtime/places.ts'

const file = (inode: number, start: number, offset = 0): string =>
  fileIdentity(1n, BigInt(inode), 5n, BigInt(offset), start)
const fact = (start: number, end: number, identity: string): Fact => ({ start, end, identity })
const sorted = (facts: Facts) => [...facts.list].sort((a, b) => a.start - b.start)

describe('the identity of code', () => {
  it('is the same for one file that has the same bytes at every address', () => {
    expect(file(7, 0x5000, 0x1000)).toBe(file(7, 0x6000, 0x2000))
    expect(file(7, 0x5000, 0x1000)).not.toBe(file(7, 0x5000, 0x2000))
    expect(file(7, 0x5000)).not.toBe(file(8, 0x5000))
    expect(fileIdentity(1n, 7n, 6n, 0n, 0)).not.toBe(fileIdentity(1n, 7n, 5n, 0n, 0))
  })

  it('is private where there is no file', () => {
    expect(fileIdentity(0n, 0n, 0n, 0n, 0x5000)).toBe(PRIVATE)
  })
})

describe('facts', () => {
  it('join what belongs together', () => {
    const facts = new Facts()
    facts.set(fact(0x1000, 0x2000, file(7, 0x1000)))
    facts.set(fact(0x3000, 0x4000, file(7, 0x3000, 0x2000)))
    facts.set(fact(0x2000, 0x3000, file(7, 0x2000, 0x1000)))
    expect(facts.list).toEqual([fact(0x1000, 0x4000, file(7, 0x1000))])
  })

  it('are replaced where another is set', () => {
    const facts = new Facts()
    facts.set(fact(0x1000, 0x5000, file(7, 0x1000)))
    facts.set(fact(0x2000, 0x3000, PRIVATE))
    expect(sorted(facts)).toEqual([
      fact(0x1000, 0x2000, file(7, 0x1000)),
      fact(0x2000, 0x3000, PRIVATE),
      fact(0x3000, 0x5000, file(7, 0x1000)),
    ])
    expect(facts.at(0x2fff)?.identity).toBe(PRIVATE)
    expect(facts.at(0x5000)).toBeUndefined()
  })

  it('conflict where the same address has other code', () => {
    const facts = new Facts()
    facts.set(fact(0x1000, 0x3000, file(7, 0x1000)))
    expect(facts.conflicts(fact(0x2000, 0x4000, file(7, 0x2000, 0x1000)))).toEqual([])
    expect(facts.conflicts(fact(0x2000, 0x4000, file(8, 0x2000)))).toEqual([fact(0x2000, 0x3000, file(7, 0x1000))])
    expect(facts.conflicts(fact(0x3000, 0x4000, file(8, 0x3000)))).toEqual([])
    facts.set(fact(0x8000, 0x9000, PRIVATE))
    expect(facts.conflicts(fact(0x8000, 0x9000, PRIVATE))).toHaveLength(1)
  })

  it('agree with facts about other addresses and the same ones', () => {
    const [one, other] = [new Facts(), new Facts()]
    one.set(fact(0x1000, 0x3000, file(7, 0x1000)))
    other.set(fact(0x1000, 0x2000, file(7, 0x1000)))
    other.set(fact(0x9000, 0xa000, file(9, 0x9000)))
    expect([one.agrees(other), other.agrees(one)]).toEqual([true, true])
    const copy = other.copy()
    other.set(fact(0x2000, 0x3000, file(9, 0x2000)))
    expect([one.agrees(other), other.agrees(one), one.agrees(copy)]).toEqual([false, false, true])
  })
})

describe('places of files', () => {
  it('are the same for the same file, and do not overlap', () => {
    const places = new Places()
    const first = places.place(1n, 10n, 5n, 100_000)
    const second = places.place(1n, 11n, 5n, 1)
    expect([first, second]).toEqual([PLACES.LIBRARIES, PLACES.LIBRARIES + 0x20000])
    expect(places.place(1n, 10n, 5n, 100_000)).toBe(first)
    // a file that was written anew is another one
    expect(places.place(1n, 10n, 6n, 100_000)).toBe(second + 0x10000)
  })

  it('are restored', () => {
    const [earlier, now] = [new Places(), new Places()]
    earlier.place(1n, 10n, 5n, 100_000)
    const second = earlier.place(1n, 11n, 5n, 1)
    now.restore(earlier.list)
    expect(now.place(1n, 11n, 5n, 1)).toBe(second)
    expect(now.place(1n, 12n, 5n, 1)).toBe(second + 0x10000)
    expect(now.list).toHaveLength(3)
  })

  it('end', () => {
    const places = new Places()
    const size = PLACES.LIBRARIES_END - PLACES.LIBRARIES
    expect(places.place(1n, 10n, 5n, size - 1)).toBe(PLACES.LIBRARIES)
    expect(places.place(1n, 11n, 5n, 1)).toBe(0)
  })
})
