/**
 * Rounding modes (ISA manual §11.2). MXCSR holds frm, so that dynamic rounding costs nothing; a static mode is in an immediate where the host's
 * instruction has one, or MXCSR is changed around the instruction. The host has no rounding to nearest with ties to max magnitude.
 */
import { stateSlot, TEMP, TEMP2, XTEMP2 } from '../convention.ts'
import { I, RBP } from '../x86/assembler.ts'
import { interpret } from './control.ts'
import type { Emitter } from './emitter.ts'

/** Rounding-mode field: toward zero, to nearest with ties to max magnitude, dynamic. */
export const TOWARD_ZERO = 1
export const NEAREST_MAX = 4
export const DYNAMIC = 7
/** Rounding control of MXCSR, in place, for rounding modes 0–3. */
const HOST_ROUNDING = [0x0000, 0x6000, 0x2000, 0x4000]

/** Rounding control of vround and vcvtps2ph for rounding modes 0–3; 4 takes that of MXCSR. */
const IMMEDIATE_ROUNDING = [0, 3, 1, 2]
export const CURRENT_ROUNDING = 4
/** With it an inexact result of vround does not raise the flag. */
export const QUIET = 8

/** Rounding control of a host instruction that has it as an immediate, for a mode that the host has. */
export const immediateOf = (rm: number): number => IMMEDIATE_ROUNDING[rm] ?? CURRENT_ROUNDING

/** The host lacks the rounding mode of instruction i. */
export function isOdd({ ir, oddRounding }: Emitter, i: number): boolean {
  const rm = ir.rm[i]!
  return rm === NEAREST_MAX || (rm === DYNAMIC && oddRounding)
}

/** As {@link immediateOf}, of instruction i. What the host lacks the interpreter does. */
export function roundingImmediate(e: Emitter, i: number): number {
  // (the code behind is not reached from there)
  if (isOdd(e, i)) interpret(e, i)
  return immediateOf(e.ir.rm[i]!)
}

/** xmm15 = xmm `x` rounded to an integer, without NX; what is infinite may become a NaN and raise NV. `x` is another register. */
export function roundQuietly({ asm }: Emitter, rm: number, double: boolean, x: number): void {
  const round = double ? I.vroundsd : I.vroundss
  if (rm !== NEAREST_MAX) return asm.vrrri(round, XTEMP2, x, x, immediateOf(rm) | QUIET)
  // the integer toward zero, and that of twice the rest, which is 1 from a half on: all of it is exact
  const [move, add] = double ? [I.vmovsd, I.vaddsd] : [I.vmovss, I.vaddss]
  const whole = stateSlot('scratch')
  asm.vrrri(round, XTEMP2, x, x, immediateOf(TOWARD_ZERO) | QUIET)
  asm.vmr(move, RBP, whole, XTEMP2)
  asm.vrrr(double ? I.vsubsd : I.vsubss, XTEMP2, x, XTEMP2)
  asm.vrrr(add, XTEMP2, XTEMP2, XTEMP2)
  asm.vrrri(round, XTEMP2, XTEMP2, XTEMP2, immediateOf(TOWARD_ZERO) | QUIET)
  asm.vrrm(add, XTEMP2, XTEMP2, RBP, whole)
}

/** Emits `body` under the rounding mode of instruction i; what the host lacks the interpreter does. */
export function rounded(e: Emitter, i: number, body: () => void): void {
  const { asm } = e
  const rm = e.ir.rm[i]!
  if (isOdd(e, i)) {
    interpret(e, i)
    // the code behind is not reached from here, but its state must be that of a completed instruction
    body()
    return
  }
  if (rm === DYNAMIC) return body()
  const [before, during] = [stateSlot('scratch'), stateSlot('scratch') + 8]
  asm.m(I.stmxcsr, 4, RBP, before)
  asm.rm(I.mov, 4, TEMP, RBP, before)
  asm.ri(I.and, 4, TEMP, ~0x6000)
  asm.ri(I.or, 4, TEMP, HOST_ROUNDING[rm]!)
  asm.mr(I.mov, 4, RBP, during, TEMP)
  asm.m(I.ldmxcsr, 4, RBP, during)
  body()
  asm.m(I.stmxcsr, 4, RBP, during)
  asm.mi(I.and, 4, RBP, during, ~0x6000)
  asm.mi(I.and, 4, RBP, before, 0x6000)
  asm.rm(I.mov, 4, TEMP2, RBP, before)
  asm.mr(I.or, 4, RBP, during, TEMP2)
  asm.m(I.ldmxcsr, 4, RBP, during)
}

/** Emits `body`, which is exact: the rounding mode does nothing, but a reserved one in frm is illegal all the same (§11.2). */
export function exact(e: Emitter, i: number, body: () => void): void {
  if (e.ir.rm[i] === DYNAMIC && e.oddRounding) interpret(e, i)
  body()
}
