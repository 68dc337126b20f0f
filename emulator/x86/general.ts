/**
 * The forms of the assembler that take general-purpose registers, memory and immediates (Intel SDM vol. 2, chapters 3–5).
 */
import { CODE, CODES, OP_BYTES, OP_LENGTH, pick, refuse } from './codes.ts'
import { ControlFlow } from './control.ts'
import { NONE, RAX, type Size } from './registers.ts'
import { I } from './table.ts'

const { rr, rm, mr, ri, mi, rri, rmi, rrr, rrm, r, m, accumulator } = CODES
const REX = 0x40
const SETCC = 0x0190
const CMOV = 0x0140
const JMP_REGISTER = 0x40ff
const CALL_REGISTER = 0x20ff
const MOV_IMMEDIATE = 0xb8
const MOV_IMMEDIATE_BYTE = 0xb1

/** The immediate as a signed number of `size` bytes; of 8 bytes only what a sign-extended imm32 holds. */
function signed(size: number, imm: number): number {
  const value = size === 1 ? (imm << 24) >> 24 : size === 2 ? (imm << 16) >> 16 : imm | 0
  if (value === imm) return value
  if (size !== 8 && imm >= 0 && imm === (size === 4 ? value >>> 0 : value & (size === 1 ? 0xff : 0xffff))) return value
  throw new RangeError(`immediate ${imm} does not fit an operand of ${size} bytes`)
}

const isByte = (value: number) => value === (value << 24) >> 24
/** REX prefix that makes byte register numbers 4–7 mean spl, bpl, sil, dil. */
const byteRex = (size: number, register: number) => (size === 1 && register > 3 ? REX : 0)

export class GeneralForms extends ControlFlow {
  /** dst ← dst op src */
  rr(i: number, size: Size, dst: number, src: number): void {
    const code = pick(rr, i, size, 'rr')
    const encoding = code & CODE.ENCODING
    if (code & CODE.VEX) {
      this.vexRegister(code, size >> 3, (code >> 12) & 7, dst, src)
    } else if (i === I.xchg && size !== 1 && (dst === RAX || src === RAX) && (dst !== src || size !== 4)) {
      this.legacyOpcode(accumulator[i]!, size, dst | src, 0)
    } else if (encoding === CODE.MR) {
      this.legacyRegister(code, size, src, dst, byteRex(size, dst) | byteRex(size, src))
    } else {
      const rex = code & CODE.BYTE_RM ? byteRex(1, src) : byteRex(size, dst) | byteRex(size, src)
      this.legacyRegister(code, size, dst, src, rex)
    }
  }

  /** dst ← dst op imm. The immediate is signed or unsigned in the operand size; of 8 bytes it is a signed imm32. */
  ri(i: number, size: Size, dst: number, imm: number): void {
    const code = pick(ri, i, size, 'ri')
    if (i === I.mov) {
      this.#movImmediate(size, dst, imm)
      return
    }
    const value = code & CODE.IMM8 ? imm : signed(size, imm)
    const short = accumulator[i]!
    if (dst === RAX && short !== 0 && (size === 1 || !((code & CODE.SHORT) !== 0 && isByte(value)))) {
      this.legacyOpcode(short, size, 0, 0)
      this.#immediate(size, value)
      return
    }
    const form = this.#immediateForm(code, size, value)
    this.legacyRegister(form, size, (code >> 12) & 7, dst, byteRex(size, dst))
    this.#immediateOf(form, size, value)
  }

  /** dst ← dst op memory */
  rm(i: number, size: Size, dst: number, base: number, disp: number, index: number = NONE, scale: number = 1): void {
    const code = pick(rm, i, size, 'rm')
    if (code & CODE.VEX) this.vexMemory(code, size >> 3, (code >> 12) & 7, dst, base, disp, index, scale)
    else this.legacyMemory(code, size, dst, byteRex(size, dst), base, disp, index, scale)
  }

  /** memory ← memory op src */
  mr(i: number, size: Size, base: number, disp: number, src: number, index: number = NONE, scale: number = 1): void {
    this.legacyMemory(pick(mr, i, size, 'mr'), size, src, byteRex(size, src), base, disp, index, scale)
  }

  /** memory ← memory op imm */
  mi(i: number, size: Size, base: number, disp: number, imm: number, index: number = NONE, scale: number = 1): void {
    const code = pick(mi, i, size, 'mi')
    const value = code & CODE.IMM8 ? imm : signed(size, imm)
    const form = this.#immediateForm(code, size, value)
    this.legacyMemory(form, size, (code >> 12) & 7, 0, base, disp, index, scale)
    this.#immediateOf(form, size, value)
  }

  /** dst ← src op imm: imul, rorx */
  rri(i: number, size: Size, dst: number, src: number, imm: number): void {
    const code = pick(rri, i, size, 'rri')
    const value = code & CODE.IMM8 ? imm : signed(size, imm)
    const form = this.#immediateForm(code, size, value)
    if (code & CODE.VEX) this.vexRegister(code, size >> 3, dst, 0, src)
    else this.legacyRegister(form, size, dst, src, 0)
    this.#immediateOf(form, size, value)
  }

  /** dst ← memory op imm: imul, rorx */
  rmi(
    i: number,
    size: Size,
    dst: number,
    base: number,
    disp: number,
    imm: number,
    index: number = NONE,
    scale: number = 1,
  ): void {
    const code = pick(rmi, i, size, 'rmi')
    const value = code & CODE.IMM8 ? imm : signed(size, imm)
    const form = this.#immediateForm(code, size, value)
    if (code & CODE.VEX) this.vexMemory(code, size >> 3, dst, 0, base, disp, index, scale)
    else this.legacyMemory(form, size, dst, 0, base, disp, index, scale)
    this.#immediateOf(form, size, value)
  }

