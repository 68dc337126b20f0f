import { describe, expect, test } from 'vitest'
import { HOME, HOME_FP } from '../../../emulator/convention.ts'
import { allocate } from '../../../emulator/ir/allocate.ts'
import { i, RET, regionOf } from './guest-code.ts'

/** Registers without a place of their own in the convention. */
const [T1, T3, S4] = [6, 28, 20]
const FT8 = 28
const bump = (r: number) => i('addi', { rd: r, rs1: r, imm: 1 })
const back = (words: number) => i('bne', { rs1: 10, imm: -4 * words })
const body = (...words: readonly number[]) => [...words, back(words.length), RET]

describe('exchanges', () => {
  test('give a hot register of a loop the host register of an unused one', () => {
    const { integers, floats } = allocate(regionOf(body(bump(T1), bump(T1), bump(T1))))
    expect(floats).toEqual([])
    expect(integers).toHaveLength(1)
    const [{ host, out, into }] = integers as [(typeof integers)[number]]
    expect(into).toBe(T1)
    expect(HOME[out]).toBe(host)
    expect(HOME[T1]).toBe(-1)
  })

  test('are made without a loop, when the register is used much', () => {
    expect(allocate(regionOf([bump(T1), bump(T1), bump(T1), RET])).integers).toMatchObject([{ into: T1 }])
  })

  test('go to the hottest first, each to a host register of its own', () => {
    const { integers } = allocate(
      regionOf(
        body(bump(T1), bump(T3), bump(T3), bump(S4), bump(S4), bump(S4), bump(T1), bump(T3), bump(S4), bump(S4)),
      ),
    )
    expect(integers.map(({ into }) => into)).toEqual([S4, T3, T1])
    expect(new Set(integers.map(({ host }) => host)).size).toBe(3)
  })

  test('never take sp, nor a register that is as hot', () => {
    const busy = [10, 11, 12, 13, 14, 15, 16, 8, 9, 18, 19].flatMap(r => [bump(r), bump(r)])
    const { integers } = allocate(regionOf(body(bump(T1), bump(T1), ...busy)))
    expect(integers).toEqual([])
  })

  test('are made for floating point, too', () => {
    const fadd = i('fadd_d', { rd: FT8, rs1: FT8, rs2: FT8 })
    const { integers, floats } = allocate(regionOf(body(fadd, fadd)))
    expect(integers).toEqual([])
    expect(floats).toMatchObject([{ into: FT8 }])
    expect(HOME_FP[floats[0]!.out]).toBe(floats[0]!.host)
  })

  test.each([
    ['of a register that is used little', [bump(T1), bump(T1), RET]],
    [
      'that entries and exits would cost more than they save',
      [bump(T1), i('jal', { rd: 1, imm: 256 }), i('bne', { rs1: 10, imm: -8 }), RET],
    ],
    ['of registers that have a place', body(bump(10), bump(11), bump(12))],
    ['of x0', body(i('add', { rd: 0, rs1: 0, rs2: 0 }), i('add', { rd: 0, rs1: 0, rs2: 0 }))],
  ] as const)('are not made %s', (_, words) => {
    expect(allocate(regionOf(words))).toEqual({ integers: [], floats: [] })
  })
})
