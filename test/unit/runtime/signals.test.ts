import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CPU_STATE, FIXUP, PINNED, PLACES, TRAP } from '../../../base/layout.ts'
import {
  buildExecutor,
  marker,
  PROGRAM,
  runScript,
  type ScriptedOptions,
  STUB,
  type Step,
  systemCall,
  type View,
  Workshop,
} from './scripted-guest.ts'

const NR = {
  exit: 94,
  kill: 129,
  tgkill: 131,
  sigaltstack: 132,
  sigsuspend: 133,
  sigaction: 134,
  sigprocmask: 135,
  sigpending: 136,
  sigtimedwait: 137,
  sigreturn: 139,
  getpid: 172,
  gettid: 178,
  ppoll: 73,
  nanosleep: 101,
  read: 63,
  pipe2: 59,
  write: 64,
  setitimer: 103,
}
const SIG = { HUP: 1, ILL: 4, TRAP: 5, BUS: 7, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, CHLD: 17 }
const SA = { ONSTACK: 0x0800_0000, RESTART: 0x1000_0000, NODEFER: 0x4000_0000, RESETHAND: 0x8000_0000 }
/** Offsets in struct rt_sigframe of riscv64: siginfo, ucontext. */
const FRAME = { info: 0, flags: 128, stack: 144, mask: 168, pc: 304, x: 304, f: 560, fcsr: 816, size: 1088 }
const EINTR = BigInt.asUintN(64, -4n)
const bit = (signal: number): bigint => 1n << BigInt(signal - 1)

const workshop = new Workshop()
let program: string
let stubs: Uint8Array
beforeAll(() => {
  buildExecutor()
  stubs = workshop.stubs()
  program = workshop.program('program', PROGRAM)
})
afterAll(() => workshop.dispose())

/** Places in the guest's memory for a script: below the stack pointer, above what a frame overwrites. */
class Guest {
  readonly view: View
  readonly pid: number
  readonly area: number
  /** A handler's address: executable, and different from the entry. */
  readonly handler: number
  constructor(view: View) {
    this.view = view
    this.pid = view.info.pid
    this.area = Number(view.x(2)) - 65536
    this.handler = view.info.entry + 8
  }

  words(address: number, count: number): bigint[] {
    const bytes = this.view.memory.read(address, count * 8)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return Array.from({ length: count }, (_, i) => view.getBigUint64(i * 8, true))
  }

  word(address: number): bigint {
    return this.words(address, 1)[0]!
  }

  store(address: number, ...values: (bigint | number)[]): number {
    const bytes = Buffer.alloc(values.length * 8)
    values.forEach((value, i) => void bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), i * 8))
    this.view.memory.write(address, bytes)
    return address
  }

  action(signal: number, handler: number, flags = 0, mask = 0n): Step {
    return systemCall(NR.sigaction, signal, this.store(this.area, handler, flags, mask), 0, 8)
  }

  mask(how: 'block' | 'unblock' | 'set', ...signals: number[]): Step {
    const set = this.store(
      this.area,
      signals.reduce((bits, signal) => bits | bit(signal), 0n),
    )
    return systemCall(NR.sigprocmask, ['block', 'unblock', 'set'].indexOf(how), set, 0, 8)
  }

  send(signal: number): Step {
    return systemCall(NR.tgkill, this.pid, this.pid, signal)
  }
}

const exit = (status: number): Step => systemCall(NR.exit, status)
type Body = (guest: Guest) => Generator<Step, void, bigint>
const run = (body: Body, options: ScriptedOptions = {}) =>
  runScript(program, stubs, view => body(new Guest(view)), options)

