import { describe, expect, test } from 'vitest'
import { CPU_STATE, PINNED, PINNED_FP, PLACES } from '../../../base/layout.ts'
import { LEVEL, makeGates } from '../../../emulator/gates.ts'
import { disassemble, hexOf } from './x86-llvm.ts'

const gates = makeGates()
const view = new DataView(gates.bytes.buffer, gates.bytes.byteOffset, gates.bytes.byteLength)
const code = ['miss', 'resume', 'enter', 'leave', 'mismatch', 'syscall', 'trap', 'fence'] as const
const starts = [...code.map(name => gates[name]), ...Object.values(gates.pool)].sort((a, b) => a - b)

/** Instructions of a gate up to where the next one, or a constant, begins. */
function textOf(name: (typeof code)[number]): string[] {
  const end = starts.find(start => start > gates[name])!
  return disassemble(hexOf(gates.bytes.subarray(gates[name], end))).map(({ text }) => text)
}
/** `[rbp - 128]` and so on, of a byte of the CPU state. */
function slot(offset: number): string {
  const disp = offset - PLACES.STATE_BIAS
  return disp === 0 ? '[rbp]' : `[rbp ${disp < 0 ? '-' : '+'} ${Math.abs(disp)}]`
}
const field = (name: keyof typeof CPU_STATE.at): string => slot(CPU_STATE.at[name])
const saves = [
  ...PINNED.map(([guest, , name]) => `mov qword ptr ${slot(guest * 8)}, ${name.split(' ')[1]}`),
  ...PINNED_FP.map(([guest, xmm]) => `vmovsd qword ptr ${slot(CPU_STATE.at.f + guest * 8)}, xmm${xmm}`),
  `stmxcsr dword ptr ${field('mxcsr')}`,
]
const loads = [
  ...PINNED.map(([guest, , name]) => `mov ${name.split(' ')[1]}, qword ptr ${slot(guest * 8)}`),
  ...PINNED_FP.map(([guest, xmm]) => `vmovsd xmm${xmm}, qword ptr ${slot(CPU_STATE.at.f + guest * 8)}`),
]

describe('places', () => {
  test('the miss gate is at 0, what a fresh page of the dispatch table holds', () => {
    expect(gates.miss).toBe(0)
  })

  test('gates are at multiples of 16, and none is in another', () => {
    for (const name of code) expect(gates[name] % 16).toBe(0)
    expect(new Set(starts).size).toBe(starts.length)
    expect(starts.at(-1)).toBeLessThan(gates.bytes.length)
  })

  test('regions begin behind them at a cache line', () => {
    expect(gates.bytes.length % 64).toBe(0)
  })

  test('they are the same every time', () => {
    expect(makeGates()).toEqual(gates)
  })
})

describe('constants', () => {
  test('are at multiples of 16, as memory operands of 16 bytes must be, and 16 bytes long', () => {
    const places = Object.values(gates.pool).sort((a, b) => a - b)
    for (const [k, place] of places.entries()) {
      expect(place % 16).toBe(0)
      expect((places[k + 1] ?? gates.bytes.length) - place).toBeGreaterThanOrEqual(16)
    }
  })

  test.each([
    ['zero', 0n],
    ['canonicalDouble', 0x7ff8000000000000n],
    ['canonicalSingle', 0x7fc00000n],
    ['upperOnes', 0xffffffff00000000n],
    ['signDouble', 1n << 63n],
    ['signSingle', 1n << 31n],
    ['magnitudeDouble', 0x7fffffffffffffffn],
    ['magnitudeSingle', 0xffffffff7fffffffn],
  ] as const)('%s', (name, value) => {
    expect(view.getBigUint64(gates.pool[name], true)).toBe(value)
    expect(view.getBigUint64(gates.pool[name] + 8, true)).toBe(0n)
  })

  test('limits of conversions', () => {
    expect(view.getFloat64(gates.pool.limit32Double, true)).toBe(2 ** 32 - 1)
    expect(view.getFloat64(gates.pool.limit63Double, true)).toBe(2 ** 63)
    expect(view.getFloat32(gates.pool.limit63Single, true)).toBe(2 ** 63)
    // the largest single below 2^32
    expect(view.getFloat32(gates.pool.limit32Single, true)).toBe(2 ** 32 - 2 ** 8)
  })

  test('MXCSR rounding control of frm: to nearest, to zero, down, up', () => {
    // Intel SDM vol. 1, table 4-8: RC in bits 14:13 is 0 nearest, 1 down, 2 up, 3 to zero
    const control = [0, 1, 2, 3].map(frm => view.getUint32(gates.pool.rounding + frm * 4, true) >> 13)
    expect(control).toEqual([0, 3, 1, 2])
  })

  test('fflags of the exception bits of MXCSR', () => {
    const flags = (...bits: readonly number[]) =>
      gates.bytes[gates.pool.flags + bits.reduce((sum, b) => sum | (1 << b), 0)]
    const [IE, DE, ZE, OE, UE, PE] = [0, 1, 2, 3, 4, 5]
    expect([flags(), flags(IE!), flags(DE!), flags(ZE!), flags(OE!), flags(UE!), flags(PE!)]).toEqual([
      0, 16, 0, 8, 4, 2, 1,
    ])
    expect(flags(IE!, DE!, ZE!, OE!, UE!, PE!)).toBe(31)
    expect(flags(OE!, PE!)).toBe(5)
  })
})

