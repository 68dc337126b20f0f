/** A block that a branch jumps over is computed beside its register, and a conditional move takes the result (ir/hammock.ts). */
import { TEMP, TEMP2, xSlot } from '../convention.ts'
import { readsFirst } from '../ir/hammock.ts'
import type { Block } from '../ir/ir.ts'
import { IrOp } from '../ir/ops.ts'
import { I, RBP } from '../x86/assembler.ts'
import { CONDITIONS, compareForBranch } from './branch.ts'
import { payFor } from './debts.ts'
import type { Emitter } from './emitter.ts'
import { HANDLERS, IS_END } from './handlers.ts'

/** Emits the branch of block `b` and block `b` + 1, which computes register `rd` and nothing else. */
export function emitHammock(e: Emitter, b: number, rd: number): void {
  const { asm, ir, analysis } = e
  const block = ir.blocks[b]!
  const branch = block.end - 1
  const target = block.taken
  payFor(e, target)
  payFor(e, b + 1)
  const narrow = e.narrow
  e.narrow = e.optimizations.narrow ? analysis.narrowIn[b + 1]! : 1
  const source = computeBeside(e, ir.blocks[b + 1]!, rd, (analysis.lazyIn[target]! >>> rd) & 1)
  e.narrow = narrow
  e.flags.forget()
  compareForBranch(e, branch)
  const wanted = CONDITIONS[ir.op[branch]!]! ^ 1
  const own = e.home[rd]!
  if (own >= 0) asm.cmov(wanted, 8, own, source)
  else {
    asm.rm(I.mov, 8, TEMP, RBP, xSlot(rd))
    asm.cmov(wanted, 8, TEMP, source)
    asm.mr(I.mov, 8, RBP, xSlot(rd), TEMP)
  }
  if (target !== b + 2) asm.jmp(e.labels[target]!)
}

/** The host register with what `block` makes of `rd`, in full unless `lazy` allows the low half; `rd` stays as it is. */
function computeBeside(e: Emitter, block: Block, rd: number, lazy: number): number {
  const { asm, ir } = e
  const operations: number[] = []
  for (let i = block.start; i < block.end; i++) {
    if (ir.op[i] !== IrOp.nop && IS_END[ir.op[i]!] === 0) operations.push(i)
  }
  const moved = moveSource(e, operations, lazy)
  if (moved >= 0) return moved
  for (const i of operations) e.extendOperands(i)
  const bit = 1 << rd
  const before = e.lazy
  const own = e.home[rd]!
  if (readsFirst(ir, block, rd)) {
    if (own >= 0) asm.rr(I.mov, 8, TEMP2, own)
    else asm.rm(I.mov, 8, TEMP2, RBP, xSlot(rd))
  }
  e.home[rd] = TEMP2
  for (const i of operations) HANDLERS[ir.op[i]!]!(e, i)
  if (lazy === 0) e.full(rd)
  e.home[rd] = own
  e.lazy = (e.lazy & ~bit) | (before & bit)
  return TEMP2
}

/** The host register of the source when all that is done is a move of it, which may stay as it is; else -1. */
function moveSource(e: Emitter, operations: readonly number[], lazy: number): number {
  const { ir } = e
  const [i] = operations
  if (operations.length !== 1 || ir.op[i!] !== IrOp.addi || ir.imm[i!] !== 0) return -1
  const source = ir.rs1[i!]!
  return ((e.lazy >>> source) & 1) <= lazy ? e.home[source]! : -1
}
