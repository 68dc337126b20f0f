/**
 * The A extension: AMOs are locked instructions; SC is a compare-exchange of the address that LR reserved against the value
 * that LR loaded. Locked instructions order everything, so aq and rl need nothing. An address that is not naturally aligned
 * is an exception (ISA manual §8.2, §8.4), which the interpreter raises.
 */
import { stateSlot, TEMP, TEMP2, xSlot } from '../convention.ts'
import { Cond, I, R8, R9, R11, RAX, RBP, RDI, RSI, type Size } from '../x86/assembler.ts'
import { interpretIf } from './control.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'

/** In `rm`. */
const ACQUIRE = 2

/** A pinned register that none of the guest registers lives in. */
function spare(e: Emitter, ...guests: number[]): number {
  for (const host of [R11, R9, R8, RSI, RDI]) {
    if (guests.some(r => r !== 0 && e.home[r] === host)) continue
    return host
  }
  throw new Error('five candidates, at most three operands')
}

/** Leaves the instruction to the interpreter when its address is not a multiple of its size. */
function checkAlignment(e: Emitter, i: number, size: Size): void {
  const rs1 = e.ir.rs1[i]!
  if (rs1 === 0) return
  if (e.isOperand(rs1)) e.asm.mi(I.test, 1, RBP, xSlot(rs1), size - 1)
  else e.asm.ri(I.test, 1, e.full(rs1), size - 1)
  interpretIf(e, i, Cond.ne)
}

/** Runs `emit` with the address of instruction i in a register other than rax and r10. */
function withAddress(e: Emitter, i: number, size: Size, emit: (address: number) => void): void {
  const { asm, ir } = e
  const rs1 = ir.rs1[i]!
  checkAlignment(e, i, size)
  if (rs1 !== 0 && !e.inMemory(rs1)) {
    emit(e.full(rs1))
    return
  }
  const host = spare(e, ir.rs2[i]!, ir.rd[i]!)
  e.extendHost(host)
  e.borrow(host)
  if (rs1 === 0) asm.rr(I.xor, 4, host, host)
  else asm.rm(I.mov, 8, host, RBP, xSlot(rs1))
  emit(host)
  e.giveBack(host)
}

/** The value of rs2 in rax or r10. */
function source(e: Emitter, i: number, size: Size, temp: number): number {
  const rs2 = e.ir.rs2[i]!
  const a = e.operand(rs2, size, temp)
  if (a !== temp) e.asm.rr(I.mov, size, temp, a)
  return temp
}

/** rd = the old value, which is in rax. */
function result(e: Emitter, i: number, size: Size): void {
  const rd = e.ir.rd[i]!
  if (rd === 0) return
  if (size === 4) e.asm.rr(I.movsxd, 8, RAX, RAX)
  e.put(rd, RAX)
}

/** An exchange whose old value nobody wants, and that nothing behind it has to wait for, is a store: the host makes those in order. */
const isStore = ({ ir, optimizations }: Emitter, i: number, op: number): boolean =>
  optimizations.swap && op === I.xchg && ir.rd[i] === 0 && (ir.rm[i]! & ACQUIRE) === 0

function exchange(op: number, size: Size): Handler {
  return (e, i) => {
    const rs2 = e.ir.rs2[i]!
    if (size === 8 && rs2 !== 0 && !e.inMemory(rs2)) e.full(rs2)
    withAddress(e, i, size, address => {
      source(e, i, size, RAX)
      e.site(i)
      if (op === I.xadd) e.asm.lock()
      e.asm.mr(isStore(e, i, op) ? I.mov : op, size, address, 0, RAX)
    })
    result(e, i, size)
  }
}

/** old = memory; memory = combine(old, rs2), again until nobody was in between. */
function loop(size: Size, combine: (e: Emitter, i: number) => void): Handler {
  return (e, i) => {
    const { asm } = e
    const rs2 = e.ir.rs2[i]!
    if (size === 8 && rs2 !== 0 && !e.inMemory(rs2)) e.full(rs2)
    withAddress(e, i, size, address => {
      e.site(i)
      asm.rm(I.mov, size, RAX, address, 0)
      const again = asm.label()
      asm.bind(again)
      asm.rr(I.mov, size, TEMP2, RAX)
      combine(e, i)
      e.site(i)
      asm.lock()
      asm.mr(I.cmpxchg, size, address, 0, TEMP2)
      asm.jcc(Cond.ne, again)
    })
    result(e, i, size)
  }
}

