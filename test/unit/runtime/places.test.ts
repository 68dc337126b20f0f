import { expect, test } from 'vitest'
import { PLACES } from '../../../base/layout.ts'
import { Places } from '../../../runtime/places.ts'

const MIB = 1 << 20
const SIZE = PLACES.LIBRARIES_END - PLACES.LIBRARIES

test('a file has one place, and files have their own', () => {
  const places = new Places()
  const first = places.place(1n, 2n, 3n, 5 * MIB)
  expect(first).toBe(PLACES.LIBRARIES)
  expect(places.place(1n, 3n, 3n, MIB)).toBe(PLACES.LIBRARIES + 5 * MIB)
  expect(places.place(1n, 2n, 3n, 5 * MIB)).toBe(first)
})

test('a later run gives the same places, and those of files that are gone are free in the run after it', () => {
  const large = SIZE / 2
  let rows: ReturnType<Places['used']> = []
  for (let run = 0n; run < 5n; run++) {
    const places = new Places()
    places.restore(rows)
    // a file that is built anew before each run
    expect(places.place(1n, 1n, run, large)).not.toBe(0)
    rows = places.used([])
    expect(rows).toHaveLength(1)
  }
  const places = new Places()
  places.restore(rows)
  expect(places.place(1n, 1n, 4n, large)).toBe(rows[0]![1])
})

test('what is mapped counts as placed', () => {
  const places = new Places()
  const start = places.place(1n, 1n, 1n, 2 * MIB)
  places.place(1n, 2n, 1n, MIB)
  const later = new Places()
  later.restore(places.list)
  expect(later.used([{ start: start + MIB }]).map(([, address]) => address)).toEqual([start])
})

test('nothing is placed where there is no room', () => {
  const places = new Places()
  expect(places.place(1n, 1n, 1n, SIZE + 1)).toBe(0)
  expect(places.place(1n, 2n, 1n, SIZE)).toBe(PLACES.LIBRARIES)
  expect(places.place(1n, 3n, 1n, 1)).toBe(0)
})
