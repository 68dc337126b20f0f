/**
 * Checks of a region between two passes, for tests. What must hold after region formation and after every pass but the peeling of loops:
 *
 *  1. The blocks cover the instruction slots in order, without gaps, and none is empty.
 *  2. Their pcs ascend; each is the address of the block's first instruction. One is the region's base, and an entry.
 *  3. Inside a block every instruction follows the one before it in guest memory.
 *  4. What ends a block is its last instruction, and the block's kind fits it.
 *  5. `taken` and `next` name a block at `takenPc` and `nextPc`, or are -1. Branches, jumps and calls have a taken
 *     side; falls, branches, calls and resumes go on behind their last instruction.
 *  6. Where calls and resumes come back inside the region is an entry. A loop is the target of a jump backward.
 *  7. Registers are below 32, shift counts below the width, shifts of fused operations in their ranges.
 *  8. `index` is on loads and stores with a base alone; it is no x0. `scale` is 1 on a branch, and `rs3` on a store, exactly
 *     where `hi` is a constant operand; rs2 is x0 there. Elsewhere `hi` belongs to `li`.
 */
import type { Block, Ir } from './ir.ts'
import { NONE } from './ir.ts'
import { IR_NAMES, IrOp } from './ops.ts'
import { ADDRESSED, DEFF, DEFX, ENDS_BLOCK, FUSE1, FUSE2, FUSE3, USE1, USE2 } from './traits.ts'

const KINDS: Readonly<Record<string, readonly Block['kind'][]>> = {
  branch: ['branch'],
  jal: ['call', 'jump'],
  jalr: ['callr', 'ret', 'jumpr'],
  resume: ['resume'],
  trap: ['trap'],
}
const HAS_TAKEN = new Set<Block['kind']>(['branch', 'jump', 'call'])
const HAS_NEXT = new Set<Block['kind']>(['fall', 'branch', 'call', 'callr', 'resume'])
const COMES_BACK = new Set<Block['kind']>(['call', 'callr', 'resume'])
const SHIFTS_64 = new Set<number>([
  ...[IrOp.slli, IrOp.srli, IrOp.srai, IrOp.slli_uw, IrOp.rori],
  ...[IrOp.bclri, IrOp.bexti, IrOp.binvi, IrOp.bseti],
])
const SHIFTS_32 = new Set<number>([IrOp.slliw, IrOp.srliw, IrOp.sraiw, IrOp.roriw])

/** What is wrong with the region, one line a problem; empty when nothing is. */
export function verifyIr(ir: Ir): string[] {
  const problems: string[] = []
  const { blocks } = ir
  let slot = 0
  for (const [b, block] of blocks.entries()) {
    const say = (text: string): void => void problems.push(`b${b}: ${text}`)
    if (block.start !== slot || block.end <= block.start)
      say(`has slots ${block.start} to ${block.end}, not from ${slot}`)
    slot = block.end
    if (b > 0 && block.pc <= blocks[b - 1]!.pc) say('is not behind the block before it')
    if (ir.address(block.start) !== block.pc) say(`starts at ${ir.address(block.start)}, not at ${block.pc}`)
    for (let i = block.start; i < block.end; i++) {
      const last = i === block.end - 1
      if (!last && ir.pc[i + 1] !== ir.pc[i]! + ir.length[i]!) say(`a gap behind slot ${i}`)
      if (!last && endOf(ir, i) !== undefined) say(`${IR_NAMES[ir.op[i]!]} in its middle`)
      verifyOperands(ir, i, text => say(`${IR_NAMES[ir.op[i]!]}: ${text}`))
    }
    verifyEnd(ir, block, say)
  }
  if (slot !== ir.count) problems.push(`the blocks cover ${slot} of ${ir.count} slots`)
  if (!blocks.some(({ pc, entry }) => pc === ir.base && entry)) problems.push('no entry at the base')
  for (const [b, block] of blocks.entries()) {
    if (block.loop && !blocks.some((from, k) => k >= b && (from.taken === b || from.next === b))) {
      problems.push(`b${b}: a loop without a jump backward`)
    }
  }
  return problems
}

