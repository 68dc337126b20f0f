/**
 * The entry of a function of the C library that has a native routine (native/routines.ts): calls it, and returns to the guest's
 * caller. The guest's own code follows, for when the routine declines, or has faulted.
 */
import { stateSlot, TEMP, xSlot } from '../convention.ts'
import { Cond, I, RBP, RSP } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import { dispatch } from './goto.ts'

const RA = 1

export function emitNativeEntry(e: Emitter, routine: number): void {
  const { asm } = e
  const [own, off, mismatch] = [asm.label(), asm.label(), asm.label()]
  asm.mi(I.cmp, 4, RBP, stateSlot('native_off'), 0)
  asm.jcc(Cond.ne, off)
  e.callGate(routine)
  // where a fault in the routine finds the guest's pc
  e.sites.begin(asm.pos, 0)
  asm.jcc(Cond.b, own)
  asm.rm(I.mov, 8, TEMP, RBP, xSlot(RA))
  if (e.optimizations.ras) {
    asm.rm(I.cmp, 8, TEMP, RSP, 8)
    asm.jcc(Cond.ne, mismatch)
    asm.ret()
    e.later(() => {
      asm.bind(mismatch)
      e.jumpGate(e.gates.mismatch)
    })
  } else {
    asm.ri(I.and, 8, TEMP, -2)
    dispatch(e)
  }
  e.later(() => {
    asm.bind(off)
    asm.mi(I.mov, 4, RBP, stateSlot('native_off'), 0)
    asm.jmp(own)
  })
  asm.bind(own)
}
