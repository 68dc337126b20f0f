/** What is known of a region whose blocks count their executions: the facts that counts are multiplied with. */
import type { Emitter } from './emit/emitter.ts'
import type { Block, Ir } from './ir/ir.ts'
import { DEFF, DEFX, FUSE1, FUSE2, FUSE3, USE1, USE2 } from './ir/traits.ts'

/** Guest registers as places of a table: x0–x31, then f0–f31. */
export const REGISTERS = 64
const F = 32

/** How often the instructions of a block name each guest register, at the place of REGISTERS. */
export interface RegisterUses {
  readonly reads: Uint16Array
  readonly writes: Uint16Array
}

export interface BlockProfile {
  readonly pc: number
  /** Number of its 64-bit counter from PLACES.BLOCK_COUNTERS on; -1 when it is not counted. */
  readonly counter: number
  /** Guest instructions. */
  readonly instructions: number
  /** Host bytes, without cold code and without the counter. */
  readonly bytes: number
  readonly kind: Block['kind']
  /** Blocks of the region that control goes on in, -1 when it leaves: then at the pc, -1 when that is not known. */
  readonly taken: number
  readonly takenPc: number
  readonly next: number
  readonly nextPc: number
  /** Other regions may come in here. */
  readonly entry: boolean
  readonly uses: RegisterUses
}

export interface RegionProfile {
  readonly blocks: readonly BlockProfile[]
  /** 1 for each guest register that lives in a host register in this region, at the place of REGISTERS. */
  readonly inHost: Uint8Array
}

/** The registers that the guest instructions of the block at each pc read and write; before fusion changes them. */
export function registerUses(ir: Ir): ReadonlyMap<number, RegisterUses> {
  const uses = new Map<number, RegisterUses>()
  for (const { pc, start, end } of ir.blocks) {
    const reads = new Uint16Array(REGISTERS)
    const writes = new Uint16Array(REGISTERS)
    for (let i = start; i < end; i++) {
      const op = ir.op[i]!
      if (USE1[op] !== 0) reads[ir.rs1[i]!]!++
      else if (FUSE1[op] !== 0) reads[F + ir.rs1[i]!]!++
      if (USE2[op] !== 0) reads[ir.rs2[i]!]!++
      else if (FUSE2[op] !== 0) reads[F + ir.rs2[i]!]!++
      if (FUSE3[op] !== 0) reads[F + ir.rs3[i]!]!++
      if (DEFX[op] !== 0) writes[ir.rd[i]!]!++
      else if (DEFF[op] !== 0) writes[F + ir.rd[i]!]!++
    }
    uses.set(pc, { reads, writes })
  }
  return uses
}

/** The profile of the region that was just emitted. */
export function regionProfile(e: Emitter, uses: ReadonlyMap<number, RegisterUses>): RegionProfile {
  const inHost = new Uint8Array(REGISTERS)
  for (let r = 0; r < F; r++) {
    inHost[r] = e.home[r]! >= 0 ? 1 : 0
    inHost[F + r] = e.homeFp[r]! >= 0 ? 1 : 0
  }
  const blocks = e.ir.blocks.map((block, b) => ({
    pc: block.pc,
    ...e.counted[b]!,
    instructions: block.end - block.start,
    kind: block.kind,
    taken: block.taken,
    takenPc: block.takenPc,
    next: block.next,
    nextPc: block.nextPc,
    entry: block.entry,
    uses: uses.get(block.pc)!,
  }))
  return { blocks, inHost }
}
