/**
 * F and D arithmetic on SSE, AVX and FMA instructions. MXCSR holds frm, so dynamic rounding costs nothing; NaNs and
 * boxes are settled later (ir/float-state.ts). The driver has settled what the operands owe to this instruction.
 */
import { stateSlot, TEMP, TEMP2, XTEMP, XTEMP2, xSlot } from '../convention.ts'
import { Cond, I, RBP, RIPREL } from '../x86/assembler.ts'
import { materialize } from './compare.ts'
import { interpret } from './control.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'

/** Rounding-mode field: dynamic, and round to nearest with ties to max magnitude, which the host lacks. */
export const DYNAMIC = 7
export const NEAREST_MAX = 4
/** Rounding control of MXCSR, in place, for rounding modes 0–3. */
const HOST_ROUNDING = [0x0000, 0x6000, 0x2000, 0x4000]

/** Rounding control of vround and vcvtps2ph for rounding modes 0–3; 4 takes that of MXCSR. */
const IMMEDIATE_ROUNDING = [0, 3, 1, 2]
export const CURRENT_ROUNDING = 4

/** Rounding control of an instruction that has it as an immediate. What the host lacks the interpreter does. */
export function roundingImmediate(e: Emitter, i: number): number {
  const rm = e.ir.rm[i]!
  // (the code behind is not reached from there)
  if (rm === NEAREST_MAX || (rm === DYNAMIC && e.oddRounding)) interpret(e, i)
  return IMMEDIATE_ROUNDING[rm] ?? CURRENT_ROUNDING
}

/** Emits `body` under the rounding mode of instruction i. Returns false when the interpreter does the instruction. */
export function rounded(e: Emitter, i: number, body: () => void): void {
  const { asm } = e
  const rm = e.ir.rm[i]!
  if (rm === NEAREST_MAX || (rm === DYNAMIC && e.oddRounding)) {
    interpret(e, i)
    // the code behind is not reached from here, but its state must be that of a completed instruction
    body()
    return
  }
  if (rm === DYNAMIC) return body()
  const [before, during] = [stateSlot('scratch'), stateSlot('scratch') + 8]
  asm.m(I.stmxcsr, 4, RBP, before)
  asm.rm(I.mov, 4, TEMP, RBP, before)
  asm.ri(I.and, 4, TEMP, ~0x6000)
  asm.ri(I.or, 4, TEMP, HOST_ROUNDING[rm]!)
  asm.mr(I.mov, 4, RBP, during, TEMP)
  asm.m(I.ldmxcsr, 4, RBP, during)
  body()
  asm.m(I.stmxcsr, 4, RBP, during)
  asm.mi(I.and, 4, RBP, during, ~0x6000)
  asm.mi(I.and, 4, RBP, before, 0x6000)
  asm.rm(I.mov, 4, TEMP2, RBP, before)
  asm.mr(I.or, 4, RBP, during, TEMP2)
  asm.m(I.ldmxcsr, 4, RBP, during)
}

/** Emits `body`, which is exact: the rounding mode does nothing, but a reserved one in frm is illegal all the same (§11.2). */
export function exact(e: Emitter, i: number, body: () => void): void {
  if (e.ir.rm[i] === DYNAMIC && e.oddRounding) interpret(e, i)
  body()
}

const operand = (e: Emitter, r: number, double: boolean, temp: number): number =>
  double ? e.double(r, temp) : e.single(r, temp)

function arithmetic(op: number, double: boolean): Handler {
  return (e, i) => {
    const { ir } = e
    const a = operand(e, ir.rs1[i]!, double, XTEMP)
    const b = ir.rs2[i] === ir.rs1[i] ? a : operand(e, ir.rs2[i]!, double, XTEMP2)
    rounded(e, i, () => {
      const d = e.targetFp(ir.rd[i]!)
      e.asm.vrrr(op, d, a, b)
      e.putFloat(i, ir.rd[i]!, d)
    })
  }
}

function squareRoot(op: number, double: boolean): Handler {
  return (e, i) => {
    const { ir } = e
    const a = operand(e, ir.rs1[i]!, double, XTEMP)
    rounded(e, i, () => {
      const d = e.targetFp(ir.rd[i]!)
      e.asm.vrrr(op, d, a, a)
      e.putFloat(i, ir.rd[i]!, d)
    })
  }
}

/** Opcodes of rs1 * rs2 ± rs3, by which register is overwritten: rs1 (132), rs2 (213), rs3 (231). */
type Fused = readonly [o132: number, o213: number, o231: number]

