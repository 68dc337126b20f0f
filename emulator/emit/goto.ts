/** Ways to go on: in another block, at a guest pc in another region, through the dispatch table. */
import { stateSlot, TEMP, TEMP2 } from '../convention.ts'
import { lookUp } from '../dispatch.ts'
import { I, RBP } from '../x86/assembler.ts'
import { payFor } from './debts.ts'
import type { Emitter } from './emitter.ts'

/** Control goes on in block `target`, or at guest `pc` outside the region. */
export function goTo(e: Emitter, target: number, pc: number, follows: number): void {
  if (target >= 0) {
    payFor(e, target)
    if (target !== follows) e.asm.jmp(e.labels[target]!)
    return
  }
  e.settleAll()
  e.restoreHomes()
  jumpTo(e, pc)
}

/** A jump to guest `pc` in another region; everything is in its place. */
export function jumpTo(e: Emitter, pc: number): void {
  if (e.optimizations.chain) e.chain(e.asm.jmpRel32(), pc)
  else {
    e.asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
    dispatch(e)
  }
}

/** r10 = host address of the translation of the guest pc in rax (of the miss gate when there is none). */
export function targetOf(e: Emitter, load?: () => void): void {
  const { asm } = e
  load?.()
  const base = () => asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('code_base'))
  if (!e.optimizations.jump) {
    base()
    return
  }
  const wild = asm.label()
  const done = asm.label()
  lookUp(asm, wild)
  asm.bind(done)
  e.later(() => {
    asm.bind(wild)
    base()
    asm.jmp(done)
  })
}

/** Goes to the translation of the guest pc in rax. */
export function dispatch(e: Emitter): void {
  if (!e.optimizations.jump) return e.jumpGate(e.gates.miss)
  targetOf(e)
  e.asm.jmpR(TEMP2)
}