/** r10 = r10 op rs2. */
const logic = (op: number, size: Size): Handler =>
  loop(size, (e, i) => {
    const rs2 = e.ir.rs2[i]!
    if (e.inMemory(rs2)) e.asm.rm(op, size, TEMP2, RBP, xSlot(rs2))
    else if (rs2 === 0) e.asm.ri(op, size, TEMP2, 0)
    else e.asm.rr(op, size, TEMP2, e.home[rs2]!)
  })

/** r10 = rs2 when `cond` holds for old against rs2. */
const choose = (cond: number, size: Size): Handler =>
  loop(size, (e, i) => {
    const rs2 = e.ir.rs2[i]!
    const { asm } = e
    if (e.inMemory(rs2)) {
      asm.rm(I.cmp, size, TEMP2, RBP, xSlot(rs2))
      asm.cmovM(cond, size, TEMP2, RBP, xSlot(rs2))
    } else if (rs2 === 0) {
      // x0 has its place in the CPU state, which is zero
      asm.rm(I.cmp, size, TEMP2, RBP, xSlot(0))
      asm.cmovM(cond, size, TEMP2, RBP, xSlot(0))
    } else {
      asm.rr(I.cmp, size, TEMP2, e.home[rs2]!)
      asm.cmov(cond, size, TEMP2, e.home[rs2]!)
    }
  })

function loadReserved(size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    checkAlignment(e, i, size)
    const base = e.full(ir.rs1[i]!, TEMP)
    const rd = ir.rd[i]!
    e.site(i)
    if (size === 4) asm.rm(I.movsxd, 8, TEMP2, base, 0)
    else asm.rm(I.mov, 8, TEMP2, base, 0)
    asm.mr(I.mov, 8, RBP, stateSlot('reservation_address'), base)
    asm.mr(I.mov, 8, RBP, stateSlot('reservation_value'), TEMP2)
    e.put(rd, TEMP2)
  }
}

function storeConditional(size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rs2 = ir.rs2[i]!
    if (size === 8 && rs2 !== 0 && !e.inMemory(rs2)) e.full(rs2)
    withAddress(e, i, size, address => {
      const fail = asm.label()
      asm.rm(I.cmp, 8, address, RBP, stateSlot('reservation_address'))
      asm.jccShort(Cond.ne, fail)
      asm.rm(I.mov, 8, RAX, RBP, stateSlot('reservation_value'))
      const value = e.operand(rs2, size, TEMP2)
      e.site(i)
      asm.lock()
      asm.mr(I.cmpxchg, size, address, 0, value)
      asm.bind(fail)
      // not equal: both ways lead here with ZF clear
      asm.setcc(Cond.ne, TEMP)
      asm.rr(I.movzx8, 4, TEMP, TEMP)
      asm.mi(I.mov, 8, RBP, stateSlot('reservation_address'), -1)
    })
    e.put(ir.rd[i]!, TEMP)
  }
}

const sizes = <Name extends string>(name: Name, make: (size: Size) => Handler) =>
  ({ [`${name}_w`]: make(4), [`${name}_d`]: make(8) }) as Record<`${Name}_w` | `${Name}_d`, Handler>

export const atomicHandlers = {
  ...sizes('lr', loadReserved),
  ...sizes('sc', storeConditional),
  ...sizes('amoswap', size => exchange(I.xchg, size)),
  ...sizes('amoadd', size => exchange(I.xadd, size)),
  ...sizes('amoxor', size => logic(I.xor, size)),
  ...sizes('amoand', size => logic(I.and, size)),
  ...sizes('amoor', size => logic(I.or, size)),
  ...sizes('amomin', size => choose(Cond.g, size)),
  ...sizes('amomax', size => choose(Cond.l, size)),
  ...sizes('amominu', size => choose(Cond.a, size)),
  ...sizes('amomaxu', size => choose(Cond.b, size)),
} satisfies Record<string, Handler>