  /** dst ← src1 op src2: shlx, shrx, sarx, bzhi, bextr (src2 the count), andn, pdep, pext; mulx dst:src1 ← rdx * src2 */
  rrr(i: number, size: Size, dst: number, src1: number, src2: number): void {
    const code = pick(rrr, i, size, 'rrr')
    if ((code & CODE.ENCODING) === CODE.RMV) this.vexRegister(code, size >> 3, dst, src2, src1)
    else this.vexRegister(code, size >> 3, dst, src1, src2)
  }

  /** As `rrr` with one source in memory: the first of shlx, shrx, sarx, bzhi and bextr, the last of the others. */
  rrm(
    i: number,
    size: Size,
    dst: number,
    src: number,
    base: number,
    disp: number,
    index: number = NONE,
    scale: number = 1,
  ): void {
    this.vexMemory(pick(rrm, i, size, 'rrm'), size >> 3, dst, src, base, disp, index, scale)
  }

  /** One register operand. */
  r(i: number, size: Size, dst: number): void {
    const code = pick(r, i, size, 'r')
    if (i === I.bswap || i === I.push || i === I.pop) this.legacyOpcode(code, size, dst, 0)
    else this.legacyRegister(code, size, (code >> 12) & 7, dst, byteRex(size, dst))
  }

  /** One memory operand. */
  m(i: number, size: Size, base: number, disp: number, index: number = NONE, scale: number = 1): void {
    const code = pick(m, i, size, 'm')
    this.legacyMemory(code, size, (code >> 12) & 7, 0, base, disp, index, scale)
  }

  /** No operands. */
  op(i: number): void {
    this.room()
    const length = OP_LENGTH[i]! || refuse(i, 'op')
    for (let word = OP_BYTES[i]!, left = length; left > 0; left--, word >>>= 8) this.bytes[this.pos++] = word
  }

  /** The LOCK prefix of the instruction that follows. */
  lock(): void {
    this.byte(0xf0)
  }

  /** dst ← the 64-bit value of two 32-bit halves of any sign, in 5, 7 or 10 bytes; flags stay. */
  movImm64(dst: number, lo: number, hi: number): void {
    const low = lo | 0
    const upper = hi | 0
    if (upper === 0) {
      this.#movImmediate(4, dst, low)
    } else if (upper === low >> 31) {
      this.#movImmediate(8, dst, low)
    } else {
      this.legacyOpcode(MOV_IMMEDIATE, 8, dst, 0)
      this.put32(low)
      this.put32(upper)
    }
  }

  /** Pushes a sign-extended imm32 as 8 bytes. */
  pushImm(imm: number): void {
    const value = signed(8, imm)
    this.byte(isByte(value) ? 0x6a : 0x68)
    if (isByte(value)) this.byte(value)
    else this.dword(value)
  }

  // Indirect control flow and conditions

  jmpR(register: number): void {
    this.legacyRegister(JMP_REGISTER, 4, 4, register, 0)
  }
  callR(register: number): void {
    this.legacyRegister(CALL_REGISTER, 4, 2, register, 0)
  }
  ret(): void {
    this.byte(0xc3)
  }
  /** Sets the byte register to 0 or 1. */
  setcc(cond: number, dst: number): void {
    this.legacyRegister(SETCC | cond, 4, 0, dst, byteRex(1, dst))
  }
  /** A size of 4 clears the upper half of dst even when the condition is false. */
  cmov(cond: number, size: Size, dst: number, src: number): void {
    this.legacyRegister(CMOV | cond, size, dst, src, 0)
  }
  cmovM(
    cond: number,
    size: Size,
    dst: number,
    base: number,
    disp: number,
    index: number = NONE,
    scale: number = 1,
  ): void {
    this.legacyMemory(CMOV | cond, size, dst, 0, base, disp, index, scale)
  }

  /** mov of an immediate; 8 bytes of a value that is not negative are written as 4, which zero-extend. */
  #movImmediate(size: Size, dst: number, imm: number): void {
    const value = signed(size, imm)
    if (size === 8 && value < 0) {
      this.legacyRegister(ri[I.mov]!, 8, 0, dst, 0)
      this.put32(value)
    } else if (size === 1) {
      this.legacyOpcode(MOV_IMMEDIATE_BYTE, 1, dst, byteRex(1, dst))
      this.bytes[this.pos++] = value
    } else {
      this.legacyOpcode(MOV_IMMEDIATE, size === 8 ? 4 : size, dst, 0)
      this.#immediate(size, value)
    }
  }

  /** The code with the opcode for this immediate: that of a sign-extended byte, or of the immediate 1, when it fits. */
  #immediateForm(code: number, size: number, value: number): number {
    if (code & CODE.SHORT && size !== 1 && isByte(value)) return code | 2 | CODE.IMM8
    return code & CODE.ONE && value === 1 ? code | 0x10 : code
  }

  #immediateOf(code: number, size: number, value: number): void {
    if (code & CODE.ONE && value === 1) return
    if (code & CODE.IMM8) this.bytes[this.pos++] = value
    else this.#immediate(size, value)
  }

  #immediate(size: number, value: number): void {
    if (size < 4) {
      this.bytes[this.pos++] = value
      if (size === 2) this.bytes[this.pos++] = value >> 8
    } else {
      this.put32(value)
    }
  }
}
