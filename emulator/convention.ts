/**
 * The register convention in the forms that the translator asks for: guest register → host register and back.
 * The facts are in base/layout.ts (`PINNED`, `PINNED_FP`, `CPU_STATE`); this file only inverts them.
 */
import { CPU_STATE, PINNED, PINNED_FP, PLACES } from '../base/layout.ts'
import { R10, RAX } from './x86/registers.ts'

/** Host register of each guest integer register, -1 when it lives in the CPU state. */
export const HOME = new Int8Array(32).fill(-1)
for (const [guest, host] of PINNED) HOME[guest] = host

/** xmm register of each guest floating-point register, -1 when it lives in the CPU state. */
export const HOME_FP = new Int8Array(32).fill(-1)
for (const [guest, xmm] of PINNED_FP) HOME_FP[guest] = xmm

/** Scratch registers inside one guest instruction. */
export const TEMP = RAX
export const TEMP2 = R10
export const XTEMP = 14
export const XTEMP2 = 15

/** Displacement from rbp of a byte of the CPU state. */
const biased = (offset: number): number => offset - PLACES.STATE_BIAS
export const xSlot = (guest: number): number => biased(CPU_STATE.at.x) + guest * 8
export const fSlot = (guest: number): number => biased(CPU_STATE.at.f) + guest * 8
export const stateSlot = (field: keyof typeof CPU_STATE.at): number => biased(CPU_STATE.at[field])
export const scratchSlot = (index: number): number => stateSlot('scratch') + index * 8

/** Registers that a call through them links: x1 (ra) and x5 (t0), unprivileged ISA §2.5 return-address stack hints. */
export const isLink = (guest: number): boolean => guest === 1 || guest === 5
