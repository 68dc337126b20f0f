/**
 * The fused multiplications. Infinity times zero is invalid even when the addend is a quiet NaN (ISA manual §11.6), where the host
 * raises nothing: so a result that is a NaN is looked at again. That is one check with the canonical NaN that it becomes.
 */
import { fSlot, stateSlot, TEMP, XTEMP, XTEMP2 } from '../convention.ts'
import { Cond, I, RBP, RIPREL } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import { both, operand } from './float.ts'
import type { Handler } from './handler.ts'
import { rounded } from './rounding.ts'

/** Opcodes of rs1 * rs2 ± rs3, by which register is overwritten: rs1 (132), rs2 (213), rs3 (231). */
type Opcodes = readonly [o132: number, o213: number, o231: number]

/** The factors of a product: xmm registers, or a second one in memory (`y` is -1). */
interface Factors {
  readonly x: number
  readonly y: number
  /** Displacement from rbp. */
  readonly slot: number
}

const FACTOR_SLOT = stateSlot('scratch') + 16

function multiplyAdd(opcodes: Opcodes, double: boolean): Handler {
  return (e, i) => {
    const { ir } = e
    let [rs1, rs2] = [ir.rs1[i]!, ir.rs2[i]!]
    const rs3 = ir.rs3[i]!
    const inHost = (r: number): boolean => e.homeFp[r]! >= 0 && (double || ((e.float.boxed >>> r) & 1) === 1)
    if (e.isFloatOperand(rs1, double) && rs1 !== rs2) [rs1, rs2] = [rs2, rs1]
    if (inHost(rs1) && inHost(rs3) && e.isFloatOperand(rs2, double)) factorInMemory(e, i, rs1, rs2, opcodes, double)
    else if (inHost(rs1) && inHost(rs2) && e.isFloatOperand(rs3, double))
      addendInMemory(e, i, rs1, rs2, opcodes, double)
    else inRegisters(e, i, opcodes, double)
  }
}

function factorInMemory(e: Emitter, i: number, rs1: number, rs2: number, opcodes: Opcodes, double: boolean): void {
  const { asm, ir } = e
  const [o132, , o231] = opcodes
  const [a, c, slot] = [e.homeFp[rs1]!, e.homeFp[ir.rs3[i]!]!, fSlot(rs2)]
  const d = e.targetFp(ir.rd[i]!)
  rounded(e, i, () => {
    if (d === a) asm.vrr(I.vmovaps, XTEMP, a)
    if (d === a && d !== c) asm.vrrm(o132, d, c, RBP, slot)
    else {
      if (d !== c) asm.vrr(I.vmovaps, d, c)
      asm.vrrm(o231, d, a, RBP, slot)
    }
    settleProduct(e, d, { x: d === a ? XTEMP : a, y: -1, slot }, double)
    putSettled(e, i, d)
  })
}

function addendInMemory(e: Emitter, i: number, rs1: number, rs2: number, opcodes: Opcodes, double: boolean): void {
  const { asm, ir } = e
  const [, o213, o231] = opcodes
  const [a, b, slot] = [e.homeFp[rs1]!, e.homeFp[rs2]!, fSlot(ir.rs3[i]!)]
  const d = e.targetFp(ir.rd[i]!)
  rounded(e, i, () => {
    if (d === a || d === b) {
      asm.vrr(I.vmovaps, XTEMP, d)
      asm.vrrm(o213, d, d === a ? b : a, RBP, slot)
    } else {
      asm.vrm(double ? I.vmovsd : I.vmovss, d, RBP, slot)
      asm.vrrr(o231, d, a, b)
    }
    settleProduct(e, d, { x: d === a ? XTEMP : a, y: d === b ? XTEMP : b, slot: 0 }, double)
    putSettled(e, i, d)
  })
}

function putSettled(e: Emitter, i: number, d: number): void {
  const rd = e.ir.rd[i]!
  e.putFloat(i, rd, d)
  if (e.optimizations.pair) e.float.nanSettled(rd)
}

function inRegisters(e: Emitter, i: number, opcodes: Opcodes, double: boolean): void {
  const { asm, ir } = e
  const [rd, rs1, rs2, rs3] = [ir.rd[i]!, ir.rs1[i]!, ir.rs2[i]!, ir.rs3[i]!]
  const a = operand(e, rs1, double, XTEMP)
  const b = rs2 === rs1 ? a : operand(e, rs2, double, XTEMP2)
  // a third operand in memory or unboxed needs a place of its own
  let c: number
  const direct = e.homeFp[rs3]! >= 0 && (double || ((e.float.boxed >>> rs3) & 1) === 1)
  if (rs3 === rs1) c = a
  else if (rs3 === rs2) c = b
  else if (direct) c = e.homeFp[rs3]!
  else c = -1
  if (c < 0 && (a !== XTEMP || b !== XTEMP2)) c = operand(e, rs3, double, a !== XTEMP ? XTEMP : XTEMP2)
  if (c < 0) {
    // both scratch registers are taken: a goes through memory
    asm.vmr(I.vmovsd, RBP, FACTOR_SLOT, a)
    c = operand(e, rs3, double, XTEMP)
  }
  const aInMemory = a === XTEMP && c === XTEMP && rs3 !== rs1
  const own = e.homeFp[rd]!
  const free = [XTEMP, XTEMP2].find(t => t !== a && t !== b && t !== c)
  // the register that the result is computed in; factors that it overwrites are copied, for the check of the result
  let d = own
  if (aInMemory) d = c
  else if (own < 0) d = free ?? Math.max(c, XTEMP)
  const overwritten = d === a || d === b
  const checked = !aInMemory && !(overwritten && free === undefined)
  const factors = aInMemory ? { x: b, y: -1, slot: FACTOR_SLOT } : { x: a, y: b, slot: 0 }
  // before the operation, where it overwrites a factor that there is no place for
  if (!checked) raiseForNan(e, c, factors, double)
  const kept = checked && overwritten ? free! : -1
  rounded(e, i, () => {
    if (aInMemory) asm.vrrm(opcodes[2], c, b, RBP, FACTOR_SLOT)
    else {
      if (kept >= 0) asm.vrr(I.vmovaps, kept, d)
      overwrite(e, d, a, b, c, opcodes)
    }
    if (checked) settleProduct(e, d, { x: d === a ? kept : a, y: d === b ? kept : b, slot: 0 }, double)
    if (checked) putSettled(e, i, d)
    else e.putFloat(i, rd, d)
  })
}

