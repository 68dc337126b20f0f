/** Steps by the interpreter, on memory of this process: with its protections, and watched. */
import koffi from 'koffi'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CPU_STATE } from '../../../../base/layout.ts'
import { encode, type Fields } from '../../../../emulator/riscv/encode.ts'
import { Op, type OpName } from '../../../../emulator/riscv/table.ts'
import { interpretSteps, type StepOptions } from '../../../../runtime/gdb/step.ts'
import { GuestMemory } from '../../../../runtime/guest-memory.ts'

const libc = koffi.load(null)
const mmap = libc.func('void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)')
const mprotect = libc.func('int mprotect(void *address, size_t length, int protection)')

const PAGE = 4096
const READ_WRITE = 3
const PRIVATE_ANONYMOUS = 0x22
const [A0, A1, A2] = [10, 11, 12]
const i = (name: OpName, fields: Fields = {}): number => encode(Op[name], fields)

/** A page of code, one to write, one to read, one that is closed. */
let base: number
let words: Uint32Array
let memory: GuestMemory
beforeAll(() => {
  const address: bigint = mmap(null, 4 * PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0)
  base = Number(address)
  words = new Uint32Array(koffi.view(address, PAGE))
  mprotect(address + 2n * BigInt(PAGE), PAGE, 1)
  mprotect(address + 3n * BigInt(PAGE), PAGE, 0)
  memory = new GuestMemory()
  memory.open(process.pid)
})
afterAll(() => memory.close())

let state: DataView
beforeEach(() => {
  state = new DataView(new ArrayBuffer(CPU_STATE.size))
  state.setBigUint64(CPU_STATE.at.reservation_address, 2n ** 64n - 1n, true)
})

const get = (register: number): bigint => state.getBigUint64(CPU_STATE.at.x + register * 8, true)
const set = (register: number, value: number): void =>
  state.setBigUint64(CPU_STATE.at.x + register * 8, BigInt(value), true)
const pc = (): number => Number(state.getBigUint64(CPU_STATE.at.pc, true)) - base

function steps(code: readonly number[], options: Partial<StepOptions> = {}) {
  words.set(code)
  state.setBigUint64(CPU_STATE.at.pc, BigInt(base), true)
  const standard = { pid: process.pid, memory, watchpoints: [], limit: 10, done: () => false }
  return interpretSteps(state, { ...standard, ...options })
}

describe('steps', () => {
  const count = [i('addi', { rd: A0, rs1: A0, imm: 1 }), i('jal', { imm: -4 })]

  it('go on to where they should', () => {
    expect(steps(count, { done: at => at === base })).toBe('done')
    expect([get(A0), pc()]).toEqual([1n, 0])
  })

  it('end at the limit', () => {
    expect(steps(count, { limit: 7 })).toBe('limit')
    expect([get(A0), pc()]).toEqual([4n, 4])
  })

  it.each([
    ['system calls', i('ecall')],
    ['breakpoints', i('ebreak')],
    ['fence.i', i('fence_i')],
    ['CSRs', i('csrrs', { rd: A0, imm: 3 })],
    ['illegal instructions', 0],
  ])('leave %s to the executor', (_, word) => {
    expect(steps([i('addi', { rd: A1, imm: 5 }), word])).toBe('executor')
    expect([get(A1), pc()]).toEqual([5n, 4])
  })

  it.each([
    ['stores to what can only be read', 'sd', 2],
    ['loads from what is closed', 'ld', 3],
    ['stores to what is closed', 'sd', 3],
  ] as const)('leave %s to the executor', (_, name, page) => {
    set(A1, base + page * PAGE)
    expect(steps([i(name, { rd: A0, rs1: A1, rs2: A2 })])).toBe('executor')
    expect(pc()).toBe(0)
  })

  it('leave what reaches into a closed page, and what is no address', () => {
    set(A1, base + 3 * PAGE - 4)
    expect(steps([i('ld', { rd: A0, rs1: A1 })])).toBe('executor')
    state.setBigInt64(CPU_STATE.at.x + A1 * 8, -8n, true)
    expect(steps([i('ld', { rd: A0, rs1: A1 })])).toBe('executor')
  })
})

describe('watched data', () => {
  const at = (offset: number) => base + PAGE + offset
  const point = (kind: 'watch' | 'rwatch' | 'awatch', offset: number, length: number) => ({
    ...{ kind, start: at(offset), end: at(offset) + length },
  })
  const STORE = [i('sw', { rs1: A1, rs2: A2, imm: 8 }), i('addi', { rd: A0, imm: 1 })]
  const LOAD = [i('lw', { rd: A0, rs1: A1, imm: 8 }), i('addi', { rd: A0, imm: 1 })]
  beforeEach(() => {
    set(A1, at(0))
    set(A2, 0x1234)
    set(A0, 0)
  })

  it.each([
    ['watch', STORE],
    ['awatch', STORE],
    ['rwatch', LOAD],
    ['awatch', LOAD],
  ] as const)('%s ends behind the instruction', (kind, code) => {
    const watchpoint = point(kind, 10, 1)
    expect(steps(code, { watchpoints: [point('watch', 100, 4), watchpoint], limit: 1 })).toEqual({
      ...{ watchpoint, address: at(10) },
    })
    expect(pc()).toBe(4)
  })

  it.each([
    ['watch', LOAD],
    ['rwatch', STORE],
  ] as const)('%s has nothing to do with the other access', (kind, code) => {
    expect(steps(code, { watchpoints: [point(kind, 8, 4)], limit: 2 })).toBe('limit')
  })

  it.each([
    ['before', 4],
    ['behind', 12],
  ])('is not what lies %s it', (_, offset) => {
    expect(steps(STORE, { watchpoints: [point('awatch', offset, 4)], limit: 2 })).toBe('limit')
  })
})
