/**
 * A guest without a translator. The code cache holds a few hand-written stubs; every request for a translation comes
 * back to a script in the test, which sets the guest's registers and says which stub runs next. So a test can perform
 * system calls, faults and signal deliveries in the real executor, one at a time, and look at the guest in between.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CPU_STATE, PINNED, PLACES } from '../../../base/layout.ts'
import { makeGates } from '../../../emulator/gates.ts'
import type { GuestMemory } from '../../../runtime/guest-memory.ts'
import {
  type Location,
  type ReadyInfo,
  Session,
  type SessionHandlers,
  type SessionResult,
} from '../../../runtime/session.ts'
import { Space } from '../../../runtime/space.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export function buildExecutor(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), 'executor'], { stdio: 'inherit' })
}

const REGISTERS = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ')
const field = (name: keyof typeof CPU_STATE.at): string => `[rbp + ${CPU_STATE.at[name] - PLACES.STATE_BIAS}]`

/** Where each stub starts in the code cache. */
export const STUB = {
  ENTER: 0x40,
  RESUME: 0x100,
  ECALL: 0x140,
  STORE: 0x200,
  STORE_AT: 0x300,
  RECURSE: 0x380,
  TRAP: 0x400,
  FENCE: 0x480,
  DEEP_ECALL: 0x500,
  CALL: 0x580,
} as const

/** What a pinned register but sp holds when the stub at STORE faults: a different value for each. */
export const marker = (guest: number): bigint => 0x1000_0000_0000n + BigInt(guest)

const ASSEMBLY = `
.intel_syntax noprefix
miss: # rax: guest pc
  lea rdi, [rbp-${PLACES.STATE_BIAS}]
  mov rsi, rax
  sub rsp, 8
  call ${field('fn_resolve')}
  add rsp, 8
  jmp rax
.org ${STUB.ENTER}
  mov [rdi+${CPU_STATE.at.executor_rsp}], rsp
  lea rbp, [rdi+${PLACES.STATE_BIAS}]
  mov rsp, ${field('level_base')}
  sub rsp, 8
  push ${PLACES.RETURN_GATE}
  push 0
  mov ${field('level_base')}, rsp
  mov rax, ${field('pc')}
  jmp miss
.org ${STUB.RESUME}
resume:
  mov rax, ${field('pc')}
  jmp miss
.org ${STUB.ECALL}
ecall:
  lea rdi, [rbp-${PLACES.STATE_BIAS}]
  add qword ptr ${field('pc')}, 4
  sub rsp, 8
  call ${field('fn_syscall')}
  add rsp, 8
  jmp resume
.org ${STUB.STORE} # to the address in scratch[0]
  mov rax, ${field('scratch')}
${PINNED.map(([guest, host]) => `  movabs ${REGISTERS[host]}, ${marker(guest)}`).join('\n')}
  mov rbx, [rbp + ${CPU_STATE.at.x + 16 - PLACES.STATE_BIAS}]
  movsd xmm0, ${field('f')}
  jmp store_at
.org ${STUB.STORE_AT}
store_at:
  mov [rax], rdx
  jmp resume
.org ${STUB.RECURSE} # scratch[0] calls, none of which returns
recurse:
  dec qword ptr ${field('scratch')}
  jz resume
  push ${PLACES.RETURN_GATE}
  call recurse
.org ${STUB.TRAP} # cause in scratch[0]
  lea rdi, [rbp-${PLACES.STATE_BIAS}]
  mov rsi, ${field('scratch')}
  sub rsp, 8
  call ${field('fn_trap')}
  add rsp, 8
  jmp resume
.org ${STUB.FENCE}
  lea rdi, [rbp-${PLACES.STATE_BIAS}]
  add qword ptr ${field('pc')}, 4
  sub rsp, 8
  call ${field('fn_fence_i')}
  add rsp, 8
  jmp resume
.org ${STUB.DEEP_ECALL} # with 1 KiB of the call stack left
  mov rax, ${PLACES.CALL_STACK + 1024 + 8}
  mov rsp, rax
  jmp ecall
.org ${STUB.CALL} # host code at scratch[0]
  sub rsp, 8
  call ${field('scratch')}
  add rsp, 8
  jmp resume
`

/** A folder for one test file's programs, removed by `dispose`. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'ferry-test-'))

  path(name: string): string {
    return join(this.folder, name)
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  stubs(): Uint8Array {
    writeFileSync(this.path('stubs.s'), ASSEMBLY)
    execFileSync('as', ['--64', '-o', this.path('stubs.o'), this.path('stubs.s')])
    execFileSync('objcopy', ['-O', 'binary', '-j', '.text', this.path('stubs.o'), this.path('stubs.bin')])
    return readFileSync(this.path('stubs.bin'))
  }

  /** Links a RISC-V program of one assembly file; returns its path. */
  program(name: string, assembly: string, options: readonly string[] = ['-static']): string {
    const source = this.path(`${name}.s`)
    writeFileSync(source, assembly)
    const target = ['--target=riscv64-linux-gnu', '-nostdlib', '-fuse-ld=lld', ...options]
    execFileSync('clang-22', [...target, '-o', this.path(name), source])
    return this.path(name)
  }
}

