import { describe, expect, test } from 'vitest'
import { Assembler, Cond } from '../../../emulator/x86/assembler.ts'
import { Random } from './x86-cases.ts'
import { disassemble, hexOf } from './x86-llvm.ts'

/** The jump or call at `at`: its mnemonic kind, length and target. */
function jumpAt(code: Uint8Array, at: number): { kind: string; length: number; target: number } {
  const view = new DataView(code.buffer, code.byteOffset, code.length)
  const opcode = code[at]!
  if (opcode === 0x0f)
    return { kind: `jcc ${code[at + 1]! & 15}`, length: 6, target: at + 6 + view.getInt32(at + 2, true) }
  if (opcode === 0xe9 || opcode === 0xe8) {
    return { kind: opcode === 0xe8 ? 'call' : 'jmp', length: 5, target: at + 5 + view.getInt32(at + 1, true) }
  }
  const kind = opcode === 0xeb ? 'jmp' : `jcc ${opcode & 15}`
  return { kind, length: 2, target: at + 2 + view.getInt8(at + 1) }
}

describe('labels', () => {
  test.each([
    [126, 2],
    [127, 5],
    [10_000, 5],
  ])('a jump back over %i bytes takes %i', (distance, length) => {
    const a = new Assembler()
    const top = a.label()
    a.bind(top)
    a.pad(distance)
    a.jmp(top)
    expect(jumpAt(a.finish(), distance)).toEqual({ kind: 'jmp', length, target: 0 })
    expect(a.pos).toBe(distance + length)
  })

  test.each([
    [126, 2],
    [127, 6],
  ])('a conditional jump back over %i bytes takes %i', (distance, length) => {
    const a = new Assembler()
    const top = a.label()
    a.bind(top)
    a.pad(distance)
    a.jcc(Cond.le, top)
    expect(jumpAt(a.finish(), distance)).toEqual({ kind: 'jcc 14', length, target: 0 })
  })

  test('forward jumps take rel32, short ones rel8 up to 127 bytes', () => {
    for (const [emit, length] of [
      [(a: Assembler, label: number) => a.jmp(label), 5],
      [(a: Assembler, label: number) => a.jcc(Cond.b, label), 6],
      [(a: Assembler, label: number) => a.call(label), 5],
      [(a: Assembler, label: number) => a.jmpShort(label), 2],
      [(a: Assembler, label: number) => a.jccShort(Cond.b, label), 2],
    ] as const) {
      const a = new Assembler()
      const end = a.label()
      emit(a, end)
      expect(a.pos).toBe(length)
      a.pad(127)
      a.bind(end)
      expect(jumpAt(a.finish(), 0)).toMatchObject({ length, target: length + 127 })
    }
  })

  test('short jumps that do not reach are refused, both ways', () => {
    const forward = new Assembler()
    const end = forward.label()
    forward.jccShort(Cond.e, end)
    forward.pad(128)
    expect(() => forward.bind(end)).toThrow(/128 bytes/)

    const back = new Assembler()
    const top = back.label()
    back.bind(top)
    back.pad(127)
    expect(() => back.jmpShort(top)).toThrow(RangeError)
  })

  test('a label is bound once, and before the end when it is used', () => {
    const a = new Assembler()
    const [used, unused] = [a.label(), a.label()]
    a.jmp(used)
    expect(() => a.finish()).toThrow(/never bound/)
    expect(a.positionOf(used)).toBe(-1)
    a.bind(used)
    expect(a.positionOf(used)).toBe(5)
    expect(a.positionOf(unused)).toBe(-1)
    expect(() => a.bind(used)).toThrow(/bound twice/)
    expect(a.finish().length).toBe(5)
    a.reset()
    expect(a.finish().length).toBe(0)
  })

  test('random programs: every jump lands on its label', () => {
    const random = new Random(7)
    const a = new Assembler({ capacity: 64 })
    for (let program = 0; program < 50; program++) {
      a.reset()
      const labels = Array.from({ length: 12 }, () => a.label())
      const unbound = new Set(labels)
      const jumps: { at: number; label: number; kind: string }[] = []
      for (let step = 0; step < 60; step++) {
        const label = random.of(labels)
        const cond = random.below(16)
        const choice = random.below(4)
        if (choice === 3) {
          a.pad(random.below(60))
          if (unbound.delete(label)) a.bind(label)
          continue
        }
        jumps.push({ at: a.pos, label, kind: ['jmp', `jcc ${cond}`, 'call'][choice]! })
        if (choice === 0) a.jmp(label)
        else if (choice === 1) a.jcc(cond, label)
        else a.call(label)
      }
      for (const label of unbound) a.bind(label)
      const code = a.finish()
      for (const { at, label, kind } of jumps) {
        const jump = jumpAt(code, at)
        expect(jump).toMatchObject({ kind, target: a.positionOf(label) })
        const distance = jump.target - at - 2
        const shortest = kind !== 'call' && distance < 0 && distance >= -128
        expect(jump.length === 2).toBe(shortest)
      }
    }
  })
})

describe('patchable jumps', () => {
  const EMITTERS = [
    ['jmp', 1, (a: Assembler) => a.jmpRel32()],
    ['call', 1, (a: Assembler) => a.callRel32()],
    ['jcc 5', 2, (a: Assembler) => a.jccRel32(Cond.ne)],
  ] as const

  test('the field never crosses 8 bytes, and the padding is the shortest nops', () => {
    for (const [kind, opcodeLength, emit] of EMITTERS) {
      for (let start = 0; start < 24; start++) {
        const a = new Assembler()
        for (let n = 0; n < start; n++) a.byte(0xcc)
        const field = emit(a)
        expect(field >> 3).toBe((field + 3) >> 3)
        expect(a.pos).toBe(field + 4)
        const at = field - opcodeLength
        expect(jumpAt(a.finish(), at)).toMatchObject({ kind, target: a.pos })
        const unpadded = start + opcodeLength
        const crosses = unpadded >> 3 !== (unpadded + 3) >> 3
        expect(at > start).toBe(crosses)
        if (!crosses) continue
        expect(field & 7).toBe(0)
        const nops = disassemble(hexOf(a.bytes.subarray(start, at)))
        expect(nops).toHaveLength(1)
        expect(nops[0]!.text).toMatch(/^(nop|xchg ax, ax)/)
      }
    }
  })

  test('without alignField there is no padding', () => {
    for (const [, opcodeLength, emit] of EMITTERS) {
      for (let start = 0; start < 8; start++) {
        const a = new Assembler({ alignField: false })
        a.pad(start)
        expect(emit(a)).toBe(start + opcodeLength)
      }
    }
  })
})
