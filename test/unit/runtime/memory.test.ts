import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CPU_STATE, PLACES } from '../../../base/layout.ts'
import {
  buildExecutor,
  type Outcome,
  PROGRAM,
  runScript,
  type ScriptedOptions,
  STUB,
  type Step,
  systemCall,
  type View,
  Workshop,
} from './scripted-guest.ts'

const NR = { openat: 56, exit: 94, brk: 214, munmap: 215, mremap: 216, mmap: 222, mprotect: 226 }
const PROT = { NONE: 0, READ: 1, WRITE: 2, EXEC: 4, RW: 3, RX: 5, RWX: 7 }
const MAP = { SHARED: 1, PRIVATE: 2, FIXED: 16, ANONYMOUS: 32, NOREPLACE: 0x10_0000 }
const MREMAP = { MAYMOVE: 1, FIXED: 2, DONTUNMAP: 4 }
const ANONYMOUS = MAP.PRIVATE | MAP.ANONYMOUS
const [ENOMEM, EACCES, EEXIST, EINVAL, EFAULT] = [-12, -13, -17, -22, -14]
const PAGE = 4096

const workshop = new Workshop()
let program: string
let stubs: Uint8Array
beforeAll(() => {
  buildExecutor()
  stubs = workshop.stubs()
  program = workshop.program('program', PROGRAM)
})
afterAll(() => workshop.dispose())

const exit = systemCall(NR.exit, 0)
const mmap = (address: number, length: number, protection = PROT.RW, flags = ANONYMOUS, fd = -1, offset = 0): Step =>
  systemCall(NR.mmap, address, length, protection, flags, fd, offset)
const call = function* (step: Step): Generator<Step, number, bigint> {
  return Number(BigInt.asIntN(64, yield step))
}

/** Runs a script and collects what it returns. */
async function collect<T>(
  body: (view: View) => Generator<Step, T, bigint>,
  options?: ScriptedOptions,
): Promise<Outcome & { readonly seen: T }> {
  let seen: T | undefined
  const outcome = await runScript(
    program,
    stubs,
    function* (view) {
      seen = yield* body(view)
      yield exit
    },
    options,
  )
  expect(outcome.result.status).toBe(0)
  return { ...outcome, seen: seen! }
}

describe('mmap', () => {
  it('goes from the stack down, and takes a hint that is free', async () => {
    const { seen } = await collect(function* ({ x }) {
      const stack = Number(x(2))
      const first = yield* call(mmap(0, 3 * PAGE))
      const second = yield* call(mmap(0, 1))
      const hinted = yield* call(mmap(0x1234_5678, PAGE))
      const taken = yield* call(mmap(0x1234_5678, PAGE))
      return [first < stack, first % PAGE, first - second, hinted, taken - second]
    })
    expect(seen).toEqual([true, 0, PAGE, 0x1234_6000, -PAGE])
  })

  it('gives memory that the guest can read and write, and zeroed', async () => {
    const { seen } = await collect(function* ({ memory }) {
      const at = yield* call(mmap(0, 2 * PAGE))
      const before = memory.read(at, 2 * PAGE).every(byte => byte === 0)
      yield { stub: STUB.STORE, scratch: at + PAGE }
      return [before, memory.read(at + PAGE, 8).some(byte => byte !== 0)]
    })
    expect(seen).toEqual([true, true])
  })

  it('maps files', async () => {
    const path = workshop.path('file')
    writeFileSync(path, Buffer.alloc(PAGE + 10, 'abc'))
    const { seen } = await collect(function* ({ memory, x }) {
      const name = Number(x(2)) - 4096
      memory.write(name, Buffer.from(`${path}\0`))
      const fd = yield* call(systemCall(NR.openat, -100, name, 0, 0))
      const at = yield* call(mmap(0, 2 * PAGE, PROT.READ, MAP.PRIVATE, fd, 0))
      const second = yield* call(mmap(0, PAGE, PROT.READ, MAP.SHARED, fd, PAGE))
      const denied = yield* call(mmap(0, PAGE, PROT.RW, MAP.SHARED, fd, 0))
      return [memory.readString(at, 4), memory.readString(second), denied]
    })
    expect(seen).toEqual(['abca', 'bcabcabcab', EACCES])
  })

  it('refuses what the kernel refuses', async () => {
    const { seen } = await collect(function* () {
      const at = yield* call(mmap(0, PAGE))
      const fixed = (address: number, length = PAGE) => call(mmap(address, length, PROT.RW, ANONYMOUS | MAP.FIXED))
      return [
        yield* call(mmap(0, 0)),
        yield* call(mmap(0, 2 ** 40)),
        yield* call(mmap(0, PLACES.GUEST_END)),
        yield* fixed(at + 1),
        yield* fixed(PLACES.CODE_CACHE),
        yield* fixed(PLACES.CALL_STACK),
        yield* fixed(PLACES.CALL_STACK - PAGE, 2 * PAGE),
        yield* call(mmap(at, PAGE, PROT.RW, ANONYMOUS | MAP.NOREPLACE)),
        yield* call(mmap(0, PAGE, PROT.RW, MAP.PRIVATE, 999)),
      ]
    })
    expect(seen).toEqual([EINVAL, ENOMEM, ENOMEM, EINVAL, ENOMEM, ENOMEM, ENOMEM, EEXIST, -9])
  })

  it('fills its holes again', async () => {
    const { seen } = await collect(function* () {
      const at = yield* call(mmap(0, 10 * PAGE))
      yield* call(systemCall(NR.munmap, at + 3 * PAGE, 4 * PAGE))
      const large = yield* call(mmap(0, 5 * PAGE))
      const small = yield* call(mmap(0, 2 * PAGE))
      const rest = yield* call(mmap(0, 2 * PAGE))
      return [large - at, small - at, rest - at].map(distance => distance / PAGE)
    })
    expect(seen).toEqual([-5, 5, 3])
  })
})

