/**
 * The decoder: a word to an operation and operands, without allocation. It runs once for every instruction translated.
 *
 * A 32-bit word's key is its major opcode and funct3 (8 bits): few candidate rows but for floating point, and a table that
 * takes no time to build when ferry starts. A 16-bit word's key is its quadrant and its upper six bits. Legality is the ISA manual's: what it reserves is illegal, hints are legal.
 * Whether a CSR exists and may be written is known only when the instruction runs, so any CSR number decodes.
 */
import { buildBuckets, END } from './buckets.ts'
import { COMPRESSED, COMPRESSED_IMMEDIATES, type RegisterSource } from './compressed.ts'
import { type ImmediateKind, OPCODES, Op } from './table.ts'

/** A decoded instruction. Operands that the row does not have are 0. Whether a register is an x or an f register, the row says. */
export class Decoded {
  /** Row index in OPCODES; a compressed instruction has that of the base instruction it expands to. */
  op = 0
  rd = 0
  rs1 = 0
  rs2 = 0
  rs3 = 0
  /**
   * The sign-extended immediate. lui and auipc: already shifted, a signed 32-bit value. Branches and jal: byte offset from pc.
   * CSR instructions: the CSR's number, and the unsigned 5-bit immediate of the immediate forms is in `rs1`.
   * fence: fm, pred, succ in 12 bits.
   */
  imm = 0
  /** Rounding mode (0–4, or 7 for fcsr.frm); for atomics aq in bit 1 and rl in bit 0. */
  rm = 0
  /** Bytes: 2 or 4. */
  length = 4
  /** Row index in COMPRESSED, or -1 for a 32-bit instruction. */
  compressed = -1
}

const MATCH = Int32Array.from(OPCODES, row => row.match)
const MASK = Int32Array.from(OPCODES, row => row.mask)
const RD = Uint8Array.from(OPCODES, row => (row.rd ? 31 : 0))
const RS1 = Uint8Array.from(OPCODES, row => (row.rs1 || row.imm === 'csri' ? 31 : 0))
const RS2 = Uint8Array.from(OPCODES, row => (row.rs2 ? 31 : 0))
const RS3 = Uint8Array.from(OPCODES, row => (row.rs3 ? 31 : 0))
const ATOMIC = new Set(['lr', 'sc', 'amo'])
/** `(word >>> RM_SHIFT) & RM_MASK`: rounding mode, or aq and rl. */
const RM_SHIFT = Uint8Array.from(OPCODES, row => (row.rm ? 12 : 25))
const RM_MASK = Uint8Array.from(OPCODES, row => (row.rm ? 7 : ATOMIC.has(row.access) ? 3 : 0))
/** Bit n is set when `rm` must not be n: the reserved rounding modes 5 and 6. */
const RM_RESERVED = Uint8Array.from(OPCODES, row => (row.rm ? 0x60 : 0))
const KINDS: Readonly<Record<ImmediateKind, number>> = {
  '': 0,
  i: 1,
  s: 2,
  b: 3,
  u: 4,
  j: 5,
  shamt6: 6,
  shamt5: 7,
  csr: 8,
  csri: 8,
  fence: 8,
  fli: 9,
}
const KIND = Uint8Array.from(OPCODES, row => KINDS[row.imm])

const WORDS = buildBuckets(OPCODES, 8, 5, key => 3 | ((key & 31) << 2) | (((key >>> 5) & 7) << 12))
const WORD_STARTS = WORDS.starts
const WORD_LISTS = WORDS.lists

const HALVES = buildBuckets(COMPRESSED, 8, 2, key => (key & 3) | ((key >>> 2) << 10))
const HALF_STARTS = HALVES.starts
const HALF_LISTS = HALVES.lists
const HALF_MATCH = Uint16Array.from(COMPRESSED, row => row.match)
const HALF_MASK = Uint16Array.from(COMPRESSED, row => row.mask)
const HALF_NONZERO = Uint16Array.from(COMPRESSED, row => row.nonzero)
const HALF_OP = Uint8Array.from(COMPRESSED, row => Op[row.expands])
const HALF_KIND = Uint8Array.from(COMPRESSED, row => COMPRESSED_IMMEDIATES.indexOf(row.imm))
/** A register source in one number: shift, mask << 8, add << 16. */
const pack = (source: RegisterSource) => source.shift | (source.mask << 8) | (source.add << 16)
const HALF_RD = Uint32Array.from(COMPRESSED, row => pack(row.rd))
const HALF_RS1 = Uint32Array.from(COMPRESSED, row => pack(row.rs1))
const HALF_RS2 = Uint32Array.from(COMPRESSED, row => pack(row.rs2))

/**
 * Decodes the instruction whose bytes, little-endian, are `word` (only the lower half counts when it is a compressed one).
 * Returns false, with `into` in no particular state but for `length`, when it is illegal.
 */
export function decode(word: number, into: Decoded): boolean {
  if ((word & 3) !== 3) return decodeHalf(word & 0xffff, into)
  into.length = 4
  into.compressed = -1
  const key = ((word >>> 2) & 31) | ((word >>> 7) & 0xe0)
  let at = WORD_STARTS[key]!
  let op = WORD_LISTS[at]!
  while (op !== END) {
    if ((word & MASK[op]!) === MATCH[op]!) {
      into.op = op
      into.rd = (word >>> 7) & RD[op]!
      into.rs1 = (word >>> 15) & RS1[op]!
      into.rs2 = (word >>> 20) & RS2[op]!
      into.rs3 = (word >>> 27) & RS3[op]!
      into.rm = (word >>> RM_SHIFT[op]!) & RM_MASK[op]!
      into.imm = immediate(KIND[op]!, word | 0)
      return ((RM_RESERVED[op]! >>> into.rm) & 1) === 0
    }
    op = WORD_LISTS[++at]!
  }
  return false
}

