/** Multiplication (ISA manual §7.1). */
import { TEMP, TEMP2, xSlot } from '../convention.ts'
import { I, RAX, RBP, RDX, type Size } from '../x86/assembler.ts'
import type { Handler } from './handler.ts'
import { finish } from './integer.ts'

/** x86 has no memory destination for imul: compute in a register. */
const multiply =
  (size: Size): Handler =>
  (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    let rs1 = ir.rs1[i]!
    let rs2 = ir.rs2[i]!
    if (rd === 0) return
    if (rs1 === 0 || rs2 === 0) {
      e.put(rd, e.full(0, e.target(rd)))
      return
    }
    if (rs2 === rd || e.inMemory(rs1)) [rs1, rs2] = [rs2, rs1]
    if (!e.inMemory(rs1) && size === 8) e.full(rs1)
    if (!e.inMemory(rs2) && size === 8) e.full(rs2)
    // rs2 is rd only when both are
    const d = e.inMemory(rd) || (rs2 === rd && rs1 !== rd) ? TEMP : e.target(rd)
    const a = e.operand(rs1, size, d)
    if (a !== d) asm.rr(I.mov, size, d, a)
    if (e.isOperand(rs2)) asm.rm(I.imul, size, d, RBP, xSlot(rs2))
    else asm.rr(I.imul, size, d, e.operand(rs2, size, TEMP2))
    finish(e, i, rd, d, size)
  }

/** The upper half of an unsigned product: mulx takes one factor from rdx, and leaves the flags. */
const multiplyHighUnsigned: Handler = (e, i) => {
  if (!e.optimizations.mulx) return multiplyHigh(I.mul, false)(e, i)
  const { asm, ir } = e
  const rd = ir.rd[i]!
  let [rs1, rs2] = [ir.rs1[i]!, ir.rs2[i]!]
  if (rd === 0) return
  if (rs1 === 0 || rs2 === 0) return e.put(rd, e.full(0, e.target(rd)))
  for (const r of [rs1, rs2]) if (!e.inMemory(r)) e.full(r)
  if (e.home[rs2] === RDX) [rs1, rs2] = [rs2, rs1]
  const d = e.target(rd)
  const free = e.home[rs1] === RDX || d === RDX
  if (!free) asm.rr(I.mov, 8, TEMP2, RDX)
  if (e.inMemory(rs1)) asm.rm(I.mov, 8, RDX, RBP, xSlot(rs1))
  else if (e.home[rs1] !== RDX) asm.rr(I.mov, 8, RDX, e.home[rs1]!)
  if (e.inMemory(rs2)) asm.rrm(I.mulx, 8, d, d, RBP, xSlot(rs2))
  else asm.rrr(I.mulx, 8, d, d, e.home[rs2]!)
  if (!free) asm.rr(I.mov, 8, RDX, TEMP2)
  e.put(rd, d)
}

/** The upper half of a product: one-operand multiplication, whose rdx:rax collide with a2. */
function multiplyHigh(op: number, fixSign: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const rs2 = ir.rs2[i]!
    if (rd === 0) return
    if (rs1 !== 0 && !e.inMemory(rs1)) e.full(rs1)
    if (rs2 !== 0 && !e.inMemory(rs2)) e.full(rs2)
    asm.rr(I.mov, 8, TEMP2, RDX)
    // operands that live in rdx are read from its copy
    const place = (r: number, temp: number): number => {
      const host = r === 0 ? -1 : e.home[r]!
      if (host === RDX) return TEMP2
      return host >= 0 ? host : e.full(r, temp)
    }
    if (e.inMemory(rs2)) {
      const a = place(rs1, RAX)
      if (a !== RAX) asm.rr(I.mov, 8, RAX, a)
      asm.m(op, 8, RBP, xSlot(rs2))
    } else if (rs2 === 0) {
      asm.rr(I.xor, 4, RDX, RDX)
    } else {
      const a = place(rs1, RAX)
      if (a !== RAX) asm.rr(I.mov, 8, RAX, a)
      asm.r(op, 8, place(rs2, RDX))
    }
    if (fixSign && rs2 !== 0) {
      // unsigned product of a negative rs1 is too large by rs2 << 64
      const a = place(rs1, RAX)
      if (a !== RAX) asm.rr(I.mov, 8, RAX, a)
      asm.ri(I.sar, 8, RAX, 63)
      if (e.inMemory(rs2)) asm.rm(I.and, 8, RAX, RBP, xSlot(rs2))
      else asm.rr(I.and, 8, RAX, place(rs2, RAX))
      asm.rr(I.sub, 8, RDX, RAX)
    }
    if (e.home[rd] === RDX) {
      e.lazy &= ~(1 << rd)
      return
    }
    e.put(rd, RDX)
    asm.rr(I.mov, 8, RDX, TEMP2)
  }
}

export const multiplyHandlers = {
  mul: multiply(8),
  mulw: multiply(4),
  mulh: multiplyHigh(I.imul1, false),
  mulhu: multiplyHighUnsigned,
  mulhsu: multiplyHigh(I.mul, true),
} as const satisfies Record<string, Handler>
