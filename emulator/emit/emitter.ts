/**
 * The state of emitting one region: where guest registers live, what is owed to them (lazy sign extensions, NaNs,
 * boxes), cold code that waits for the end, and the records that the cache and the fault map need.
 *
 * Inside one guest instruction rax, r10, xmm14 and xmm15 are free. Every instruction that may fault is announced with
 * {@link Emitter.site} first, so that a host pc can be mapped back to a guest pc with true registers.
 */
import { fSlot, xSlot } from '../convention.ts'
import { allocate } from '../ir/allocate.ts'
import { SiteWriter } from '../sites.ts'
import { I, RBP } from '../x86/assembler.ts'
import type { CountedBlock } from './count.ts'
import { addFixups, sumFixup } from './fixups.ts'
import { FloatRegisters } from './float-registers.ts'

export class Emitter extends FloatRegisters {
  /** Frm is round-to-nearest-max-magnitude or reserved: dynamic rounding goes through the interpreter. */
  oddRounding = false
  /** Number of the next block counter when executions of blocks are counted (emulator/profile.ts), else undefined. */
  nextCounter: number | undefined
  counted: CountedBlock[] = []
  readonly sites = new SiteWriter()
  /** What faults before instruction `until` have to compute. */
  implied: { readonly until: number; readonly fixup: number }[] = []
  /** Offset of the native routine that stands for the function at the region's pc. */
  native: number | undefined
  /** Of each block. */
  labels: number[] = []

  begin(): void {
    this.asm.reset()
    this.flags.enabled = this.optimizations.flags
    const { integers, floats } = this.optimizations.alloc ? allocate(this.ir) : { integers: [], floats: [] }
    this.placeIntegers(integers)
    this.placeFloats(floats)
    this.forgetCold()
    this.counted = []
    this.sites.reset()
    this.labels = []
  }

  /** Everything as the register convention has it, before control leaves the region. The float state and the lazy set are kept for
   *  code that goes on behind a side exit: pass `keep`. */
  settleAll(): void {
    this.extend(-1)
    this.settleFloats(-1)
  }

  /** Moved registers go back to their places. Flags stay. */
  restoreHomes(): void {
    if (!this.exchanged) return
    const { asm } = this
    for (const { host, out, into } of this.moved) {
      asm.mr(I.mov, 8, RBP, xSlot(into), host)
      asm.rm(I.mov, 8, host, RBP, xSlot(out))
    }
    for (const { host, out, into } of this.movedFp) {
      asm.vmr(I.vmovsd, RBP, fSlot(into), host)
      asm.vrm(I.vmovsd, host, RBP, fSlot(out))
    }
  }

  /** Takes the registers that the region moves, at its entries. */
  takeHomes(): void {
    if (!this.exchanged) return
    const { asm } = this
    for (const { host, out, into } of this.moved) {
      asm.mr(I.mov, 8, RBP, xSlot(out), host)
      asm.rm(I.mov, 8, host, RBP, xSlot(into))
    }
    for (const { host, out, into } of this.movedFp) {
      asm.vmr(I.vmovsd, RBP, fSlot(out), host)
      asm.vrm(I.vmovsd, host, RBP, fSlot(into))
    }
  }

  /** Some guest registers are not where the convention has them. */
  get exchanged(): boolean {
    return this.moved.length > 0 || this.movedFp.length > 0
  }

  /** Guest `pc` begins here: where an asynchronous signal finds true registers (a loop may have no other such place). */
  safePoint(pc: number): void {
    this.sites.begin(this.asm.pos, pc - this.ir.base)
    addFixups(this)
  }

  /** The next host instruction may fault on behalf of instruction i. */
  site(i: number): void {
    this.sites.begin(this.asm.pos, this.ir.pc[i]!)
    addFixups(this)
    const sum = sumFixup(this.ir, i)
    if (sum >= 0) this.sites.fixup(sum)
    for (const { until, fixup } of this.implied) if (i < until) this.sites.fixup(fixup)
  }
}
