/** What the native routines share: the assembler that they are written with, their scratch registers, their ends. */
import { XTEMP, XTEMP2 } from '../convention.ts'
import { type Assembler, I } from '../x86/assembler.ts'

export interface RoutineContext {
  readonly asm: Assembler
  /** dst ← dst op 32 bytes of zeros in memory */
  withZeros(i: number, dst: number): void
}

/** The vector registers, beside rax and r10: for what is looked at, and for what is kept. */
export const VALUE = XTEMP
export const OTHER = XTEMP2

/** Ends a routine that has its result in rdi. @param wide it has used vectors of 256 bits, after which others would be slow */
export function done({ asm }: RoutineContext, wide = true): void {
  if (wide) asm.op(I.vzeroupper)
  asm.op(I.clc)
  asm.ret()
}

/** Ends a routine: the guest's own function is to run. */
export function decline({ asm }: RoutineContext): void {
  asm.op(I.vzeroupper)
  asm.op(I.stc)
  asm.ret()
}
