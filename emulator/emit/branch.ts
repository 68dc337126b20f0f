/**
 * Conditional branches. What a side does not expect is paid on the way there: before the comparison where both want it, behind the
 * jump where control goes on, and in cold code where it jumps forward, because it is not known which way is the frequent one.
 */
import type { Block } from '../ir/ir.ts'
import { IrOp } from '../ir/ops.ts'
import { Cond } from '../x86/assembler.ts'
import { compareImmediate, compareOperands } from './compare.ts'
import { owedFloats, owedIntegers, payFor } from './debts.ts'
import type { Emitter } from './emitter.ts'
import { goTo, jumpTo } from './goto.ts'

/** When each branch is taken. */
export const CONDITIONS: Readonly<Record<number, number>> = {
  [IrOp.beq]: Cond.e,
  [IrOp.bne]: Cond.ne,
  [IrOp.blt]: Cond.l,
  [IrOp.bge]: Cond.ge,
  [IrOp.bltu]: Cond.b,
  [IrOp.bgeu]: Cond.ae,
}

/** Debts of this many instructions are worth a jump. */
const WORTH = 2

export function branch(e: Emitter, block: Block, i: number, follows: number): void {
  const taken = CONDITIONS[e.ir.op[i]!]!
  // control goes on in the block that follows, and jumps to the other one
  const turned = block.taken >= 0 && block.taken === follows && block.next !== follows
  const [on, onPc] = turned ? [block.taken, block.takenPc] : [block.next, block.nextPc]
  const [away, awayPc] = turned ? [block.next, block.nextPc] : [block.taken, block.takenPc]
  let integers = owedIntegers(e, away)
  let floats = owedFloats(e, away)
  if (e.optimizations.side && away >= follows && bits(integers) + 2 * bits(floats) >= WORTH) {
    integers &= owedIntegers(e, on)
    floats &= owedFloats(e, on)
  }
  const known = floats === 0 ? knownCondition(e, i) : -1
  e.extend(integers)
  e.settleFloats(floats)
  if (known < 0) compareForBranch(e, i)
  const condition = known < 0 ? taken : e.ir.op[i] === IrOp.beq || e.ir.op[i] === IrOp.bgeu ? known ^ 1 : known
  leave(e, away, awayPc, turned ? condition ^ 1 : condition)
  goTo(e, on, onPc, follows)
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/**
 * The condition that the flags have for branch i already, as that of a register that is not zero or of a carry; -1 when they have none.
 */
function knownCondition(e: Emitter, i: number): number {
  const { ir } = e
  if (ir.scale[i] === 1) return -1
  const [op, rs1, rs2] = [ir.op[i]!, ir.rs1[i]!, ir.rs2[i]!]
  if ((op === IrOp.beq || op === IrOp.bne) && rs2 === 0) return e.flags.nonzero(rs1)
  if ((op === IrOp.bltu || op === IrOp.bgeu) && e.flags.areCarry(rs1, rs2)) return Cond.b
  return -1
}

/** The comparison of branch i. */
export function compareForBranch(e: Emitter, i: number): void {
  const { ir } = e
  if (ir.scale[i] === 1) compareImmediate(e, ir.rs1[i]!, ir.hi[i]!)
  else compareOperands(e, ir.rs1[i]!, ir.rs2[i]!, e.lazy & ~e.analysis.readInFull(i))
}

/** A conditional jump to a block, or out of the region. */
function leave(e: Emitter, target: number, pc: number, cond: number): void {
  const { asm } = e
  if (target >= 0 && (owedIntegers(e, target) | owedFloats(e, target)) === 0) {
    asm.jcc(cond, e.labels[target]!)
    return
  }
  const clean = target < 0 && e.lazy === 0 && e.float.owed() === 0 && !e.exchanged
  if (clean && e.optimizations.chain) {
    e.chain(asm.jccRel32(cond), pc)
    return
  }
  const out = asm.label()
  asm.jcc(cond, out)
  e.later(() => {
    asm.bind(out)
    if (target >= 0) {
      payFor(e, target)
      asm.jmp(e.labels[target]!)
      return
    }
    e.settleAll()
    e.restoreHomes()
    jumpTo(e, pc)
  })
}
