/** Answers the executor's requests for translations: fetches guest code, translates, places and publishes it. */
import { PLACES } from '../base/layout.ts'
import { CacheFull, CodeCache, type Snapshot } from '../emulator/cache.ts'
import type { GuestCode } from '../emulator/ir/region.ts'
import type { Optimizations } from '../emulator/options.ts'
import type { RegionProfile } from '../emulator/profile.ts'
import { Translator } from '../emulator/translate.ts'
import { interpretOne } from './interpret.ts'
import type { TranslationLog } from './log.ts'
import type { Location, Session } from './session.ts'

/** First rounding mode that MXCSR does not have (round to nearest, ties to max magnitude). */
const ODD_ROUNDING = 4

export interface TranslationOptions {
  readonly optimizations: Optimizations
  /** Count executions of blocks. */
  readonly profile?: boolean
  readonly log?: TranslationLog | undefined
}

export class Translation {
  readonly translator: Translator
  readonly cache: CodeCache
  readonly #session: Session
  readonly #code: GuestCode
  readonly #log: TranslationLog | undefined
  /** The executable mapping that the request named: regions do not leave it. */
  #start = 0
  #end = 0
  /** Regions and guest instructions translated, bytes of host code, and milliseconds spent. */
  readonly counts = { regions: 0, instructions: 0, bytes: 0, milliseconds: 0 }
  /** Of every region that was translated, when executions are counted. */
  readonly profiles: RegionProfile[] = []

  constructor(session: Session, { optimizations, profile = false, log }: TranslationOptions) {
    this.#session = session
    this.#log = log
    this.translator = new Translator({ optimizations, profile })
    const { gates } = this.translator
    this.cache = new CodeCache(session.code, session.dispatch, gates)
    session.gates = { enter: gates.enter, resume: gates.resume, trap: gates.resume }
    this.cache.publish(PLACES.RETURN_GATE, gates.leave)
    const { memory } = session
    this.#code = {
      fetch: pc => {
        if (pc < this.#start || pc >= this.#end) return -1
        const low = memory.codeHalf(pc)
        if (low < 0) return -1
        if ((low & 3) !== 3) return low
        const high = pc + 2 < this.#end ? memory.codeHalf(pc + 2) : -1
        return high < 0 ? -1 : (low | (high << 16)) >>> 0
      },
      translated: pc => this.cache.offsetOf(pc) !== undefined,
    }
  }

  /** Starts with translations of an earlier run. Returns whether there were any that could be used. */
  restore(snapshot: Snapshot | undefined): boolean {
    if (snapshot === undefined) return false
    try {
      this.cache.restore(snapshot)
      return true
    } catch (error) {
      if (error instanceof RangeError || error instanceof CacheFull) return false
      throw error
    }
  }

  /** Offset in the code cache of the translation of `pc`, in the executable mapping from `start` to `end`; -1: none. */
  resolve(pc: number, start: number, end: number): number {
    const known = this.cache.offsetOf(pc)
    if (known !== undefined) return known
    return this.#translate(pc, start, end, false)
  }

  /** Offset of a translation of the function at `pc` that is not published: a wrapper stands there. -1 when there is no code. */
  body(pc: number, start: number, end: number): number {
    return this.#translate(pc, start, end, true)
  }

  #translate(pc: number, start: number, end: number, hidden: boolean): number {
    this.#start = start
    this.#end = end
    const begin = performance.now()
    const region = this.translator.translate(pc, this.#code)
    if (region === undefined) return -1
    const offset = this.cache.place(region, hidden)
    this.counts.regions++
    this.counts.instructions += region.instructions
    this.counts.bytes += region.bytes.length
    this.counts.milliseconds += performance.now() - begin
    if (region.profile !== undefined) this.profiles.push(region.profile)
    this.#log?.region(region, this.cache.size - region.bytes.length, this.translator)
    return offset
  }

  locate(hostOffset: number): Location | undefined {
    const site = this.cache.locate(hostOffset)
    if (site === undefined) return undefined
    return {
      pc: site.pc,
      fixups: site.fixups.map(word => ({ register: word & 255, kind: (word >> 8) & 255, host: word >>> 16 })),
    }
  }

  invalidate(start: number, length: number): void {
    this.cache.invalidate(start, start + length)
  }

  /** Executes one instruction; a change of frm to or from a mode that the host lacks changes how everything is translated. */
  interpret(state: DataView): { answer: number; address?: number } {
    const result = interpretOne(state, this.#session.memory)
    const odd = result.frm >= ODD_ROUNDING
    if (odd !== this.translator.oddRounding) {
      this.translator.oddRounding = odd
      this.cache.invalidate(0, PLACES.GUEST_END)
    }
    return result
  }
}
