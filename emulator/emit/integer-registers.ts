/** Guest integer registers on the host: where they live in a region, and the sign extensions that are owed to them. */
import { HOME, TEMP, TEMP2, xSlot } from '../convention.ts'
import type { Exchange } from '../ir/allocate.ts'
import { Analysis } from '../ir/analysis.ts'
import { Ir } from '../ir/ir.ts'
import type { Optimizations } from '../options.ts'
import { Assembler, I, RBP, type Size } from '../x86/assembler.ts'
import { Flags } from './flags.ts'

export class IntegerRegisters {
  readonly asm = new Assembler()
  readonly ir = new Ir()
  readonly analysis = new Analysis()
  optimizations!: Optimizations
  /** Host register of each guest integer register in this region, -1 in memory. */
  readonly home = new Int8Array(32)
  /** Those that the region exchanged: guest `out` gave `host` to guest `into`. */
  moved: readonly Exchange[] = []
  /** Lazy ones at this point. */
  lazy = 0
  /** Narrow ones at this point. */
  narrow = 1
  /** What the host's flags say of them. */
  readonly flags = new Flags(this.asm)
  /** Those whose host registers are saved in the CPU state at the moment, for fault sites. */
  borrowed: number[] = []

  protected placeIntegers(moved: readonly Exchange[]): void {
    this.home.set(HOME)
    this.moved = moved
    for (const { host, out, into } of moved) {
      this.home[out] = -1
      this.home[into] = host
    }
    this.borrowed = []
  }

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

  /** TEMP with all 64 bits of guest `r`, which stays lazy. */
  extended(r: number): number {
    const host = this.home[r]!
    if (host < 0) return this.full(r)
    this.asm.rr(I.movsxd, 8, TEMP, host)
    return TEMP
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

  /** Guest `r` is in memory, where host instructions take it from and change it. */
  isOperand(r: number): boolean {
    return r !== 0 && this.home[r]! < 0 && this.optimizations.operand
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
