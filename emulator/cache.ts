/**
 * The code cache: places regions, patches the jumps between them, publishes their entries in the dispatch table, finds
 * the guest pc of a host pc, and drops what was translated from guest code that changed. Other threads run its code meanwhile.
 *
 * A dropped region may still be running, or be returned to by frames of the host call stack. Its bytes stay; each of its
 * entries becomes a jump to a stub that asks for a new translation (a diversion), so that stale code runs at most to its
 * next entry.
 */
import { CodeMemory, type MemoryState } from './code-memory.ts'
import { DroppedRegions } from './dropped.ts'
import type { Gates } from './gates.ts'
import { GuestTable } from './guest-table.ts'
import { Links } from './links.ts'
import { type Placed, Records } from './placed.ts'
import { PlacedRegions } from './placed-regions.ts'
import { DIVERSION_SIZE, type Region } from './region.ts'
import type { FaultSite } from './sites.ts'
import { packRegions, unpackRegions } from './snapshot.ts'
import { Assembler, RAX } from './x86/assembler.ts'

/** Where translations are published: one host offset for each guest pc (base/layout.ts PLACES.DISPATCH). */
export interface DispatchTable {
  set(pc: number, offset: number): void
}

export interface PlaceOptions {
  /** Something else stands for the region's pc: its entry there stays unpublished. */
  readonly hidden?: boolean
  /** As {@link Placed}. */
  readonly source?: Uint8Array | undefined
}

interface Detail {
  readonly hidden: boolean
  readonly source: Uint8Array | undefined
  /** Of the diversions of a region that was dropped and came back. */
  readonly stubs: readonly number[] | undefined
}

/**
 * What a code cache knows of the bytes in it, for another process that has the same memory: values that the structured clone
 * algorithm takes. Dropped regions are left out.
 */
export interface CacheState extends MemoryState {
  readonly lost: number
  /** Pairs of guest pc and host offset. */
  readonly entries: Float64Array
  /** Regions as {@link packRegions} has them. */
  readonly packed: Int32Array
  /** What is not packed of regions, by their offsets. */
  readonly details: ReadonlyMap<number, Detail>
}

/** What {@link CodeCache.load} and {@link CodeCache.adopt} take. */
export interface Snapshot {
  /** Chains lead to regions of the same group only. */
  readonly code: Uint8Array
  readonly groups: readonly {
    readonly regions: Int32Array
    /** Pairs: guest pc minus the start of the range, offset of its translation. */
    readonly entries: Uint32Array
  }[]
}

export class CodeCache {
  private readonly memory: CodeMemory
  private readonly dispatch: DispatchTable
  private readonly gates: Gates
  /** Host offset of each guest pc that has a translation. */
  private readonly entries = new GuestTable()
  private readonly links = new Links()
  private readonly placed = new PlacedRegions()
  private readonly records = new Records()
  private dropped = new DroppedRegions()
  /** The stubs of regions that were dropped and came back. */
  private readonly diversions = new WeakMap<Placed, readonly number[]>()

  /** `code` begins at a multiple of 8 of its buffer. */
  constructor(code: Uint8Array, dispatch: DispatchTable, gates: Gates) {
    this.dispatch = dispatch
    this.gates = gates
    code.set(gates.bytes)
    this.memory = new CodeMemory(code, gates.bytes.length)
  }

  /** Bytes up to the end of the last region. */
  get size(): number {
    return this.memory.end
  }

  /** How many regions take room without being of use again. */
  get lost(): number {
    return this.dropped.lost
  }

  /** Bytes of the gates at its start. */
  get gateSize(): number {
    return this.gates.bytes.length
  }

  /** The regions that are reachable, in order of their offsets. */
  get regions(): readonly Placed[] {
    return this.placed.list
  }

  /** Host offset of the translation of guest `pc`, or undefined. */
  offsetOf(pc: number): number | undefined {
    return this.entries.get(pc) || undefined
  }

  /**
   * Copies code that belongs to no guest code (bridge stubs and thunks), and points its rel32 fields at their cache
   * offsets. Returns its offset. @throws CacheFull
   */
  placeFixed(bytes: Uint8Array, references: readonly { field: number; target: number }[] = []): number {
    const { memory } = this
    const offset = memory.allocateFixed(bytes.length)
    memory.bytes.set(bytes, offset)
    for (const { field, target } of references) memory.point(offset + field, target)
    return offset
  }

  /** Where the code that {@link placeFixed} has placed begins. */
  get fixedStart(): number {
    return this.memory.fixed
  }

  /** A copy of the fixed code from an offset on. */
  fixedFrom(offset: number): Uint8Array {
    return this.memory.bytes.slice(offset)
  }

