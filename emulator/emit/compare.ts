/** Comparisons: of two guest registers or with a constant, for branches and for the instructions that keep the result. */
import { TEMP, xSlot } from '../convention.ts'
import { Cond, I, RBP, type Size } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'

/** rd = the condition as 0 or 1. */
function compare(cond: number): Handler {
  return (e, i) => {
    const { ir } = e
    const rd = ir.rd[i]!
    if (rd === 0) return
    if (ir.rs1[i] === 0) {
      // zero is less than rs2: rs2 is not zero, or is positive
      compareOperands(e, ir.rs2[i]!, 0)
      materialize(e, rd, cond === Cond.b ? Cond.ne : Cond.g)
      return
    }
    if (cond !== Cond.b || !e.flags.areCarry(ir.rs1[i]!, ir.rs2[i]!)) compareOperands(e, ir.rs1[i]!, ir.rs2[i]!)
    materialize(e, rd, cond)
  }
}

/**
 * Emits cmp of two guest registers; 32-bit when both are narrow.
 * @param lazy registers that stay lazy: a copy is extended
 */
export function compareOperands(e: Emitter, rs1: number, rs2: number, lazy = 0): void {
  const { asm } = e
  const size: Size = (e.narrow >>> rs1) & (e.narrow >>> rs2) & 1 ? 4 : 8
  if (e.flags.areDifference(rs1, rs2)) return
  if (size === 8 && compareCopy(e, rs1, rs2, lazy)) return
  if (rs2 === 0) {
    if (e.flags.areCompared(rs1)) return
    if (e.isOperand(rs1)) asm.mi(I.cmp, size, RBP, xSlot(rs1), 0)
    else {
      const a = e.operand(rs1, size)
      asm.rr(I.test, size, a, a)
    }
  } else if (e.isOperand(rs1) && !e.inMemory(rs2)) asm.mr(I.cmp, size, RBP, xSlot(rs1), e.operand(rs2, size))
  else {
    const a = e.operand(rs1, size)
    // (r10 may be taken, by what a conditional move takes)
    if (e.isOperand(rs2) || (a === TEMP && e.inMemory(rs2))) asm.rm(I.cmp, size, a, RBP, xSlot(rs2))
    else asm.rr(I.cmp, size, a, e.operand(rs2, size))
  }
}

/** Emits cmp when one of the registers, but not the other, is lazy and stays so. */
function compareCopy(e: Emitter, rs1: number, rs2: number, lazy: number): boolean {
  const { asm } = e
  const [first, second] = [(e.lazy >>> rs1) & 1, (e.lazy >>> rs2) & 1]
  const [copied, other] = first ? [rs1, rs2] : [rs2, rs1]
  if (first === second || other === 0 || ((lazy >>> copied) & 1) === 0) return false
  const copy = e.extended(copied)
  if (first && e.inMemory(other)) asm.rm(I.cmp, 8, copy, RBP, xSlot(other))
  else if (first) asm.rr(I.cmp, 8, copy, e.home[other]!)
  else if (e.inMemory(other)) asm.mr(I.cmp, 8, RBP, xSlot(other), copy)
  else asm.rr(I.cmp, 8, e.home[other]!, copy)
  return true
}

/** Emits cmp of a guest register with a constant. */
export function compareImmediate(e: Emitter, rs1: number, imm: number): void {
  const { asm } = e
  const size: Size = (e.narrow >>> rs1) & 1 ? 4 : 8
  if (imm === 0 && e.flags.areCompared(rs1)) return
  if (e.isOperand(rs1)) asm.mi(I.cmp, size, RBP, xSlot(rs1), imm)
  else {
    const a = e.operand(rs1, size)
    if (imm === 0) asm.rr(I.test, size, a, a)
    else asm.ri(I.cmp, size, a, imm)
  }
}

/** rd = condition flag; leaves the flags as they are. */
export function materialize(e: Emitter, rd: number, cond: number): void {
  const d = e.target(rd)
  e.asm.setcc(cond, TEMP)
  e.asm.rr(I.movzx8, 4, d, TEMP)
  e.put(rd, d)
  e.flags.decided(rd, cond)
}

function compareWithImmediate(cond: number): Handler {
  return (e, i) => {
    const { ir } = e
    const rd = ir.rd[i]!
    if (rd === 0) return
    compareImmediate(e, ir.rs1[i]!, ir.imm[i]!)
    materialize(e, rd, cond)
  }
}

export const compareHandlers = {
  slt: compare(Cond.l),
  sltu: compare(Cond.b),
  slti: compareWithImmediate(Cond.l),
  sltiu: compareWithImmediate(Cond.b),
} as const satisfies Record<string, Handler>