describe('a fault in translated code', () => {
  it('without a handler ends the guest by its signal, and says where', async () => {
    const { result } = await run(function* () {
      yield { stub: STUB.STORE, scratch: 0x18 }
    })
    expect(result).toMatchObject({ status: null, signal: 'SIGSEGV' })
    expect(result.death).toMatchObject({ signal: 'SIGSEGV', address: 0x18n, access: 'STORE', hostPc: 0n })
    expect(result.death!.pc).toBeGreaterThan(0x10000)
  })

  it('enters the handler with a frame of true registers', async () => {
    const seen: Record<string, unknown> = {}
    const { result } = await run(function* (guest) {
      const { view, area, handler } = guest
      yield guest.action(SIG.SEGV, handler, 0, bit(SIG.HUP))
      const stack = BigInt(area - 4096)
      view.setF(0, 0x4000_0000_0000_0001n)
      view.setF(8, 0x4000_0000_0000_0008n)
      yield { stub: STUB.STORE, scratch: 0x28, x: { 2: stack, 5: 55, 31: 3131 } }
      seen.pc = view.pc - handler
      const [frame, info, context] = [2, 11, 12].map(register => Number(view.x(register)))
      seen.arguments = [view.x(10), info! - frame!, context! - frame!]
      seen.room = Number(stack) - frame!
      seen.info = [guest.word(info!), guest.word(info! + 8), guest.word(info! + 16)].map(word => word & 0xffff_ffffn)
      const registers = guest.words(frame! + FRAME.x, 32)
      seen.pcOfFault = registers[0]! - BigInt(view.info.entry)
      seen.wrong = PINNED.filter(([number]) => number !== 2 && registers[number] !== marker(number))
      seen.others = [registers[2]! - stack, registers[5], registers[31]]
      // f10 is pinned to xmm0, which the stub loads from f0; f8 is in the CPU state.
      seen.float = [guest.word(frame! + FRAME.f + 80), guest.word(frame! + FRAME.f + 64)]
      seen.mask = guest.word(frame! + FRAME.mask)
      seen.trampoline = guest.word(Number(view.x(1)))
      yield systemCall(NR.sigprocmask, 0, 0, area, 8)
      seen.blocked = guest.word(area)
      yield exit(3)
    })
    expect(result).toEqual({ status: 3, signal: null })
    expect(seen).toEqual({
      pc: 0,
      arguments: [11n, FRAME.info, FRAME.flags],
      room: FRAME.size,
      info: [11n, 1n, 0x28n],
      pcOfFault: 2n,
      wrong: [],
      others: [0n, 55n, 3131n],
      float: [0x4000_0000_0000_0001n, 0x4000_0000_0000_0008n],
      mask: 0n,
      trampoline: 0x0000_0073_08b0_0893n,
      blocked: bit(SIG.HUP) | bit(SIG.SEGV),
    })
  })

  it('goes on where the handler says, with what it left in the frame', async () => {
    const seen: Record<string, unknown> = {}
    const { result } = await run(function* (guest) {
      const { view, handler } = guest
      const stack = view.x(2)
      yield guest.action(SIG.SEGV, handler)
      yield { stub: STUB.STORE, scratch: 0x28 }
      const frame = Number(view.x(2))
      guest.store(frame + FRAME.pc, view.info.entry + 6)
      guest.store(frame + FRAME.x + 10 * 8, 1010)
      guest.store(frame + FRAME.x + 5 * 8, 5050)
      guest.store(frame + FRAME.f + 8 * 8, 8080)
      guest.store(frame + FRAME.fcsr, 0b011_10001)
      guest.store(frame + FRAME.mask, bit(SIG.USR2) | bit(9))
      yield systemCall(NR.sigreturn)
      seen.registers = [view.pc - view.info.entry, view.x(10), view.x(5), view.x(2) - stack, view.f(8)]
      const { state } = view.session
      seen.fcsr = [state.getUint32(CPU_STATE.at.frm, true), state.getUint32(CPU_STATE.at.fflags, true)]
      yield systemCall(NR.sigprocmask, 0, 0, guest.area, 8)
      seen.blocked = guest.word(guest.area)
      yield exit(4)
    })
    expect(result.status).toBe(4)
    expect(seen).toEqual({ registers: [6, 1010n, 5050n, 0n, 8080n], fcsr: [3, 17], blocked: bit(SIG.USR2) })
  })

  it('finds registers where the fixups say', async () => {
    const R8 = 8
    const A3 = PINNED.find(([guest]) => guest === 13)![1]
    const fixups = [
      { register: 12, kind: FIXUP.IN_STATE, host: 0 },
      { register: 20, kind: FIXUP.IN_HOST, host: R8 },
      { register: 21, kind: FIXUP.IN_HOST_SIGN_EXTEND, host: A3 },
      { register: 22, kind: FIXUP.SIGN_EXTEND, host: 0 },
      { register: 23, kind: FIXUP.ADD_SHIFTED + 3, host: 20 | (12 << 8) },
      { register: 32 + 10, kind: FIXUP.BOX_SINGLE, host: 0 },
      { register: 32 + 9, kind: FIXUP.CANONICAL_DOUBLE, host: 0 },
      { register: 32 + 18, kind: FIXUP.IN_HOST, host: 0 },
    ]
    const seen: Record<string, unknown> = {}
    await run(
      function* (guest) {
        const { view, handler } = guest
        yield guest.action(SIG.SEGV, handler)
        view.setF(0, 0x1234_5678_7f80_0001n)
        view.setF(9, 0x7ff0_0000_0000_0001n)
        yield { stub: STUB.STORE, scratch: 0x28, x: { 12: 1212, 22: 0xffff_fffe } }
        const registers = guest.words(Number(view.x(2)) + FRAME.x, 32)
        seen.integer = [12, 20, 21, 22, 23].map(number => registers[number])
        seen.float = [10, 9, 18].map(number => guest.word(Number(view.x(2)) + FRAME.f + number * 8))
        yield exit(0)
      },
      { fixups },
    )
    const a4 = marker(14)
    expect(seen).toEqual({
      integer: [1212n, a4, BigInt.asIntN(32, marker(13)), 0xffff_ffff_ffff_fffen, a4 + 1212n * 8n],
      float: [0xffff_ffff_7fc0_0000n, 0x7ff8_0000_0000_0000n, 0x1234_5678_7f80_0001n],
    })
  })

  it('at a host pc that belongs to no instruction ends the guest with the host pc', async () => {
    const { result } = await run(
      function* () {
        yield { stub: STUB.STORE, scratch: 0x18 }
      },
      { handlers: { locate: () => undefined } },
    )
    expect(result.signal).toBe('SIGSEGV')
    expect(result.death).toMatchObject({ pc: 0, hostPc: BigInt(PLACES.CODE_CACHE + STUB.STORE_AT) })
  })

  it('in a handler that is blocked ends the guest', async () => {
    const { result } = await run(function* (guest) {
      yield guest.action(SIG.SEGV, guest.handler)
      yield { stub: STUB.STORE, scratch: 0x18 }
      yield { stub: STUB.STORE, scratch: 0x20 }
    })
    expect(result).toMatchObject({ signal: 'SIGSEGV', death: { address: 0x20n } })
  })

  it('with no room for the frame ends the guest', async () => {
    const { result } = await run(function* (guest) {
      yield guest.action(SIG.SEGV, guest.handler)
      yield { stub: STUB.STORE, scratch: 0x18, x: { 2: 0x800 } }
    })
    expect(result.signal).toBe('SIGSEGV')
  })

  it('uses the alternate stack for SA_ONSTACK', async () => {
    const seen: Record<string, unknown> = {}
    await run(function* (guest) {
      const { view, area } = guest
      yield systemCall(NR.sigaltstack, guest.store(area, area + 4096, 0, 16384), 0)
      yield guest.action(SIG.SEGV, guest.handler, SA.ONSTACK)
      yield { stub: STUB.STORE, scratch: 0x18, x: { 2: 0x800 } }
      const frame = Number(view.x(2))
      seen.room = area + 4096 + 16384 - frame
      seen.saved = guest.word(frame + FRAME.x + 16)
      seen.refused = yield systemCall(NR.sigaltstack, area, area + 64)
      yield systemCall(NR.sigaltstack, 0, area + 64)
      seen.stack = guest.words(area + 64, 3).map((word, i) => (i === 0 ? word - BigInt(area) : word))
      guest.store(frame + FRAME.pc, view.info.entry)
      yield systemCall(NR.sigreturn)
      yield systemCall(NR.sigaltstack, 0, area + 64)
      seen.outside = guest.words(area + 64, 3).slice(1)
      yield exit(0)
    })
    expect(seen).toEqual({
      room: FRAME.size,
      saved: 0x800n,
      refused: BigInt.asUintN(64, -1n),
      stack: [4096n, 1n, 16384n],
      outside: [0n, 16384n],
    })
  })
})

