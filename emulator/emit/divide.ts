/**
 * Division and remainder (ISA manual §7.2). x86 traps where RISC-V has a result: x / 0 = -1 and x % 0 = x;
 * the most negative number / -1 = itself, remainder 0. Those cases are cold code.
 */
import { TEMP2, xSlot } from '../convention.ts'
import { Cond, I, RAX, RBP, RDX, type Size } from '../x86/assembler.ts'
import type { Handler } from './handler.ts'

function divide(signed: boolean, remainder: boolean, size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const rs2 = ir.rs2[i]!
    if (rd === 0) return
    if (size === 8) for (const r of [rs1, rs2]) if (r !== 0 && !e.inMemory(r)) e.full(r)
    asm.rr(I.mov, 8, TEMP2, RDX)
    const inRdx = (r: number): boolean => r !== 0 && e.home[r] === RDX
    // dividend in rax, divisor where it is (its copy in r10 when it is rdx)
    if (inRdx(rs1)) asm.rr(I.mov, size, RAX, RDX)
    else {
      const a = e.operand(rs1, size, RAX)
      if (a !== RAX) asm.rr(I.mov, size, RAX, a)
    }
    const zero = asm.label()
    const minus = asm.label()
    const done = asm.label()
    const divisor = inRdx(rs2) ? TEMP2 : e.home[rs2]!
    const compare = (value: number): void => {
      if (e.inMemory(rs2)) asm.mi(I.cmp, size, RBP, xSlot(rs2), value)
      else if (value === 0) asm.rr(I.test, size, divisor, divisor)
      else asm.ri(I.cmp, size, divisor, value)
    }
    if (rs2 === 0) {
      if (!remainder) asm.ri(I.mov, 8, RAX, -1)
      asm.rr(I.mov, 8, RDX, RAX)
    } else {
      compare(0)
      asm.jcc(Cond.e, zero)
      if (signed) {
        compare(-1)
        asm.jcc(Cond.e, minus)
        asm.op(size === 8 ? I.cqo : I.cdq)
      } else asm.rr(I.xor, 4, RDX, RDX)
      const op = signed ? I.idiv : I.div
      if (e.inMemory(rs2)) asm.m(op, size, RBP, xSlot(rs2))
      else asm.r(op, size, divisor)
      asm.bind(done)
      e.later(() => {
        asm.bind(zero)
        // the quotient is all ones, the remainder the dividend
        asm.rr(I.mov, 8, RDX, RAX)
        asm.ri(I.mov, 8, RAX, -1)
        asm.jmp(done)
        if (signed) {
          asm.bind(minus)
          asm.r(I.neg, size, RAX)
          asm.rr(I.xor, 4, RDX, RDX)
          asm.jmp(done)
        }
      })
    }
    const result = remainder ? RDX : RAX
    const own = e.home[rd]!
    if (size === 4) asm.rr(I.movsxd, 8, result, result)
    if (own === RDX) {
      if (result !== RDX) asm.rr(I.mov, 8, RDX, result)
      e.lazy &= ~(1 << rd)
      return
    }
    e.put(rd, result)
    asm.rr(I.mov, 8, RDX, TEMP2)
  }
}

export const divideHandlers = {
  div: divide(true, false, 8),
  divu: divide(false, false, 8),
  rem: divide(true, true, 8),
  remu: divide(false, true, 8),
  divw: divide(true, false, 4),
  divuw: divide(false, false, 4),
  remw: divide(true, true, 4),
  remuw: divide(false, true, 4),
} as const satisfies Record<string, Handler>
