/** Guest floating-point registers on the host: where they live in a region, and how what is owed to them is paid. */
import { fSlot, HOME_FP, TEMP, XTEMP } from '../convention.ts'
import type { Exchange } from '../ir/allocate.ts'
import type { FloatState } from '../ir/float-state.ts'
import { Cond, I, RBP, RIPREL } from '../x86/assembler.ts'
import { ColdCode } from './cold.ts'
import { settleFloat } from './float-debts.ts'

export class FloatRegisters extends ColdCode {
  /** Host register of each guest floating-point register in this region, -1 in memory. */
  readonly homeFp = new Int8Array(32)
  /** Those that the region exchanged. */
  movedFp: readonly Exchange[] = []

  protected placeFloats(moved: readonly Exchange[]): void {
    this.homeFp.set(HOME_FP)
    this.movedFp = moved
    for (const { host, out, into } of moved) {
      this.homeFp[out] = -1
      this.homeFp[into] = host
    }
  }

  /** A block begins, with what is owed and known there. */
  startFloats(state: FloatState): void {
    const { nan, boxed } = this.optimizations
    this.float.copy(state)
    if (!nan) this.float.settle(-1)
    if (!boxed) this.float.forgetSingles()
  }

  /** Pays the debts of the floating-point registers of the mask, in place. */
  settleFloats(registers: number): void {
    for (let mask = registers & this.float.owed(); mask !== 0; mask &= mask - 1) {
      settleFloat(this, 31 - Math.clz32(mask & -mask))
    }
  }

  /** xmm register with guest `r` as a double (its bits when `use` asks for them); memory registers are loaded into `temp`. */
  double(r: number, temp: number = XTEMP): number {
    const own = this.homeFp[r]!
    if (own >= 0) return own
    this.asm.vrm(I.vmovsd, temp, RBP, fSlot(r))
    return temp
  }

  /** xmm register whose low half is guest `r` as a single: the canonical NaN when it is not properly boxed (§12.2). */
  single(r: number, temp: number = XTEMP): number {
    const { asm } = this
    const own = this.homeFp[r]!
    if ((this.float.boxed >>> r) & 1) {
      if (own >= 0) return own
      asm.vrm(I.vmovss, temp, RBP, fSlot(r))
      return temp
    }
    const bad = asm.label()
    const back = asm.label()
    if (own >= 0) {
      asm.vrr(I.vmovaps, temp, own)
      asm.vrri(I.vpextrd, TEMP, own, 1)
      asm.ri(I.cmp, 4, TEMP, -1)
    } else {
      asm.vrm(I.vmovss, temp, RBP, fSlot(r))
      asm.mi(I.cmp, 4, RBP, fSlot(r) + 4, -1)
    }
    asm.jcc(Cond.ne, bad)
    asm.bind(back)
    this.later(() => {
      asm.bind(bad)
      this.pool('canonicalSingle', () => asm.vrm(I.vmovss, temp, RIPREL, 0))
      asm.jmp(back)
    })
    return temp
  }

  /** Guest `r` can be an operand of memory, at its place: it is a double, or a single in its box. */
  isFloatOperand(r: number, double: boolean): boolean {
    if (!this.optimizations['float-operand']) return false
    return this.homeFp[r]! < 0 && (double || ((this.float.boxed >>> r) & 1) === 1)
  }

  targetFp(rd: number, temp: number = XTEMP): number {
    const own = this.homeFp[rd]!
    return own >= 0 ? own : temp
  }

  /** Guest `rd` is in xmm `x`; the analysis state takes note of what instruction i defined. */
  putFloat(i: number, rd: number, x: number): void {
    const own = this.homeFp[rd]!
    this.float.define(this.ir, i)
    if (own < 0) this.asm.vmr(I.vmovsd, RBP, fSlot(rd), x)
    else if (own !== x) this.asm.vrr(I.vmovaps, own, x)
    const { nan, boxed } = this.optimizations
    if (!nan || (!boxed && this.float.owesSingle(rd))) settleFloat(this, rd)
    if (!boxed) this.float.boxed = 0
  }
}
