import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CPU_STATE, PLACES } from '../../../base/layout.ts'
import { Session } from '../../../runtime/session.ts'
import {
  buildExecutor,
  PROGRAM,
  runScript,
  type Script,
  type ScriptedOptions,
  STUB,
  systemCall,
  Workshop,
} from './scripted-guest.ts'

const NR = { exitGroup: 94, mmap: 222, mprotect: 226, munmap: 215, getpid: 172 }
const workshop = new Workshop()
let program: string
let stubs: Uint8Array
beforeAll(() => {
  buildExecutor()
  stubs = workshop.stubs()
  program = workshop.program('program', PROGRAM)
})
afterAll(() => workshop.dispose())

const run = (script: Script, options?: ScriptedOptions) => runScript(program, stubs, script, options)
const exit = systemCall(NR.exitGroup, 0)

describe('a session', () => {
  it('passes the exit status on', async () => {
    const { result, exit } = await run(function* () {
      yield systemCall(NR.exitGroup, 7)
    })
    expect(result).toEqual({ status: 7, signal: null })
    expect(exit).toBe(7)
  })

  it('loads the segments of the program and zeroes its bss', async () => {
    const symbols = execFileSync('riscv64-linux-gnu-nm', [program], { encoding: 'utf8' })
    const address = (name: string) => Number.parseInt(new RegExp(`^(\\w+) . ${name}$`, 'm').exec(symbols)![1]!, 16)
    const seen: unknown[] = []
    await run(function* ({ memory, pc, info }) {
      seen.push(pc === info.entry && pc === address('_start'))
      seen.push(memory.readString(address('initialized'), 11))
      seen.push(memory.read(address('zeroed'), 100_000).every(byte => byte === 0))
      seen.push(memory.codeHalf(pc), memory.code(pc + 4, 4).slice())
      yield exit
    })
    expect(seen).toEqual([true, 'initialized', true, 0x0001, new Uint8Array([0, 0, 0x01, 0])])
  })

  it('gives the guest its arguments, environment and auxiliary vector', async () => {
    const seen: unknown[] = []
    await run(
      function* ({ memory, x, info }) {
        const sp = Number(x(2))
        const word = (index: number) =>
          Number(new DataView(memory.read(sp + index * 8, 8).slice().buffer).getBigUint64(0, true))
        expect(sp % 16).toBe(0)
        expect(word(0)).toBe(3)
        seen.push([1, 2, 3].map(i => memory.readString(word(i))))
        expect(word(4)).toBe(0)
        seen.push([5, 6].map(i => memory.readString(word(i))))
        expect(word(7)).toBe(0)
        const auxiliary = new Map<number, number>()
        for (let i = 8; word(i) !== 0; i += 2) auxiliary.set(word(i), word(i + 1))
        seen.push(memory.readString(auxiliary.get(31)!), auxiliary.get(6), auxiliary.get(16), auxiliary.get(4))
        seen.push(auxiliary.get(9) === info.entry, auxiliary.get(11) === process.getuid!(), auxiliary.get(23))
        seen.push(memory.read(auxiliary.get(25)!, 16).length, memory.read(auxiliary.get(3)!, 4)[0])
        yield exit
      },
      { argv: ['name', 'first argument', ''], env: { PATH: '/bin', EMPTY: '' } },
    )
    const isa = [...'IMAFDC'].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 65)), 0)
    // PT_PHDR (6) is the first program header that lld writes.
    expect(seen).toEqual([
      ['name', 'first argument', ''],
      ['PATH=/bin', 'EMPTY='],
      program,
      4096,
      isa,
      56,
      true,
      true,
      0,
      16,
      6,
    ])
  })

  it('loads a position-independent program at a bias', async () => {
    const pie = workshop.program('pie', PROGRAM, ['-static-pie'])
    let info: { bias: number; entry: number } | undefined
    const { result } = await runScript(pie, stubs, function* (view) {
      info = view.info
      expect(view.memory.codeHalf(view.pc)).toBe(1)
      yield exit
    })
    expect(result.status).toBe(0)
    expect(info!.bias).toBe(0x2a_aaaa_a000)
    expect(info!.entry).toBeGreaterThan(info!.bias)
  })

  it('starts the guest with no descriptors but those that the shell gave', async () => {
    let open = 0n
    const path = workshop.path('null')
    writeFileSync(path, '')
    await run(function* ({ memory, x }) {
      const at = Number(x(2)) - 256
      memory.write(at, Buffer.from(`${path}\0`))
      open = yield systemCall(56, -100, at, 0, 0)
      yield exit
    })
    // Descriptors that this test runner passes on are the guest's as well, but none of the executor's own remains.
    expect(open).toBeGreaterThanOrEqual(3n)
    expect(open).toBeLessThanOrEqual(7n)
  })

  it('gives up with the text that the handler gives', async () => {
    const refused = run(function* () {}, { handlers: { ready: () => 'this CPU has no AVX9' } })
    await expect(refused).rejects.toThrow('the executor could not start the guest: this CPU has no AVX9')
  })

  it('reports a program that can not be loaded', async () => {
    const broken = workshop.path('broken')
    writeFileSync(broken, readFileSync(program).subarray(0, 80))
    await expect(runScript(broken, stubs, function* () {})).rejects.toThrow(
      /the executor could not start the guest: .*broken: not a RISC-V program$/,
    )
    await expect(runScript(workshop.path('absent'), stubs, function* () {})).rejects.toThrow(
      /absent: can not be read: No such file or directory$/,
    )
  })

  it('reports arguments that are too long', async () => {
    const failed = runScript(program, stubs, function* () {}, { argv: ['x'.repeat(1 << 18)] })
    await expect(failed).rejects.toThrow('the executor could not start the guest: spawn E2BIG')
    const many = Array.from({ length: 300 }, () => 'x'.repeat(1000))
    await expect(runScript(program, stubs, function* () {}, { argv: many, stackSize: 1 << 20 })).rejects.toThrow(
      /the arguments and environment do not fit on the guest's stack\. Give fewer/,
    )
  })

  it('reports an executor that is not built', () => {
    const options = { program, argv: [], env: {}, codeSize: 4096, executor: '/absent/executor' }
    expect(() => new Session(options)).toThrow(
      '/absent/executor: the executor is not built. Run `npm run build` in the folder of ferry.',
    )
  })

  it('ends with an error of a handler, and the guest with it', async () => {
    let pid = 0
    const failed = run(
      function* ({ info }) {
        pid = info.pid
        yield exit
        throw new Error('unreachable')
      },
      {
        handlers: {
          exit: () => {
            throw new Error('the report failed')
          },
        },
      },
    )
    await expect(failed).rejects.toThrow('the report failed')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('asks for the translation of executable memory only', async () => {
    const mapped: unknown[] = []
    const { result } = await run(
      function* () {
        yield systemCall(NR.getpid)
        yield exit
      },
      { handlers: { invalidate: () => undefined } },
    )
    expect(result.status).toBe(0)
    const { result: jumped } = await run(function* ({ pc, info, x, session }) {
      mapped.push(pc === info.entry)
      session.state.setBigUint64(CPU_STATE.at.pc, x(2), true)
      yield { stub: STUB.RESUME }
    })
    expect(mapped).toEqual([true])
    expect(jumped).toMatchObject({ status: null, signal: 'SIGSEGV', death: { access: 'FETCH' } })
  })
})

