/** The dispatch table as host code looks it up (ARCHITECTURE.md): one load for each guest pc. */
import { PLACES } from '../base/layout.ts'
import { stateSlot, TEMP, TEMP2 } from './convention.ts'
import { type Assembler, Cond, I, RBP } from './x86/assembler.ts'

/** r10 = host address of the translation of the guest pc in rax (of the miss gate when there is none); to `wild` with what no guest address is. */
export function lookUp(asm: Assembler, wild: number): void {
  asm.rr(I.mov, 8, TEMP2, TEMP)
  asm.ri(I.shr, 8, TEMP2, Math.log2(PLACES.GUEST_END))
  asm.jcc(Cond.ne, wild)
  asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('dispatch_base'))
  asm.rm(I.mov, 4, TEMP2, TEMP2, 0, TEMP, 2)
  asm.rm(I.add, 8, TEMP2, RBP, stateSlot('code_base'))
}
