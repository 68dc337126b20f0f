import { describe, expect, test } from 'vitest'
import { CPU_STATE, TRAP } from '../../../base/layout.ts'
import { CSR } from '../../../emulator/riscv/csr.ts'
import { encode, type Fields } from '../../../emulator/riscv/encode.ts'
import { Op, type OpName } from '../../../emulator/riscv/table.ts'
import { GuestMemory } from '../../../runtime/guest-memory.ts'
import { interpretOne } from '../../../runtime/interpret.ts'

const CODE = 0x10000
const DATA = 0x20000
const SIZE = 64
const { at } = CPU_STATE

/** A guest with one page of code and 64 bytes of data, as /proc/<pid>/mem would show them. */
class TestMemory extends GuestMemory {
  readonly text: Uint8Array
  readonly data = new Uint8Array(SIZE)
  constructor(text: Uint8Array) {
    super()
    this.text = text
  }
  override read(address: number, length: number): Uint8Array {
    const [start, bytes] = address >= DATA ? [DATA, this.data] : [CODE, this.text]
    return address < start ? new Uint8Array(0) : bytes.slice(address - start, address - start + length)
  }
  override write(address: number, bytes: Uint8Array): number {
    this.data.set(bytes, address - DATA)
    return bytes.length
  }
}

function guest(word: number, registers: Readonly<Record<number, bigint>> = {}) {
  const state = new DataView(new ArrayBuffer(CPU_STATE.size))
  state.setBigUint64(at.pc, BigInt(CODE), true)
  state.setBigUint64(at.reservation_address, 2n ** 64n - 1n, true)
  for (const [r, value] of Object.entries(registers)) state.setBigUint64(at.x + Number(r) * 8, value, true)
  const memory = new TestMemory(new Uint8Array(new Uint32Array([word]).buffer))
  return { state, memory, x: (r: number) => state.getBigUint64(at.x + r * 8, true) }
}
const i = (name: OpName, fields: Fields = {}): number => encode(Op[name], fields)

describe('one instruction on the CPU state', () => {
  test('changes registers and pc', () => {
    const { state, memory, x } = guest(i('add', { rd: 10, rs1: 11, rs2: 12 }), { 11: 5n, 12: 7n })
    expect(interpretOne(state, memory)).toEqual({ answer: 0, frm: 0 })
    expect([x(10), state.getBigUint64(at.pc, true)]).toEqual([12n, BigInt(CODE + 4)])
  })

  test('leaves x0 and everything that it does not name alone', () => {
    const { state, memory } = guest(i('addi', { rd: 0, rs1: 11, imm: 1 }), { 11: 5n })
    const before = new Uint8Array(state.buffer.slice(0))
    state.setBigUint64(at.f + 8 * 31, 0x7ff0_0000_0000_0001n, true)
    const expected = new DataView(before.buffer)
    expected.setBigUint64(at.f + 8 * 31, 0x7ff0_0000_0000_0001n, true)
    expected.setBigUint64(at.pc, BigInt(CODE + 4), true)
    interpretOne(state, memory)
    expect(new Uint8Array(state.buffer)).toEqual(before)
  })

  test('rounds as MXCSR can not, and raises flags', () => {
    // 1 + 2^-53 is halfway to the next number: to nearest, ties away from zero, rounds up
    const { state, memory } = guest(i('fadd_d', { rd: 0, rs1: 1, rs2: 2, rm: 4 }))
    state.setFloat64(at.f + 8, 1, true)
    state.setFloat64(at.f + 16, 2 ** -53, true)
    expect(interpretOne(state, memory).answer).toBe(0)
    expect(state.getFloat64(at.f, true)).toBe(1 + 2 ** -52)
    expect(state.getUint32(at.fflags, true)).toBe(1)
  })

  test('takes the rounding mode of the state, and reports a new one', () => {
    const { state, memory, x } = guest(i('csrrw', { rd: 10, rs1: 11, imm: CSR.fcsr }), { 11: 0x9fn })
    state.setUint32(at.frm, 3, true)
    state.setUint32(at.fflags, 5, true)
    expect(interpretOne(state, memory)).toEqual({ answer: 0, frm: 4 })
    expect([x(10), state.getUint32(at.frm, true), state.getUint32(at.fflags, true)]).toEqual([0x65n, 4, 31])
  })

  test('loads and stores through the guest memory', () => {
    const load = guest(i('ld', { rd: 10, rs1: 11, imm: 8 }), { 11: BigInt(DATA) })
    load.memory.data.set([1, 2, 3, 4, 5, 6, 7, 0x80], 8)
    interpretOne(load.state, load.memory)
    expect(load.x(10)).toBe(0x8007060504030201n)
    const store = guest(i('sw', { rs1: 11, rs2: 12, imm: 4 }), { 11: BigInt(DATA), 12: 0x1122334455667788n })
    expect(interpretOne(store.state, store.memory).answer).toBe(0)
    expect([...store.memory.data.subarray(4, 12)]).toEqual([0x88, 0x77, 0x66, 0x55, 0, 0, 0, 0])
  })

  test('keeps a reservation from lr to sc', () => {
    const reserve = guest(i('lr_d', { rd: 10, rs1: 11 }), { 11: BigInt(DATA) })
    reserve.memory.data[0] = 9
    interpretOne(reserve.state, reserve.memory)
    expect(reserve.state.getBigUint64(at.reservation_address, true)).toBe(BigInt(DATA))
    expect(reserve.state.getBigInt64(at.reservation_value, true)).toBe(9n)
    reserve.memory.text.set(new Uint8Array(new Uint32Array([i('sc_d', { rd: 10, rs1: 11, rs2: 12 })]).buffer))
    reserve.state.setBigUint64(at.pc, BigInt(CODE), true)
    interpretOne(reserve.state, reserve.memory)
    expect(reserve.x(10)).toBe(0n)
    expect(reserve.state.getBigUint64(at.reservation_address, true)).toBe(2n ** 64n - 1n)
  })
})

