/**
 * Constant folding inside each block: lui/auipc/addi chains become `li`, operands that are known become immediates, loads
 * and stores at known addresses become absolute, and jumps through known registers become direct.
 *
 * A folded immediate may be any signed 32-bit number. Branches and stores with a constant operand have it in `hi`, with
 * `scale` (branches) or `rs3` (stores) set to 1 and `rs2` to x0.
 */
import { isLink } from '../convention.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from '../options.ts'
import { markLoops } from './blocks.ts'
import type { Block, Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { reduce } from './reduce.ts'
import { ADDRESSED, BRANCH, DEFX, USE1, USE2 } from './traits.ts'

const lo = new Int32Array(32)
const hi = new Int32Array(32)
let known = 1
let reduces = true

const fits = (low: number, high: number): boolean => high === low >> 31

export function foldConstants(ir: Ir, on: Pick<Optimizations, 'reduce' | 'targets'> = ALL_OPTIMIZATIONS): void {
  reduces = on.reduce
  let jumps = false
  for (let b = 0; b < ir.blocks.length; b++) {
    const block = ir.blocks[b]!
    known = 1
    for (let i = block.start; i < block.end; i++) {
      foldOne(ir, i)
      const rd = ir.rd[i]!
      if (DEFX[ir.op[i]!] !== 0 && rd !== 0) {
        if (ir.op[i] === IrOp.li) {
          known |= 1 << rd
          lo[rd] = ir.imm[i]!
          hi[rd] = ir.hi[i]!
        } else known &= ~(1 << rd)
      }
    }
    const last = block.end - 1
    if (on.targets && ir.op[last] === IrOp.jalr && foldJump(ir, block, last)) jumps = true
  }
  if (jumps) markLoops(ir.blocks)
}

function setConstant(ir: Ir, i: number, low: number, high: number): void {
  ir.op[i] = IrOp.li
  ir.imm[i] = low
  ir.hi[i] = high
  ir.rs1[i] = 0
  ir.rs2[i] = 0
}

/** a + b as two 32-bit halves. */
function setSum(ir: Ir, i: number, aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const low = (aLow >>> 0) + (bLow >>> 0)
  setConstant(ir, i, low | 0, (aHigh + bHigh + (low > 0xffffffff ? 1 : 0)) | 0)
}

function foldOne(ir: Ir, i: number): void {
  if (reduces) reduce(ir, i)
  const op = ir.op[i]!
  const rs1 = ir.rs1[i]!
  const rs2 = ir.rs2[i]!
  const imm = ir.imm[i]!
  if (op === IrOp.lui) return setConstant(ir, i, imm, imm >> 31)
  if (op === IrOp.auipc) {
    const pc = ir.address(i)
    return setSum(ir, i, pc | 0, Math.floor(pc / 2 ** 32), imm, imm >> 31)
  }
  const first = USE1[op] !== 0 ? (known >>> rs1) & 1 : 0
  const second = USE2[op] !== 0 ? (known >>> rs2) & 1 : 0
  if ((first | second) === 0) return
  if (ADDRESSED[op] !== 0) return foldAddress(ir, i, first, second)
  switch (op) {
    case IrOp.addi:
      if (first) setSum(ir, i, lo[rs1]!, hi[rs1]!, imm, imm >> 31)
      return
    case IrOp.addiw:
      if (first) {
        const sum = (lo[rs1]! + imm) | 0
        setConstant(ir, i, sum, sum >> 31)
      }
      return
    case IrOp.xori:
      if (first) setConstant(ir, i, lo[rs1]! ^ imm, hi[rs1]! ^ (imm >> 31))
      return
    case IrOp.ori:
      if (first) setConstant(ir, i, lo[rs1]! | imm, hi[rs1]! | (imm >> 31))
      return
    case IrOp.andi:
      if (first) setConstant(ir, i, lo[rs1]! & imm, hi[rs1]! & (imm >> 31))
      return
    case IrOp.zext8:
      if (first) setConstant(ir, i, lo[rs1]! & 0xff, 0)
      return
    case IrOp.zext16:
      if (first) setConstant(ir, i, lo[rs1]! & 0xffff, 0)
      return
    case IrOp.slli:
      if (first) {
        const [l, h] = [lo[rs1]!, hi[rs1]!]
        if (imm === 0) setConstant(ir, i, l, h)
        else if (imm < 32) setConstant(ir, i, l << imm, (h << imm) | (l >>> (32 - imm)))
        else setConstant(ir, i, 0, l << (imm - 32))
      }
      return
    case IrOp.slliw:
      if (first) setConstant(ir, i, lo[rs1]! << imm, (lo[rs1]! << imm) >> 31)
      return
    case IrOp.bseti:
      if (first) {
        const bit = 1 << (imm & 31)
        if (imm < 32) setConstant(ir, i, lo[rs1]! | bit, hi[rs1]!)
        else setConstant(ir, i, lo[rs1]!, hi[rs1]! | bit)
      }
      return
  }
  if (op === IrOp.add || op === IrOp.sub) return foldSum(ir, i, first, second)
  if (op === IrOp.and || op === IrOp.or || op === IrOp.xor) {
    const immediate = op === IrOp.and ? IrOp.andi : op === IrOp.or ? IrOp.ori : IrOp.xori
    if (second && fits(lo[rs2]!, hi[rs2]!)) toImmediate(ir, i, immediate, rs1, lo[rs2]!)
    else if (first && fits(lo[rs1]!, hi[rs1]!)) toImmediate(ir, i, immediate, rs2, lo[rs1]!)
    return
  }
  if (second && SHIFTS.has(op)) {
    const [immediate, mask] = SHIFTS.get(op)!
    return toImmediate(ir, i, immediate, rs1, lo[rs2]! & mask)
  }
  if (second && ROTATIONS.has(op)) {
    const [immediate, mask] = ROTATIONS.get(op)!
    return toImmediate(ir, i, immediate, rs1, -lo[rs2]! & mask)
  }
  if (op === IrOp.shift_add && first) return foldShiftedSum(ir, i)
  if (second && fits(lo[rs2]!, hi[rs2]!)) {
    const value = lo[rs2]!
    if (COMPLEMENTS.has(op)) return toImmediate(ir, i, COMPLEMENTS.get(op)!, rs1, ~value)
    if (op === IrOp.slt) return toImmediate(ir, i, IrOp.slti, rs1, value)
    if (op === IrOp.sltu) return toImmediate(ir, i, IrOp.sltiu, rs1, value)
    if (op === IrOp.addw) return toImmediate(ir, i, IrOp.addiw, rs1, value)
    if (op === IrOp.subw && value !== -0x80000000) return toImmediate(ir, i, IrOp.addiw, rs1, -value)
    if (BRANCH[op] === 1 && rs2 !== 0) {
      ir.rs2[i] = 0
      ir.hi[i] = value
      ir.scale[i] = 1
      return
    }
  }
}

const SHIFTS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [IrOp.sll, [IrOp.slli, 63]],
  [IrOp.srl, [IrOp.srli, 63]],
  [IrOp.sra, [IrOp.srai, 63]],
  [IrOp.sllw, [IrOp.slliw, 31]],
  [IrOp.srlw, [IrOp.srliw, 31]],
  [IrOp.sraw, [IrOp.sraiw, 31]],
  [IrOp.ror, [IrOp.rori, 63]],
  [IrOp.rorw, [IrOp.roriw, 31]],
  [IrOp.bclr, [IrOp.bclri, 63]],
  [IrOp.bext, [IrOp.bexti, 63]],
  [IrOp.binv, [IrOp.binvi, 63]],
  [IrOp.bset, [IrOp.bseti, 63]],
])
/** The same after a change of sign. */
const ROTATIONS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [IrOp.rol, [IrOp.rori, 63]],
  [IrOp.rolw, [IrOp.roriw, 31]],
])
/** The same after the constant is complemented. */
const COMPLEMENTS: ReadonlyMap<number, number> = new Map([
  [IrOp.andn, IrOp.andi],
  [IrOp.orn, IrOp.ori],
  [IrOp.xnor, IrOp.xori],
])

