/** Ends of blocks: branches, jumps, calls, returns, traps; and the way to the interpreter for rare instructions. */
import { TRAP } from '../../base/layout.ts'
import { isLink, stateSlot, TEMP, TEMP2, xSlot } from '../convention.ts'
import type { Block } from '../ir/ir.ts'
import { IrOp } from '../ir/ops.ts'
import { ILLEGAL } from '../ir/region.ts'
import { Cond, I, RBP, RSP } from '../x86/assembler.ts'
import { branch } from './branch.ts'
import type { Emitter } from './emitter.ts'
import { dispatch, goTo, jumpTo, targetOf } from './goto.ts'

/** The end of block `b`, whose last instruction is `i`; `follows` is the block emitted behind it. */
export function emitEnd(e: Emitter, block: Block, i: number, follows: number): void {
  switch (block.kind) {
    case 'fall':
      return goTo(e, block.next, block.nextPc, follows)
    case 'branch':
      return branch(e, block, i, follows)
    case 'jump':
      link(e, e.ir.rd[i]!, e.ir.address(i) + e.ir.length[i]!)
      return goTo(e, block.taken, block.takenPc, follows)
    case 'call':
      return call(e, block, i, follows)
    case 'callr':
      return callRegister(e, block, i, follows)
    case 'ret':
      return ret(e, i)
    case 'jumpr':
      return jumpRegister(e, i)
    case 'resume':
      return resume(e, block, i, follows)
    case 'trap':
      return trap(e, i)
  }
}

/** rd = the return address. */
function link(e: Emitter, rd: number, pc: number): void {
  if (rd === 0) return
  const { asm } = e
  if (e.isOperand(rd) && pc < 2 ** 31) {
    asm.mi(I.mov, 8, RBP, xSlot(rd), pc)
    e.stored(rd)
  } else {
    const d = e.target(rd)
    asm.movImm64(d, pc | 0, Math.floor(pc / 2 ** 32))
    e.put(rd, d)
  }
}

/** Pushes the guest return address, the upper half of a frame of the host call stack. */
function pushReturn(e: Emitter, pc: number): void {
  const { asm } = e
  if (pc < 2 ** 31) asm.pushImm(pc)
  else {
    asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
    asm.r(I.push, 8, TEMP)
  }
}

function call(e: Emitter, block: Block, i: number, follows: number): void {
  const { asm, ir } = e
  const back = ir.address(i) + ir.length[i]!
  link(e, ir.rd[i]!, back)
  e.settleAll()
  e.restoreHomes()
  if (!e.optimizations.ras) return jumpTo(e, block.takenPc)
  pushReturn(e, back)
  if (e.optimizations.chain) e.chain(asm.callRel32(), block.takenPc)
  else {
    targetOf(e, () => asm.movImm64(TEMP, block.takenPc | 0, Math.floor(block.takenPc / 2 ** 32)))
    asm.callR(TEMP2)
  }
  returned(e, block, follows)
}

/** Behind a call: the frame is taken off, and the caller's code goes on. */
function returned(e: Emitter, block: Block, follows: number): void {
  const { asm } = e
  asm.rm(I.lea, 8, RSP, RSP, 8)
  if (block.next >= 0) {
    e.takeHomes()
    if (block.next !== follows) asm.jmp(e.labels[block.next]!)
  } else jumpTo(e, block.nextPc)
}

/** rax = rs1 + imm with bit 0 clear (§2.5). */
function indirectTarget(e: Emitter, i: number): void {
  const { asm, ir } = e
  const a = e.full(ir.rs1[i]!, TEMP)
  if (ir.imm[i] !== 0) asm.rm(I.lea, 8, TEMP, a, ir.imm[i]!)
  else if (a !== TEMP) asm.rr(I.mov, 8, TEMP, a)
  asm.ri(I.and, 8, TEMP, -2)
}

