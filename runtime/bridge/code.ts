/** What stubs and thunks share: the argument registers of both sides, boxes, the dispatch of a guest pc. */
import { HOME, stateSlot, TEMP, TEMP2, xSlot } from '../../emulator/convention.ts'
import { lookUp } from '../../emulator/dispatch.ts'
import { type Assembler, I, R8, R9, RBP, RCX, RDI, RDX, RIPREL, RSI } from '../../emulator/x86/assembler.ts'

/** Integer argument registers of System V in order: also the homes of a0–a5. */
export const HOST_ARGUMENTS = [RDI, RSI, RDX, RCX, R8, R9]

/** Assembles code that knows its offset in the code cache, because it refers to gates and constants. */
export interface Site {
  readonly asm: Assembler
  /** Fields (positions of rel32) and the cache offsets that they point to. */
  readonly references: { field: number; target: number }[]
}

/** Emits an instruction that ends in a rip-relative displacement of a fixed place in the cache. */
export function refer(site: Site, target: number, emit: () => void): void {
  emit()
  site.references.push({ field: site.asm.pos - 4, target })
}

export function jumpTo(site: Site, target: number): void {
  site.references.push({ field: site.asm.jmpRel32(), target })
}

/** xmm `x` = its low half, NaN-boxed. */
export function box(site: Site, x: number, upperOnes: number): void {
  refer(site, upperOnes, () => site.asm.vrrm(I.vpor, x, x, RIPREL, 0))
}

/** rax = guest a<index> from its place; returns the register that has it. */
export function guestArgument(asm: Assembler, index: number, temp: number): number {
  const home = HOME[10 + index]!
  if (home >= 0) return home
  asm.rm(I.mov, 8, temp, RBP, xSlot(10 + index))
  return temp
}

/** r10 = host address of the translation of the guest pc in rax; the miss gate for an address that no guest code has. */
export function findTranslation(asm: Assembler): void {
  const [wild, done] = [asm.label(), asm.label()]
  lookUp(asm, wild)
  asm.jmpShort(done)
  asm.bind(wild)
  asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('code_base'))
  asm.bind(done)
}

/** rax = the time-stamp counter. Uses r10, keeps rdx. */
export function readTicks(asm: Assembler): void {
  asm.rr(I.mov, 8, TEMP2, RDX)
  asm.op(I.rdtsc)
  asm.ri(I.shl, 8, RDX, 32)
  asm.rr(I.or, 8, TEMP, RDX)
  asm.rr(I.mov, 8, RDX, TEMP2)
}

export const guestSpSlot = xSlot(2)
export const raSlot = xSlot(1)