/** The product of the same factors raises what is due; its other flags are thrown away. */
function raiseForFactors(e: Emitter, { x, y, slot }: Factors, result: number, double: boolean): void {
  const { asm } = e
  const [saved, before, after] = [24, 32, 40].map(offset => stateSlot('scratch') + offset)
  const t = [0, 1, 2, 3].find(xmm => xmm !== x && xmm !== y && xmm !== result)!
  asm.vmr(I.vmovsd, RBP, saved!, t)
  asm.m(I.stmxcsr, 4, RBP, before!)
  if (y < 0) asm.vrrm(double ? I.vmulsd : I.vmulss, t, x, RBP, slot)
  else asm.vrrr(double ? I.vmulsd : I.vmulss, t, x, y)
  asm.m(I.stmxcsr, 4, RBP, after!)
  asm.rm(I.mov, 4, TEMP, RBP, after!)
  asm.ri(I.and, 4, TEMP, 1)
  asm.mr(I.or, 4, RBP, before!, TEMP)
  asm.m(I.ldmxcsr, 4, RBP, before!)
  asm.vrm(I.vmovsd, t, RBP, saved!)
}

/** A value that is a NaN gets the flag that the factors ask for; `settle` is done to it then. */
function raiseForNan(e: Emitter, value: number, factors: Factors, double: boolean, settle = () => {}): void {
  const { asm } = e
  const nan = asm.label()
  const back = asm.label()
  asm.vrr(double ? I.vucomisd : I.vucomiss, value, value)
  asm.jcc(Cond.p, nan)
  asm.bind(back)
  e.later(() => {
    asm.bind(nan)
    raiseForFactors(e, factors, value, double)
    settle()
    asm.jmp(back)
  })
}

/** A result that is a NaN also becomes canonical: one check for both. */
function settleProduct(e: Emitter, result: number, factors: Factors, double: boolean): void {
  if (!e.optimizations.pair) return raiseForNan(e, result, factors, double)
  raiseForNan(e, result, factors, double, () => {
    const canonical = double ? 'canonicalDouble' : 'canonicalSingle'
    e.pool(canonical, () => e.asm.vrm(double ? I.vmovsd : I.vmovss, result, RIPREL, 0))
  })
}

/** t = a * b ± c for a scratch register t, which may be one of the operands. */
function overwrite(e: Emitter, t: number, a: number, b: number, c: number, [o132, o213, o231]: Opcodes): void {
  const { asm } = e
  if (t === c) asm.vrrr(o231, t, a, b)
  else if (t === a) asm.vrrr(o132, t, c, b)
  else if (t === b) asm.vrrr(o213, t, a, c)
  else {
    asm.vrr(I.vmovaps, t, c)
    asm.vrrr(o231, t, a, b)
  }
}

export const multiplyAddHandlers = {
  ...both('fmadd', d =>
    multiplyAdd(d ? [I.vfmadd132sd, I.vfmadd213sd, I.vfmadd231sd] : [I.vfmadd132ss, I.vfmadd213ss, I.vfmadd231ss], d),
  ),
  ...both('fmsub', d =>
    multiplyAdd(d ? [I.vfmsub132sd, I.vfmsub213sd, I.vfmsub231sd] : [I.vfmsub132ss, I.vfmsub213ss, I.vfmsub231ss], d),
  ),
  // RISC-V's fnmsub is -(a*b)+c, which x86 calls fnmadd; fnmadd is -(a*b)-c
  ...both('fnmsub', d =>
    multiplyAdd(
      d ? [I.vfnmadd132sd, I.vfnmadd213sd, I.vfnmadd231sd] : [I.vfnmadd132ss, I.vfnmadd213ss, I.vfnmadd231ss],
      d,
    ),
  ),
  ...both('fnmadd', d =>
    multiplyAdd(
      d ? [I.vfnmsub132sd, I.vfnmsub213sd, I.vfnmsub231sd] : [I.vfnmsub132ss, I.vfnmsub213ss, I.vfnmsub231ss],
      d,
    ),
  ),
} satisfies Record<string, Handler>
