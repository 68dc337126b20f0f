/**
 * F and D arithmetic on SSE, AVX and FMA instructions. MXCSR holds frm, so dynamic rounding costs nothing; NaNs and
 * boxes are settled later (ir/float-state.ts). The driver has settled what the operands owe to this instruction.
 */
import { fSlot, TEMP, TEMP2, XTEMP, XTEMP2, xSlot } from '../convention.ts'
import { Cond, I, RBP, RIPREL } from '../x86/assembler.ts'
import { materialize } from './compare.ts'
import type { Emitter } from './emitter.ts'
import type { Handler } from './handler.ts'
import { rounded } from './rounding.ts'

/** The xmm register of guest `r`, or `temp` with a copy. */
export const operand = (e: Emitter, r: number, double: boolean, temp: number): number =>
  double ? e.double(r, temp) : e.single(r, temp)

/** The second operand may be one of memory; the operands of sums and products change places for that. */
function arithmetic(op: number, double: boolean, commutes: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    let [rs1, rs2] = [ir.rs1[i]!, ir.rs2[i]!]
    if (commutes && e.isFloatOperand(rs1, double) && e.homeFp[rs2]! >= 0) [rs1, rs2] = [rs2, rs1]
    const a = operand(e, rs1, double, XTEMP)
    const inMemory = rs2 !== rs1 && e.isFloatOperand(rs2, double)
    const b = rs2 === rs1 ? a : inMemory ? -1 : operand(e, rs2, double, XTEMP2)
    rounded(e, i, () => {
      const d = e.targetFp(ir.rd[i]!)
      if (inMemory) asm.vrrm(op, d, a, RBP, fSlot(rs2))
      else asm.vrrr(op, d, a, b)
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
    const [rd, rs1, rs2] = [ir.rd[i]!, ir.rs1[i]!, ir.rs2[i]!]
    const inMemory = kind !== 'eq' && rs1 !== rs2 && e.isFloatOperand(rs1, double)
    const a = inMemory ? -1 : operand(e, rs1, double, XTEMP)
    const b = rs2 === rs1 ? a : operand(e, rs2, double, XTEMP2)
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
    if (inMemory) asm.vrm(order, b, RBP, fSlot(rs1))
    else asm.vrr(order, b, a)
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
    else if (e.isOperand(rs1)) asm.vrm(double ? I.vmovsd : I.vmovss, x, RBP, xSlot(rs1))
    else if (double) asm.xg(I.vmovq, 8, x, e.full(rs1))
    else asm.xg(I.vmovd, 4, x, e.low(rs1))
    e.putFloat(i, rd, x)
  }

export const both = <Name extends string>(name: Name, make: (double: boolean) => Handler) =>
  ({ [`${name}_s`]: make(false), [`${name}_d`]: make(true) }) as Record<`${Name}_s` | `${Name}_d`, Handler>

export const floatHandlers = {
  ...both('fadd', d => arithmetic(d ? I.vaddsd : I.vaddss, d, true)),
  ...both('fsub', d => arithmetic(d ? I.vsubsd : I.vsubss, d, false)),
  ...both('fmul', d => arithmetic(d ? I.vmulsd : I.vmulss, d, true)),
  ...both('fdiv', d => arithmetic(d ? I.vdivsd : I.vdivss, d, false)),
  ...both('fsqrt', d => squareRoot(d ? I.vsqrtsd : I.vsqrtss, d)),
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
