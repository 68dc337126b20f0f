import { describe, expect, test } from 'vitest'
import { FIXUP } from '../../../base/layout.ts'
import { HOME } from '../../../emulator/convention.ts'
import { Translator } from '../../../emulator/translate.ts'
import { BASE, bytesOf, guestCode, i, RET } from './guest-code.ts'

const translate = (words: readonly number[]) => new Translator().translate(BASE, guestCode(BASE, bytesOf(words)))!

describe('what a fault restores', () => {
  const [A0, A1, T1, T3] = [10, 11, 6, 28]
  const load = i('ld', { rd: A0, rs1: A1 })
  /** `register kind host` of the last site. */
  const fixups = (...words: readonly number[]) =>
    translate([...words, RET])
      .sites.list()
      .at(-1)!
      .fixups.map(word => [word & 255, (word >> 8) & 255, word >>> 16])

  test('nothing where everything is in its place', () => {
    expect(fixups(load)).toEqual([])
  })

  test('lazy sign extensions', () => {
    expect(fixups(i('addiw', { rd: 12, rs1: 12, imm: 1 }), load)).toEqual([[12, FIXUP.SIGN_EXTEND, 0]])
  })

  test('NaNs and boxes', () => {
    expect(fixups(i('fadd_d', { rd: 10, rs1: 10, rs2: 11 }), load)).toEqual([[42, FIXUP.CANONICAL_DOUBLE, 0]])
    expect(fixups(i('fadd_s', { rd: 10, rs1: 10, rs2: 11 }), load)).toEqual([[42, FIXUP.BOX_SINGLE, 0]])
    expect(fixups(i('flw', { rd: 10, rs1: 10 }), load)).toEqual([[42, FIXUP.BOX_BITS, 0]])
  })

  test.each([
    ['a sum', [], 0],
    ['a shifted sum', [i('slli', { rd: T1, rs1: 12, imm: 3 })], 3],
    [
      'a sum of an unsigned index',
      [i('slli', { rd: T1, rs1: 12, imm: 32 }), i('srli', { rd: T1, rs1: T1, imm: 30 })],
      6,
    ],
  ] as const)('%s that the address took over', (_, words, scale) => {
    const sum = i('add', { rd: T1, rs1: words.length === 0 ? 12 : T1, rs2: 13 })
    expect(fixups(...words, sum, i('lw', { rd: T1, rs1: T1 }))).toEqual([
      [T1, FIXUP.ADD_SHIFTED + scale, 13 | (12 << 8)],
    ])
  })

  test('a sum whose load is behind another one', () => {
    const words = [i('add', { rd: T1, rs1: 12, rs2: 13 }), i('lw', { rd: A0, rs1: A0 }), i('lw', { rd: T1, rs1: T1 })]
    const fixup = T1 | (FIXUP.ADD_SHIFTED << 8) | ((13 | (12 << 8)) << 16)
    expect(
      translate([...words, RET])
        .sites.list()
        .map(site => site.fixups),
    ).toEqual([[fixup], [fixup]])
  })

  test('exchanged registers', () => {
    const words = Array.from({ length: 3 }, () => i('addi', { rd: T3, rs1: T3, imm: 1 }))
    const [out, into] = fixups(...words, load, i('bne', { rs1: A0, imm: -16 }))
    expect(out).toEqual([expect.any(Number), FIXUP.IN_STATE, 0])
    expect(into).toEqual([T3, FIXUP.IN_HOST, HOME[out![0]!]])
  })
})
