/** How often executed instructions named each guest register, for the choice of those that the convention pins. Pure. */
import { PINNED, PINNED_FP } from '../../base/layout.ts'
import { type BlockProfile, REGISTERS } from '../../emulator/profile.ts'
import { F_NAMES, X_NAMES } from '../../emulator/riscv/print.ts'

export interface RegisterCount {
  readonly name: string
  /** Host register of the register convention, `memory`, or `constant` for x0. */
  readonly home: string
  /** Operands of executed guest instructions that named it. */
  readonly reads: number
  readonly writes: number
  /** Of all reads and writes of registers of its file. */
  readonly share: number
  /** Part of its reads and writes in regions that had it in a host register. */
  readonly inHost: number
}

/** Weighted by executions, at the place of REGISTERS. */
export interface UseSums {
  readonly reads: Float64Array
  readonly writes: Float64Array
  readonly inHost: Float64Array
}

export function newUses(): UseSums {
  return {
    reads: new Float64Array(REGISTERS),
    writes: new Float64Array(REGISTERS),
    inHost: new Float64Array(REGISTERS),
  }
}

export function addUses(
  { reads, writes, inHost }: UseSums,
  { uses }: BlockProfile,
  homes: Uint8Array,
  count: number,
): void {
  for (let r = 0; r < REGISTERS; r++) {
    reads[r]! += uses.reads[r]! * count
    writes[r]! += uses.writes[r]! * count
    if (homes[r] === 1) inHost[r]! += (uses.reads[r]! + uses.writes[r]!) * count
  }
}

const FILE = REGISTERS / 2
/** What a register's home is called. */
const HOMES: readonly string[] = Array.from({ length: REGISTERS }, (_, r) => {
  if (r === 0) return 'constant'
  if (r < FILE) return PINNED.find(([guest]) => guest === r)?.[2].split(' ')[1] ?? 'memory'
  const xmm = PINNED_FP.find(([guest]) => guest === r - FILE)
  return xmm ? `xmm${xmm[1]}` : 'memory'
})

/** The registers that were used, the most used first. */
export function registerCounts({ reads, writes, inHost }: UseSums): RegisterCount[] {
  const all = (file: number): number =>
    [...reads, ...writes].reduce((sum, uses, k) => (k % REGISTERS < FILE === (file === 0) ? sum + uses : sum), 0)
  const totals = [all(0), all(1)]
  return [...HOMES.entries()]
    .filter(([r]) => reads[r]! + writes[r]! > 0)
    .sort(([a], [b]) => reads[b]! + writes[b]! - reads[a]! - writes[a]!)
    .map(([r, home]) => {
      const uses = reads[r]! + writes[r]!
      return {
        name: r < FILE ? X_NAMES[r]! : F_NAMES[r - FILE]!,
        home,
        reads: reads[r]!,
        writes: writes[r]!,
        share: uses / totals[r < FILE ? 0 : 1]!,
        inHost: inHost[r]! / uses,
      }
    })
}
