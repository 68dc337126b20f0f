/**
 * The time-stamp counter of this machine, read in this process, and its frequency against the monotonic clock: what turns the
 * ticks that measuring stubs count into seconds. Neither the processor (CPUID leaf 0x15 is 0 on many) nor the kernel
 * names the frequency to programs, so it is measured.
 */
import koffi from 'koffi'
import { FerryError } from '../../base/diagnostics.ts'
import { Assembler, I, RAX, RDX } from '../../emulator/x86/assembler.ts'

const libc = koffi.load(null)
const mmap = libc.func('void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)')
const mprotect = libc.func('int mprotect(void *address, size_t length, int protection)')

const PAGE = 4096
const PROT_READ_WRITE = 3
const PROT_READ_EXECUTE = 5
const MAP_PRIVATE_ANONYMOUS = 0x22
const MAP_FAILED = 0xffff_ffff_ffff_ffffn
/** Pairs read for one sample; the one that took least is the sample. */
const TRIES = 32
const NANOSECONDS = 1e9

/** A reading of both clocks at the same moment, as nearly as can be: about 100 ns. */
interface Sample {
  readonly ticks: bigint
  readonly nanoseconds: bigint
}

let readTicks: (() => bigint) | undefined

/**
 * The counter. Its code is a page of its own in this process, never writable and executable at once.
 * @throws FerryError `shared-memory` when the system refuses that page.
 */
export function ticks(): bigint {
  readTicks ??= compile()
  return BigInt(readTicks())
}

function compile(): () => bigint {
  const asm = new Assembler({ capacity: 64 })
  asm.op(I.rdtsc)
  asm.ri(I.shl, 8, RDX, 32)
  asm.rr(I.or, 8, RAX, RDX)
  asm.ret()
  const page: bigint = mmap(null, PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
  if (page === MAP_FAILED) refuse('mmap')
  new Uint8Array(koffi.view(page, PAGE)).set(asm.finish())
  if (mprotect(page, PAGE, PROT_READ_EXECUTE) < 0) refuse('mprotect')
  return koffi.decode(page, koffi.proto('uint64_t ()'))
}

function refuse(call: string): never {
  throw new FerryError('shared-memory', { name: 'the time-stamp counter', call, errno: koffi.errno() })
}

function sample(): Sample {
  let best: Sample | undefined
  let shortest = 0n
  for (let i = 0; i < TRIES; i++) {
    const before = process.hrtime.bigint()
    const count = ticks()
    const after = process.hrtime.bigint()
    if (best !== undefined && after - before >= shortest) continue
    shortest = after - before
    best = { ticks: count, nanoseconds: (before + after) / 2n }
  }
  return best!
}

/** Starts a calibration. The returned function gives the ticks of a second from the time that has passed: the longer, the better. */
export function calibrate(): () => number {
  const start = sample()
  return () => {
    const end = sample()
    return (Number(end.ticks - start.ticks) / Number(end.nanoseconds - start.nanoseconds)) * NANOSECONDS
  }
}
