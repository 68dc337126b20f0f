/** Paying what is owed to floating-point registers (ir/float-state.ts): the canonical NaN, and the box of a single. */
import { fSlot, XTEMP2 } from '../convention.ts'
import { Cond, I, RBP, RIPREL } from '../x86/assembler.ts'
import type { FloatRegisters } from './float-registers.ts'

/** Pays the debts of guest register `r`, in place. */
export function settleFloat(e: FloatRegisters, r: number): void {
  const bit = 1 << r
  const { asm, float } = e
  if (float.nanDouble & bit) canonicalize(e, r, float.nanDouble, true)
  if (float.nanSingle & bit) canonicalize(e, r, float.nanSingle, false)
  if (float.unboxed & bit) {
    const own = e.homeFp[r]!
    const x = own >= 0 ? own : XTEMP2
    if (own < 0) asm.vrm(I.vmovss, x, RBP, fSlot(r))
    e.pool('upperOnes', () => asm.vrrm(I.vpor, x, x, RIPREL, 0))
    if (own < 0) asm.vmr(I.vmovsd, RBP, fSlot(r), x)
  }
  float.settle(bit)
}

/** A NaN in guest register `r` becomes the canonical one (the upper half of a single becomes zero then, when it is in a host register). */
function canonicalize(e: FloatRegisters, r: number, owing: number, double: boolean): void {
  const { asm } = e
  const compare = double ? I.vucomisd : I.vucomiss
  const own = e.homeFp[r]!
  const other = companion(e, r, owing)
  const x = e.homeFp[other] ?? -1
  if (own >= 0) asm.vrr(compare, own, x >= 0 ? x : own)
  else if (x >= 0) asm.vrm(compare, x, RBP, fSlot(r))
  else {
    asm.vrm(double ? I.vmovsd : I.vmovss, XTEMP2, RBP, fSlot(r))
    asm.vrr(compare, XTEMP2, XTEMP2)
  }
  const fix = asm.label()
  const back = asm.label()
  asm.jcc(Cond.p, fix)
  asm.bind(back)
  e.later(() => {
    asm.bind(fix)
    if (other < 0) makeCanonical(e, r, double)
    else {
      makeCanonicalIfNan(e, r, double)
      makeCanonicalIfNan(e, other, double)
    }
    asm.jmp(back)
  })
}

/** Another register of the mask that is in a host register: one comparison looks at two. Its NaN is paid for. -1 without one. */
function companion(e: FloatRegisters, r: number, owing: number): number {
  if (!e.optimizations.pair) return -1
  for (let mask = owing & ~(1 << r); mask !== 0; mask &= mask - 1) {
    const other = 31 - Math.clz32(mask & -mask)
    if (e.homeFp[other]! < 0) continue
    e.float.nanSettled(other)
    return other
  }
  return -1
}

function makeCanonicalIfNan(e: FloatRegisters, r: number, double: boolean): void {
  const { asm } = e
  const x = e.double(r, XTEMP2)
  const number = asm.label()
  asm.vrr(double ? I.vucomisd : I.vucomiss, x, x)
  asm.jcc(Cond.np, number)
  makeCanonical(e, r, double)
  asm.bind(number)
}

function makeCanonical(e: FloatRegisters, r: number, double: boolean): void {
  const { asm } = e
  const move = double ? I.vmovsd : I.vmovss
  const own = e.homeFp[r]!
  const x = own >= 0 ? own : XTEMP2
  e.pool(double ? 'canonicalDouble' : 'canonicalSingle', () => asm.vrm(move, x, RIPREL, 0))
  if (own < 0) asm.vmr(move, RBP, fSlot(r), x)
}
