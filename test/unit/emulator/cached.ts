/** A code cache of one buffer, and regions to place in it. */
import { CodeCache } from '../../../emulator/cache.ts'
import type { RegionLimits } from '../../../emulator/ir/region.ts'
import type { Region } from '../../../emulator/region.ts'
import { DEFAULT_LIMITS, Translator } from '../../../emulator/translate.ts'
import { bytesOf, guestCode, i, RET } from './guest-code.ts'

const translator = new Translator()
export const { gates } = translator

export function newCache(size = 1 << 16) {
  const code = new Uint8Array(size)
  const published = new Map<number, number>()
  const cache = new CodeCache(code, { set: (pc, offset) => void published.set(pc, offset) }, gates)
  const view = new DataView(code.buffer)
  /** Where the rel32 field at an offset goes. */
  const goes = (field: number) => field + 4 + view.getInt32(field, true)
  return { cache, code, published, goes }
}

export function translate(words: readonly number[], pc: number, limits: Partial<RegionLimits> = {}): Region {
  const translator = new Translator({ limits: { ...DEFAULT_LIMITS, ...limits } })
  return translator.translate(pc, guestCode(pc, bytesOf(words)))!
}
/** A region that only jumps from `pc` to `pc + distance`, which is out of its reach. */
export const jumpRegion = (pc: number, distance: number) => translate([i('jal', { imm: distance })], pc, { reach: 8 })
export const retRegion = (pc: number) => translate([RET], pc)