const endOf = (ir: Ir, i: number): string | undefined => (ir.op[i] === IrOp.illegal ? 'trap' : ENDS_BLOCK[ir.op[i]!])

function verifyEnd(ir: Ir, block: Block, say: (text: string) => void): void {
  const { kind, taken, takenPc, next, nextPc } = block
  const last = block.end - 1
  const end = endOf(ir, last)
  if (end === undefined ? kind !== 'fall' : !KINDS[end]!.includes(kind)) say(`is a ${kind} that ends with ${end}`)
  if (takenPc >= 0 !== HAS_TAKEN.has(kind)) say(`a ${kind} with takenPc ${takenPc}`)
  if (HAS_NEXT.has(kind) ? nextPc !== ir.address(last) + ir.length[last]! : nextPc >= 0) say(`nextPc ${nextPc}`)
  for (const [target, pc] of [
    [taken, takenPc],
    [next, nextPc],
  ] as const) {
    if (target >= 0 && ir.blocks[target]?.pc !== pc) say(`goes to b${target}, which is not at ${pc}`)
  }
  if (COMES_BACK.has(kind) && next >= 0 && !ir.blocks[next]!.entry) say('comes back where there is no entry')
}

function verifyOperands(ir: Ir, i: number, say: (text: string) => void): void {
  const op = ir.op[i]!
  const [imm, hi, rm, index, scale] = [ir.imm[i]!, ir.hi[i]!, ir.rm[i]!, ir.index[i]!, ir.scale[i]!]
  if ((DEFX[op] || DEFF[op]) && ir.rd[i]! > 31) say(`rd ${ir.rd[i]}`)
  if ((USE1[op] || FUSE1[op]) && ir.rs1[i]! > 31) say(`rs1 ${ir.rs1[i]}`)
  if ((USE2[op] || FUSE2[op]) && ir.rs2[i]! > 31) say(`rs2 ${ir.rs2[i]}`)
  if (FUSE3[op] && ir.rs3[i]! > 31) say(`rs3 ${ir.rs3[i]}`)
  if ((SHIFTS_64.has(op) && imm >>> 0 > 63) || (SHIFTS_32.has(op) && imm >>> 0 > 31)) say(`shifts by ${imm}`)
  if (op === IrOp.zext_shift && (imm >>> 0 > 31 || rm > 63 || (imm > 0 && rm > 0))) say(`shifts by ${imm} and ${rm}`)
  if ((op === IrOp.shift_add || op === IrOp.shift_addw) && (rm < 1 || rm > 3)) say(`shifts by ${rm}`)
  if (op === IrOp.zext_shift_add && rm > 3) say(`shifts by ${rm}`)
  if (op === IrOp.nop) return
  if (op === IrOp.implied && (rm > 7 || imm < 2 || i + imm >= ir.count)) say(`rm ${rm}, imm ${imm}`)
  const addressed = ADDRESSED[op] === 1
  const branch = ENDS_BLOCK[op] === 'branch'
  if (index !== NONE && (!addressed || index === 0 || index > 31 || ir.rs1[i] === 0)) say(`index ${index}`)
  if (scale > (index !== NONE ? 7 : branch ? 1 : 0)) say(`scale ${scale}`)
  const constant = (branch && scale === 1) || (addressed && ir.rs3[i] === 1)
  if (addressed && ir.rs3[i]! > 1) say(`rs3 ${ir.rs3[i]}`)
  if (constant && (ir.rs2[i] !== 0 || USE2[op] === 0)) say(`a constant beside x${ir.rs2[i]}`)
  if (hi !== 0 && !constant && op !== IrOp.li) say(`hi ${hi}`)
}
