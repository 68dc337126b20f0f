/**
 * Rotations: rv64gc has none, so compilers put two shifts in opposite directions together with `or`, `xor` or `add`. The last of the
 * three becomes a rotation (Zbb's rori and roriw), and the shifts die if nothing else wants them. Where the second shift is in
 * place, so that the sum can not see what is rotated, that shift becomes the rotation, and the sum a move.
 */
import type { Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { reads, writes } from './registers.ts'
import { MAY_LEAVE } from './traits.ts'

/** How far before the sum its shifts may be. */
const WINDOW = 48

interface Shifts {
  readonly left: number
  readonly right: number
  readonly width: number
  readonly rotation: number
}
const SHIFTS: readonly Shifts[] = [
  { left: IrOp.slli, right: IrOp.srli, width: 64, rotation: IrOp.rori },
  { left: IrOp.slliw, right: IrOp.srliw, width: 32, rotation: IrOp.roriw },
]
const LEFT_OR_RIGHT = new Set(SHIFTS.flatMap(({ left, right }) => [left, right]))
const SUMS = new Set<number>([IrOp.or, IrOp.xor, IrOp.add])

export function findRotations(ir: Ir, start: number, end: number): void {
  for (let i = start + 2; i < end; i++) if (SUMS.has(ir.op[i]!)) rotationAt(ir, i, start, end)
}

function rotationAt(ir: Ir, i: number, start: number, end: number): void {
  const first = definition(ir, i, start, ir.rs1[i]!)
  if (first < 0 || !LEFT_OR_RIGHT.has(ir.op[first]!)) return
  const second = definition(ir, i, start, ir.rs2[i]!)
  if (second < 0 || ir.rs1[first] !== ir.rs1[second]) return
  for (const { left, right, width, rotation } of SHIFTS) {
    const [up, down] = ir.op[first] === left ? [first, second] : [second, first]
    if (ir.op[up] !== left || ir.op[down] !== right || ir.imm[up]! + ir.imm[down]! !== width) continue
    const source = ir.rs1[first]!
    const [early, late] = [Math.min(up, down), Math.max(up, down)]
    if (source === 0 || writesBetween(ir, early, late, source)) return
    const amount = ir.imm[down]!
    if (!writesBetween(ir, late, i, source)) {
      ir.op[i] = rotation
      ir.rs1[i] = source
      ir.imm[i] = amount
    } else if (ir.rd[late] === source && isOnlyFor(ir, late, i, end)) {
      ir.op[late] = rotation
      ir.imm[late] = amount
      ir.op[i] = IrOp.addi
      ir.rs1[i] = source
      ir.imm[i] = 0
    } else return
    ir.rs2[i] = 0
    return
  }
}

/** Whether nothing but `user` can see what instruction i gives its register. */
function isOnlyFor(ir: Ir, i: number, user: number, end: number): boolean {
  const register = ir.rd[i]!
  if (ir.rd[user] === register) return !seenBetween(ir, i + 1, user, register)
  if (seenBetween(ir, i + 1, user, register)) return false
  for (let k = user + 1; k < Math.min(end, user + WINDOW); k++) {
    if (seenBetween(ir, k, k + 1, register)) return false
    if (writes(ir, k, register)) return true
  }
  return false
}

/** Whether an instruction reads the register, or may leave and show it. */
function seenBetween(ir: Ir, from: number, to: number, register: number): boolean {
  for (let k = from; k < to; k++) {
    const op = ir.op[k]!
    if (MAY_LEAVE[op] !== 0 || op === IrOp.jal || op === IrOp.jalr) return true
    if (reads(ir, k, register)) return true
  }
  return false
}

/** The instruction of the block that gives `register` its value before i, -1 when it is not near. */
function definition(ir: Ir, i: number, start: number, register: number): number {
  for (let k = i - 1; k >= Math.max(start, i - WINDOW); k--) if (writes(ir, k, register)) return k
  return -1
}

function writesBetween(ir: Ir, from: number, to: number, register: number): boolean {
  for (let k = from; k < to; k++) if (writes(ir, k, register)) return true
  return false
}