describe('what does not complete', () => {
  test.each<readonly [string, number, object]>([
    ['an illegal instruction', 0xffffffff, { answer: TRAP.ILLEGAL }],
    ['a reserved rounding mode', i('fadd_d', { rm: 5 }), { answer: TRAP.ILLEGAL }],
    ['a write to a counter', i('csrrw', { rd: 5, imm: CSR.cycle }), { answer: TRAP.ILLEGAL }],
    ['ebreak', i('ebreak'), { answer: TRAP.BREAKPOINT }],
    ['a load of nothing', i('ld', { rd: 10, rs1: 11, imm: SIZE }), { answer: 0x100 | 11, address: DATA + SIZE }],
    [
      'a load beyond the end',
      i('ld', { rd: 10, rs1: 11, imm: SIZE - 4 }),
      { answer: 0x100 | 11, address: DATA + SIZE - 4 },
    ],
    ['a store to nothing', i('sd', { rs1: 11, rs2: 10, imm: SIZE }), { answer: 0x100 | 11, address: DATA + SIZE }],
    [
      'a misaligned atomic operation',
      i('amoadd_d', { rd: 10, rs1: 12, rs2: 10 }),
      { answer: 0x100 | 7, address: DATA + 2 },
    ],
  ])('%s changes nothing and says why', (_, word, answer) => {
    const { state, memory } = guest(word, { 10: 1n, 11: BigInt(DATA), 12: BigInt(DATA + 2) })
    const before = new Uint8Array(state.buffer.slice(0))
    expect(interpretOne(state, memory)).toEqual({ ...answer, frm: 0 })
    expect(new Uint8Array(state.buffer)).toEqual(before)
    expect(memory.data).toEqual(new Uint8Array(SIZE))
  })

  test('an address that no process has', () => {
    const { state, memory } = guest(i('ld', { rd: 10, rs1: 11 }), { 11: 2n ** 63n })
    expect(interpretOne(state, memory)).toMatchObject({ answer: 0x100 | 11, address: 2 ** 63 })
  })

  test('code that is gone', () => {
    const { state, memory } = guest(i('addi'))
    state.setBigUint64(at.pc, BigInt(CODE + 4), true)
    expect(interpretOne(state, memory)).toEqual({ answer: TRAP.FETCH_FAULT, frm: 0 })
  })
})