/** The immediate of a 32-bit word; the cases are the values of KINDS, the pictures ISA manual figure 2.4. */
function immediate(kind: number, word: number): number {
  switch (kind) {
    case 1: // i
      return word >> 20
    case 2: // s
      return ((word >> 25) << 5) | ((word >>> 7) & 31)
    case 3: // b
      return ((word >> 31) << 12) | ((word << 4) & 0x800) | ((word >>> 20) & 0x7e0) | ((word >>> 7) & 0x1e)
    case 4: // u
      return word & ~0xfff
    case 5: // j
      return ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe)
    case 6: // shamt6
      return (word >>> 20) & 63
    case 7: // shamt5
      return (word >>> 20) & 31
    case 8: // csr, csri, fence
      return word >>> 20
    case 9: // fli
      return (word >>> 15) & 31
    default:
      return 0
  }
}

function decodeHalf(half: number, into: Decoded): boolean {
  into.length = 2
  let at = HALF_STARTS[(half & 3) | ((half >>> 8) & 0xfc)]!
  let row = HALF_LISTS[at]!
  while (row !== END) {
    if ((half & HALF_MASK[row]!) === HALF_MATCH[row]!) {
      const nonzero = HALF_NONZERO[row]!
      if (nonzero === 0 || (half & nonzero) !== 0) {
        into.compressed = row
        into.op = HALF_OP[row]!
        into.rd = register(HALF_RD[row]!, half)
        into.rs1 = register(HALF_RS1[row]!, half)
        into.rs2 = register(HALF_RS2[row]!, half)
        into.rs3 = 0
        into.rm = 0
        into.imm = compressedImmediate(HALF_KIND[row]!, half)
        return true
      }
    }
    row = HALF_LISTS[++at]!
  }
  return false
}

function register(source: number, half: number): number {
  return ((half >>> (source & 31)) & ((source >>> 8) & 31)) + (source >>> 16)
}

/** The immediate of a 16-bit word; the cases are the places in COMPRESSED_IMMEDIATES, the pictures ISA manual tables 16.5–16.7. */
function compressedImmediate(kind: number, half: number): number {
  switch (kind) {
    case 1: // imm6: [12] 5, [6:2] 4:0
      return (((half << 19) >> 31) << 5) | ((half >>> 2) & 31)
    case 2: // shamt: the same, unsigned
      return ((half >>> 7) & 32) | ((half >>> 2) & 31)
    case 3: // lui: [12] 17, [6:2] 16:12
      return (((half << 19) >> 31) << 17) | ((half << 10) & 0x1f000)
    case 4: // addi16sp: [12] 9, [6] 4, [5] 6, [4:3] 8:7, [2] 5
      return (
        (((half << 19) >> 31) << 9) |
        ((half >>> 2) & 0x10) |
        ((half << 1) & 0x40) |
        ((half << 4) & 0x180) |
        ((half << 3) & 0x20)
      )
    case 5: // addi4spn: [12:11] 5:4, [10:7] 9:6, [6] 2, [5] 3
      return ((half >>> 7) & 0x30) | ((half >>> 1) & 0x3c0) | ((half >>> 4) & 4) | ((half >>> 2) & 8)
    case 6: // lw: [12:10] 5:3, [6] 2, [5] 6
      return ((half >>> 7) & 0x38) | ((half >>> 4) & 4) | ((half << 1) & 0x40)
    case 7: // ld: [12:10] 5:3, [6:5] 7:6
      return ((half >>> 7) & 0x38) | ((half << 1) & 0xc0)
    case 8: // lwsp: [12] 5, [6:4] 4:2, [3:2] 7:6
      return ((half >>> 7) & 0x20) | ((half >>> 2) & 0x1c) | ((half << 4) & 0xc0)
    case 9: // ldsp: [12] 5, [6:5] 4:3, [4:2] 8:6
      return ((half >>> 7) & 0x20) | ((half >>> 2) & 0x18) | ((half << 4) & 0x1c0)
    case 10: // swsp: [12:9] 5:2, [8:7] 7:6
      return ((half >>> 7) & 0x3c) | ((half >>> 1) & 0xc0)
    case 11: // sdsp: [12:10] 5:3, [9:7] 8:6
      return ((half >>> 7) & 0x38) | ((half >>> 1) & 0x1c0)
    case 12: // jump: [12] 11, [11] 4, [10:9] 9:8, [8] 10, [7] 6, [6] 7, [5:3] 3:1, [2] 5
      return (
        (((half << 19) >> 31) << 11) |
        ((half >>> 7) & 0x10) |
        ((half >>> 1) & 0x300) |
        ((half << 2) & 0x400) |
        ((half >>> 1) & 0x40) |
        ((half << 1) & 0x80) |
        ((half >>> 2) & 0xe) |
        ((half << 3) & 0x20)
      )
    case 13: // branch: [12] 8, [11:10] 4:3, [6:5] 7:6, [4:3] 2:1, [2] 5
      return (
        (((half << 19) >> 31) << 8) |
        ((half >>> 7) & 0x18) |
        ((half << 1) & 0xc0) |
        ((half >>> 2) & 6) |
        ((half << 3) & 0x20)
      )
    case 14: // lbu: [6] 0, [5] 1
      return ((half >>> 6) & 1) | ((half >>> 4) & 2)
    case 15: // lhu: [5] 1
      return (half >>> 4) & 2
    case 16: // byte
      return 0xff
    case 17: // ones
      return -1
    default:
      return 0
  }
}
