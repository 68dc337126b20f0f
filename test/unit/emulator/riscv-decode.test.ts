import { describe, expect, it } from 'vitest'
import { COMPRESSED } from '../../../emulator/riscv/compressed.ts'
import { Decoded, decode } from '../../../emulator/riscv/decode.ts'
import { encode } from '../../../emulator/riscv/encode.ts'
import { printInstruction } from '../../../emulator/riscv/print.ts'
import { OPCODES, Op } from '../../../emulator/riscv/table.ts'
import { disassemble } from './riscv-llvm.ts'
import { Random } from './riscv-random.ts'

const BASE = 0x40000

/**
 * Where LLVM's disassembler and the ISA manual part, the decoder follows the manual (and what qemu-riscv64 does).
 * Each row: the words it is about, what LLVM has, what the decoder must have.
 */
const DISAGREEMENTS: readonly {
  readonly why: string
  readonly applies: (word: number, length: number) => boolean
  readonly llvm: RegExp | null
  readonly legal: boolean
}[] = [
  {
    why: 'fence with reserved fm, rd or rs1 is an ordinary fence (manual 2.7: implementations shall ignore them); LLVM knows fm 0 and fence.tso',
    applies: (word, length) => length === 4 && (word & 0x707f) === 0x0f && llvmFence(word) === false,
    llvm: null,
    legal: true,
  },
  {
    why: 'fence.i ignores rd, rs1 and its immediate (manual 3.1); LLVM demands zeros',
    applies: (word, length) => length === 4 && (word & 0x707f) === 0x100f && word !== 0x100f,
    llvm: null,
    legal: true,
  },
  {
    why: 'Linux has cbo.inval illegal in user mode (arch/riscv/kernel/cpufeature.c)',
    applies: (word, length) => length === 4 && (word & 0xfff07fff) === 0x200f,
    llvm: /^cbo\.inval\t/,
    legal: false,
  },
  {
    why: 'the all-zero halfword is the defined illegal instruction (manual 16.5); LLVM prints its mnemonic c.unimp',
    applies: (word, length) => length === 2 && word === 0,
    llvm: /^c\.unimp$/,
    legal: false,
  },
  {
    why: 'unimp is an alias of a write to the read-only CSR cycle: it decodes, and traps when it runs',
    applies: (word, length) => length === 4 && word === 0xc0001073,
    llvm: /^unimp$/,
    legal: true,
  },
  {
    why: 'privileged instructions are illegal in user mode (Volume II 3.3); LLVM disassembles them without any extension',
    applies: (word, length) => length === 4 && (word & 0x707f) === 0x73 && word !== 0x73 && word !== 0x100073,
    llvm: /^(sret|mret|mnret|dret|uret|wfi|sctrclr|sfence\.\S+|sinval\.\S+|hfence\.\S+|hinval\.\S+|h[ls]vx?\.\S+)\b/,
    legal: false,
  },
]

function llvmFence(word: number): boolean {
  return ((word & 0xfffff) === 0x0f && word >>> 28 === 0) || word >>> 0 === 0x8330000f
}

/** LLVM names privileged CSRs too; they are numbers here, and decide nothing in user mode. */
function nameless(text: string | null, word: number): string | null {
  if (text === null || !/^csrr/.test(text)) return text
  const csr = word >>> 20
  return (csr & 0x300) === 0 ? text : text.replace(/, [^,]+, /, `, ${csr}, `)
}

/** Compares decoder and printer with LLVM over words (length 2 when the low bits are not 11) and returns what differs. */
function differences(words: readonly number[]): string[] {
  const bytes: number[] = []
  for (const word of words) {
    bytes.push(word & 255, (word >>> 8) & 255)
    if ((word & 3) === 3) bytes.push((word >>> 16) & 255, word >>> 24)
  }
  const texts = disassemble(Uint8Array.from(bytes), BASE)
  expect(texts.length).toBe(words.length)
  const decoded = new Decoded()
  const found: string[] = []
  let pc = BASE
  words.forEach((full, i) => {
    const length = (full & 3) === 3 ? 4 : 2
    const word = length === 2 ? full & 0xffff : full
    const legal = decode(word, decoded)
    const ours = legal ? printInstruction(decoded, pc) : null
    const theirs = nameless(texts[i]!, word)
    const known = DISAGREEMENTS.find(
      d => d.applies(word, length) && (theirs === null ? d.llvm === null : d.llvm?.test(theirs)),
    )
    const agree = known ? legal === known.legal : ours === theirs
    if (!agree || decoded.length !== length) found.push(`${hex(word)}: ${ours} | LLVM: ${theirs}`)
    pc += length
  })
  return found
}

const hex = (word: number) => `0x${(word >>> 0).toString(16)}`

/** A value with many edges: the field's extremes are as likely as the rest. */
function immediate(random: Random): number {
  return random.pick([
    0,
    1,
    -1,
    2047,
    -2048,
    -4096,
    0x7ffff000,
    random.next() | 0,
    random.next() | 0,
    random.next() | 0,
  ])
}

