import { afterAll, describe, expect, test } from 'vitest'
import { Context, type TypeRef, Types } from '../../../analyzer/llvm/index.ts'
import { leavesOf, type Parameter, placeWords, signatureText, UnsupportedType } from '../../../offload/words.ts'

const context = new Context()
const t = new Types(context)
afterAll(() => context.dispose())

const named = (type: TypeRef): Parameter => ({ leaves: leavesOf(type), variadic: false })
const variadic = (type: TypeRef): Parameter => ({ leaves: leavesOf(type), variadic: true })
const signature = (parameters: readonly Parameter[], result: TypeRef = t.void) =>
  signatureText(placeWords(parameters), parameters, leavesOf(result))
const times = (count: number, type: TypeRef) => Array.from({ length: count }, () => named(type))

describe('signatures', () => {
  test.each([
    ['scalars', () => signature([named(t.i32), named(t.ptr), named(t.float), named(t.double)], t.i8), 'iifd:i'],
    [
      'pairs of registers',
      () => signature([named(t.array(t.i64, 2)), named(t.i128), named(t.fp128)], t.i128),
      'iiiiii:ii',
    ],
    ['flattened structs', () => signature([named(t.struct([t.i32, t.float]))], t.struct([t.float, t.float])), 'if:ff'],
    ['mixed results', () => signature([], t.struct([t.double, t.i32])), ':di'],
    ['no result', () => signature([]), ':'],
    [
      'variadic parts',
      () => signature([named(t.ptr), variadic(t.double), variadic(t.i32), variadic(t.fp128)], t.i32),
      'i.diq:i',
    ],
    ['a variadic pair of words', () => signature([named(t.i32), variadic(t.array(t.i64, 2))]), 'i.ii:'],
  ])('%s', (_, make, expected) => {
    expect(make()).toBe(expected)
  })

  test('a wide scalar behind an odd number of stack words is aligned by a word that carries nothing', () => {
    expect(signature([...times(9, t.i64), named(t.i128)])).toBe(`${'i'.repeat(12)}:`)
    expect(signature([...times(8, t.i64), named(t.i128)])).toBe(`${'i'.repeat(10)}:`)
    expect(signature([...times(9, t.i64), named(t.array(t.i64, 2))])).toBe(`${'i'.repeat(11)}:`)
  })

  test('half in the last register, half on the stack: no gap', () => {
    expect(placeWords([...times(7, t.i64), named(t.i128)]).map(w => w.half)).not.toContain('padding')
  })

  test('floats behind the eighth take integer registers', () => {
    // 8 in float registers, 9 in integer registers and one word of stack: the wide scalar needs a gap.
    const words = placeWords([...times(17, t.double), named(t.i128)])
    expect(words.filter(w => w.half === 'padding')).toHaveLength(1)
  })

  test('the extension of narrow integers', () => {
    const extension = (type: TypeRef, attribute?: 'sign' | 'zero') => leavesOf(type, attribute)[0]!.extension
    expect([extension(t.i32), extension(t.i8), extension(t.i8, 'sign'), extension(t.i1, 'zero')]).toEqual([
      'sign',
      'zero',
      'sign',
      'zero',
    ])
  })

  test('what the ABI does not know is refused', () => {
    expect(() => leavesOf(t.vector(t.float, 4))).toThrow(UnsupportedType)
    expect(() => leavesOf(t.integer(256))).toThrow(UnsupportedType)
    expect(() => signature([], t.array(t.i64, 3))).toThrow(UnsupportedType)
  })
})