describe('a trap', () => {
  it.each([
    ['an illegal instruction', TRAP.ILLEGAL, SIG.ILL, 'SIGILL'],
    ['ebreak', TRAP.BREAKPOINT, SIG.TRAP, 'SIGTRAP'],
  ])('of %s is the signal of Linux', async (_, cause, number, name) => {
    const { result } = await run(function* () {
      yield { stub: STUB.TRAP, scratch: cause }
    })
    expect(result).toMatchObject({ signal: name, death: { signal: name, access: 'UNKNOWN' } })
    let info: bigint[] = []
    const caught = await run(function* (guest) {
      yield guest.action(number, guest.handler)
      yield { stub: STUB.TRAP, scratch: cause }
      info = guest.words(Number(guest.view.x(11)), 3)
      info[2]! -= BigInt(guest.view.info.entry)
      yield exit(guest.view.pc === guest.handler ? 1 : 2)
    })
    expect(caught.result.status).toBe(1)
    expect(info).toEqual([BigInt(number), 1n, 4n])
  })

  it('that the translator answers itself goes on', async () => {
    const { result } = await run(
      function* ({ view }) {
        yield { stub: STUB.TRAP, scratch: TRAP.INTERPRET }
        yield exit(Number(view.x(9)))
      },
      {
        handlers: {
          interpret(_, state) {
            state.setBigUint64(CPU_STATE.at.x + 72, 99n, true)
            return { answer: 0 }
          },
        },
      },
    )
    expect(result.status).toBe(99)
  })

  it('of an interpreted access has its address', async () => {
    const handlers = { interpret: () => ({ answer: 0x100 | SIG.SEGV, address: 0x1234 }) }
    const { result } = await run(
      function* () {
        yield { stub: STUB.TRAP, scratch: TRAP.INTERPRET }
      },
      { handlers },
    )
    expect(result).toMatchObject({ signal: 'SIGSEGV', death: { address: 0x1234n } })
  })
})