describe('the table', () => {
  it('has rows whose match lies within their mask and that no other row overlaps', () => {
    for (const a of OPCODES) {
      expect((a.match & ~a.mask) >>> 0, a.name).toBe(0)
      for (const b of OPCODES) {
        if (a !== b) expect((a.match ^ b.match) & a.mask & b.mask, `${a.name} ${b.name}`).not.toBe(0)
      }
    }
  })

  it('numbers its rows and names them in Op', () => {
    OPCODES.forEach((row, i) => {
      expect(row.id).toBe(i)
      expect(Op[row.name]).toBe(i)
    })
  })

  it('has exactly the instructions of RV64IMAFD_Zicsr_Zifencei and the extensions behind them', () => {
    const count = { I: 52, Zifencei: 1, Zicsr: 6, M: 13, A: 22, F: 30, D: 32, Zfhmin: 8, Zfa: 15 }
    const bits = { Zba: 8, Zbb: 24, Zbs: 8, Zicond: 2, Zicbom: 2, Zicboz: 1 }
    expect(OPCODES.length).toBe(Object.values({ ...count, ...bits }).reduce((a, b) => a + b))
    expect(new Set(OPCODES.map(row => row.name)).size).toBe(OPCODES.length)
  })
})

describe('32-bit instructions', () => {
  it('of every row with random operands round-trip and print as LLVM prints them', () => {
    const random = new Random(0x51a7)
    const decoded = new Decoded()
    const words: number[] = []
    for (const row of OPCODES) {
      for (let i = 0; i < 48; i++) {
        const rm = row.rm ? random.pick([0, 1, 2, 3, 4, 7]) : random.below(4)
        const imm = immediate(random)
        const fields = {
          rd: random.below(32),
          rs1: random.below(32),
          rs2: random.below(32),
          rs3: random.below(32),
          imm,
          rm,
        }
        const word = encode(row.id, fields)
        words.push(word)
        expect(decode(word, decoded), hex(word)).toBe(true)
        expect(decoded.op, hex(word)).toBe(row.id)
        expect(encode(decoded.op, decoded), row.name).toBe(word)
        if (row.rd) expect(decoded.rd).toBe(fields.rd)
        if (row.rs1) expect(decoded.rs1).toBe(fields.rs1)
        if (row.rs2) expect(decoded.rs2).toBe(fields.rs2)
        if (row.rs3) expect(decoded.rs3).toBe(fields.rs3)
      }
    }
    expect(differences(words)).toEqual([])
  })

  it('of random bits are legal exactly when LLVM says so', () => {
    const random = new Random(0xf00d)
    const words: number[] = []
    for (let i = 0; i < 20000; i++) {
      // Low bits 11111 begin instructions longer than 32 bits, which RV64GC does not have.
      const word = random.next() | 3
      words.push((word & 0x1c) === 0x1c ? (word & ~0x10) >>> 0 : word >>> 0)
    }
    expect(differences(words)).toEqual([])
  })

  it('one bit away from a valid one are legal exactly when LLVM says so', () => {
    const random = new Random(0xb17)
    const words: number[] = []
    for (const row of OPCODES) {
      for (let bit = 2; bit < 32; bit++) {
        const operands = { rd: random.below(32), rs1: random.below(32), rs2: random.below(32), rs3: random.below(32) }
        const word = (encode(row.id, { ...operands, imm: random.next() | 0, rm: random.below(8) }) ^ (1 << bit)) >>> 0
        if ((word & 0x1c) !== 0x1c) words.push(word)
      }
    }
    expect(differences(words)).toEqual([])
  })

  it('part from LLVM in every known disagreement', () => {
    const words = [
      0x8ff0000f, 0x0ff0050f, 0x0001100f, 0x0000108f, 0x0005200f, 0, 0xc0001073, 0x30200073, 0x10500073, 0x12000073,
    ]
    expect(differences(words)).toEqual([])
    for (const { why, applies } of DISAGREEMENTS) {
      expect(
        words.some(word => applies(word, (word & 3) === 3 ? 4 : 2)),
        why,
      ).toBe(true)
    }
  })

  it('longer than 32 bits are illegal', () => {
    const decoded = new Decoded()
    for (const word of [0x1f, 0x3f, 0x7f, 0xffffffff]) expect(decode(word, decoded), hex(word)).toBe(false)
  })
})

describe('compressed instructions', () => {
  it('agree with LLVM on all 49,152 halfwords', () => {
    const words: number[] = []
    for (let half = 0; half < 0x10000; half++) if ((half & 3) !== 3) words.push(half)
    expect(differences(words)).toEqual([])
  })

  it('ignore the upper half of the word', () => {
    const low = new Decoded()
    const high = new Decoded()
    for (const half of [0x0505, 0x8082, 0x9002, 0xbffd]) {
      expect(decode(half, low)).toBe(true)
      expect(decode((half | 0xdead0000) >>> 0, high)).toBe(true)
      expect(high).toEqual(low)
    }
  })

  it('expand to base instructions with the same operands', () => {
    const decoded = new Decoded()
    const base = new Decoded()
    const seen = new Set<number>()
    for (let half = 0; half < 0x10000; half++) {
      if ((half & 3) === 3 || !decode(half, decoded)) continue
      seen.add(decoded.compressed)
      expect(decode(encode(decoded.op, decoded), base)).toBe(true)
      expect({ ...base, length: 2, compressed: decoded.compressed }, hex(half)).toEqual({ ...decoded })
    }
    expect(seen.size).toBe(COMPRESSED.length)
  })
})
