import { describe, expect, test } from 'vitest'
import { PLACES } from '../../../base/layout.ts'
import { BLOCK_COUNTER_LIMIT, emitCount } from '../../../emulator/emit/count.ts'
import { Emitter } from '../../../emulator/emit/emitter.ts'
import type { Region } from '../../../emulator/region.ts'
import { Translator, type TranslatorOptions } from '../../../emulator/translate.ts'
import { BASE, bytesOf, guestCode, i, RET } from './guest-code.ts'

const [RA, T0, A0, A1] = [1, 5, 10, 11]
const FA0 = 10

/** mov r10, [rbp + profile]; inc qword [r10 + counter] */
const COUNTER_BYTES = 14

const code = (words: readonly number[]) => guestCode(BASE, bytesOf(words))
const translate = (words: readonly number[], options: Partial<TranslatorOptions>): Region =>
  new Translator(options).translate(BASE, code(words))!

const STRAIGHT = [i('addi', { rd: A0, rs1: A0, imm: 1 }), i('ld', { rd: A1, rs1: A0 }), RET]
/** Two instructions, a loop of two, a return. */
const LOOP = [
  i('addi', { rd: A0, rs1: 0, imm: 9 }),
  i('addi', { rd: A1, rs1: 0, imm: 0 }),
  i('addi', { rd: A0, rs1: A0, imm: -1 }),
  i('bne', { rs1: A0, rs2: 0, imm: -4 }),
  RET,
]

test('without counting, a region has no profile and the code of one that counts, without its counters', () => {
  const plain = translate(STRAIGHT, {})
  const counting = translate(STRAIGHT, { profile: true })
  expect(plain.profile).toBeUndefined()
  expect(plain.instructions).toBe(3)
  // padding before cold code depends on where it stands
  const { bytes } = counting.profile!.blocks[0]!
  expect(counting.bytes.slice(COUNTER_BYTES, COUNTER_BYTES + bytes)).toEqual(plain.bytes.slice(0, bytes))
  expect(counting.sites.list().map(({ position }) => position - COUNTER_BYTES)).toEqual(
    plain.sites.list().map(({ position }) => position),
  )
})

test('every block of a loop has its counter, behind the counters of the regions before', () => {
  const translator = new Translator({ profile: true })
  const first = translator.translate(BASE, code(LOOP))!.profile!.blocks
  expect(first.map(({ pc, counter, instructions, kind }) => [pc - BASE, counter, instructions, kind])).toEqual([
    [0, 0, 2, 'fall'],
    [8, 1, 2, 'branch'],
    [16, 2, 1, 'ret'],
  ])
  expect(first.map(({ taken, next, entry }) => [taken, next, entry])).toEqual([
    [-1, 1, true],
    [1, 2, false],
    [-1, -1, false],
  ])
  for (const { bytes } of first) expect(bytes).toBeGreaterThan(0)
  expect(translator.translate(BASE, code(STRAIGHT))!.profile!.blocks.map(({ counter }) => counter)).toEqual([3])
})

describe('uses of registers', () => {
  const usesOf = (words: readonly number[], options: Partial<TranslatorOptions> = {}) => {
    const { blocks, inHost } = translate(words, { ...options, profile: true }).profile!
    return { ...blocks[0]!.uses, inHost }
  }

  test('are those of the guest instructions, fused or not', () => {
    const words = [
      i('slli', { rd: T0, rs1: A0, imm: 32 }),
      i('srli', { rd: T0, rs1: T0, imm: 29 }),
      i('add', { rd: A0, rs1: T0, rs2: T0 }),
      RET,
    ]
    const { reads, writes, inHost } = usesOf(words)
    expect([reads[T0], writes[T0], reads[A0], writes[A0], reads[RA]]).toEqual([3, 2, 1, 1, 1])
    expect([inHost[A0], inHost[RA]]).toEqual([1, 0])
  })

  test('have the floating-point registers behind the integer ones', () => {
    const words = [
      i('fmadd_d', { rd: FA0, rs1: FA0, rs2: FA0 + 1, rs3: FA0, rm: 7 }),
      i('fsd', { rs1: A0, rs2: FA0 }),
      RET,
    ]
    const { reads, writes, inHost } = usesOf(words)
    expect([reads[32 + FA0], reads[32 + FA0 + 1], writes[32 + FA0], reads[A0]]).toEqual([3, 1, 1, 1])
    expect(inHost[32 + FA0]).toBe(1)
  })
})

test('blocks beyond the last counter have none', () => {
  const emitter = new Emitter()
  emitter.nextCounter = BLOCK_COUNTER_LIMIT - 1
  expect(emitCount(emitter)!.counter).toBe(BLOCK_COUNTER_LIMIT - 1)
  const { pos } = emitter.asm
  expect(emitCount(emitter)!.counter).toBe(-1)
  expect(emitter.asm.pos).toBe(pos)
  expect(PLACES.BLOCK_COUNTERS + BLOCK_COUNTER_LIMIT * 8).toBe(PLACES.COUNTERS_SIZE)
})

test('the copy of a loop has the registers of the loop', () => {
  const words = [
    i('addw', { rd: A0, rs1: A0, rs2: A1 }),
    i('addw', { rd: A1, rs1: A0, rs2: A1 }),
    i('bne', { rs1: A1, rs2: 0, imm: -8 }),
    RET,
  ]
  const { blocks } = translate(words, { profile: true }).profile!
  expect(blocks.map(({ pc }) => pc - BASE)).toEqual([0, 0, 12])
  expect(blocks[1]!.uses).toEqual(blocks[0]!.uses)
  expect(blocks[2]!.uses.reads[RA]).toBe(1)
})