describe('code', () => {
  test('the miss gate saves everything, asks with an aligned stack, loads everything and goes there', () => {
    expect(textOf('miss')).toEqual([
      `mov qword ptr ${field('pc')}, rax`,
      ...saves,
      'mov rsi, rax',
      'mov rdx, rsp',
      'lea rsp, [rsp - 8]',
      'lea rdi, [rbp - 128]',
      `call qword ptr ${field('fn_resolve')}`,
      ...loads,
      'lea rsp, [rsp + 8]',
      'jmp rax',
      ...textOf('miss').slice(saves.length + loads.length + 8),
    ])
  })

  test('resume loads everything and dispatches on pc, a wild one through the miss gate', () => {
    const text = textOf('resume')
    expect(text.slice(0, loads.length + 2)).toEqual([
      `ldmxcsr dword ptr ${field('mxcsr')}`,
      ...loads,
      `mov rax, qword ptr ${field('pc')}`,
    ])
    expect(text.slice(loads.length + 2, loads.length + 9)).toEqual([
      'mov r10, rax',
      'shr r10, 38',
      expect.stringMatching(/^jne /),
      `mov r10, qword ptr ${field('dispatch_base')}`,
      'mov r10d, dword ptr [r10 + 2*rax]',
      `add r10, qword ptr ${field('code_base')}`,
      'jmp r10',
    ])
  })

  test('enter keeps the callee-saved registers and opens the outermost level', () => {
    const text = textOf('enter')
    const saved = ['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15']
    expect(text.slice(0, 6)).toEqual(saved.map(r => `push ${r}`))
    const level = text.indexOf('push 0')
    expect(text.slice(level, level + 5)).toEqual([
      'push 0',
      'push -1',
      `push ${PLACES.RETURN_GATE}`,
      'lea rax, [rsp - 8]',
      `mov qword ptr ${field('level_base')}, rax`,
    ])
    const ret = text.indexOf('ret')
    expect(text.slice(ret - 6, ret)).toEqual(saved.toReversed().map(r => `pop ${r}`))
  })

  test('the level that it opens has the layout that thunks have', () => {
    expect(LEVEL).toEqual({ returnAddress: 0, gate: 8, guestSp: 16, previous: 24 })
  })

  test('leave takes off everything above the level', () => {
    expect(textOf('leave').slice(0, 2)).toEqual([`mov rsp, qword ptr ${field('level_base')}`, 'ret'])
  })

  test('a system call saves everything and comes back, or goes where the executor says', () => {
    const text = textOf('syscall')
    expect(text.slice(0, saves.length + 2)).toEqual([
      ...saves,
      'lea rdi, [rbp - 128]',
      `call qword ptr ${field('fn_syscall')}`,
    ])
    expect(text.slice(saves.length + 2, saves.length + 5 + loads.length)).toEqual([
      'test eax, eax',
      expect.stringMatching(/^jne /),
      ...loads,
      'ret',
    ])
  })

  test.each([
    ['trap', 'fn_trap'],
    ['fence', 'fn_fence_i'],
  ] as const)('%s calls %s with the cause and resumes', (gate, fn) => {
    const text = textOf(gate)
    expect(text.slice(0, saves.length + 5)).toEqual([
      ...saves,
      'mov esi, eax',
      'lea rsp, [rsp - 8]',
      'lea rdi, [rbp - 128]',
      `call qword ptr ${field(fn)}`,
      'lea rsp, [rsp + 8]',
    ])
    expect(text[saves.length + 5]).toMatch(/^jmp /)
  })

  test('a mismatched return looks through 64 frames of 16 bytes at most', () => {
    const text = textOf('mismatch')
    expect(text[0]).toBe('and rax, -2')
    expect(text[1]).toBe('lea r10, [rsp + 1024]')
    expect(text).toContain('add r10, 16')
    expect(text).toContain('cmp rax, qword ptr [r10 + 8]')
  })
})