function fused([o132, o213, o231]: Fused, double: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const [rd, rs1, rs2, rs3] = [ir.rd[i]!, ir.rs1[i]!, ir.rs2[i]!, ir.rs3[i]!]
    const a = operand(e, rs1, double, XTEMP)
    const b = rs2 === rs1 ? a : operand(e, rs2, double, XTEMP2)
    // a third operand in memory or unboxed needs a place of its own
    let c: number
    const scratch = stateSlot('scratch') + 16
    const direct = e.homeFp[rs3]! >= 0 && (double || ((e.float.boxed >>> rs3) & 1) === 1)
    if (rs3 === rs1) c = a
    else if (rs3 === rs2) c = b
    else if (direct) c = e.homeFp[rs3]!
    else c = -1
    if (c < 0 && (a !== XTEMP || b !== XTEMP2)) c = operand(e, rs3, double, a !== XTEMP ? XTEMP : XTEMP2)
    if (c < 0) {
      // both scratch registers are taken: a goes through memory
      asm.vmr(I.vmovsd, RBP, scratch, a)
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
    if (!checked) raiseForNanAddend(e, aInMemory ? -1 : a, b, c, double)
    const kept = checked && overwritten ? free! : -1
    rounded(e, i, () => {
      if (aInMemory) asm.vrrm(o231, c, b, RBP, scratch)
      else {
        if (kept >= 0) asm.vrr(I.vmovaps, kept, d)
        overwrite(e, d, a, b, c, [o132, o213, o231])
      }
      if (checked) settleProduct(e, d, d === a ? kept : a, d === b ? kept : b, double)
      e.putFloat(i, rd, d)
      if (checked) e.float.nanSettled(rd)
    })
  }
}

/**
 * Infinity times zero is invalid even when the addend is a quiet NaN (ISA manual §11.6); x86 raises nothing then. The product
 * of the same factors raises what is due; its other flags are thrown away. The factor a = -1 is in scratch place 2.
 */
function raiseForFactors(e: Emitter, a: number, b: number, result: number, double: boolean): void {
  const { asm } = e
  const [saved, before, after] = [24, 32, 40].map(offset => stateSlot('scratch') + offset)
  const t = [0, 1, 2, 3].find(x => x !== a && x !== b && x !== result)!
  asm.vmr(I.vmovsd, RBP, saved!, t)
  asm.m(I.stmxcsr, 4, RBP, before!)
  if (a < 0) asm.vrrm(double ? I.vmulsd : I.vmulss, t, b, RBP, stateSlot('scratch') + 16)
  else asm.vrrr(double ? I.vmulsd : I.vmulss, t, a, b)
  asm.m(I.stmxcsr, 4, RBP, after!)
  asm.rm(I.mov, 4, TEMP, RBP, after!)
  asm.ri(I.and, 4, TEMP, 1)
  asm.mr(I.or, 4, RBP, before!, TEMP)
  asm.m(I.ldmxcsr, 4, RBP, before!)
  asm.vrm(I.vmovsd, t, RBP, saved!)
}

/** A result that is a NaN gets the flag that its factors ask for, and becomes canonical: one check for both. */
function settleProduct(e: Emitter, result: number, a: number, b: number, double: boolean): void {
  const { asm } = e
  const nan = asm.label()
  const back = asm.label()
  asm.vrr(double ? I.vucomisd : I.vucomiss, result, result)
  asm.jcc(Cond.p, nan)
  asm.bind(back)
  e.later(() => {
    asm.bind(nan)
    raiseForFactors(e, a, b, result, double)
    const canonical = double ? 'canonicalDouble' : 'canonicalSingle'
    e.pool(canonical, () => asm.vrm(double ? I.vmovsd : I.vmovss, result, RIPREL, 0))
    asm.jmp(back)
  })
}

/** The same by a check of the addend before the operation, where it overwrites a factor that there is no place for. */
function raiseForNanAddend(e: Emitter, a: number, b: number, c: number, double: boolean): void {
  const { asm } = e
  const nan = asm.label()
  const back = asm.label()
  asm.vrr(double ? I.vucomisd : I.vucomiss, c, c)
  asm.jcc(Cond.p, nan)
  asm.bind(back)
  e.later(() => {
    asm.bind(nan)
    raiseForFactors(e, a, b, c, double)
    asm.jmp(back)
  })
}

