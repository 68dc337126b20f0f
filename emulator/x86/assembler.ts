/**
 * The x86-64 assembler. A method is a form of operands; its first argument is a row id of {@link I}, and the row knows
 * the opcode of that form (`table.ts`). Encodings are the shortest for what was asked: one-byte immediates and
 * displacements, no REX without need, VEX of two bytes where possible, the accumulator's forms.
 *
 * A memory operand is `base, disp, index?, scale?`: base + index * scale + disp. The base RIPREL counts from the end of
 * the instruction. Byte registers 4–7 are spl, bpl, sil, dil, never ah–bh.
 * Operands that do not exist (a form that the row lacks, a size, an immediate out of range) throw a RangeError.
 *
 * This file has the vector forms, all VEX-encoded, scalar or of 128 bits, of 256 where a row's name says so; `general.ts` has the general-purpose ones,
 * `control.ts` labels and jumps, `encoder.ts` the bytes.
 */
import { CODE, CODES, pick, pickVector } from './codes.ts'
import { GeneralForms } from './general.ts'
import { NONE, type Size } from './registers.ts'

export * from './registers.ts'
export { I, MNEMONICS } from './table.ts'

const { vrr, vrm, vmr, vrri, vrrr, vrrm, vrrri, vrrmi, xg, xm, gx, gm } = CODES

export class Assembler extends GeneralForms {
  vrr(i: number, dst: number, src: number): void {
    const code = pickVector(vrr, i, 'vrr')
    // A move from xmm8–15 to xmm0–7 is shorter as a store: ModRM.reg is extended in the two-byte VEX prefix, ModRM.rm not.
    if (src > 7 && dst < 8 && vmr[i] !== 0) this.vexRegister(vmr[i]!, 0, src, 0, dst)
    else this.vexRegister(code, 0, dst, 0, src)
  }

  vrm(i: number, dst: number, base: number, disp: number, index: number = NONE, scale: number = 1): void {
    this.vexMemory(pickVector(vrm, i, 'vrm'), 0, dst, 0, base, disp, index, scale)
  }

  vmr(i: number, base: number, disp: number, src: number, index: number = NONE, scale: number = 1): void {
    this.vexMemory(pickVector(vmr, i, 'vmr'), 0, src, 0, base, disp, index, scale)
  }

  vrrr(i: number, dst: number, src1: number, src2: number): void {
    const code = pickVector(vrrr, i, 'vrrr')
    const w = (code >> 15) & 1
    if (src2 > 7 && src1 < 8 && code & CODE.COMMUTES) this.vexRegister(code, w, dst, src2, src1)
    else if (src2 > 7 && dst < 8 && vmr[i] !== 0) this.vexRegister(vmr[i]!, w, src2, src1, dst)
    else this.vexRegister(code, w, dst, src1, src2)
  }

  vrrm(
    i: number,
    dst: number,
    src1: number,
    base: number,
    disp: number,
    index: number = NONE,
    scale: number = 1,
  ): void {
    const code = pickVector(vrrm, i, 'vrrm')
    this.vexMemory(code, (code >> 15) & 1, dst, src1, base, disp, index, scale)
  }

  /** `imm8` of vblendvps and vblendvpd is the register of the mask; src2 of vpinsrd and vpinsrq is general-purpose. */
  vrrri(i: number, dst: number, src1: number, src2: number, imm8: number): void {
    const code = pickVector(vrrri, i, 'vrrri')
    this.vexRegister(code, (code >> 15) & 1, dst, src1, src2)
    this.bytes[this.pos++] = code & CODE.IS4 ? imm8 << 4 : imm8
  }

  vrrmi(
    i: number,
    dst: number,
    src1: number,
    base: number,
    disp: number,
    imm8: number,
    index: number = NONE,
    scale: number = 1,
  ): void {
    const code = pickVector(vrrmi, i, 'vrrmi')
    this.vexMemory(code, (code >> 15) & 1, dst, src1, base, disp, index, scale)
    this.bytes[this.pos++] = code & CODE.IS4 ? imm8 << 4 : imm8
  }

  /** dst of vpextrd and vpextrq is general-purpose. */
  vrri(i: number, dst: number, src: number, imm8: number): void {
    const code = pickVector(vrri, i, 'vrri')
    const encoding = code & CODE.ENCODING
    const w = (code >> 15) & 1
    if (encoding === CODE.VM) this.vexRegister(code, w, (code >> 12) & 7, dst, src)
    else if (encoding === CODE.MR) this.vexRegister(code, w, src, 0, dst)
    else this.vexRegister(code, w, dst, 0, src)
    this.bytes[this.pos++] = imm8
  }

  /** xmm ← general-purpose register of `size` bytes. The conversions take the upper half from the old xmm. */
  xg(i: number, size: Size, xmm: number, gpr: number): void {
    const code = pick(xg, i, size, 'xg')
    this.vexRegister(code, size >> 3, xmm, xm[i] !== 0 ? xmm : 0, gpr)
  }

  /** xmm ← integer of `size` bytes in memory, converted. */
  xm(i: number, size: Size, xmm: number, base: number, disp: number, index: number = NONE, scale: number = 1): void {
    this.vexMemory(pick(xm, i, size, 'xm'), size >> 3, xmm, xmm, base, disp, index, scale)
  }

  /** General-purpose register of `size` bytes ← xmm. */
  gx(i: number, size: Size, gpr: number, xmm: number): void {
    const code = pick(gx, i, size, 'gx')
    if ((code & CODE.ENCODING) === CODE.MR) this.vexRegister(code, size >> 3, xmm, 0, gpr)
    else this.vexRegister(code, size >> 3, gpr, 0, xmm)
  }

  /** General-purpose register of `size` bytes ← floating-point number in memory, converted. */
  gm(i: number, size: Size, gpr: number, base: number, disp: number, index: number = NONE, scale: number = 1): void {
    this.vexMemory(pick(gm, i, size, 'gm'), size >> 3, gpr, 0, base, disp, index, scale)
  }
}
