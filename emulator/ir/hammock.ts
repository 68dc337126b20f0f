/**
 * Branches over a few operations on one register (a hammock):
 *
 *     A: ...; branch to C          B may be computed beside its register whether it is wanted or not, and a conditional move
 *     B: operations on rd          takes the result where A does not branch: nothing is left to predict.
 *     C: ...
 *
 * Compilers for RISC-V write minima, clamps and conditional sums so, because the base ISA has no conditional move.
 */
import type { Block, Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { reads } from './registers.ts'

/** Most operations that are worth computing in vain. */
const MOST = 3

/** Operations that cannot fault, take one cycle or two, and whose host code uses no scratch register but the first. */
const CHEAP: ReadonlySet<number> = new Set([
  IrOp.li,
  IrOp.addi,
  IrOp.addiw,
  IrOp.andi,
  IrOp.ori,
  IrOp.xori,
  IrOp.slli,
  IrOp.srli,
  IrOp.srai,
  IrOp.slliw,
  IrOp.srliw,
  IrOp.sraiw,
  IrOp.add,
  IrOp.addw,
  IrOp.sub,
  IrOp.subw,
  IrOp.and,
  IrOp.or,
  IrOp.xor,
  IrOp.zext8,
  IrOp.zext16,
  IrOp.sext8,
  IrOp.sext16,
  IrOp.zext_shift,
])

/** The register that block `b` + 1 computes when `b` is a branch over it that a conditional move can replace; else 0. */
export function hammockAt(ir: Ir, b: number): number {
  const { blocks } = ir
  const block = blocks[b]!
  const beside = blocks[b + 1]
  if (beside === undefined || block.kind !== 'branch' || block.next !== b + 1 || block.taken < 0) return 0
  if (block.taken === b + 1 || !isPlain(beside) || goesOnTo(beside) !== block.taken) return 0
  if (blocks.some((other, k) => k !== b && (other.taken === b + 1 || other.next === b + 1))) return 0
  return computedRegister(ir, beside)
}

const isPlain = ({ kind, entry, loop }: Block): boolean => (kind === 'fall' || kind === 'jump') && !entry && !loop
const goesOnTo = ({ kind, taken, next }: Block): number => (kind === 'fall' ? next : taken)

/** The one register that the block's operations compute, 0 when they are not such. */
function computedRegister(ir: Ir, { start, end }: Block): number {
  let register = 0
  let count = 0
  for (let i = start; i < end; i++) {
    const op = ir.op[i]!
    if (op === IrOp.nop || (op === IrOp.jal && ir.rd[i] === 0)) continue
    const rd = ir.rd[i]!
    if (!CHEAP.has(op) || rd === 0 || (register !== 0 && rd !== register) || ++count > MOST) return 0
    register = rd
  }
  return register
}

/** Whether the block's operations begin with the value that the register has before them. */
export function readsFirst(ir: Ir, { start, end }: Block, register: number): boolean {
  for (let i = start; i < end; i++) {
    if (ir.op[i] === IrOp.nop) continue
    return reads(ir, i, register)
  }
  return false
}
