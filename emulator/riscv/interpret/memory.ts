/** What the interpreter needs of a memory. Values are little-endian and unsigned; any alignment is allowed. */
export interface Memory {
  /** `size` bytes (1, 2, 4 or 8) at `address` as an unsigned number. Throws {@link MemoryFault}. */
  load(address: bigint, size: number): bigint
  /** Stores the low `size` bytes of `value`. Throws {@link MemoryFault} before anything is written. */
  store(address: bigint, size: number, value: bigint): void
}

/** An access to an address that is not mapped or does not allow it. */
export class MemoryFault extends Error {
  readonly address: bigint
  constructor(address: bigint) {
    super(`no memory at 0x${address.toString(16)}`)
    this.address = address
  }
}

/** One readable and writable range of memory. */
export class FlatMemory implements Memory {
  readonly base: bigint
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(base: bigint, size: number) {
    this.base = base
    this.bytes = new Uint8Array(size)
    this.#view = new DataView(this.bytes.buffer)
  }

  load(address: bigint, size: number): bigint {
    const at = this.#place(address, size)
    switch (size) {
      case 1:
        return BigInt(this.#view.getUint8(at))
      case 2:
        return BigInt(this.#view.getUint16(at, true))
      case 4:
        return BigInt(this.#view.getUint32(at, true))
      default:
        return this.#view.getBigUint64(at, true)
    }
  }

  store(address: bigint, size: number, value: bigint): void {
    const at = this.#place(address, size)
    for (let i = 0; i < size; i++) this.#view.setUint8(at + i, Number((value >> BigInt(i * 8)) & 255n))
  }

  #place(address: bigint, size: number): number {
    const at = address - this.base
    if (at < 0n || at + BigInt(size) > BigInt(this.bytes.length)) throw new MemoryFault(address)
    return Number(at)
  }
}
