/**
 * The bytes of a code cache: where code is placed in them, and how code that others run is pointed elsewhere. Regions grow from
 * the gates upward; code that belongs to no guest code, and the stubs of diversions, from the end downward.
 */

/** Bytes of the stub of a diversion: a move of a 64-bit constant and a jump. Kept free for every entry. */
const DIVERSION_STUB = 16
const ALIGNMENT = 64

export class CacheFull extends Error {
  constructor(size: number) {
    super(`the code cache of ${size} bytes is full`)
    this.name = 'CacheFull'
  }
}

/** How much of the bytes is in use. */
export interface MemoryState {
  readonly end: number
  readonly fixed: number
  readonly reserve: number
}

export class CodeMemory {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #words: BigUint64Array
  #end: number
  #fixed: number
  /** Bytes in front of `fixed` for the diversions of the entries that there are. */
  #reserve = 0

  /** `bytes` begin at a multiple of 8 of their buffer, and with `used` ones. */
  constructor(bytes: Uint8Array, used: number) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3)
    this.#end = used
    this.#fixed = bytes.length
  }

  /** Behind the last region. */
  get end(): number {
    return this.#end
  }

  /** Where fixed code begins. */
  get fixed(): number {
    return this.#fixed
  }

  get state(): MemoryState {
    return { end: this.#end, fixed: this.#fixed, reserve: this.#reserve }
  }

  set state({ end, fixed, reserve }: MemoryState) {
    this.#end = end
    this.#fixed = fixed
    this.#reserve = reserve
  }

  /** Room for a region. @throws CacheFull */
  allocate(length: number, entries: number): number {
    const offset = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT
    const reserve = this.#reserve + entries * DIVERSION_STUB
    if (offset + length > this.#fixed - reserve) throw this.#full()
    this.#end = offset + length
    this.#reserve = reserve
    return offset
  }

  /** Code with regions from the start on, for whose entries {@link reserveFor} keeps room. @throws CacheFull */
  load(code: Uint8Array): void {
    if (code.length > this.#fixed) throw this.#full()
    this.bytes.set(code)
    this.#end = code.length
  }

  /** Keeps room for the diversions of entries of regions that are there. */
  reserveFor(entries: number): void {
    this.#reserve += entries * DIVERSION_STUB
  }

  /** Room for fixed code. @throws CacheFull */
  allocateFixed(length: number): number {
    const offset = Math.floor((this.#fixed - length) / ALIGNMENT) * ALIGNMENT
    this.fixBelow(offset)
    return offset
  }

  /** Fixed code that is allocated from now on ends there, or further down. @throws CacheFull */
  fixBelow(offset: number): void {
    if (offset - this.#reserve < this.#end) throw this.#full()
    this.#fixed = Math.min(this.#fixed, offset)
  }

  /** Room for the stub of a diversion, which is kept free. */
  takeReserved(): number {
    this.#reserve -= DIVERSION_STUB
    this.#fixed -= DIVERSION_STUB
    return this.#fixed
  }

  /** Takes over the bytes of another memory, but no room for diversions. */
  copy(other: CodeMemory): void {
    this.bytes.set(other.bytes.subarray(0, other.#end))
    this.bytes.set(other.bytes.subarray(other.#fixed), other.#fixed)
    this.state = { end: other.#end, fixed: other.#fixed, reserve: 0 }
  }

  /** Points a rel32 field that nobody runs at a host offset. */
  point(field: number, target: number): void {
    this.#view.setInt32(field, target - (field + 4), true)
  }

  /** As {@link point}, while others run it: the field lies in one aligned word of 8 bytes, which one store replaces. */
  repoint(field: number, target: number): void {
    if (this.#view.getInt32(field, true) === target - (field + 4)) return
    const word = field >> 3
    const shift = BigInt((field & 7) * 8)
    const distance = BigInt((target - (field + 4)) >>> 0)
    const kept = this.#words[word]! & ~(0xffff_ffffn << shift)
    Atomics.store(this.#words, word, kept | (distance << shift))
  }

  #full(): CacheFull {
    return new CacheFull(this.bytes.length)
  }
}
