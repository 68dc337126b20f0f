import { describe, expect, test } from 'vitest'
import { makeGates } from '../../../emulator/gates.ts'
import { NATIVE_FUNCTIONS, type NativeFunction, nativeFunctionOf } from '../../../emulator/native/functions.ts'
import { Translator } from '../../../emulator/translate.ts'
import { BASE, bytesOf, guestCode, i, RET } from './guest-code.ts'
import { disassemble, hexOf } from './x86-llvm.ts'

const { native, bytes } = makeGates()

/** A loop that leads back to its first instruction, the function at `at`. */
const LOOP = [i('addi', { rd: 10, rs1: 10, imm: 1 }), i('bne', { rs1: 10, rs2: 11, imm: -4 }), RET]

function translate(words: readonly number[], natives: ReadonlyMap<number, NativeFunction>) {
  const code = { ...guestCode(BASE, bytesOf(words)), native: (pc: number) => natives.get(pc) }
  return new Translator().translate(BASE, code)!
}

describe('the routines', () => {
  test('lie in the gates, each at a multiple of 16', () => {
    const places = Object.values(native.entries)
    expect(new Set(places).size).toBe(NATIVE_FUNCTIONS.length)
    for (const place of places) {
      expect(place % 16).toBe(0)
      expect(place).toBeGreaterThanOrEqual(native.start)
      expect(place).toBeLessThan(native.end)
    }
    expect(native.stop).toBeGreaterThanOrEqual(native.end)
    expect(native.stop).toBeLessThan(bytes.length)
    expect(bytes[native.stop]).toBe(0xcc)
  })

  test('have no register of the guest as their destination, but for the result at the end', () => {
    const lines = disassemble(hexOf(bytes.subarray(native.start, native.end))).map(({ text }) => text)
    const writes = (line: string): boolean =>
      /^(?!cmp|test|nop)\S+ (r[a-ds]\w|[re]?[sd]i\w?|r[89]d?|r1[1-5]d?|[re][abcds][pxi]|xmm\d\b|xmm1[0-3]|ymm\d\b|ymm1[0-3])/.test(
        line,
      )
    const changed = lines.filter(writes).filter(line => !/^\S+ [re]ax/.test(line))
    expect(changed.length).toBeGreaterThan(8)
    for (const line of changed) expect(line).toMatch(/^(mov|lea|add|xor|movsxd) [re]di,/)
  })

  test('end with both answers', () => {
    const text = disassemble(hexOf(bytes.subarray(native.start, native.end))).map(line => line.text)
    for (const [at, line] of text.entries()) if (line === 'ret') expect(['clc', 'stc']).toContain(text[at - 1])
  })
})

describe('names', () => {
  test('are those of C and its aliases', () => {
    for (const name of NATIVE_FUNCTIONS) expect(nativeFunctionOf(name)).toBe(name)
    expect(nativeFunctionOf('index')).toBe('strchr')
    expect(nativeFunctionOf('bcmp')).toBe('memcmp')
    expect(nativeFunctionOf('memcpy2')).toBeUndefined()
    expect(nativeFunctionOf('constructor')).toBeUndefined()
  })
})

describe('a region at such a function', () => {
  const region = translate(LOOP, new Map([[BASE, 'strlen']]))

  test('calls the routine, and a fault in it is at its first instruction', () => {
    const calls = region.gateReferences.filter(({ gate }) => gate === native.entries.strlen)
    expect(calls).toHaveLength(1)
    expect(region.sites.at(calls[0]!.field + 4)).toEqual({ position: calls[0]!.field + 4, pc: BASE, fixups: [] })
  })

  test('has a loop that does not come by the call', () => {
    const text = disassemble(hexOf(region.bytes)).map(line => line.text)
    expect(text.filter(line => line.startsWith('call'))).toHaveLength(1)
    const [call, compare] = [
      text.findIndex(line => line.startsWith('call')),
      text.findIndex(line => /^cmp rdi/.test(line)),
    ]
    expect(compare).toBeGreaterThan(call)
    expect(region.entries.map(({ pc }) => pc)).toEqual([BASE])
  })

  test('is left by those around it', () => {
    const words = [i('addi', { rd: 12, rs1: 12, imm: 1 }), ...LOOP]
    const before = translate(words, new Map([[BASE + 4, 'strlen']]))
    expect(before.chains.map(({ pc }) => pc)).toEqual([BASE + 4])
    expect(before.ranges).toEqual([[BASE, BASE + 4]])
    const jump = translate([i('jal', { imm: 8 }), RET, ...LOOP], new Map([[BASE + 8, 'memcpy']]))
    expect(jump.chains.map(({ pc }) => pc)).toEqual([BASE + 8])
  })
})
