/**
 * Memory that the translator shares with the executor: memfds mapped with koffi, and futexes on them.
 * The pages are mapped over those of a SharedArrayBuffer, which the garbage collector does not count: an ArrayBuffer over a
 * gigabyte of address space is a gigabyte to it, however little of it is used, and it collects again and again.
 */
import { closeSync, writeSync } from 'node:fs'
import koffi from 'koffi'
import { FerryError } from '../base/diagnostics.ts'

const libc = koffi.load(null)
const memfdCreate = libc.func('int memfd_create(const char *name, unsigned int flags)')
const ftruncate = libc.func('int ftruncate(int fd, int64_t length)')
const mmap = libc.func('void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)')
const fallocate = libc.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)')
const futex = libc.func(
  'long syscall(long number, void *word, int operation, uint32_t value, void *timeout, void *second, uint32_t third)',
)

const MFD_CLOEXEC = 1
const PROT_NONE = 0
const PROT_READ_WRITE = 3
const MAP_SHARED = 0x1
const MAP_PRIVATE = 0x2
const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20
const MAP_NORESERVE = 0x4000
const MAP_FAILED = 0xffff_ffff_ffff_ffffn
/** FALLOC_FL_PUNCH_HOLE with FALLOC_FL_KEEP_SIZE, which it needs. */
const PUNCH_HOLE = 3
const SYS_FUTEX = 202
const FUTEX_WAIT = 0
const FUTEX_WAKE = 1
const NANOSECONDS = 1_000_000
const PAGE = 4096
/** Bytes from which on malloc(3) has pages of their own for a block, and unmaps them when it is freed (mallopt(3), M_MMAP_THRESHOLD). */
const OWN_PAGES = 32 << 20

/** A part of a memfd that this process can see: `bytes` begin at a multiple of the page size, `address` is their place here. */
export interface Mapping {
  readonly address: bigint
  readonly bytes: Uint8Array<SharedArrayBuffer>
}

/** Mappings that were given back, by their length. */
const spare = new Map<number, Mapping[]>()

/** An anonymous file of `size` bytes; pages that nobody wrote take no memory. */
export class SharedMemory {
  readonly fd: number
  readonly size: number
  readonly #name: string
  readonly #mappings = new Set<Mapping>()
  #closed = false

  /**
   * @param inherited descriptor of such a file that there is already
   * @throws FerryError `shared-memory` when the system refuses.
   */
  constructor(name: string, size: number, inherited?: number) {
    this.#name = name
    this.size = size
    this.fd = inherited ?? -1
    if (inherited !== undefined) return
    this.fd = memfdCreate(name, MFD_CLOEXEC)
    if (this.fd < 0) this.#fail('memfd_create')
    if (ftruncate(this.fd, size) < 0) this.#fail('ftruncate')
  }

  /** A memfd that holds these bytes, not mapped here. */
  static holding(name: string, bytes: Uint8Array): SharedMemory {
    const memory = new SharedMemory(name, bytes.length)
    for (let done = 0; done < bytes.length; ) done += writeSync(memory.fd, bytes, done, bytes.length - done, done)
    return memory
  }

  /** Maps `length` bytes read-write from `offset` (a multiple of the page size). */
  map(offset = 0, length = this.size): Mapping {
    const mapping = spare.get(length)?.pop() ?? this.#reserve(length)
    const flags = MAP_SHARED | MAP_FIXED
    if (mmap(mapping.address, length, PROT_READ_WRITE, flags, this.fd, offset) === MAP_FAILED) this.#fail('mmap')
    this.#mappings.add(mapping)
    return mapping
  }

  /** Closes the descriptor; mappings stay. */
  close(): void {
    if (!this.#closed) closeSync(this.fd)
    this.#closed = true
  }

  /** Unmaps one mapping. Views of it must not be touched any more. */
  unmap(mapping: Mapping): void {
    this.#mappings.delete(mapping)
    const { address, bytes } = mapping
    const { length } = bytes
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED
    if (mmap(address, length, PROT_NONE, flags, -1, 0) === MAP_FAILED) this.#fail('mmap')
    const list = spare.get(length)
    if (list) list.push(mapping)
    else spare.set(length, [mapping])
  }

  /** Gives the memory of a range back, which holds zeros then; `offset` and `length` are multiples of the page size. */
  punch(offset: number, length: number): void {
    if (!this.#closed && fallocate(this.fd, PUNCH_HOLE, offset, length) < 0) this.#fail('fallocate')
  }

  /** Closes and unmaps. Views of the mappings must not be touched any more. */
  release(): void {
    this.close()
    for (const mapping of this.#mappings) this.unmap(mapping)
  }

  /** Address space for `length` bytes. */
  #reserve(length: number): Mapping {
    let buffer: SharedArrayBuffer
    try {
      buffer = new SharedArrayBuffer(Math.max(length, OWN_PAGES) + PAGE)
    } catch {
      this.#fail('mmap')
    }
    const start: bigint = koffi.address(new Uint8Array(buffer))
    const skipped = Number(-start & BigInt(PAGE - 1))
    return { address: start + BigInt(skipped), bytes: new Uint8Array(buffer, skipped, length) }
  }

  #fail(call: string): never {
    throw new FerryError('shared-memory', { name: this.#name, call, errno: koffi.errno() })
  }
}

const timespec = (milliseconds: number): BigInt64Array =>
  new BigInt64Array([BigInt(Math.floor(milliseconds / 1000)), BigInt(Math.round((milliseconds % 1000) * NANOSECONDS))])

/** Sleeps while the word at `address` is `expected`, for at most `milliseconds`; wakes early without a reason too. */
export function futexWait(address: bigint, expected: number, milliseconds: number): void {
  futex(SYS_FUTEX, address, FUTEX_WAIT, expected, timespec(milliseconds), null, 0)
}

/** As {@link futexWait} on another thread: the event loop stays free. */
export function futexWaitAsync(address: bigint, expected: number, milliseconds: number): Promise<void> {
  const timeout = timespec(milliseconds)
  return new Promise((resolve, reject) => {
    futex.async(SYS_FUTEX, address, FUTEX_WAIT, expected, timeout, null, 0, (error: unknown) => {
      // The kernel reads the timeout while the call runs, so it lives until here.
      if (error) reject(error instanceof Error ? error : new Error(String(error)))
      else resolve(void timeout)
    })
  })
}

/** Wakes everyone who sleeps on the word at `address`, in any process. */
export function futexWake(address: bigint): void {
  futex(SYS_FUTEX, address, FUTEX_WAKE, 0x7fff_ffff, null, null, 0)
}