/** t = a * b ± c for a scratch register t, which may be one of the operands. */
function overwrite(e: Emitter, t: number, a: number, b: number, c: number, [o132, o213, o231]: Fused): void {
  const { asm } = e
  if (t === c) asm.vrrr(o231, t, a, b)
  else if (t === a) asm.vrrr(o132, t, c, b)
  else if (t === b) asm.vrrr(o213, t, a, c)
  else {
    asm.vrr(I.vmovaps, t, c)
    asm.vrrr(o231, t, a, b)
  }
}

/**
 * fmin and fmax (§11.6): -0 is less than +0; a single NaN operand yields the other one; two yield the canonical NaN.
 * The comparison raises NV for signalling NaNs, as the ISA asks. Without `numbers` any NaN wins (Zfa's fminm and fmaxm).
 */
export function minimum(isMin: boolean, double: boolean, numbers = true): Handler {
  const compare = double ? I.vucomisd : I.vucomiss
  const pick = double ? (isMin ? I.vminsd : I.vmaxsd) : isMin ? I.vminss : I.vmaxss
  const merge = isMin ? I.vorpd : I.vandpd
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const a = operand(e, ir.rs1[i]!, double, XTEMP)
    const b = ir.rs2[i] === ir.rs1[i] ? a : operand(e, ir.rs2[i]!, double, XTEMP2)
    const d = e.targetFp(rd)
    const special = asm.label()
    const back = asm.label()
    // equal operands: ZF; a NaN: ZF and PF
    asm.vrr(compare, a, b)
    asm.jcc(Cond.e, special)
    asm.vrrr(pick, d, a, b)
    asm.bind(back)
    e.later(() => {
      const nan = asm.label()
      const second = asm.label()
      asm.bind(special)
      asm.jcc(Cond.p, nan)
      asm.vrrr(merge, d, a, b)
      asm.jmp(back)
      asm.bind(nan)
      if (!numbers) {
        asm.vrrr(double ? I.vaddsd : I.vaddss, d, a, b)
        asm.jmp(back)
        return
      }
      asm.vrr(compare, a, a)
      asm.jcc(Cond.p, second)
      if (d !== a) asm.vrr(I.vmovaps, d, a)
      asm.jmp(back)
      asm.bind(second)
      if (d !== b) asm.vrr(I.vmovaps, d, b)
      asm.jmp(back)
    })
    e.putFloat(i, rd, d)
  }
}

/** fsgnj, fsgnjn, fsgnjx: the value of rs1 with a sign made of rs2's. */
function sign(kind: 'copy' | 'negate' | 'xor', double: boolean): Handler {
  const signMask = double ? 'signDouble' : 'signSingle'
  const rest = double ? 'magnitudeDouble' : 'magnitudeSingle'
  return (e, i) => {
    const { asm, ir } = e
    const [rd, rs1, rs2] = [ir.rd[i]!, ir.rs1[i]!, ir.rs2[i]!]
    const a = operand(e, rs1, double, XTEMP)
    const d = e.targetFp(rd)
    if (rs1 === rs2) {
      // fmv, fneg, fabs
      if (kind === 'copy') {
        if (d !== a) asm.vrr(I.vmovaps, d, a)
      } else if (kind === 'negate') e.pool(signMask, () => asm.vrrm(I.vxorpd, d, a, RIPREL, 0))
      else e.pool(rest, () => asm.vrrm(I.vandpd, d, a, RIPREL, 0))
      e.putFloat(i, rd, d)
      return
    }
    const b = operand(e, rs2, double, XTEMP2)
    if (kind === 'negate') {
      e.pool(signMask, () => asm.vrrm(I.vandnpd, XTEMP2, b, RIPREL, 0))
    } else e.pool(signMask, () => asm.vrrm(I.vandpd, XTEMP2, b, RIPREL, 0))
    if (kind === 'xor') asm.vrrr(I.vxorpd, d, a, XTEMP2)
    else {
      e.pool(rest, () => asm.vrrm(I.vandpd, XTEMP, a, RIPREL, 0))
      asm.vrrr(I.vorpd, d, XTEMP, XTEMP2)
    }
    e.putFloat(i, rd, d)
  }
}

