/**
 * The first space of a run begins with what earlier runs of the same program have left there. The code is in the cache from the
 * start; the regions of a file become reachable when the file is mapped where it was, unchanged (REQUEST.MAPPED).
 */
import { CacheFull } from '../emulator/code-memory.ts'
import type { Placed } from '../emulator/placed.ts'
import { hostBytes } from '../emulator/snapshot.ts'
import { type Fact, PRIVATE } from './facts.ts'
import type { KeptGroup, KeptTranslations } from './kept.ts'
import { keptBridge } from './kept-bridge.ts'
import type { Places } from './places.ts'
import type { Space } from './space.ts'

/** Bytes of code in a file above which it is not kept when most of it is of no use. */
const WORTH_A_LOOK = 1 << 20
const MOST_PLACES = 4096
const PAGE = 4096

export class KeptSpace {
  readonly #store: KeptTranslations
  readonly #space: Space
  readonly #places: Places
  /** Of files that were not mapped yet. */
  #waiting: KeptGroup[] = []
  /** Of the space with everything that was loaded and nothing else. */
  #loaded: number
  /** The bridge was kept, too. */
  readonly #bridged: boolean

  /** `space` and `places` are new. */
  constructor(store: KeptTranslations, space: Space, places: Places) {
    this.#store = store
    this.#space = space
    this.#places = places
    const kept = store.load()
    if (kept) {
      try {
        space.cache.load(kept.code)
        this.#waiting = [...kept.groups]
        places.restore(kept.places)
      } catch (error) {
        if (!(error instanceof CacheFull)) throw error
      }
    }
    this.#loaded = space.cache.size
    this.#bridged = kept?.bridged === true
  }

  /** A fact of the space is new. */
  mapped({ identity, start, end }: Fact): void {
    const groups = this.#waiting.filter(group => group.identity === identity && group.start < end && group.end > start)
    for (const group of groups) {
      const fact = this.#space.facts.at(group.start)
      if (fact?.identity !== identity || fact.end < group.end) continue
      this.#waiting.splice(this.#waiting.indexOf(group), 1)
      try {
        this.#space.cache.adopt(group.regions)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
  }

  /** At the end of the run, while the space is still there. */
  save(): void {
    const { cache, facts, bridge } = this.#space
    if (cache.size === this.#loaded && (bridge !== undefined) === this.#bridged) return this.#store.touch()
    const files = facts.list
      .filter(({ identity }) => identity !== PRIVATE)
      .map(fact => ({ ...fact, ...translatedPart(cache.regions, fact) }))
    const snapshot = cache.snapshot(files, bridge && new Map(bridge.stubs))
    const { code } = snapshot
    const groups = files
      .map((fact, index): KeptGroup => ({ ...fact, ...snapshot.groups[index]! }))
      .filter(({ regions }) => regions.length > 0)
    groups.push(...this.#waiting.filter(group => facts.conflicts(group).length === 0))
    const used = groups.reduce((sum, { regions }) => sum + hostBytes(regions), 0)
    if (code.length > WORTH_A_LOOK && used < code.length / 2) return this.#store.remove()
    const places = this.#places.used(files).slice(0, MOST_PLACES)
    this.#store.save({ code, groups, places, ...(bridge ? { bridge: keptBridge(bridge, cache) } : {}) })
  }
}

/**
 * The pages of a range from the first to the last that anything was translated from: a loader maps all of a file as code at first, and
 * other parts of it over that.
 */
function translatedPart(regions: readonly Placed[], { start, end }: Fact): { start: number; end: number } {
  const ranges = regions.flatMap(region => region.ranges).filter(([from, to]) => from >= start && to <= end)
  if (ranges.length === 0) return { start, end: start }
  const first = ranges.reduce((least, [from]) => Math.min(least, from), end)
  const last = ranges.reduce((most, [, to]) => Math.max(most, to), start)
  return { start: Math.max(start, Math.floor(first / PAGE) * PAGE), end: Math.min(end, Math.ceil(last / PAGE) * PAGE) }
}
