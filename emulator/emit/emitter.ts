/**
 * The state of emitting one region: where guest registers live, what is owed to them (lazy sign extensions, NaNs,
 * boxes), cold code that waits for the end, and the records that the cache and the fault map need.
 *
 * Inside one guest instruction rax, r10, xmm14 and xmm15 are free. Every instruction that may fault is announced with
 * {@link Emitter.site} first, so that a host pc can be mapped back to a guest pc with true registers.
 */
import { fSlot, HOME, HOME_FP, TEMP, TEMP2, XTEMP, xSlot } from '../convention.ts'
import type { Gates } from '../gates.ts'
import { allocate, type Exchange } from '../ir/allocate.ts'
import { Analysis } from '../ir/analysis.ts'
import { FloatState } from '../ir/float-state.ts'
import { Ir } from '../ir/ir.ts'
import type { Optimizations } from '../options.ts'
import { SiteWriter } from '../sites.ts'
import { Assembler, Cond, I, RBP, RIPREL, type Size } from '../x86/assembler.ts'
import { addFixups, sumFixup } from './fixups.ts'
import { Flags } from './flags.ts'
import { settleFloat } from './float-debts.ts'

/** A rel32 field that goes to another region: patched when the target has a translation. */
export interface ChainSite {
  /** Position of the field in the region's bytes. */
  readonly field: number
  /** Guest pc of the target. */
  readonly pc: number
  /** Position of the stub that the field points to until then. */
  readonly stub: number
}

/** Where a block's executions are counted. */
export interface CountedBlock {
  /** Number of the counter, or -1 when all are in use. */
  readonly counter: number
  /** Host bytes of the block without its counter and without cold code. */
  bytes: number
}

/** A rel32 field that points to a fixed offset of the code cache. */
export interface GateReference {
  readonly field: number
  readonly gate: number
}

type Cold = () => void

export class Emitter {
  readonly asm = new Assembler()
  readonly ir = new Ir()
  readonly analysis = new Analysis()
  readonly float = new FloatState()
  optimizations!: Optimizations
  gates!: Gates
  /** Host register of each guest integer register in this region, -1 in memory. */
  readonly home = new Int8Array(32)
  readonly homeFp = new Int8Array(32)
  /** Integer and floating-point registers that the region exchanged: guest `out` gave `host` to guest `into`. */
  moved: readonly Exchange[] = []
  movedFp: readonly Exchange[] = []
  /** Lazy integer registers at this point. */
  lazy = 0
  /** Narrow integer registers at this point. */
  narrow = 1
  /** What the host's flags say of guest registers. */
  readonly flags = new Flags(this.asm)
  /** Frm is round-to-nearest-max-magnitude or reserved: dynamic rounding goes through the interpreter. */
  oddRounding = false
  /** Number of the next block counter when executions of blocks are counted (emulator/profile.ts), else undefined. */
  nextCounter: number | undefined
  counted: CountedBlock[] = []
  chains: ChainSite[] = []
  gateReferences: GateReference[] = []
  readonly sites = new SiteWriter()
  /** What faults before instruction `until` have to compute. */
  implied: { readonly until: number; readonly fixup: number }[] = []
  /** Host registers that are saved in the CPU state at the moment: guest registers, for fault sites. */
  borrowed: number[] = []
  private cold: Cold[] = []
  /** Fields that wait for the stub of each guest pc. */
  private waiting = new Map<number, number[]>()
  labels: number[] = []

  begin(): void {
    this.asm.reset()
    this.flags.enabled = this.optimizations.flags
    this.home.set(HOME)
    this.homeFp.set(HOME_FP)
    const { integers, floats } = this.optimizations.alloc ? allocate(this.ir) : { integers: [], floats: [] }
    this.moved = integers
    this.movedFp = floats
    for (const { host, out, into } of integers) {
      this.home[out] = -1
      this.home[into] = host
    }
    for (const { host, out, into } of floats) {
      this.homeFp[out] = -1
      this.homeFp[into] = host
    }
    this.counted = []
    this.chains = []
    this.gateReferences = []
    this.sites.reset()
    this.cold = []
    this.waiting = new Map()
    this.labels = []
    this.borrowed = []
  }

  // --- integer registers ---

  /** A register that holds guest `r` with all 64 bits right; memory registers are loaded into `temp`. */
  full(r: number, temp: number = TEMP): number {
    const { asm } = this
    if (r === 0) {
      asm.rr(I.xor, 4, temp, temp)
      return temp
    }
    const host = this.home[r]!
    const lazy = ((this.lazy >>> r) & 1) === 1
    if (host < 0) {
      asm.rm(lazy ? I.movsxd : I.mov, 8, temp, RBP, xSlot(r))
      return temp
    }
    if (lazy) {
      asm.rr(I.movsxd, 8, host, host)
      this.lazy &= ~(1 << r)
    }
    return host
  }

  /** A register whose low 32 bits are those of guest `r`. */
  low(r: number, temp: number = TEMP): number {
    if (r === 0) return this.full(0, temp)
    const host = this.home[r]!
    if (host >= 0) return host
    this.asm.rm(I.mov, 4, temp, RBP, xSlot(r))
    return temp
  }

  /** Operand of `size` bytes: settles laziness only when the upper half counts. */
  operand(r: number, size: Size, temp: number = TEMP): number {
    return size === 8 ? this.full(r, temp) : this.low(r, temp)
  }

  inMemory(r: number): boolean {
    return r !== 0 && this.home[r]! < 0
  }

