import { describe, expect, it } from 'vitest'
import { CSR } from '../../../emulator/riscv/csr.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { Interpreter } from '../../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory } from '../../../emulator/riscv/interpret/memory.ts'
import { Op } from '../../../emulator/riscv/table.ts'

const nop = encode(Op.addi, {})
const ret = encode(Op.jalr, { rs1: 1 })

describe('the interpreter', () => {
  const at = 0x1000n
  const start = (...words: readonly number[]) => {
    const memory = new FlatMemory(at, 4 * words.length)
    words.forEach((word, i) => void memory.store(at + BigInt(4 * i), 4, BigInt(word)))
    const hart = new Interpreter()
    hart.pc = at
    return { hart, memory }
  }

  it('stops before a trap without an effect', () => {
    for (const [word, result] of [
      [encode(Op.ecall, {}), 'ecall'],
      [encode(Op.ebreak, {}), 'ebreak'],
      [0, 'illegal'],
      [encode(Op.csrrw, { rd: 5, imm: CSR.cycle }), 'illegal'],
      [encode(Op.csrrsi, { rd: 5, rs1: 1, imm: CSR.instret }), 'illegal'],
      [encode(Op.csrrs, { rd: 5, imm: 0x300 }), 'illegal'],
      [encode(Op.amoadd_w, { rd: 5, rs1: 6, rs2: 7 }), 'misaligned'],
      [encode(Op.lr_d, { rd: 5, rs1: 6 }), 'misaligned'],
      [encode(Op.lw, { rd: 5, rs1: 7 }), 'fault'],
      [encode(Op.sd, { rs2: 5, rs1: 7 }), 'fault'],
      [encode(Op.cbo_clean, { rs1: 7 }), 'fault'],
      [encode(Op.cbo_flush, { rs1: 7 }), 'fault'],
      [0x0003a00f, 'illegal'], // cbo.inval (x7)
    ] as const) {
      const { hart, memory } = start(word)
      hart.x.set([0x77n, at + 2n, 0x10n], 5)
      expect(hart.step(memory)).toBe(result)
      expect([hart.pc, hart.x[5], hart.instret]).toEqual([at, 0x77n, 0n])
      if (result === 'fault') expect(hart.faultAddress).toBe(0x10n)
    }
  })

  it('reports a pc without memory, and a long instruction cut off by the end of memory', () => {
    const { hart, memory } = start(nop)
    hart.pc = 0x10n
    expect([hart.step(memory), hart.faultAddress]).toEqual(['fetch-fault', 0x10n])
    memory.store(at + 2n, 2, 0x0003n)
    hart.pc = at + 2n
    expect([hart.step(memory), hart.faultAddress]).toEqual(['fetch-fault', at + 4n])
  })

  it('refuses reserved rounding modes, in fcsr too, even where the conversion is exact', () => {
    const { hart, memory } = start(encode(Op.fcvt_d_w, { rm: 7 }), encode(Op.fadd_s, { rm: 7 }))
    for (const mode of [5, 6, 7]) {
      hart.frm = mode
      for (const pc of [at, at + 4n]) {
        hart.pc = pc
        expect(hart.step(memory)).toBe('illegal')
      }
    }
    hart.frm = 4
    expect(hart.step(memory)).toBe('ok')
  })

  it('counts instructions in instret, cycle and time', () => {
    const read = (imm: number, rd: number) => encode(Op.csrrs, { rd, imm })
    const { hart, memory } = start(nop, read(CSR.instret, 5), read(CSR.cycle, 6), read(CSR.time, 7), ret)
    expect(hart.run(memory, 4)).toBe('ok')
    expect([...hart.x.slice(5, 8)]).toEqual([1n, 2n, 3n])
  })

  it('clears a block whole, and leaves one alone that it cleans', () => {
    const memory = new FlatMemory(0n, 0x200)
    memory.bytes.fill(0xff)
    const hart = new Interpreter()
    hart.x[5] = 0x77n
    for (const op of [Op.cbo_clean, Op.cbo_flush, Op.cbo_zero]) {
      expect(memory.bytes.indexOf(0)).toBe(-1)
      memory.store(0x100n, 4, BigInt(encode(op, { rs1: 5 })))
      hart.pc = 0x100n
      expect(hart.step(memory)).toBe('ok')
      memory.bytes.fill(0xff, 0x100, 0x104)
    }
    expect([memory.bytes.indexOf(0), memory.bytes.lastIndexOf(0)]).toEqual([0x40, 0x7f])
  })

  it('keeps x0 zero', () => {
    const { hart, memory } = start(encode(Op.addi, { imm: 5 }), encode(Op.add, { rd: 5 }))
    hart.run(memory, 2)
    expect([hart.x[0], hart.x[5]]).toEqual([0n, 0n])
  })

  it('lets SC fail without a reservation, at another address, after a store that changed the value, and when repeated', () => {
    const lr = encode(Op.lr_w, { rd: 5, rs1: 6 })
    const sc = (rs1: number) => encode(Op.sc_w, { rd: 7, rs1, rs2: 8 })
    const outcome = (...words: readonly number[]) => {
      const { hart, memory } = start(...words, 0, 0)
      hart.x.set([at + BigInt(words.length * 4), 9n, 1n, at + BigInt(words.length * 4 + 4)], 6)
      expect(hart.run(memory, words.length)).toBe('ok')
      return hart.x[7]
    }
    expect(outcome(lr, sc(6))).toBe(0n)
    expect(outcome(sc(6))).toBe(1n)
    expect(outcome(lr, sc(9))).toBe(1n)
    expect(outcome(lr, encode(Op.sw, { rs1: 6, rs2: 8 }), sc(6))).toBe(1n)
    expect(outcome(lr, sc(6), sc(6))).toBe(1n)
  })
})
