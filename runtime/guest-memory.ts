/**
 * The guest's memory as the translator reads it: through /proc/<pid>/mem, whose offsets are guest addresses. Pages of
 * code are kept until {@link GuestMemory.forget}; the executor says when code changes (INVALIDATE).
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'

export const GUEST_PAGE = 4096
/** Pages of code that are kept. */
const MOST_PAGES = 1024

export class GuestMemory {
  #fd: number
  readonly #pages = new Map<number, Uint8Array | undefined>()
  /** The page of code that was looked at last, and its address. */
  #page: Uint8Array | undefined
  #address = -1

  /** @param fd of /proc/<pid>/mem, when another process has opened it */
  constructor(fd = -1) {
    this.#fd = fd
  }

  /** Its descriptor, -1 when it is not open. */
  get fd(): number {
    return this.#fd
  }

  /** Attaches to the executor; before that, nothing is readable. */
  open(pid: number): void {
    this.close()
    this.#fd = openSync(`/proc/${pid}/mem`, 'r+')
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
    this.#pages.clear()
    this.#page = undefined
  }

  /** The bytes now at `address`: fewer than `length`, or none, when not all of them are mapped. */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      const count = this.#transfer(() => readSync(this.#fd, bytes, done, length - done, address + done))
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  }

  /** Writes into the guest, into pages that it can not write itself too; returns the number of bytes written. */
  write(address: number, bytes: Uint8Array): number {
    let done = 0
    while (done < bytes.length) {
      const count = this.#transfer(() => writeSync(this.#fd, bytes, done, bytes.length - done, address + done))
      if (count === 0) break
      done += count
    }
    return done
  }

  /** The NUL-terminated text at `address`, at most `limit` bytes of it; undefined when it is not mapped. */
  readString(address: number, limit = GUEST_PAGE): string | undefined {
    const bytes = this.read(address, limit)
    if (bytes.length === 0) return undefined
    const end = bytes.indexOf(0)
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString()
  }

  /** The page of code that starts at `address` (a multiple of 4096), from the cache; undefined when not mapped. */
  codePage(address: number): Uint8Array | undefined {
    if (this.#pages.has(address)) return this.#pages.get(address)
    const bytes = this.read(address, GUEST_PAGE)
    const page = bytes.length === GUEST_PAGE ? bytes : undefined
    // the one that was read first goes
    if (this.#pages.size >= MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value!)
    this.#pages.set(address, page)
    return page
  }

  /** The two bytes of code at the even address `pc` as a number, or -1 when they are not mapped. */
  codeHalf(pc: number): number {
    const at = pc % GUEST_PAGE
    const page = this.codePage(pc - at)
    return page ? page[at]! | (page[at + 1]! << 8) : -1
  }

  /** As GuestCode.fetch, of the code in front of `end`. */
  codeWord(pc: number, end: number): number {
    let at = pc - this.#address
    if (this.#page === undefined || at < 0 || at >= GUEST_PAGE) {
      at = pc % GUEST_PAGE
      this.#address = pc - at
      this.#page = this.codePage(this.#address)
      if (this.#page === undefined) return -1
    }
    at |= 0
    const low = this.#page[at]! | (this.#page[at + 1]! << 8)
    if ((low & 3) !== 3) return low
    if (pc + 2 >= end) return -1
    const high = at + 2 < GUEST_PAGE ? this.#page[at + 2]! | (this.#page[at + 3]! << 8) : this.codeHalf(pc + 2)
    return high < 0 ? -1 : (low | (high << 16)) >>> 0
  }

  /** `length` bytes of code at `pc`, from the cache; fewer when not all are mapped. */
  code(pc: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      const at = (pc + done) % GUEST_PAGE
      const page = this.codePage(pc + done - at)
      if (!page) break
      const part = page.subarray(at, Math.min(GUEST_PAGE, at + length - done))
      bytes.set(part, done)
      done += part.length
    }
    return bytes.subarray(0, done)
  }

  /** Drops cached pages of a range of guest code that changed. */
  forget(start: number, length: number): void {
    this.#page = undefined
    const first = start - (start % GUEST_PAGE)
    const end = start + length
    if ((end - first) / GUEST_PAGE < this.#pages.size) {
      for (let address = first; address < end; address += GUEST_PAGE) this.#pages.delete(address)
      return
    }
    for (const address of this.#pages.keys()) if (address >= first && address < end) this.#pages.delete(address)
  }

  /** 0 for an address that is not mapped (EIO) and for a guest that is gone (ESRCH, EBADF before open). */
  #transfer(operation: () => number): number {
    if (this.#fd < 0) return 0
    try {
      return operation()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EIO' || code === 'ESRCH' || code === 'EFAULT') return 0
      throw error
    }
  }
}
