import { describe, expect, test } from 'vitest'
import { FloatState } from '../../../emulator/ir/float-state.ts'
import { FUSE } from '../../../emulator/ir/traits.ts'
import { i, RET, regionOf } from './guest-code.ts'

const FIELDS = ['nanDouble', 'nanSingle', 'unboxed', 'boxed', 'safeDouble', 'safeSingle'] as const
const show = (state: FloatState): string => FIELDS.map(name => state[name] >>> 0).join(' ')

/** The states that one register can be in after instructions; two registers make the products. */
const DEFINITIONS = {
  unknown: [],
  double: [i('fadd_d', { rd: 0, rs1: 1, rs2: 2 })],
  single: [i('fadd_s', { rd: 0, rs1: 1, rs2: 2 })],
  'loaded double': [i('fld', { rd: 0, rs1: 10 })],
  'loaded single': [i('flw', { rd: 0, rs1: 10 })],
  'converted double': [i('fcvt_d_w', { rd: 0, rs1: 10 })],
  'converted single': [i('fcvt_s_l', { rd: 0, rs1: 10 })],
  'settled double': [i('fadd_d', { rd: 0, rs1: 1, rs2: 2 }), i('fmv_x_d', { rd: 10, rs1: 0 })],
  'settled single': [i('fadd_s', { rd: 0, rs1: 1, rs2: 2 }), i('fmv_x_d', { rd: 10, rs1: 0 })],
} as const
const states = Object.values(DEFINITIONS).map(words => stateAfter(...words))

function stateAfter(...words: readonly number[]): FloatState {
  const ir = regionOf([...words, RET])
  const state = new FloatState().clear()
  for (let k = 0; k < words.length; k++) state.step(ir, k)
  return state
}
const met = (a: FloatState, b: FloatState): FloatState => {
  const result = new FloatState().copy(a)
  result.meet(b)
  return result
}

describe('meeting paths', () => {
  test('does not depend on the order, nor on how often', () => {
    for (const a of states) {
      expect(show(met(a, a))).toBe(show(a))
      for (const b of states) {
        expect(show(met(a, b))).toBe(show(met(b, a)))
        expect(show(met(met(a, b), b))).toBe(show(met(a, b)))
        for (const c of states) expect(show(met(met(a, b), c))).toBe(show(met(a, met(b, c))))
      }
    }
  })

  test('top changes nothing', () => {
    const top = new FloatState().top()
    for (const a of states) {
      expect(show(met(top, a))).toBe(show(a))
      expect(show(met(a, top))).toBe(show(a))
    }
  })

  test('with an unknown path leaves nothing owed', () => {
    for (const a of states) expect(met(a, new FloatState().clear()).owed()).toBe(0)
  })

  test('says whether anything changed', () => {
    for (const a of states) {
      for (const b of states) {
        const result = new FloatState().copy(a)
        expect(result.meet(b)).toBe(show(result) !== show(a))
      }
    }
  })

  test('allows a debt only where paying it is right on both paths', () => {
    for (const a of states) {
      for (const b of states) {
        const { nanDouble, nanSingle, unboxed } = met(a, b)
        expect(nanDouble & ~(a.safeDouble & b.safeDouble)).toBe(0)
        expect(nanSingle & ~(a.safeSingle & b.safeSingle)).toBe(0)
        expect(unboxed & ~(a.boxed & b.boxed)).toBe(0)
      }
    }
  })

  test('what one path must pay before it comes is what the other can not owe', () => {
    const double = stateAfter(...DEFINITIONS.double)
    const single = stateAfter(...DEFINITIONS.single)
    const loaded = stateAfter(...DEFINITIONS['loaded double'])
    expect(double.owedBeyond(met(double, single))).toBe(1)
    expect(double.owedBeyond(met(double, loaded))).toBe(1)
    expect(double.owedBeyond(met(double, stateAfter(...DEFINITIONS['converted double'])))).toBe(0)
    expect(single.owedBeyond(met(single, stateAfter(...DEFINITIONS['converted single'])))).toBe(0)
  })
})

describe('debts', () => {
  test.each([
    ['double', { nanDouble: 1, safeDouble: 1 }],
    ['single', { nanSingle: 1, unboxed: 1, boxed: 1, safeSingle: 1 }],
    ['loaded double', {}],
    ['loaded single', { unboxed: 1, boxed: 1 }],
    ['converted double', { safeDouble: 1 }],
    ['converted single', { unboxed: 1, boxed: 1, safeSingle: 1 }],
    ['settled double', { safeDouble: 1 }],
    ['settled single', { boxed: 1, safeSingle: 1 }],
  ] as const)('of a %s', (name, fields) => {
    expect(stateAfter(...DEFINITIONS[name])).toMatchObject({ ...stateAfter(), ...fields })
  })

  test('are paid as the reader needs it', () => {
    const double = stateAfter(...DEFINITIONS.double)
    const single = stateAfter(...DEFINITIONS.single)
    const reads = [FUSE.double, FUSE.single, FUSE.doubleBits, FUSE.singleBits]
    expect(reads.map(use => double.debtOf(use, 0))).toEqual([0, 1, 1, 1])
    expect(reads.map(use => single.debtOf(use, 0))).toEqual([1, 0, 1, 1])
    const loaded = stateAfter(...DEFINITIONS['loaded single'])
    expect(reads.map(use => loaded.debtOf(use, 0))).toEqual([1, 0, 1, 0])
    expect(reads.map(use => double.debtOf(use, 1))).toEqual([0, 0, 0, 0])
  })

  test('fmv.d.x of x0 is safe, of another register not', () => {
    expect(stateAfter(i('fmv_d_x', { rd: 0, rs1: 0 })).safeDouble).toBe(1)
    expect(stateAfter(i('fmv_d_x', { rd: 0, rs1: 10 })).safeDouble).toBe(0)
    expect(stateAfter(i('fmv_w_x', { rd: 0, rs1: 0 })).safeSingle).toBe(1)
  })

  test('end when the register is overwritten', () => {
    const state = stateAfter(...DEFINITIONS.single, i('fld', { rd: 0, rs1: 10 }))
    expect(show(state)).toBe(show(stateAfter()))
  })

  test('are one bit for each of 32 registers', () => {
    const state = stateAfter(i('fadd_d', { rd: 31, rs1: 1, rs2: 2 }))
    expect(state.nanDouble >>> 0).toBe(0x80000000)
    expect(state.debtOf(FUSE.doubleBits, 31)).not.toBe(0)
    state.settle(1 << 31)
    expect(state.owed()).toBe(0)
  })
})