/** The smallest program: some code, and data of each kind. */
export const PROGRAM = `
.globl _start
_start:
  nop
  ecall
  nop
  ecall
.size _start, . - _start
.data
.globl initialized
initialized: .ascii "initialized"
.bss
.globl zeroed
zeroed: .skip 100000
`

export interface Step {
  readonly stub: number
  /** Integer registers to set first, by number. */
  readonly x?: Readonly<Record<number, number | bigint>>
  readonly scratch?: number | bigint
}

export const systemCall = (number: number, ...args: readonly (number | bigint)[]): Step => ({
  stub: STUB.ECALL,
  x: { 17: number, ...Object.fromEntries([0, 1, 2, 3, 4, 5].map(i => [10 + i, args[i] ?? 0])) },
})

/** What a script sees when the guest asks for code. */
export interface View {
  readonly pc: number
  x(register: number): bigint
  f(register: number): bigint
  setF(register: number, value: bigint): void
  readonly session: Session
  readonly memory: GuestMemory
  readonly info: ReadyInfo
}

export type Script = (view: View) => Generator<Step, void, bigint>

export interface Outcome {
  readonly result: SessionResult
  readonly invalidated: readonly (readonly [number, number])[]
  /** Start and length of the executable mappings, those of the program first. */
  readonly mapped: readonly (readonly [number, number])[]
  readonly exit: number | undefined
}

export interface ScriptedOptions {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly hostObject?: Uint8Array
  readonly references?: number
  readonly stackSize?: number
  readonly handlers?: Partial<SessionHandlers>
  /** How the registers are recovered at the fault of the stub at STORE. */
  readonly fixups?: Location['fixups']
}

/**
 * Runs a script, in the executor that FERRY_TEST_EXECUTOR names if it is set (one with sanitizers, say). Each `yield`
 * runs one stub; its value is a0 when the guest asks for code next.
 */
export async function runScript(
  program: string,
  stubs: Uint8Array,
  script: Script,
  { argv = [program], env = {}, handlers = {}, fixups = [], hostObject, references, ...rest }: ScriptedOptions = {},
): Promise<Outcome> {
  const executor = process.env.FERRY_TEST_EXECUTOR
  const codeSize = 1 << 16
  const session = new Session({ program, argv, env, codeSize, ...(executor && { executor }), ...rest })
  const { memory } = session.control
  const space = new Space('private', { memory, codeSize, gates: makeGates() })
  space.code.set(stubs)
  session.gates = { ...makeGates(), enter: STUB.ENTER, resume: STUB.RESUME }
  const { state } = session
  const word = (field: 'x' | 'f', index: number) => CPU_STATE.at[field] + index * 8
  const invalidated: [number, number][] = []
  const mapped: [number, number][] = []
  let exit: number | undefined
  let steps: Generator<Step, void, bigint>
  let view: View & { pc: number }
  const running = session.run({
    program(process) {
      if (hostObject) {
        process.hostObject = { memory: memory.take(), length: hostObject.length }
        process.hostObject.memory.write(hostObject)
      }
      return references === undefined ? { space } : { space, references }
    },
    ready({ memory }, info) {
      view = {
        pc: info.entry,
        x: register => state.getBigUint64(word('x', register), true),
        f: register => state.getBigUint64(word('f', register), true),
        setF: (register, value) => state.setBigUint64(word('f', register), value, true),
        session,
        memory,
        info,
      }
      steps = script(view)
    },
    mapped(_, { start, length }) {
      mapped.push([start, length])
      return undefined
    },
    place: () => 0,
    fork: () => undefined,
    moved: () => {},
    gone: () => {},
    resolve(_, pc) {
      view.pc = pc
      const { value: step, done } = steps.next(view.x(10))
      if (done || !step) throw new Error('the script ended before the guest did')
      for (const [register, value] of Object.entries(step.x ?? {})) {
        state.setBigUint64(word('x', Number(register)), BigInt.asUintN(64, BigInt(value)), true)
      }
      if (step.scratch !== undefined) {
        state.setBigUint64(CPU_STATE.at.scratch, BigInt.asUintN(64, BigInt(step.scratch)), true)
      }
      return step.stub
    },
    locate: (_, offset) => (offset === STUB.STORE_AT ? { pc: view.info.entry + 2, fixups } : undefined),
    invalidate: (_, start, length) => {
      invalidated.push([start, length])
      return undefined
    },
    exit: (_, status) => {
      exit = status
      return false
    },
    ...handlers,
  })
  const result = await running.finally(() => {
    space.release()
    session.dispose()
  })
  return { result, invalidated, mapped, exit }
}
