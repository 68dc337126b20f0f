/**
 * The code cache: places regions, patches the jumps between them, publishes their entries in the dispatch table, finds
 * the guest pc of a host pc, and drops what was translated from guest code that changed.
 *
 * A dropped region may still be running, or be returned to by frames of the host call stack. Its bytes stay; each of its
 * entries becomes a jump to a stub that asks for a new translation, so that stale code runs at most to its next entry.
 */
import type { FaultSite } from './emit/emitter.ts'
import type { Gates } from './gates.ts'
import { DIVERSION_SIZE, type Region } from './region.ts'
import { type Placed, packRegions, unpackRegions } from './snapshot.ts'
import { Assembler, RAX } from './x86/assembler.ts'

/** Where translations are published: one host offset for each guest pc (base/layout.ts PLACES.DISPATCH). */
export interface DispatchTable {
  set(pc: number, offset: number): void
}

/** What can be kept of a code cache and put into another one with the same gates. */
export interface Snapshot {
  /** Host code from the end of the gates on. */
  readonly code: Uint8Array
  /** {@link packRegions}. */
  readonly regions: Float64Array
}

/** A rel32 field in the cache, absolute. */
interface Link {
  readonly field: number
  readonly stub: number
}

export class CacheFull extends Error {
  constructor(size: number) {
    super(`the code cache of ${size} bytes is full`)
    this.name = 'CacheFull'
  }
}

export class CodeCache {
  private readonly code: Uint8Array
  private readonly view: DataView
  private readonly dispatch: DispatchTable
  private readonly gates: Gates
  /** Regions grow from the gates upward, fixed code from the end of the cache downward. */
  private end: number
  private fixed: number
  /** Regions that were dropped: what is left is no snapshot. */
  private droppedCount = 0
  /** Host offset of each guest pc that has a translation. */
  private readonly entries = new Map<number, number>()
  /** Fields that go to each guest pc, patched or waiting. */
  private readonly links = new Map<number, Link[]>()
  /** In order of their offsets. */
  private readonly placed: Placed[] = []
  /** Regions by the 4 KiB guest pages that they were translated from. */
  private readonly pages = new Map<number, Set<Placed>>()

  constructor(code: Uint8Array, dispatch: DispatchTable, gates: Gates) {
    this.code = code
    this.view = new DataView(code.buffer, code.byteOffset, code.byteLength)
    this.dispatch = dispatch
    this.gates = gates
    code.set(gates.bytes)
    this.end = gates.bytes.length
    this.fixed = code.length
  }

  /** How many regions were dropped. */
  get dropped(): number {
    return this.droppedCount
  }

  /** Bytes in use. */
  get size(): number {
    return this.end
  }

  /** Host offset of the translation of guest `pc`, or undefined. */
  offsetOf(pc: number): number | undefined {
    return this.entries.get(pc)
  }

  /**
   * Copies code that belongs to no guest code (bridge stubs and thunks), and points its rel32 fields at their cache
   * offsets. Returns its offset. @throws CacheFull
   */
  placeFixed(bytes: Uint8Array, references: readonly { field: number; target: number }[] = []): number {
    const offset = Math.floor((this.fixed - bytes.length) / 64) * 64
    if (offset < this.end) throw new CacheFull(this.code.length)
    this.fixed = offset
    this.code.set(bytes, offset)
    for (const { field, target } of references) this.point(offset + field, target)
    return offset
  }

  /** Makes `offset` the translation of guest `pc`, for good. */
  publish(pc: number, offset: number): void {
    this.entries.set(pc, offset)
    for (const link of this.links.get(pc) ?? []) this.point(link.field, offset)
    this.dispatch.set(pc, offset)
  }

  /**
   * Places a region and makes it reachable. Returns the offset of its entry at `region.pc`, which stays unpublished when
   * something else stands for that pc (`hidden`). @throws CacheFull
   */
  place(region: Region, hidden = false): number {
    const offset = this.allocate(region.bytes.length)
    this.code.set(region.bytes, offset)
    for (const { field, gate } of region.gateReferences) this.point(offset + field, gate)
    const { pc, entries, chains, ranges } = region
    const sites = region.sites.toSorted((a, b) => a.position - b.position)
    this.remember({ offset, length: region.bytes.length, pc, entries, chains, ranges, hidden, sites: () => sites })
    for (const { pc, position } of entries) {
      if (pc === region.pc ? !hidden : !this.entries.has(pc)) this.publish(pc, offset + position)
    }
    for (const chain of chains) this.point(offset + chain.field, this.entries.get(chain.pc) ?? offset + chain.stub)
    return offset + region.entries.find(({ pc }) => pc === region.pc)!.position
  }

  /** Enters a region that is at its place into the lists. */
  private remember(placed: Placed): void {
    const { offset, chains, ranges } = placed
    this.placed.push(placed)
    for (const [start, end] of ranges) {
      for (let page = Math.floor(start / 4096); page * 4096 < end; page++) {
        let set = this.pages.get(page)
        if (set === undefined) this.pages.set(page, (set = new Set()))
        set.add(placed)
      }
    }
    for (const chain of chains) {
      const link = { field: offset + chain.field, stub: offset + chain.stub }
      const list = this.links.get(chain.pc)
      if (list === undefined) this.links.set(chain.pc, [link])
      else list.push(link)
    }
  }