  /** What is placed from now on ends there, or further down: for code that has its place in other caches already. @throws CacheFull */
  fixBelow(offset: number): void {
    this.memory.fixBelow(offset)
  }

  /** Makes `offset` the translation of guest `pc`, until {@link withdraw}. */
  publish(pc: number, offset: number): void {
    this.entries.set(pc, offset)
    this.links.each(pc, field => this.memory.repoint(field, offset))
    this.dispatch.set(pc, offset)
  }

  /** Guest `pc` has no translation any more: what {@link publish} said of it no longer holds. */
  withdraw(pc: number): void {
    this.entries.set(pc, 0)
    this.dispatch.set(pc, 0)
    this.links.each(pc, (field, stub) => this.memory.repoint(field, stub))
  }

  /** Places a region and makes it reachable. Returns the offset of its entry at `region.pc`. @throws CacheFull */
  place(region: Region, { hidden = false, source }: PlaceOptions = {}): number {
    const { memory } = this
    const { pc, bytes, entries, gateReferences } = region
    const offset = memory.allocate(bytes.length, entries.length)
    memory.bytes.set(bytes, offset)
    for (let k = 0; k < gateReferences.length; k++) {
      const { field, gate } = gateReferences[k]!
      memory.point(offset + field, gate)
    }
    this.join([this.records.place(region, offset, { hidden, source })])
    return offset + entries.find(entry => entry.pc === pc)!.position
  }

  /** The code of a snapshot of a cache with the same gates, for {@link adopt}: before anything is placed. @throws CacheFull */
  load(code: Uint8Array): void {
    this.memory.load(code)
  }

  /** Makes regions of a snapshot, whose code was loaded, reachable. @throws RangeError when they are damaged */
  adopt(regions: Int32Array): void {
    const adopted = unpackRegions(regions)
    for (const { offset, length } of adopted) {
      if (offset < this.gates.bytes.length || offset + length > this.memory.end)
        throw new RangeError('a region outside of its code')
    }
    for (const { entryCount } of adopted) this.memory.reserveFor(entryCount)
    this.join(adopted)
  }

  /**
   * For a later run: the host code, gates included, and what of it was translated from each of `ranges` alone.
   * @param stubs what the later run has at these guest pcs: fixed code, at the same offsets
   */
  snapshot(
    ranges: readonly { readonly start: number; readonly end: number }[],
    stubs: ReadonlyMap<number, number> = new Map(),
  ): Snapshot {
    const code = this.memory.bytes.slice(0, this.memory.end)
    const view = new DataView(code.buffer)
    const groups = ranges.map(({ start, end }) => {
      const inside = this.placed.list.filter(
        placed => !placed.hidden && placed.ranges.every(([from, to]) => from >= start && to <= end),
      )
      const own = new Map<number, number>()
      for (const placed of inside) {
        placed.eachEntry((pc, position) => {
          const offset = placed.offset + position
          if (this.entries.get(pc) === offset) own.set(pc, offset)
        })
      }
      // what another group has may not be there
      for (const placed of inside) {
        placed.eachChain((field, stub, pc) => {
          const at = placed.offset + field
          view.setInt32(at, (own.get(pc) ?? stubs.get(pc) ?? placed.offset + stub) - (at + 4), true)
        })
      }
      const pairs = Uint32Array.from([...own].flatMap(([pc, offset]) => [pc - start, offset]))
      return { regions: packRegions(inside), entries: pairs }
    })
    return { code, groups }
  }

  /**
   * Takes over the regions of another cache of the same size and gates that `keep` wants, and all of its fixed code, at the same
   * places: before anything is placed.
   */
  copy(other: CodeCache, keep: (placed: Placed) => boolean): void {
    this.memory.copy(other.memory)
    const kept = other.placed.list.filter(keep)
    for (const { entryCount } of kept) this.memory.reserveFor(entryCount)
    this.enter(kept)
    for (const [pc, offset] of other.entries) {
      const isRegion = offset >= this.gates.bytes.length && offset < other.memory.end
      if (isRegion && this.placed.at(offset) === undefined) continue
      this.entries.set(pc, offset)
      this.dispatch.set(pc, offset)
    }
    this.pointChains(kept)
  }

  /** For {@link restore}, while nothing changes. */
  get state(): CacheState {
    const { list } = this.placed
    return {
      ...this.memory.state,
      lost: this.dropped.count,
      entries: Float64Array.from([...this.entries].flat()),
      packed: packRegions(list),
      details: new Map(
        list
          .map(placed => ({ placed, stubs: this.diversions.get(placed) }))
          .filter(({ placed: { hidden, source }, stubs }) => hidden || source || stubs)
          .map(({ placed: { offset, hidden, source }, stubs }) => [offset, { hidden, source, stubs }]),
      ),
    }
  }

