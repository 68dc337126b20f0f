/** Guest code → region of host code. Pure: what it knows of the guest comes through {@link GuestCode}. */
import { Emitter } from './emit/emitter.ts'
import { emitRegion } from './emit/region.ts'
import { type Gates, makeGates } from './gates.ts'
import { removeDead } from './ir/dead.ts'
import { foldConstants } from './ir/fold.ts'
import { fuse } from './ir/fuse.ts'
import { peelLoops } from './ir/peel.ts'
import { printIr } from './ir/print.ts'
import { reduceAll } from './ir/reduce.ts'
import { formRegion, type GuestCode, type RegionLimits } from './ir/region.ts'
import { ALL_OPTIMIZATIONS, type Optimizations } from './options.ts'
import { regionProfile, registerUses } from './profile.ts'
import type { Region } from './region.ts'

export interface TranslatorOptions {
  readonly optimizations: Optimizations
  readonly limits: RegionLimits
  /** Count the executions of every block, from the first block counter on (PLACES.BLOCK_COUNTERS). */
  readonly profile: boolean
}

export const DEFAULT_LIMITS: RegionLimits = { instructions: 160, reach: 1 << 15, single: false }

export class Translator {
  readonly gates: Gates = makeGates()
  private readonly emitter = new Emitter()
  private readonly options: TranslatorOptions

  constructor({
    optimizations = ALL_OPTIMIZATIONS,
    limits = DEFAULT_LIMITS,
    profile = false,
  }: Partial<TranslatorOptions> = {}) {
    this.options = { optimizations, limits: { ...limits, single: limits.single || !optimizations.region }, profile }
    if (profile) this.emitter.nextCounter = 0
    this.emitter.gates = this.gates
    this.emitter.optimizations = optimizations
  }

  /** frm is a mode that the host lacks: regions translated from now on leave dynamic rounding to the interpreter. */
  set oddRounding(on: boolean) {
    this.emitter.oddRounding = on
  }
  get oddRounding(): boolean {
    return this.emitter.oddRounding
  }

  /** The IR of the last region, as text. */
  dump(): string[] {
    return printIr(this.emitter.ir)
  }

  /** Translates the region at `pc`, or returns undefined when nothing can be fetched there. */
  translate(pc: number, code: GuestCode): Region | undefined {
    if (code.fetch(pc) < 0) return undefined
    const { emitter } = this
    formRegion(emitter.ir, pc, code, this.options.limits)
    const uses = this.options.profile ? registerUses(emitter.ir) : undefined
    const { optimizations } = this.options
    if (optimizations.constants) foldConstants(emitter.ir, optimizations)
    else if (optimizations.reduce) reduceAll(emitter.ir)
    fuse(emitter.ir, optimizations)
    if (optimizations.dead) removeDead(emitter.ir)
    peelLoops(emitter.ir, optimizations)
    emitter.begin()
    const native = code.native?.(pc)
    emitter.native = native && this.gates.native.entries[native]
    const region = emitRegion(emitter)
    return uses === undefined ? region : { ...region, profile: regionProfile(emitter, uses) }
  }
}