  /**
   * What the cache holds of the guest ranges that are the same in every run, for {@link restore}. Undefined when something
   * was dropped. Jumps to other regions go to their stubs again.
   */
  snapshot(stable: readonly (readonly [start: number, end: number])[]): Snapshot | undefined {
    if (this.droppedCount > 0) return undefined
    const inside = ([from, to]: readonly [number, number]): boolean =>
      stable.some(([start, end]) => from >= start && to <= end)
    const kept = this.placed.filter(({ ranges, hidden }) => !hidden && ranges.every(inside))
    const start = this.gates.bytes.length
    const code = this.code.slice(start, this.end)
    const view = new DataView(code.buffer)
    const entries = new Set(kept.flatMap(region => region.entries.map(({ pc }) => pc)))
    for (const [pc, links] of this.links) {
      if (entries.has(pc)) continue
      for (const { field, stub } of links) view.setInt32(field - start, stub - (field + 4), true)
    }
    return { code, regions: packRegions(kept) }
  }

  /**
   * Puts a snapshot into a cache that holds nothing but gates. Jumps to code that is no region (the bridge's stubs) are
   * pointed at it again when that is published. @throws RangeError when it is damaged, CacheFull
   */
  restore({ code, regions }: Snapshot): void {
    const placed = unpackRegions(regions)
    const limit = this.gates.bytes.length + code.length
    for (const { offset, length } of placed) {
      if (offset < this.gates.bytes.length || offset + length > limit)
        throw new RangeError('a region outside of its code')
    }
    if (limit > this.fixed) throw new CacheFull(this.code.length)
    this.code.set(code, this.gates.bytes.length)
    this.end = limit
    for (const region of placed) {
      this.remember(region)
      for (const { pc, position } of region.entries) {
        if (pc !== region.pc && this.entries.has(pc)) continue
        this.entries.set(pc, region.offset + position)
        this.dispatch.set(pc, region.offset + position)
      }
    }
  }

  /** The region and the fault site of a host offset: that of the instruction at or before it. */
  locate(offset: number): FaultSite | undefined {
    const placed = lastAtOrBefore(this.placed, offset, p => p.offset)
    if (placed === undefined || offset >= placed.offset + placed.length) return undefined
    const site = lastAtOrBefore(placed.sites(), offset - placed.offset, s => s.position)
    return site?.position === offset - placed.offset ? site : undefined
  }

  /** Drops every region that was translated from guest bytes in [start, end). Returns how many. */
  invalidate(start: number, end: number): number {
    const dropped = new Set<Placed>()
    for (const [page, set] of this.pages) {
      if ((page + 1) * 4096 <= start || page * 4096 >= end) continue
      for (const placed of set) {
        if (placed.ranges.some(([from, to]) => from < end && to > start)) dropped.add(placed)
      }
    }
    for (const placed of dropped) this.drop(placed)
    return dropped.size
  }

  private drop(placed: Placed): void {
    const { offset, entries, chains, hidden } = placed
    this.droppedCount++
    for (const set of this.pages.values()) set.delete(placed)
    for (const { pc, position } of entries) {
      // what stands in front of a hidden region goes along: the miss gate would lead back to it
      if (this.entries.get(pc) === offset + position || (hidden && pc === placed.pc)) {
        this.entries.delete(pc)
        this.dispatch.set(pc, 0)
        for (const link of this.links.get(pc) ?? []) this.point(link.field, link.stub)
      }
      this.divert(offset + position, pc)
    }
    for (const chain of chains) {
      const list = this.links.get(chain.pc)
      const at = list?.findIndex(link => link.field === offset + chain.field) ?? -1
      if (at >= 0) list!.splice(at, 1)
    }
  }

  /** Makes the code at `offset` go to the miss gate for guest `pc`. */
  private divert(offset: number, pc: number): void {
    const asm = new Assembler({ capacity: 64 })
    asm.movImm64(RAX, pc | 0, Math.floor(pc / 2 ** 32))
    const field = asm.jmpRel32()
    const stub = this.placeFixed(asm.finish())
    this.point(stub + field, this.gates.miss)
    this.code[offset] = 0xe9
    this.view.setInt32(offset + 1, stub - (offset + DIVERSION_SIZE), true)
  }

  /** Points a rel32 field at a host offset, with one store. */
  private point(field: number, target: number): void {
    this.view.setInt32(field, target - (field + 4), true)
  }

  private allocate(bytes: number): number {
    const offset = Math.ceil(this.end / 64) * 64
    if (offset + bytes > this.fixed) throw new CacheFull(this.code.length)
    this.end = offset + bytes
    return offset
  }
}

function lastAtOrBefore<T>(list: readonly T[], value: number, key: (item: T) => number): T | undefined {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (key(list[middle]!) <= value) low = middle + 1
    else high = middle
  }
  return list[low - 1]
}
