/**
 * The byte level of the assembler: the growing buffer, prefixes, opcodes, ModRM, SIB and displacements (Intel SDM vol. 2,
 * chapter 2). Nothing here allocates but the growth of the buffer.
 */
import { CODE } from './codes.ts'
import { NONE, RIPREL, RSP } from './registers.ts'

/** Room that every instruction asks for: 15 bytes, and the nops that align its field. */
const ROOM = 32
const PREFIX_BYTES = Uint8Array.of(0, 0x66, 0xf3, 0xf2)

/** The recommended multi-byte nops of 1 to 9 bytes (SDM vol. 2, NOP); the nop of n bytes starts at n * (n - 1) / 2. */
const LONGEST_NOP = 9
// biome-ignore format: a line a nop
const NOPS = Uint8Array.of(
  0x90,
  0x66, 0x90,
  0x0f, 0x1f, 0x00,
  0x0f, 0x1f, 0x40, 0x00,
  0x0f, 0x1f, 0x44, 0x00, 0x00,
  0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,
  0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00,
  0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00,
  0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00,
)

/** Bit 3 of a register number; 0 for NONE and RIPREL. */
const high = (register: number) => (register > 7 && register < 16 ? 1 : 0)

export class Encoder {
  /** The code is `bytes[0..pos)`. Growing replaces the array, so it is not to be kept across instructions. */
  bytes: Uint8Array
  pos = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.max(capacity, ROOM))
  }

  byte(value: number): void {
    this.room()
    this.bytes[this.pos++] = value
  }

  /** The low 32 bits of `value`, little-endian. */
  dword(value: number): void {
    this.room()
    this.put32(value)
  }

  /** Pads with nops until the position is a multiple of `n`, a power of two. */
  align(n: number): void {
    this.pad(-this.pos & (n - 1))
  }

  /** Emits nops of `count` bytes in total, as few instructions as possible. */
  pad(count: number): void {
    for (let left = count; left > 0; ) {
      this.room()
      const length = Math.min(left, LONGEST_NOP)
      const start = (length * (length - 1)) >> 1
      for (let at = 0; at < length; at++) this.bytes[this.pos++] = NOPS[start + at]!
      left -= length
    }
  }

  protected room(): void {
    if (this.pos + ROOM <= this.bytes.length) return
    const grown = new Uint8Array(this.bytes.length * 2)
    grown.set(this.bytes)
    this.bytes = grown
  }

  protected put32(value: number): void {
    const { bytes, pos } = this
    bytes[pos] = value
    bytes[pos + 1] = value >> 8
    bytes[pos + 2] = value >> 16
    bytes[pos + 3] = value >> 24
    this.pos = pos + 4
  }

  /** Legacy instruction with ModRM.rm = register `rm`; `rex` is 0x40 where a byte register needs a REX prefix. */
  protected legacyRegister(code: number, size: number, reg: number, rm: number, rex: number): void {
    this.legacyHead(code, size, rex | ((reg & 8) >> 1) | (rm >> 3))
    this.bytes[this.pos++] = 0xc0 | ((reg & 7) << 3) | (rm & 7)
  }

  /** Legacy instruction whose register is in the low bits of the opcode. */
  protected legacyOpcode(code: number, size: number, register: number, rex: number): void {
    this.legacyHead(code, size, rex | (register >> 3))
    this.bytes[this.pos - 1]! |= register & 7
  }

  protected legacyMemory(
    code: number,
    size: number,
    reg: number,
    rex: number,
    base: number,
    disp: number,
    index: number,
    scale: number,
  ): void {
    this.legacyHead(code, size, rex | ((reg & 8) >> 1) | (high(index) << 1) | high(base))
    this.memory(reg, base, disp, index, scale)
  }

  protected vexRegister(code: number, w: number, reg: number, vvvv: number, rm: number): void {
    this.vexHead(code, w, reg, vvvv, 0, rm >> 3)
    this.bytes[this.pos++] = 0xc0 | ((reg & 7) << 3) | (rm & 7)
  }

  protected vexMemory(
    code: number,
    w: number,
    reg: number,
    vvvv: number,
    base: number,
    disp: number,
    index: number,
    scale: number,
  ): void {
    this.vexHead(code, w, reg, vvvv, high(index), high(base))
    this.memory(reg, base, disp, index, scale)
  }

  private legacyHead(code: number, size: number, rexBits: number): void {
    this.room()
    const { bytes } = this
    let p = this.pos
    if (size === 2) bytes[p++] = 0x66
    const prefix = (code >> 10) & 3
    if (prefix !== 0) bytes[p++] = PREFIX_BYTES[prefix]!
    const rex = size === 8 && (code & CODE.D64) === 0 ? rexBits | 8 : rexBits
    if (rex !== 0) bytes[p++] = rex | 0x40
    const map = (code >> 8) & 3
    if (map !== 0) {
      bytes[p++] = 0x0f
      if (map !== 1) bytes[p++] = map === 2 ? 0x38 : 0x3a
    }
    bytes[p++] = size === 1 ? (code & 0xff) - 1 : code
    this.pos = p
  }

  /** VEX prefix of two bytes where W, X and B are clear and the map is 0F, else of three (SDM vol. 2, 2.3.5). */
  private vexHead(code: number, w: number, reg: number, vvvv: number, x: number, b: number): void {
    this.room()
    const { bytes } = this
    let p = this.pos
    const map = (code >> 8) & 3
    const low = ((vvvv ^ 15) << 3) | ((code & CODE.WIDE) >> 24) | ((code >> 10) & 3)
    const r = reg < 8 ? 0x80 : 0
    if (map === 1 && (w | x | b) === 0) {
      bytes[p++] = 0xc5
      bytes[p++] = r | low
    } else {
      bytes[p++] = 0xc4
      bytes[p++] = r | ((x ^ 1) << 6) | ((b ^ 1) << 5) | map
      bytes[p++] = (w << 7) | low
    }
    bytes[p++] = code
    this.pos = p
  }

  /** ModRM, SIB and displacement. rbp and r13 have no form without displacement, rsp and r12 none without SIB. */
  private memory(reg: number, base: number, disp: number, index: number, scale: number): void {
    if (disp !== (disp | 0)) throw new RangeError(`displacement ${disp} does not fit 32 bits`)
    const { bytes } = this
    let p = this.pos
    const field = (reg & 7) << 3
    const full = base === RIPREL || base === NONE
    const width = full ? 0x80 : disp === 0 && (base & 7) !== 5 ? 0 : disp === (disp << 24) >> 24 ? 0x40 : 0x80
    if (base === RIPREL) {
      if (index !== NONE) throw new RangeError('a rip-relative operand has no index')
      bytes[p++] = field | 5
    } else if (index === NONE && base !== NONE && (base & 7) !== 4) {
      bytes[p++] = width | field | (base & 7)
    } else {
      if (index === RSP) throw new RangeError('rsp can not be an index')
      bytes[p++] = (full ? 0 : width) | field | 4
      const scaleBits = (31 - Math.clz32(scale)) << 6
      bytes[p++] = (index === NONE ? 0x20 : scaleBits | ((index & 7) << 3)) | (base === NONE ? 5 : base & 7)
    }
    if (width === 0x40) bytes[p++] = disp
    this.pos = p
    if (width === 0x80) this.put32(disp)
  }
}