describe('munmap', () => {
  it('unmaps, and refuses what the kernel refuses', async () => {
    const { seen } = await collect(function* ({ memory }) {
      const at = yield* call(mmap(0, 4 * PAGE))
      const unmap = (address: number, length: number) => call(systemCall(NR.munmap, address, length))
      const results = [
        yield* unmap(at + PAGE, 1),
        yield* unmap(at + PAGE, PAGE),
        yield* unmap(at + 1, PAGE),
        yield* unmap(at, 0),
        yield* unmap(PLACES.CALL_STACK, PAGE),
        yield* unmap(PLACES.DISPATCH, PAGE),
        yield* unmap(at, 2 ** 45),
      ]
      return [...results, memory.read(at, 4 * PAGE).length, memory.read(at + 2 * PAGE, PAGE).length]
    })
    expect(seen).toEqual([0, 0, EINVAL, EINVAL, EINVAL, EINVAL, EINVAL, PAGE, PAGE])
  })
})

describe('mprotect', () => {
  it('changes a part of a mapping', async () => {
    const outcome = await runScript(program, stubs, function* () {
      const at = yield* call(mmap(0, 3 * PAGE))
      expect(yield* call(systemCall(NR.mprotect, at + PAGE, PAGE, PROT.READ))).toBe(0)
      yield { stub: STUB.STORE, scratch: at }
      yield { stub: STUB.STORE, scratch: at + 2 * PAGE }
      yield { stub: STUB.STORE, scratch: at + PAGE + 8 }
    })
    expect(outcome.result).toMatchObject({ signal: 'SIGSEGV', death: { access: 'STORE' } })
    expect(Number(outcome.result.death!.address) % PAGE).toBe(8)
  })

  it('stops at a hole', async () => {
    const { seen } = await collect(function* () {
      const at = yield* call(mmap(0, 3 * PAGE))
      yield* call(systemCall(NR.munmap, at + PAGE, PAGE))
      const protect = (address: number, length: number) => call(systemCall(NR.mprotect, address, length, PROT.READ))
      return [
        yield* protect(at, 3 * PAGE),
        yield* protect(at + 1, PAGE),
        yield* protect(at, 0),
        yield* protect(PLACES.CALL_STACK, PAGE),
      ]
    })
    expect(seen).toEqual([ENOMEM, EINVAL, 0, ENOMEM])
  })
})

describe('mremap', () => {
  it('grows in place, moves, shrinks and keeps the content', async () => {
    const { seen } = await collect(function* ({ memory }) {
      const blocker = yield* call(mmap(0, PAGE))
      const at = yield* call(mmap(0, 4 * PAGE))
      memory.write(at, Buffer.from('content\0'))
      const remap = (old: number, from: number, to: number, flags = 0, target = 0) =>
        call(systemCall(NR.mremap, old, from * PAGE, to * PAGE, flags, target))
      const shrunk = yield* remap(at, 4, 2)
      const grown = yield* remap(at, 2, 4)
      const stuck = yield* remap(at, 4, 5)
      const moved = yield* remap(at, 4, 5, MREMAP.MAYMOVE)
      const fixed = yield* remap(moved, 5, 5, MREMAP.MAYMOVE | MREMAP.FIXED, 0x1000_0000)
      return [
        at + 4 * PAGE === blocker,
        shrunk - at,
        grown - at,
        stuck,
        moved < at,
        memory.read(at, PAGE).length,
        fixed,
        memory.readString(fixed),
        memory.read(moved, PAGE).length,
      ]
    })
    expect(seen).toEqual([true, 0, 0, ENOMEM, true, 0, 0x1000_0000, 'content', 0])
  })

  it('refuses what the kernel refuses', async () => {
    const { seen } = await collect(function* () {
      const at = yield* call(mmap(0, 4 * PAGE))
      const remap = (old: number, from: number, to: number, flags = 0, target = 0) =>
        call(systemCall(NR.mremap, old, from, to, flags, target))
      return [
        yield* remap(at + 1, PAGE, PAGE),
        yield* remap(at, PAGE, 0),
        yield* remap(0x2000_0000, PAGE, 2 * PAGE),
        yield* remap(at, PAGE, PAGE, MREMAP.FIXED, 0x2000_0000),
        yield* remap(at, PAGE, PAGE, MREMAP.MAYMOVE | MREMAP.FIXED, at),
        yield* remap(at, PAGE, PAGE, MREMAP.MAYMOVE | MREMAP.FIXED, PLACES.CODE_CACHE),
        yield* remap(at, PAGE, PAGE, 64),
      ]
    })
    expect(seen).toEqual([EINVAL, EINVAL, EFAULT, EINVAL, EINVAL, EINVAL, EINVAL])
  })
})