/** feq is quiet, flt and fle signal on every NaN (§11.8) but for Zfa's quiet ones: ucomis and comis. */
export function compare(kind: 'eq' | 'lt' | 'le', double: boolean, quiet = false): Handler {
  const order = quiet ? (double ? I.vucomisd : I.vucomiss) : double ? I.vcomisd : I.vcomiss
  return (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const a = operand(e, ir.rs1[i]!, double, XTEMP)
    const b = ir.rs2[i] === ir.rs1[i] ? a : operand(e, ir.rs2[i]!, double, XTEMP2)
    if (kind === 'eq') {
      asm.vrr(double ? I.vucomisd : I.vucomiss, a, b)
      if (rd === 0) return
      asm.setcc(Cond.np, TEMP)
      asm.setcc(Cond.e, TEMP2)
      asm.rr(I.and, 4, TEMP, TEMP2)
      const d = e.target(rd)
      asm.rr(I.movzx8, 4, d, TEMP)
      e.put(rd, d)
      return
    }
    // b above a is "less" and is false for NaNs
    asm.vrr(order, b, a)
    if (rd !== 0) materialize(e, rd, kind === 'lt' ? Cond.a : Cond.ae)
  }
}

/** Moves of bits between the register files. */
const moveToInteger =
  (double: boolean): Handler =>
  (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    if (rd === 0) return
    const d = e.target(rd)
    const x = e.double(ir.rs1[i]!, XTEMP)
    asm.gx(double ? I.vmovq : I.vmovd, double ? 8 : 4, d, x)
    if (!double) asm.rr(I.movsxd, 8, d, d)
    e.put(rd, d)
  }

const moveFromInteger =
  (double: boolean): Handler =>
  (e, i) => {
    const { asm, ir } = e
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    const x = e.targetFp(rd)
    if (rs1 === 0) asm.vrrr(I.vxorps, x, x, x)
    else if (e.inMemory(rs1)) asm.vrm(double ? I.vmovsd : I.vmovss, x, RBP, xSlot(rs1))
    else if (double) asm.xg(I.vmovq, 8, x, e.full(rs1))
    else asm.xg(I.vmovd, 4, x, e.low(rs1))
    e.putFloat(i, rd, x)
  }

export const both = <Name extends string>(name: Name, make: (double: boolean) => Handler) =>
  ({ [`${name}_s`]: make(false), [`${name}_d`]: make(true) }) as Record<`${Name}_s` | `${Name}_d`, Handler>

export const floatHandlers = {
  ...both('fadd', d => arithmetic(d ? I.vaddsd : I.vaddss, d)),
  ...both('fsub', d => arithmetic(d ? I.vsubsd : I.vsubss, d)),
  ...both('fmul', d => arithmetic(d ? I.vmulsd : I.vmulss, d)),
  ...both('fdiv', d => arithmetic(d ? I.vdivsd : I.vdivss, d)),
  ...both('fsqrt', d => squareRoot(d ? I.vsqrtsd : I.vsqrtss, d)),
  ...both('fmadd', d =>
    fused(d ? [I.vfmadd132sd, I.vfmadd213sd, I.vfmadd231sd] : [I.vfmadd132ss, I.vfmadd213ss, I.vfmadd231ss], d),
  ),
  ...both('fmsub', d =>
    fused(d ? [I.vfmsub132sd, I.vfmsub213sd, I.vfmsub231sd] : [I.vfmsub132ss, I.vfmsub213ss, I.vfmsub231ss], d),
  ),
  // RISC-V's fnmsub is -(a*b)+c, which x86 calls fnmadd; fnmadd is -(a*b)-c
  ...both('fnmsub', d =>
    fused(d ? [I.vfnmadd132sd, I.vfnmadd213sd, I.vfnmadd231sd] : [I.vfnmadd132ss, I.vfnmadd213ss, I.vfnmadd231ss], d),
  ),
  ...both('fnmadd', d =>
    fused(d ? [I.vfnmsub132sd, I.vfnmsub213sd, I.vfnmsub231sd] : [I.vfnmsub132ss, I.vfnmsub213ss, I.vfnmsub231ss], d),
  ),
  ...both('fmin', d => minimum(true, d)),
  ...both('fmax', d => minimum(false, d)),
  ...both('fsgnj', d => sign('copy', d)),
  ...both('fsgnjn', d => sign('negate', d)),
  ...both('fsgnjx', d => sign('xor', d)),
  ...both('feq', d => compare('eq', d)),
  ...both('flt', d => compare('lt', d)),
  ...both('fle', d => compare('le', d)),
  fmv_x_d: moveToInteger(true),
  fmv_x_w: moveToInteger(false),
  fmv_d_x: moveFromInteger(true),
  fmv_w_x: moveFromInteger(false),
} satisfies Record<string, Handler>