function callRegister(e: Emitter, block: Block, i: number, follows: number): void {
  const { asm, ir } = e
  const back = ir.address(i) + ir.length[i]!
  indirectTarget(e, i)
  if (e.isOperand(ir.rd[i]!) && back < 2 ** 31) {
    asm.mi(I.mov, 8, RBP, xSlot(ir.rd[i]!), back)
    e.stored(ir.rd[i]!)
  } else {
    asm.movImm64(TEMP2, back | 0, Math.floor(back / 2 ** 32))
    e.put(ir.rd[i]!, TEMP2)
  }
  e.settleAll()
  // rax is live: homes are restored with moves alone
  e.restoreHomes()
  if (!e.optimizations.ras) return dispatch(e)
  targetOf(e)
  if (back < 2 ** 31) asm.pushImm(back)
  else asm.m(I.push, 8, RBP, xSlot(ir.rd[i]!))
  asm.callR(TEMP2)
  returned(e, block, follows)
}

/** The host call stack predicts the return: it is right when the guest address that the call pushed is the one in ra. */
function ret(e: Emitter, i: number): void {
  const { asm } = e
  e.settleAll()
  const a = e.full(e.ir.rs1[i]!, TEMP)
  if (a !== TEMP) asm.rr(I.mov, 8, TEMP, a)
  e.restoreHomes()
  if (!e.optimizations.ras) {
    asm.ri(I.and, 8, TEMP, -2)
    return dispatch(e)
  }
  asm.rm(I.cmp, 8, TEMP, RSP, 8)
  const mismatch = asm.label()
  asm.jcc(Cond.ne, mismatch)
  asm.ret()
  e.later(() => {
    asm.bind(mismatch)
    e.jumpGate(e.gates.mismatch)
  })
}

function jumpRegister(e: Emitter, i: number): void {
  const { ir } = e
  const rd = ir.rd[i]!
  indirectTarget(e, i)
  if (rd !== 0 && !isLink(rd)) {
    const back = ir.address(i) + ir.length[i]!
    e.asm.movImm64(TEMP2, back | 0, Math.floor(back / 2 ** 32))
    e.put(rd, TEMP2)
  }
  e.settleAll()
  e.restoreHomes()
  dispatch(e)
}

function storePc(e: Emitter, pc: number): void {
  const { asm } = e
  if (pc < 2 ** 31) asm.mi(I.mov, 8, RBP, stateSlot('pc'), pc)
  else {
    asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
    asm.mr(I.mov, 8, RBP, stateSlot('pc'), TEMP)
  }
}

/** ecall and fence.i: the executor does it, and control comes back behind it. */
function resume(e: Emitter, block: Block, i: number, follows: number): void {
  e.settleAll()
  e.restoreHomes()
  storePc(e, block.nextPc)
  if (e.ir.op[i] === IrOp.fence_i) {
    // what follows may have been dropped: go there through the dispatch table
    e.jumpGate(e.gates.fence)
    return
  }
  e.callGate(e.gates.syscall)
  if (block.next >= 0) {
    e.takeHomes()
    if (block.next !== follows) e.asm.jmp(e.labels[block.next]!)
  } else jumpTo(e, block.nextPc)
}

function trap(e: Emitter, i: number): void {
  const { asm, ir } = e
  e.settleAll()
  e.restoreHomes()
  const illegal = ir.op[i] === IrOp.illegal
  storePc(e, ir.address(i))
  const cause = illegal && ir.rm[i] === ILLEGAL.BREAKPOINT ? TRAP.DEBUG : illegal ? TRAP.ILLEGAL : TRAP.BREAKPOINT
  asm.ri(I.mov, 4, TEMP, cause)
  e.jumpGate(e.gates.trap)
}

/** The interpreter executes instruction i on the CPU state; control goes on behind it through the dispatch table. */
export function interpret(e: Emitter, i: number): void {
  e.aside(() => {
    e.settleAll()
    e.restoreHomes()
    storePc(e, e.ir.address(i))
    e.asm.ri(I.mov, 4, TEMP, TRAP.INTERPRET)
    e.jumpGate(e.gates.trap)
  })
}

/** As {@link interpret}, on a condition. */
export function interpretIf(e: Emitter, i: number, cond: number): void {
  const odd = e.asm.label()
  e.asm.jcc(cond, odd)
  e.later(() => {
    e.asm.bind(odd)
    interpret(e, i)
  })
}