describe('brk', () => {
  it('starts behind the program, grows, shrinks, and never over another mapping', async () => {
    const { seen } = await collect(function* ({ memory }) {
      const brk = (address: number) => call(systemCall(NR.brk, address))
      const start = yield* brk(0)
      const grown = yield* brk(start + 10_000)
      memory.write(start + 9000, Buffer.from('kept\0'))
      const text = memory.readString(start + 9000)
      const shrunk = yield* brk(start + 100)
      const size = memory.read(start, 3 * PAGE).length
      const again = yield* brk(start + 10_000)
      const cleared = memory.read(start + 9000, 4).every(byte => byte === 0)
      yield* call(mmap(start + 5 * PAGE, PAGE, PROT.RW, ANONYMOUS | MAP.FIXED))
      const blocked = yield* brk(start + 6 * PAGE)
      const below = yield* brk(start - 1)
      return [
        start % PAGE,
        grown - start,
        text,
        shrunk - start,
        size,
        again - start,
        cleared,
        blocked - start,
        below - start,
      ]
    })
    expect(seen).toEqual([0, 10_000, 'kept', 100, PAGE, 10_000, true, 10_000, 10_000])
  })
})

describe('executable memory', () => {
  const jump = (view: View, pc: number): Step => {
    view.session.state.setBigUint64(CPU_STATE.at.pc, BigInt(pc), true)
    return { stub: STUB.RESUME }
  }

  it('runs only where the guest may execute', async () => {
    const { result } = await runScript(program, stubs, function* (view) {
      const at = yield* call(mmap(0, PAGE, PROT.RX))
      yield jump(view, at)
      expect(view.pc).toBe(at)
      const data = yield* call(mmap(0, PAGE, PROT.RW))
      yield jump(view, data)
    })
    expect(result).toMatchObject({ signal: 'SIGSEGV', death: { access: 'FETCH' } })
  })

  it('says when it changes, and no other memory does', async () => {
    const {
      seen: at,
      invalidated,
      mapped,
    } = await collect(function* () {
      const code = yield* call(mmap(0, 4 * PAGE, PROT.RX))
      const data = yield* call(mmap(0, 4 * PAGE, PROT.RW))
      yield* call(systemCall(NR.munmap, data, PAGE))
      yield* call(systemCall(NR.mprotect, data + PAGE, PAGE, PROT.READ))
      yield* call(systemCall(NR.mprotect, code, PAGE, PROT.RX))
      yield* call(systemCall(NR.mprotect, code, PAGE, PROT.RWX))
      yield* call(systemCall(NR.munmap, code + PAGE, PAGE))
      yield* call(mmap(code + 2 * PAGE, PAGE, PROT.RW, ANONYMOUS | MAP.FIXED))
      yield* call(systemCall(NR.mprotect, data + 2 * PAGE, PAGE, PROT.RX))
      return { code, data }
    })
    expect(invalidated).toEqual([
      [at.code + PAGE, PAGE],
      [at.code + 2 * PAGE, PAGE],
    ])
    expect(mapped.slice(1)).toEqual([
      [at.code, 4 * PAGE],
      [at.code, PAGE],
      [at.code, PAGE],
      [at.data + 2 * PAGE, PAGE],
    ])
  })

  it('that can change without a fault is dropped at fence.i: stores to private pages are seen', async () => {
    const { seen: at, invalidated } = await collect(function* () {
      yield* call(mmap(0, PAGE, PROT.RX))
      yield* call(mmap(0x1000_0000, 2 * PAGE, PROT.RWX))
      const shared = yield* call(mmap(0x1100_0000, 2 * PAGE, PROT.RWX, MAP.SHARED | MAP.ANONYMOUS))
      yield { stub: STUB.FENCE }
      return shared
    })
    expect(invalidated).toEqual([[at, 2 * PAGE]])
  })
})