function toImmediate(ir: Ir, i: number, op: number, rs1: number, value: number): void {
  ir.op[i] = op
  ir.rs1[i] = rs1
  ir.rs2[i] = 0
  ir.imm[i] = value
  foldOne(ir, i)
}

function foldSum(ir: Ir, i: number, first: number, second: number): void {
  const rs1 = ir.rs1[i]!
  const rs2 = ir.rs2[i]!
  if (ir.op[i] === IrOp.sub) {
    if (second && fits(lo[rs2]!, hi[rs2]!) && lo[rs2] !== -0x80000000) toImmediate(ir, i, IrOp.addi, rs1, -lo[rs2]!)
    return
  }
  if (first && second) setSum(ir, i, lo[rs1]!, hi[rs1]!, lo[rs2]!, hi[rs2]!)
  else if (second && fits(lo[rs2]!, hi[rs2]!)) toImmediate(ir, i, IrOp.addi, rs1, lo[rs2]!)
  else if (first && fits(lo[rs1]!, hi[rs1]!)) toImmediate(ir, i, IrOp.addi, rs2, lo[rs1]!)
}

/** (constant << rm) + rs2. */
function foldShiftedSum(ir: Ir, i: number): void {
  const [rs1, rs2, shift] = [ir.rs1[i]!, ir.rs2[i]!, ir.rm[i]!]
  const low = lo[rs1]! << shift
  if (!fits(lo[rs1]!, hi[rs1]!) || low >> shift !== lo[rs1]) return
  ir.rm[i] = 0
  toImmediate(ir, i, IrOp.addi, rs2, low)
}