  /** Register to compute guest `rd` in: its own, or `temp`, which {@link put} then stores. */
  target(rd: number, temp: number = TEMP): number {
    const host = this.home[rd]!
    return host >= 0 ? host : temp
  }

  /** `rd` is now complete in `host`. */
  put(rd: number, host: number): void {
    if (rd === 0) return
    const own = this.home[rd]!
    this.lazy &= ~(1 << rd)
    if (own < 0) this.asm.mr(I.mov, 8, RBP, xSlot(rd), host)
    else if (own !== host) this.asm.rr(I.mov, 8, own, host)
  }

  /** The low 32 bits of `rd` are in `host`; extends them now or leaves that for later, as the analysis allows for instruction i. */
  putNarrow(i: number, rd: number, host: number): void {
    const own = this.home[rd]!
    if (this.analysis.mayLazy[i] === 1) {
      if (own < 0) this.asm.mr(I.mov, 4, RBP, xSlot(rd), host)
      else if (own !== host) this.asm.rr(I.mov, 4, own, host)
      // Nothing was emitted: what the flags say of 64 bits is not true of these 32.
      else this.flags.forget()
      this.lazy |= 1 << rd
    } else if (own < 0) {
      this.asm.rr(I.movsxd, 8, TEMP, host)
      this.asm.mr(I.mov, 8, RBP, xSlot(rd), TEMP)
      this.lazy &= ~(1 << rd)
    } else {
      this.asm.rr(I.movsxd, 8, own, host)
      this.lazy &= ~(1 << rd)
    }
  }

  /** Extends the lazy registers of the mask. Flags stay; those in memory go through TEMP2. */
  extend(registers: number): void {
    const { asm } = this
    for (let mask = registers & this.lazy; mask !== 0; mask &= mask - 1) {
      const r = 31 - Math.clz32(mask & -mask)
      const host = this.home[r]!
      if (host >= 0) asm.rr(I.movsxd, 8, host, host)
      else {
        asm.rm(I.movsxd, 8, TEMP2, RBP, xSlot(r))
        asm.mr(I.mov, 8, RBP, xSlot(r), TEMP2)
      }
    }
    this.lazy &= ~registers
  }

  /** Before instruction i: what it reads in full from memory is extended there, because it may be a memory operand. */
  extendOperands(i: number): void {
    for (let mask = this.analysis.readInFull(i) & this.lazy; mask !== 0; mask &= mask - 1) {
      const r = 31 - Math.clz32(mask & -mask)
      if (this.inMemory(r)) this.extend(1 << r)
    }
  }

  /** The whole of `rd` was written to its place in memory. */
  stored(rd: number): void {
    this.lazy &= ~(1 << rd)
  }

  // --- floating-point registers ---

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
    if (!this.optimizations.lazy) settleFloat(this, rd)
  }

  // --- leaving and coming back ---

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

  /** Runs `emit` with the debts of this point, and comes back to them: for code beside the straight line. */
  aside(emit: () => void): void {
    const lazy = this.lazy
    const saved = new FloatState().copy(this.float)
    emit()
    this.lazy = lazy
    this.float.copy(saved)
  }

  /** Code that is rarely run: emitted behind the region, with the debts of this point. */
  later(emit: Cold): void {
    const lazy = this.lazy
    const narrow = this.narrow
    const borrowed = this.borrowed.length > 0 ? this.borrowed.slice() : undefined
    const saved = this.float.isClear() ? undefined : new FloatState().copy(this.float)
    this.cold.push(() => {
      this.lazy = lazy
      this.narrow = narrow
      this.borrowed = borrowed ?? []
      if (saved) this.float.copy(saved)
      else this.float.clear()
      emit()
    })
  }

  flushCold(): void {
    for (let k = 0; k < this.cold.length; k++) this.cold[k]!()
    for (const [pc, fields] of this.waiting) {
      const stub = this.asm.pos
      this.asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
      this.jumpGate(this.gates.miss)
      for (let k = 0; k < fields.length; k++) this.chains.push({ field: fields[k]!, pc, stub })
    }
  }

  /** Records a rel32 field that goes to guest `pc`. */
  chain(field: number, pc: number): void {
    const fields = this.waiting.get(pc)
    if (fields === undefined) this.waiting.set(pc, [field])
    else fields.push(field)
  }

  jumpGate(gate: number): void {
    this.gateReferences.push({ field: this.asm.jmpRel32(), gate })
  }
  callGate(gate: number): void {
    this.gateReferences.push({ field: this.asm.callRel32(), gate })
  }

  /** Emits an instruction whose last four bytes are a rip-relative displacement, of a constant in the gates' pool. */
  pool(name: keyof Gates['pool'], emit: () => void): void {
    emit()
    this.gateReferences.push({ field: this.asm.pos - 4, gate: this.gates.pool[name] })
  }

  // --- faults ---

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

  /** Saves the pinned register `host` in its place in the CPU state, to use it inside this instruction. */
  borrow(host: number): void {
    const guest = this.guestOf(host)
    this.asm.mr(I.mov, 8, RBP, xSlot(guest), host)
    this.borrowed.push(guest)
  }

  giveBack(host: number): void {
    const guest = this.guestOf(host)
    this.asm.rm(I.mov, 8, host, RBP, xSlot(guest))
    this.borrowed.splice(this.borrowed.indexOf(guest), 1)
  }

  /** Extends the guest register that lives in `host`, if it is lazy. */
  extendHost(host: number): void {
    this.extend(1 << this.guestOf(host))
  }

  private guestOf(host: number): number {
    for (let r = 1; r < 32; r++) if (this.home[r] === host) return r
    throw new Error(`host register ${host} holds no guest register`)
  }
}