describe('a host object', () => {
  const object = (source: string): Uint8Array => {
    const path = workshop.path('host.so')
    execFileSync('gcc', ['-shared', '-fPIC', '-o', path, '-xc', '-'], { input: source })
    return readFileSync(path)
  }

  it('is loaded, and its arrays are where READY says', async () => {
    const hostObject = object(`
      void **ferry_refs; int function(void) { return 1; }
      void *const ferry_functions[] = { function, &ferry_refs }; void *ferry_thunks[2];`)
    const seen: bigint[] = []
    const { result } = await run(
      function* ({ info, memory }) {
        const word = (address: number) => new DataView(memory.read(address, 8).slice().buffer).getBigUint64(0, true)
        seen.push(word(info.functions), word(Number(word(info.functions + 8))), word(info.thunks))
        memory.write(info.thunks, new Uint8Array(8).fill(1))
        seen.push(word(info.thunks))
        yield exit
      },
      { hostObject, references: 0x12340 },
    )
    expect(result.status).toBe(0)
    expect(seen[0]).toBeGreaterThan(BigInt(PLACES.GUEST_END))
    expect(seen.slice(1)).toEqual([0x12340n, 0n, 0x0101010101010101n])
  })

  it('is refused with the reason of the dynamic linker', async () => {
    const hostObject = object('void missing_function(void); void *const ferry_functions[] = { missing_function };')
    await expect(run(function* () {}, { hostObject })).rejects.toThrow(
      /the host object can not be loaded: .*undefined symbol: missing_function/,
    )
    await expect(run(function* () {}, { hostObject: object('int x;') })).rejects.toThrow(
      /the host object has no ferry_functions/,
    )
    await expect(run(function* () {}, { hostObject: new Uint8Array(10) })).rejects.toThrow(
      /the host object can not be loaded: .*file too short/,
    )
  })
})
