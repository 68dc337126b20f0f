/** Makes translations for all processes of a tree: fetches guest code, translates, places and publishes it in a space. */
import { PLACES } from '../base/layout.ts'
import type { GuestCode } from '../emulator/ir/region.ts'
import type { Optimizations } from '../emulator/options.ts'
import type { Placed } from '../emulator/placed.ts'
import type { RegionProfile } from '../emulator/profile.ts'
import type { Region } from '../emulator/region.ts'
import { Translator } from '../emulator/translate.ts'
import type { Location } from './handlers.ts'
import type { TranslationLog } from './log.ts'
import { type NativeEntries, NativeLibc } from './native-libc.ts'
import type { PlacedCode } from './perf-map.ts'
import type { GuestProcess } from './process.ts'
import type { Space } from './space.ts'

export interface TranslationOptions {
  readonly optimizations: Optimizations
  /** Count executions of blocks. */
  readonly profile?: boolean
  readonly log?: TranslationLog | undefined
  /** Is told of every region that was placed in a space. */
  readonly placed?: ((process: GuestProcess, space: Space, code: PlacedCode) => void) | undefined
}

/** Where a region may be made from. */
export interface CodeRange {
  readonly start: number
  readonly end: number
}

export class Translation {
  readonly translator: Translator
  readonly #log: TranslationLog | undefined
  readonly #placed: TranslationOptions['placed']
  /** Undefined when functions of the C library are the guest's own. */
  readonly #libc: NativeLibc | undefined
  /** Regions and guest instructions translated, bytes of host code, and milliseconds spent. */
  readonly counts = { regions: 0, instructions: 0, bytes: 0, milliseconds: 0 }
  /** Of every region that was translated, when executions are counted. */
  readonly profiles: RegionProfile[] = []

  constructor({ optimizations, profile = false, log, placed }: TranslationOptions) {
    this.#log = log
    this.#placed = placed
    this.#libc = optimizations.libc ? new NativeLibc() : undefined
    this.translator = new Translator({ optimizations, profile })
  }

  /**
   * Offset in the space's code cache of the translation of `pc`, -1 when there is no code.
   * @param changes the code may change, and be again what it was
   * @throws CacheFull
   */
  resolve(space: Space, process: GuestProcess, pc: number, range: CodeRange, changes: boolean): number {
    const { cache } = space
    const known = cache.offsetOf(pc)
    if (known !== undefined) return known
    // a debugger's breakpoints are in translations, but not in the code that they are made from
    const comesBack = changes && !space.debugged
    const same = ({ ranges, source }: Placed): boolean =>
      ranges.every(([start, end]) => start >= range.start && end <= range.end) &&
      Buffer.compare(source!, sourceOf(process, ranges)) === 0
    return (
      (comesBack ? cache.revive(pc, same) : undefined) ??
      this.#translate(space, process, pc, range, { keepSource: comesBack })
    )
  }

  /** Offset of a translation of the function at `pc` that is not published: a wrapper stands there. -1 when there is no code. */
  body(space: Space, process: GuestProcess, pc: number, range: CodeRange): number {
    return this.#translate(space, process, pc, range, { hidden: true })
  }

  #translate(
    space: Space,
    process: GuestProcess,
    pc: number,
    range: CodeRange,
    { hidden = false, keepSource = false }: { hidden?: boolean; keepSource?: boolean },
  ): number {
    const { translator } = this
    const begin = performance.now()
    translator.oddRounding = space.oddRounding
    const natives = this.#libc?.at(process, pc)
    const region = translator.translate(pc, guestCode(space, process, range, natives))
    if (region === undefined) return -1
    const source = keepSource ? sourceOf(process, region.ranges) : undefined
    const offset = space.cache.place(region, { hidden, source })
    this.counts.regions++
    this.counts.instructions += region.instructions
    this.counts.bytes += region.bytes.length
    this.counts.milliseconds += performance.now() - begin
    if (region.profile !== undefined) this.profiles.push(region.profile)
    const length = region.bytes.length
    this.#placed?.(process, space, { pc, offset: space.cache.size - length, length })
    this.#log?.region(region, space.cache.size - region.bytes.length, translator, {
      memory: process.memory,
      code: space.code,
      symbolAt: at => process.symbolAt(at),
    })
    return offset
  }
}

/** The guest bytes that a region was made from. */
function sourceOf({ memory }: GuestProcess, ranges: Region['ranges']): Uint8Array {
  return Buffer.concat(ranges.map(([start, end]) => memory.code(start, end - start)))
}

function guestCode(
  { cache }: Space,
  { memory, breakpoints }: GuestProcess,
  { start, end }: CodeRange,
  natives: NativeEntries | undefined,
): GuestCode {
  return {
    fetch: pc => (pc < start || pc >= end ? -1 : memory.codeWord(pc, end)),
    translated: pc => cache.offsetOf(pc) !== undefined,
    ...(natives ? { native: pc => natives.get(pc) } : {}),
    ...(breakpoints.size > 0 ? { breakpoint: pc => breakpoints.has(pc) } : {}),
  }
}

/** The guest instruction that host code at an offset of the space's code cache belongs to. */
export function locate(space: Space | undefined, hostOffset: number): Location | undefined {
  if (space === undefined || space.released || hostOffset < 0 || hostOffset >= PLACES.DISPATCH - PLACES.CODE_CACHE)
    return undefined
  const site = space.cache.locate(hostOffset)
  return (
    site && {
      pc: site.pc,
      fixups: site.fixups.map(word => ({ register: word & 255, kind: (word >> 8) & 255, host: word >>> 16 })),
    }
  )
}