  /** Takes over the cache that has the same memory, from another process: before anything is placed. */
  restore({ lost, entries, packed, details, ...memory }: CacheState): void {
    this.memory.state = memory
    this.dropped = new DroppedRegions(lost)
    for (let k = 0; k < entries.length; k += 2) this.entries.set(entries[k]!, entries[k + 1]!)
    const placed = unpackRegions(packed, offset => details.get(offset))
    for (const region of placed) {
      const stubs = details.get(region.offset)?.stubs
      if (stubs) this.diversions.set(region, stubs)
    }
    this.enter(placed)
  }

  /** What is known of the registers at a host offset: at an instruction that may fault, at the head of a loop, or at an entry. */
  locate(offset: number): FaultSite | undefined {
    const placed = this.placed.at(offset) ?? this.dropped.at(offset)
    return placed && (placed.sites.at(offset - placed.offset) ?? placed.entryAt(offset))
  }

  /**
   * Drops every region that was translated from guest bytes in [start, end), while no other thread runs translated code. Returns how
   * many.
   */
  invalidate(start: number, end: number): number {
    const found = this.placed.from(start, end)
    for (const placed of found) this.drop(placed)
    return found.size
  }

  /**
   * Puts a region back that was dropped at `pc`, if `same` finds its guest code as it was. Returns the offset of its
   * entry, or undefined.
   */
  revive(pc: number, same: (placed: Placed) => boolean): number | undefined {
    const found = this.dropped.take(pc, same)
    if (found === undefined) return undefined
    const { placed, bytes, stubs } = found
    let k = 0
    placed.eachEntry((_, position) => this.memory.bytes.set(bytes[k++]!, placed.offset + position))
    this.diversions.set(placed, stubs)
    this.join([placed])
    return this.offsetOf(pc)
  }

  /** Makes regions that are at their places reachable. */
  private join(regions: readonly Placed[]): void {
    this.enter(regions)
    const published: number[] = []
    for (const placed of regions) {
      placed.eachEntry((pc, position) => {
        if (pc === placed.pc ? placed.hidden : this.entries.get(pc) !== 0) return
        this.entries.set(pc, placed.offset + position)
        published.push(pc)
      })
    }
    // nobody can come to them before the next lines
    this.pointChains(regions)
    for (let k = 0; k < published.length; k++) this.publish(published[k]!, this.entries.get(published[k]!))
  }

  /** Enters regions into the lists. */
  private enter(regions: readonly Placed[]): void {
    for (const placed of regions) {
      const { offset } = placed
      this.placed.add(placed)
      placed.eachChain((field, stub, pc) => this.links.add(pc, offset + field, offset + stub))
    }
  }

  private pointChains(regions: readonly Placed[]): void {
    for (const placed of regions) {
      const { offset } = placed
      placed.eachChain((field, stub, pc) => this.memory.point(offset + field, this.entries.get(pc) || offset + stub))
    }
  }

  private drop(placed: Placed): void {
    const { offset, pc: own, hidden } = placed
    const pcs: number[] = []
    const places: number[] = []
    this.placed.remove(placed)
    placed.eachEntry((pc, position) => {
      pcs.push(pc)
      places.push(offset + position)
      // what stands in front of a hidden region goes along: the miss gate would lead back to it
      if (this.entries.get(pc) === offset + position || (hidden && pc === own)) this.withdraw(pc)
    })
    placed.eachChain((field, _, pc) => this.links.remove(pc, offset + field))
    const bytes = places.map(at => this.memory.bytes.slice(at, at + DIVERSION_SIZE))
    const stubs = this.diversions.get(placed) ?? pcs.map(pc => this.diversionStub(pc))
    for (const [k, at] of places.entries()) {
      this.memory.bytes[at] = 0xe9
      this.memory.point(at + 1, stubs[k]!)
    }
    this.dropped.add({ placed, bytes, stubs })
  }

  /** A stub that goes to the miss gate for guest `pc`: there is always room for it. */
  private diversionStub(pc: number): number {
    const asm = new Assembler({ capacity: 64, alignField: false })
    asm.movImm64(RAX, pc | 0, Math.floor(pc / 2 ** 32))
    const field = asm.jmpRel32()
    const offset = this.memory.takeReserved()
    this.memory.bytes.set(asm.finish(), offset)
    this.memory.point(offset + field, this.gates.miss)
    return offset
  }
}
