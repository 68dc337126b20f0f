import { describe, expect, test } from 'vitest'
import { Analysis } from '../../../emulator/ir/analysis.ts'
import { peelLoops } from '../../../emulator/ir/peel.ts'
import { ALL_OPTIMIZATIONS } from '../../../emulator/options.ts'
import { BASE, i, opsOf, RET, regionOf } from './guest-code.ts'

const [A0, A1, A2] = [10, 11, 12]
const addw = (rd: number, rs1: number, rs2: number) => i('addw', { rd, rs1, rs2 })
const bne = (rs1: number, imm: number) => i('bne', { rs1, rs2: 0, imm })
const nop = i('addi', {})

function peeled(...words: readonly number[]) {
  const ir = regionOf(words)
  peelLoops(ir)
  return ir
}
const edges = (ir: ReturnType<typeof peeled>) => ir.blocks.map(({ taken, next }) => [taken, next])

describe('the first round of a loop', () => {
  test('of one block gets a block of its own', () => {
    const ir = peeled(nop, addw(A0, A0, A1), addw(A2, A0, A1), bne(A2, -8), RET)
    expect(opsOf(ir)).toEqual([['addi'], ['addw', 'addw', 'bne'], ['addw', 'addw', 'bne'], ['jalr']])
    expect(edges(ir)).toEqual([
      [-1, 1],
      [2, 3],
      [2, 3],
      [-1, -1],
    ])
    expect(ir.blocks.map(({ loop, depth }) => [loop, depth])).toEqual([
      [false, 0],
      [false, 0],
      [true, 1],
      [false, 0],
    ])
    expect(ir.blocks.map(({ pc }) => pc - ir.base)).toEqual([0, 4, 4, 16])
  })

  test('is the entry where the loop was', () => {
    const ir = peeled(addw(A0, A0, A1), addw(A2, A0, A1), bne(A2, -8), RET)
    expect(ir.blocks.map(({ entry }) => entry)).toEqual([true, false, false])
  })

  test('begins where the loop is entered in its middle', () => {
    const jump = i('jal', { imm: 8 })
    const ir = peeled(jump, addw(A0, A0, A1), addw(A2, A0, A1), bne(A2, -8), RET)
    expect(opsOf(ir)).toEqual([['jal'], ['addw', 'bne'], ['addw'], ['addw', 'bne'], ['jalr']])
    expect(edges(ir)).toEqual([
      [1, -1],
      [2, 4],
      [-1, 3],
      [2, 4],
      [-1, -1],
    ])
  })

  test('lets the other rounds know what is narrow', () => {
    const ir = peeled(i('xor', { rd: A2, rs1: A0, rs2: A1 }), addw(A0, A2, A1), addw(A1, A2, A0), bne(A0, -12), RET)
    const analysis = new Analysis()
    analysis.run(ir, new Int8Array(32).fill(1))
    expect([0, 1].map(b => analysis.narrowIn[b]! & ((1 << A0) | (1 << A1)))).toEqual([0, (1 << A0) | (1 << A1)])
    expect([analysis.low[0], analysis.low[4]]).toEqual([0, 1])
  })
})

test('rare code behind a loop comes back into its first round', () => {
  const call = [i('jal', { rd: 1, imm: 64 }), i('jal', { imm: -16 })]
  const ir = peeled(nop, addw(A0, A0, A1), bne(A1, 16), addw(A2, A0, A1), bne(A2, -12), RET, ...call)
  expect(opsOf(ir)).toEqual([
    ['addi'],
    ['addw', 'bne'],
    ['addw', 'bne'],
    ['addw', 'bne'],
    ['addw', 'bne'],
    ['jalr'],
    ['jal'],
    ['jal'],
  ])
  expect(edges(ir)).toEqual([
    [-1, 1],
    [6, 2],
    [3, 5],
    [6, 4],
    [3, 5],
    [-1, -1],
    [-1, 7],
    [2, -1],
  ])
  expect(ir.blocks.map(({ entry }) => entry)).toEqual([true, false, false, false, false, false, false, true])
})

describe('a loop in which the region begins', () => {
  const begunInside = (words: readonly number[], on?: Parameters<typeof peelLoops>[1]) => {
    const ir = regionOf([nop, ...words], {}, { entry: BASE + 4 })
    peelLoops(ir, on)
    return ir
  }
  const lengths = (ir: ReturnType<typeof peeled>) => opsOf(ir).map(names => names.length)

  test('has a copy for who comes from around it', () => {
    const words = [addw(A0, A0, A1), addw(A2, A0, A1), bne(A2, -8), bne(A1, -16), RET]
    const ir = begunInside(words)
    expect(lengths(ir)).toEqual([1, 3, 3, 3, 3, 1, 1])
    expect(edges(ir)).toEqual([
      [-1, 3],
      [2, 5],
      [2, 5],
      [4, 5],
      [4, 5],
      [0, 6],
      [-1, -1],
    ])
    expect(ir.blocks.map(({ entry }) => entry)).toEqual([false, true, false, false, false, false, false])
    expect(lengths(begunInside(words, { ...ALL_OPTIMIZATIONS, apart: false }))).toEqual([1, 3, 3, 1, 1])
  })

  test('stays one when it calls something', () => {
    const call = i('jal', { rd: 1, imm: 64 })
    const ir = begunInside([addw(A0, A0, A1), call, addw(A2, A0, A1), bne(A2, -12), bne(A1, -20), RET])
    expect(lengths(ir)).toEqual([1, 2, 2, 1, 1])
  })
})

describe('loops stay', () => {
  test.each([
    ['that have one 32-bit result', [addw(A0, A0, A1), bne(A0, -4), RET]],
    ['with calls', [addw(A0, A0, A1), addw(A2, A0, A1), i('jal', { rd: 1, imm: 64 }), bne(A2, -12), RET]],
    ['that are long', [...new Array(96).fill(addw(A0, A0, A1)), bne(A0, -4 * 96), RET]],
  ] as const)('%s', (_, words) => {
    expect(opsOf(peeled(...words))).toEqual(opsOf(regionOf(words)))
  })

  test('around others', () => {
    const ir = peeled(addw(A0, A0, A1), addw(A1, A0, A2), bne(A0, -4), bne(A1, -12), RET)
    expect(opsOf(ir).map(names => names.join(' '))).toEqual(['addw', 'addw bne', 'bne', 'jalr'])
  })
})