function foldAddress(ir: Ir, i: number, first: number, second: number): void {
  const rs1 = ir.rs1[i]!
  if (first && rs1 !== 0 && hi[rs1] === 0 && lo[rs1]! >= 0) {
    const address = lo[rs1]! + ir.imm[i]!
    if (address >= 0 && address <= 0x7fffffff) {
      ir.rs1[i] = 0
      ir.imm[i] = address
    }
  }
  // a store of a constant (x0 stays the register that it is)
  const rs2 = ir.rs2[i]!
  if (USE2[ir.op[i]!] !== 0 && second && rs2 !== 0 && fits(lo[rs2]!, hi[rs2]!)) {
    ir.rs2[i] = 0
    ir.rs3[i] = 1
    ir.hi[i] = lo[rs2]!
  }
}

/** jalr through a register that holds a constant is a direct jump or call. Returns whether it goes to a block of the region now. */
function foldJump(ir: Ir, block: Block, i: number): boolean {
  const rs1 = ir.rs1[i]!
  // the link register was invalidated by the jalr itself: look at the value from before
  if (rs1 === 0 || !constantBefore(ir, block, i, rs1)) return false
  const target = hi[rs1]! * 2 ** 32 + (lo[rs1]! >>> 0) + ir.imm[i]!
  if (target < 0 || target >= 2 ** 38) return false
  const pc = target - (target % 2)
  ir.op[i] = IrOp.jal
  block.takenPc = pc
  block.kind = isLink(ir.rd[i]!) ? 'call' : 'jump'
  block.taken = block.kind === 'jump' ? ir.blocks.findIndex(other => other.pc === pc) : -1
  return block.taken >= 0
}

function constantBefore(ir: Ir, block: Block, i: number, register: number): boolean {
  for (let k = i - 1; k >= block.start; k--) {
    if (DEFX[ir.op[k]!] === 0 || ir.rd[k] !== register) continue
    if (ir.op[k] !== IrOp.li) return false
    lo[register] = ir.imm[k]!
    hi[register] = ir.hi[k]!
    return true
  }
  return false
}