describe('a signal that a process sends', () => {
  it('acts by default', async () => {
    const { result } = await run(function* (guest) {
      yield guest.send(SIG.USR1)
    })
    expect(result).toEqual({ status: null, signal: 'SIGUSR1' })
    const ignored = await run(function* (guest) {
      yield guest.send(SIG.CHLD)
      yield guest.action(SIG.PIPE, 1)
      yield guest.send(SIG.PIPE)
      yield exit(5)
    })
    expect(ignored.result.status).toBe(5)
  })

  it('acts by default when its default is a fault', async () => {
    const { result } = await run(function* (guest) {
      yield guest.send(SIG.SEGV)
    })
    expect(result).toEqual({ status: null, signal: 'SIGSEGV' })
  })

  it('enters the handler behind the system call, with the next pc and the result saved', async () => {
    let seen: unknown
    await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler)
      const pc = guest.view.pc
      yield guest.send(SIG.USR1)
      const frame = Number(guest.view.x(2))
      seen = [
        guest.view.pc === guest.handler,
        guest.view.x(10),
        guest.word(frame + FRAME.pc) - BigInt(pc),
        guest.word(frame + FRAME.x + 80),
      ]
      yield exit(0)
    })
    expect(seen).toEqual([true, 10n, 4n, 0n])
  })

  it('waits while it is blocked', async () => {
    const seen: unknown[] = []
    await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler)
      yield guest.mask('block', SIG.USR1)
      yield guest.send(SIG.USR1)
      seen.push(guest.view.pc === guest.handler)
      yield systemCall(NR.sigpending, guest.area, 8)
      seen.push(guest.word(guest.area))
      yield guest.mask('unblock', SIG.USR1)
      seen.push(guest.view.pc === guest.handler)
      yield exit(0)
    })
    expect(seen).toEqual([false, bit(SIG.USR1), true])
  })

  it('queues, when it is a real-time one', async () => {
    const RT = 40
    let count = 0
    await run(function* (guest) {
      yield guest.action(RT, guest.handler)
      yield guest.mask('block', RT)
      for (let i = 0; i < 3; i++) yield guest.send(RT)
      yield guest.mask('unblock', RT)
      while (guest.view.pc === guest.handler) {
        count++
        yield systemCall(NR.sigreturn)
      }
      yield exit(0)
    })
    expect(count).toBe(3)
  })

  it('interrupts a blocking call, which SA_RESTART starts again', async () => {
    const seen: unknown[] = []
    const body = (flags: number): Body =>
      function* (guest) {
        const { area, view } = guest
        yield systemCall(NR.pipe2, area + 512, 0)
        const [reader, writer] = [guest.word(area + 512) & 0xffff_ffffn, guest.word(area + 512) >> 32n]
        yield guest.action(SIG.ALRM, guest.handler, flags)
        yield systemCall(NR.setitimer, 0, guest.store(area, 0, 0, 0, 20_000), 0)
        const pc = view.pc
        yield systemCall(NR.read, reader, area + 600, 1)
        const frame = Number(view.x(2))
        seen.push(
          view.pc === guest.handler,
          guest.word(frame + FRAME.pc) - BigInt(pc),
          guest.word(frame + FRAME.x + 80) === reader,
        )
        seen.push(guest.word(frame + FRAME.x + 80) === EINTR)
        yield systemCall(NR.write, writer, area, 1)
        yield systemCall(NR.sigreturn)
        yield exit(0)
      }
    await run(body(0))
    await run(body(SA.RESTART))
    expect(seen).toEqual([true, 4n, false, true, true, 0n, true, false])
  })

  it('ends sigsuspend, whose mask the handler has and its caller has not', async () => {
    const seen: unknown[] = []
    await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler)
      yield guest.mask('set', SIG.USR1, SIG.HUP)
      yield guest.send(SIG.USR1)
      yield systemCall(NR.sigsuspend, guest.store(guest.area, bit(SIG.USR2)), 8)
      seen.push(guest.view.pc === guest.handler)
      const frame = Number(guest.view.x(2))
      seen.push(guest.word(frame + FRAME.x + 80) === EINTR, guest.word(frame + FRAME.mask))
      yield systemCall(NR.sigprocmask, 0, 0, guest.area, 8)
      seen.push(guest.word(guest.area))
      yield systemCall(NR.sigreturn)
      yield systemCall(NR.sigprocmask, 0, 0, guest.area, 8)
      seen.push(guest.word(guest.area))
      yield exit(0)
    })
    const before = bit(SIG.USR1) | bit(SIG.HUP)
    expect(seen).toEqual([true, true, before, bit(SIG.USR2) | bit(SIG.USR1), before])
  })

  it('can be waited for', async () => {
    const seen: unknown[] = []
    await run(function* (guest) {
      yield guest.mask('block', SIG.USR2)
      yield guest.send(SIG.USR2)
      seen.push(yield systemCall(NR.sigtimedwait, guest.store(guest.area, bit(SIG.USR2)), guest.area + 64, 0, 8))
      seen.push(guest.word(guest.area + 64) & 0xffff_ffffn)
      guest.store(guest.area + 16, 0, 1000)
      seen.push(BigInt.asIntN(64, yield systemCall(NR.sigtimedwait, guest.area, 0, guest.area + 16, 8)))
      yield exit(0)
    })
    expect(seen).toEqual([BigInt(SIG.USR2), BigInt(SIG.USR2), -11n])
  })

  it('resets its handler with SA_RESETHAND, and nests with SA_NODEFER', async () => {
    const reset = await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler, SA.RESETHAND | SA.NODEFER)
      yield guest.send(SIG.USR1)
      yield guest.send(SIG.USR1)
    })
    expect(reset.result.signal).toBe('SIGUSR1')
    let depth = 0
    await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler, SA.NODEFER)
      for (; depth < 5; depth++) {
        yield guest.send(SIG.USR1)
        expect(guest.view.pc).toBe(guest.handler)
      }
      yield exit(0)
    })
    expect(depth).toBe(5)
  })

  it('gives back the action that was set, and refuses what Linux refuses', async () => {
    const seen: unknown[] = []
    const signed = (value: bigint) => BigInt.asIntN(64, value)
    await run(function* (guest) {
      const { area } = guest
      yield guest.action(SIG.USR1, 0x12344, SA.RESTART, bit(9) | bit(SIG.HUP))
      yield systemCall(NR.sigaction, SIG.USR1, 0, area + 64, 8)
      seen.push(guest.words(area + 64, 3))
      seen.push(signed(yield systemCall(NR.sigaction, 9, area, 0, 8)))
      seen.push(signed(yield systemCall(NR.sigaction, 65, area, 0, 8)))
      seen.push(signed(yield systemCall(NR.sigaction, 10, area, 0, 4)))
      seen.push(signed(yield systemCall(NR.sigaction, 10, 0x10, 0, 8)))
      seen.push(signed(yield systemCall(NR.sigprocmask, 7, area, 0, 8)))
      seen.push(signed(yield systemCall(NR.sigaltstack, guest.store(area, area, 0, 100), 0)))
      yield exit(0)
    })
    expect(seen).toEqual([[0x12344n, BigInt(SA.RESTART), bit(SIG.HUP)], -22n, -22n, -22n, -14n, -22n, -12n])
  })
})

