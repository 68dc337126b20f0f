/** Zfa: constants, minimum and maximum with NaNs, rounding to integers, quiet comparisons (ISA manual 20240411, chapter 23). */
import { TEMP, XTEMP } from '../convention.ts'
import { fliBits } from '../riscv/table.ts'
import { I } from '../x86/assembler.ts'
import { both, compare, minimum, roundingImmediate } from './float.ts'
import type { Handler } from './handler.ts'

function constant(double: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const x = e.targetFp(ir.rd[i]!)
    const bits = fliBits(ir.imm[i]!, double)
    asm.movImm64(TEMP, Number(BigInt.asIntN(32, bits)), Number(bits >> 32n))
    asm.xg(double ? I.vmovq : I.vmovd, double ? 8 : 4, x, TEMP)
    e.putFloat(i, ir.rd[i]!, x)
  }
}

/** Bit 3 of the immediate keeps an inexact result from raising the flag: fround's, not froundnx's. */
function integral(double: boolean, quiet: 0 | 8): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rounding = roundingImmediate(e, i)
    const a = double ? e.double(ir.rs1[i]!, XTEMP) : e.single(ir.rs1[i]!, XTEMP)
    const d = e.targetFp(ir.rd[i]!)
    asm.vrrri(double ? I.vroundsd : I.vroundss, d, a, a, rounding | quiet)
    e.putFloat(i, ir.rd[i]!, d)
  }
}

export const zfaHandlers = {
  ...both('fli', constant),
  ...both('fminm', d => minimum(true, d, false)),
  ...both('fmaxm', d => minimum(false, d, false)),
  ...both('fround', d => integral(d, 8)),
  ...both('froundnx', d => integral(d, 0)),
  ...both('fltq', d => compare('lt', d, true)),
  ...both('fleq', d => compare('le', d, true)),
} satisfies Record<string, Handler>
