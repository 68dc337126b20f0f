/**
 * Dead results: what is overwritten on every path before anything reads it, or leaves translated code and could show it,
 * becomes `nop`. Registers are shown at the safe points too, which are the heads of loops.
 */
import { isDirect } from './blocks.ts'
import { type Block, type Ir, NONE } from './ir.ts'
import { IrOp } from './ops.ts'
import { DEFX, FUSE1, MAY_LEAVE, USE1, USE2 } from './traits.ts'

/** The registers that are dead before each block. */
let deadIn = new Int32Array(64)

export function removeDead(ir: Ir): void {
  const { blocks } = ir
  if (deadIn.length < blocks.length) deadIn = new Int32Array(blocks.length * 2)
  // where control goes back is the head of a loop, where nothing is dead: what a block goes on to is known before it
  for (let b = 0; b < blocks.length; b++) deadIn[b] = 0
  for (let b = blocks.length - 1; b >= 0; b--) {
    const block = blocks[b]!
    const dead = removeIn(ir, block, deadOut(block))
    if (!block.loop) deadIn[b] = dead
  }
}

function deadOut(block: Block): number {
  if (!isDirect(block)) return 0
  const taken = block.kind === 'fall' ? -1 : inside(block.taken)
  return block.kind === 'jump' ? taken : taken & inside(block.next)
}

const inside = (target: number): number => (target < 0 ? 0 : deadIn[target]!)

/** Returns the registers that are dead before the block. */
function removeIn(ir: Ir, { start, end }: Block, out: number): number {
  let dead = out
  for (let i = end - 1; i >= start; i--) {
    const op = ir.op[i]!
    if (MAY_LEAVE[op] !== 0 || op === IrOp.jalr || (op === IrOp.jal && ir.rd[i] !== 0)) dead = 0
    else if (DEFX[op] !== 0 && ir.rd[i] !== 0 && FUSE1[op] === 0) {
      // (what reads floating-point registers may raise exception flags)
      const bit = 1 << ir.rd[i]!
      if ((dead & bit) !== 0) {
        ir.op[i] = IrOp.nop
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
