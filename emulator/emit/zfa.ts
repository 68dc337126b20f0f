/** Zfa: constants, minimum and maximum with NaNs, rounding to integers, quiet comparisons (ISA manual 20240411, chapter 23). */
import { stateSlot, TEMP, XTEMP, XTEMP2 } from '../convention.ts'
import { fliBits } from '../riscv/table.ts'
import { Cond, I, RBP } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import { both, compare, minimum, operand } from './float.ts'
import type { Handler } from './handler.ts'
import { NEAREST_MAX, QUIET, roundingImmediate, roundQuietly, TOWARD_ZERO } from './rounding.ts'

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

/** fround, and froundnx, which raises NX. */
function integral(double: boolean, quiet: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const a = operand(e, ir.rs1[i]!, double, XTEMP)
    if (ir.rm[i] === NEAREST_MAX) {
      integralToMaxMagnitude(e, double, quiet, a)
      return e.putFloat(i, ir.rd[i]!, XTEMP2)
    }
    const rounding = roundingImmediate(e, i)
    const d = e.targetFp(ir.rd[i]!)
    asm.vrrri(double ? I.vroundsd : I.vroundss, d, a, a, quiet ? rounding | QUIET : rounding)
    e.putFloat(i, ir.rd[i]!, d)
  }
}

/** xmm15 = a rounded. What is an integer, infinite or a NaN stays as it is. */
function integralToMaxMagnitude(e: Emitter, double: boolean, quiet: boolean, a: number): void {
  const { asm } = e
  const done = asm.label()
  roundQuietly(e, TOWARD_ZERO, double, a)
  asm.vrr(double ? I.vucomisd : I.vucomiss, XTEMP2, a)
  asm.jcc(Cond.e, done)
  roundQuietly(e, NEAREST_MAX, double, a)
  if (!quiet) asm.mi(I.or, 1, RBP, stateSlot('fflags'), 1)
  asm.bind(done)
}

export const zfaHandlers = {
  ...both('fli', constant),
  ...both('fminm', d => minimum(true, d, false)),
  ...both('fmaxm', d => minimum(false, d, false)),
  ...both('fround', d => integral(d, true)),
  ...both('froundnx', d => integral(d, false)),
  ...both('fltq', d => compare('lt', d, true)),
  ...both('fleq', d => compare('le', d, true)),
} satisfies Record<string, Handler>
