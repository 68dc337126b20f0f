import { describe, expect, test } from 'vitest'
import { removeDead } from '../../../emulator/ir/dead.ts'
import { foldConstants } from '../../../emulator/ir/fold.ts'
import { fuse } from '../../../emulator/ir/fuse.ts'
import { verifyIr } from '../../../emulator/ir/verify.ts'
import { Translator } from '../../../emulator/translate.ts'
import { BASE, bytesOf, guestCode, i, regionOf } from './guest-code.ts'

describe('any bytes', () => {
  /** A generator of pseudo-random numbers below 2^32 (Marsaglia's xorshift). */
  function random(seed: number) {
    let x = seed
    return () => {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
      return x >>> 0
    }
  }
  const NEAR = ['beq', 'bne', 'blt', 'bgeu'] as const
  const PLAIN = [
    'addi',
    'addw',
    'slli',
    'srli',
    'add',
    'ld',
    'sd',
    'lui',
    'fadd_d',
    'fsw',
    'fcvt_w_s',
    'amoadd_w',
    'csrrs',
  ] as const

  test('keep the invariants through every pass, and give code', () => {
    const translator = new Translator()
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed * 0x9e3779b9)
      const words = Array.from({ length: 40 }, () => {
        const kind = next() % 8
        const fields = { rd: next() % 32, rs1: next() % 32, rs2: next() % 32, imm: (next() % 64) - 32 }
        if (kind === 0) return i(NEAR[next() % NEAR.length]!, { ...fields, imm: ((next() % 80) - 40) * 2 })
        if (kind === 1) return i('jal', { rd: next() % 3, imm: ((next() % 80) - 40) * 2 })
        if (kind === 2) return next()
        return i(PLAIN[next() % PLAIN.length]!, fields)
      })
      const bytes = bytesOf(words)
      const ir = regionOf(bytes)
      expect(verifyIr(ir)).toEqual([])
      foldConstants(ir)
      expect(verifyIr(ir)).toEqual([])
      fuse(ir)
      expect(verifyIr(ir)).toEqual([])
      removeDead(ir)
      expect(verifyIr(ir)).toEqual([])
      const region = translator.translate(BASE, guestCode(BASE, bytes))!
      expect(region.entries.some(({ pc }) => pc === BASE)).toBe(true)
      const positions = region.entries.map(({ position }) => position).sort((a, b) => a - b)
      for (const [k, position] of positions.entries()) {
        expect((positions[k + 1] ?? region.bytes.length) - position).toBeGreaterThanOrEqual(5)
      }
      for (const { field, stub } of region.chains)
        expect(Math.max(field + 4, stub)).toBeLessThanOrEqual(region.bytes.length)
    }
  })
})
