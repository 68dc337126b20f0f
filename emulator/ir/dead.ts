/**
 * Dead results: what is overwritten on every path before anything reads it, or leaves translated code and could show it,
 * becomes `nop`. Registers are shown at the safe points too, which are the heads of loops.
 */
import { isDirect } from './blocks.ts'
import { type Block, type Ir, NONE } from './ir.ts'
import { IrOp } from './ops.ts'
import { DEFX, FUSE1, MAY_LEAVE, USE1, USE2 } from './traits.ts'

export function removeDead(ir: Ir): void {
  const { blocks } = ir
  // backward: every cycle has the head of a loop, where nothing is dead, so that what a block knows of those behind it is final
  // as soon as one round changes nothing
  const deadIn = new Int32Array(blocks.length)
  for (let changed = true; changed; ) {
    changed = false
    for (let b = blocks.length - 1; b >= 0; b--) {
      const block = blocks[b]!
      if (block.loop) continue
      const dead = deadBefore(ir, block, deadOut(block, deadIn), false)
      if (dead !== deadIn[b]) changed = true
      deadIn[b] = dead
    }
  }
  for (const block of blocks) deadBefore(ir, block, deadOut(block, deadIn), true)
}

function deadOut(block: Block, deadIn: Int32Array): number {
  if (!isDirect(block)) return 0
  const taken = block.kind === 'fall' ? -1 : inside(block.taken, deadIn)
  return block.kind === 'jump' ? taken : taken & inside(block.next, deadIn)
}

const inside = (target: number, deadIn: Int32Array): number => (target < 0 ? 0 : deadIn[target]!)

/** The registers that are dead before the block. */
function deadBefore(ir: Ir, { start, end }: Block, out: number, remove: boolean): number {
  let dead = out
  for (let i = end - 1; i >= start; i--) {
    const op = ir.op[i]!
    if (MAY_LEAVE[op] !== 0 || op === IrOp.jalr || (op === IrOp.jal && ir.rd[i] !== 0)) dead = 0
    else if (DEFX[op] !== 0 && ir.rd[i] !== 0 && FUSE1[op] === 0) {
      // (what reads floating-point registers may raise exception flags)
      const bit = 1 << ir.rd[i]!
      if ((dead & bit) !== 0) {
        if (remove) ir.op[i] = IrOp.nop
        continue
      }
      dead |= bit
    }
    if (USE1[op] !== 0) dead &= ~(1 << ir.rs1[i]!)
    if (USE2[op] !== 0) dead &= ~(1 << ir.rs2[i]!)
    if (ir.index[i] !== NONE) dead &= ~(1 << ir.index[i]!)
  }
  return dead
}