describe('the host call stack', () => {
  it('loses its frames when it overflows, and the guest goes on', async () => {
    const { result } = await run(function* (guest) {
      // Twice what fits: 16 bytes a frame.
      yield { stub: STUB.RECURSE, scratch: (PLACES.CALL_STACK_SIZE / 16) * 2 }
      yield exit(guest.view.pc === guest.view.info.entry ? 6 : 7)
    })
    expect(result.status).toBe(6)
  })

  it('has a reserve for host code, behind which the frames are dropped too', async () => {
    let signals = 0
    const { result } = await run(function* (guest) {
      yield guest.action(SIG.USR1, guest.handler)
      // The signal frame alone, which the executor builds on its stack, is larger than what is left there.
      for (; signals < 3; signals++) {
        yield { ...guest.send(SIG.USR1), stub: STUB.DEEP_ECALL }
        expect(guest.view.pc).toBe(guest.handler)
        yield systemCall(NR.sigreturn)
      }
      yield { stub: STUB.RECURSE, scratch: PLACES.CALL_STACK_SIZE / 8 }
      yield exit(8)
    })
    expect([result.status, signals]).toEqual([8, 3])
  })
})

describe('a fault in host code', () => {
  it('ends the guest with the name of the function', async () => {
    const path = workshop.path('host.so')
    const source = 'void store(void) { *(volatile int *)24 = 1; } void *const ferry_functions[] = { store };'
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', path, '-xc', '-'], { input: source })
    const { result } = await run(
      function* ({ view }) {
        const bytes = view.memory.read(view.info.functions, 8)
        yield { stub: STUB.CALL, scratch: new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true) }
      },
      { hostObject: readFileSync(path) },
    )
    expect(result).toMatchObject({ signal: 'SIGSEGV', death: { pc: 0, address: 24n, access: 'STORE' } })
    expect(result.death!.hostSymbol).toMatch(/^store\+0x[0-9a-f]+$/)
  })

  it('that runs out of stack ends the guest', async () => {
    const path = workshop.path('deep.so')
    const source = `
      __attribute__((noinline)) int deep(int n) { volatile char room[4096]; room[0] = n; return n ? deep(n + 1) + room[0] : 0; }
      int start(void) { return deep(1); } void *const ferry_functions[] = { start };`
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', path, '-xc', '-'], { input: source })
    const { result } = await run(
      function* ({ view }) {
        const bytes = view.memory.read(view.info.functions, 8)
        yield { stub: STUB.CALL, scratch: new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true) }
      },
      { hostObject: readFileSync(path) },
    )
    expect(result).toMatchObject({ signal: 'SIGSEGV', death: { access: 'STACK_OVERFLOW' } })
    expect(result.death!.hostSymbol).toMatch(/^deep\+/)
  })
})
