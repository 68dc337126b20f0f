import { describe, expect, test } from 'vitest'
import { COUNTER, type CPU_STATE, PLACES } from '../../../../base/layout.ts'
import { stateSlot, xSlot } from '../../../../emulator/convention.ts'
import { LEVEL, makeGates } from '../../../../emulator/gates.ts'
import { Assembler } from '../../../../emulator/x86/assembler.ts'
import type { Site } from '../../../../runtime/bridge/code.ts'
import { emitEmulatedStub, emitStub } from '../../../../runtime/bridge/stub.ts'
import { emitThunk } from '../../../../runtime/bridge/thunk.ts'
import { disassemble, hexOf } from '../../emulator/x86-llvm.ts'

const gates = makeGates()
/** Cache offset of the address of the host function. */
const HOST = 0x6000
const CALL = 'call qword ptr [rip]'
const TABLE = { offset: 0x4000, mask: 15 }
const TLS = -0x48n
const PC = 0x1_2340
const EDGES = 0x8000

interface Emitted {
  readonly text: readonly string[]
  /** Cache offsets that the code refers to, in order. */
  readonly targets: readonly number[]
}

function emitted(emit: (site: Site) => void): Emitted {
  const site: Site = { asm: new Assembler({ capacity: 1024 }), references: [] }
  emit(site)
  const bytes = site.asm.finish()
  for (const { field } of site.references) expect(field + 4).toBeLessThanOrEqual(bytes.length)
  const text = disassemble(hexOf(bytes)).map(line => line.text)
  return { text: text.filter(line => !line.startsWith('nop')), targets: site.references.map(({ target }) => target) }
}
const stub = (signature: string, measure?: number): Emitted =>
  emitted(site =>
    emitStub(
      site,
      gates,
      signature,
      HOST,
      measure === undefined ? undefined : { index: measure, pc: PC, edges: EDGES },
    ),
  )
const thunk = (signature: string): Emitted => emitted(site => emitThunk(site, gates, signature, TLS, TABLE))

const at = (disp: number): string => (disp === 0 ? '[rbp]' : `[rbp ${disp < 0 ? '-' : '+'} ${Math.abs(disp)}]`)
const x = (guest: number): string => at(xSlot(guest))
const state = (name: keyof typeof CPU_STATE.at): string => at(stateSlot(name))
const RA = x(1)
const SP = x(2)

/**
 * How far rsp is below where it was before the first instruction, at each call; and that it is back at each return. A guest
 * caller has pushed the guest and the host return address: rsp ≡ 8 (mod 16) at the entry.
 */
function depths({ text }: Emitted): { calls: number[]; end: number } {
  let depth = 0
  const calls: number[] = []
  for (const line of text) {
    const move = /^lea rsp, \[rsp ([+-]) (\d+)\]$/.exec(line)
    if (/^push/.test(line)) depth += 8
    else if (/^pop/.test(line)) depth -= 8
    else if (move) depth += move[1] === '-' ? Number(move[2]) : -Number(move[2])
    else if (/^call/.test(line)) calls.push(depth)
    else if (line === 'ret') break
  }
  return { calls, end: depth }
}

describe('a stub', () => {
  test('of a function whose words are in their places only keeps ra and sp', () => {
    const { text, targets } = stub('iid:i')
    expect(text).toEqual([
      `push qword ptr ${RA}`,
      `mov qword ptr ${SP}, rbx`,
      CALL,
      'mov rdi, rax',
      'pop rax',
      `mov qword ptr ${RA}, rax`,
      'cmp rax, qword ptr [rsp + 8]',
      expect.stringMatching(/^jne /),
      'ret',
      expect.stringMatching(/^jmp /),
    ])
    expect(targets).toEqual([HOST, gates.mismatch])
  })

  test.each([
    [':', []],
    [':i', ['mov rdi, rax']],
    [':ii', ['mov rdi, rax', 'mov rsi, rdx']],
    [':d', []],
    [':dd', []],
    [':id', ['mov rdi, rax']],
    [':di', ['mov rdi, rax']],
    [':f', [expect.stringMatching(/^vpor xmm0, xmm0, xmmword ptr \[rip/)]],
    [':ff', [expect.stringMatching(/^vpor xmm0, xmm0/), expect.stringMatching(/^vpor xmm1, xmm1/)]],
    [':fi', ['mov rdi, rax', expect.stringMatching(/^vpor xmm0, xmm0/)]],
  ] as const)('puts results %s where the guest has them, singles boxed', (signature, lines) => {
    const { text, targets } = stub(signature)
    expect(text.slice(text.indexOf(CALL) + 1, text.indexOf('pop rax'))).toEqual(lines)
    const singles = signature.split('f').length - 1
    expect(targets).toEqual([HOST, ...Array<number>(singles).fill(gates.pool.upperOnes), gates.mismatch])
  })

  test('passes what has no host register on the host stack', () => {
    const { text } = stub('iiiiiiiii:')
    const lines = text.slice(text.indexOf('lea rsp, [rsp - 32]'), text.indexOf(CALL))
    expect(lines).toEqual([
      'lea rsp, [rsp - 32]',
      'mov qword ptr [rsp], r11',
      `mov rax, qword ptr ${x(17)}`,
      'mov qword ptr [rsp + 8], rax',
      'mov rax, qword ptr [rbx]',
      'mov qword ptr [rsp + 16], rax',
    ])
  })

  test('takes floating point that the guest has in integer registers', () => {
    const { text } = stub('ddddddddd:')
    expect(text).toContain('mov qword ptr [rsp], rdi')
    const variadic = stub('i.di:')
    expect(variadic.text).toEqual(
      expect.arrayContaining([
        `mov qword ptr ${x(11)}, rsi`,
        `mov qword ptr ${x(12)}, rdx`,
        `vmovsd xmm0, qword ptr ${x(11)}`,
        `mov rsi, qword ptr ${x(12)}`,
      ]),
    )
  })

  test.each(['iid:i', 'iiiiiii:i', 'iiiiiiii:i', 'iiiiiiiii:', 'dddddddddd:d', 'i.dqd:i'])(
    'calls %s with a stack that is a multiple of 16, and takes everything off',
    signature => {
      for (const measure of [undefined, 0]) {
        const { calls, end } = depths(stub(signature, measure))
        // before it a measuring stub calls the routine that counts, which does not mind
        expect((calls.at(-1)! + 8) % 16).toBe(0)
        expect(calls).toHaveLength(measure === undefined ? 1 : 2)
        expect(end).toBe(0)
      }
    },
  )

  test('counts what it measures', () => {
    const { text } = stub('i:i', 3)
    const counter = (field: keyof typeof COUNTER.at) => `qword ptr [r10 + ${3 * COUNTER.size + COUNTER.at[field]}]`
    expect(text.filter(line => line === 'rdtsc')).toHaveLength(2)
    expect(text.filter(line => line.includes('[r10'))).toEqual([
      `inc ${counter('calls')}`,
      `inc ${counter('depth')}`,
      `dec ${counter('depth')}`,
      `add ${counter('ticks')}, rax`,
      `inc ${counter('outermost')}`,
    ])
  })

  test('of an emulated function calls the body in a frame of its own', () => {
    const code = emitted(site => emitEmulatedStub(site, gates, 0x2000, 0))
    expect(code.targets).toEqual([0x2000, gates.mismatch])
    const { calls, end } = depths(code)
    // [rsp] host and [rsp+8] guest return address, rsp ≡ 8 (mod 16) at the body's entry
    expect(calls.map(depth => (depth + 8) % 16)).toEqual([0])
    expect(end).toBe(0)
    expect(code.text[code.text.findIndex(line => line.startsWith('call')) - 1]).toBe(`push qword ptr ${RA}`)
  })
})

describe('a thunk', () => {
  test('jumps to a host entry of the target, and opens a level otherwise', () => {
    const { text, targets } = thunk('ii:i')
    expect(text.slice(0, 6)).toEqual([
      'mov eax, r10d',
      'and eax, 30',
      'lea r11, [rip]',
      'cmp r10, qword ptr [r11 + 8*rax]',
      expect.stringMatching(/^jne /),
      'jmp qword ptr [r11 + 8*rax + 8]',
    ])
    expect(text.slice(6)).toEqual([
      'push rbx',
      'push rbp',
      `mov rbp, qword ptr fs:[${TLS}]`,
      `push qword ptr ${state('level_base')}`,
      `mov rbx, qword ptr ${SP}`,
      'push rbx',
      `push ${PLACES.RETURN_GATE}`,
      'lea rax, [rsp - 8]',
      `mov qword ptr ${state('level_base')}, rax`,
      `mov qword ptr ${RA}, ${PLACES.RETURN_GATE}`,
      'mov rax, r10',
      'mov r10, rax',
      'shr r10, 38',
      expect.stringMatching(/^jne /),
      `mov r10, qword ptr ${state('dispatch_base')}`,
      'mov r10d, dword ptr [r10 + 2*rax]',
      `add r10, qword ptr ${state('code_base')}`,
      expect.stringMatching(/^jmp /),
      `mov r10, qword ptr ${state('code_base')}`,
      'call r10',
      'lea rsp, [rsp + 8]',
      'pop rbx',
      `mov qword ptr ${SP}, rbx`,
      `pop qword ptr ${state('level_base')}`,
      'mov rax, rdi',
      'pop rbp',
      'pop rbx',
      'ret',
    ])
    expect(targets).toEqual([TABLE.offset])
  })

  test('has the level where the gates look for it', () => {
    const { text } = thunk('i.d:')
    const pushes = text.filter(line => line.startsWith('push'))
    // from level_base up: the host return address that `call r10` pushes, then these, last first
    const above = pushes.toReversed()
    expect(above[LEVEL.gate / 8 - 1]).toBe(`push ${PLACES.RETURN_GATE}`)
    expect(above[LEVEL.guestSp / 8 - 1]).toBe('push rbx')
    expect(above[LEVEL.previous / 8 - 1]).toBe(`push qword ptr ${state('level_base')}`)
  })

  test.each(['ii:i', 'f:f', 'iiiiiiiii:', 'i.ddddddddd:', 'dddddddddd:d'])(
    '%s calls with rsp ≡ 0 (mod 16)',
    signature => {
      const { calls, end } = depths(thunk(signature))
      expect(calls.map(depth => (depth + 8) % 16)).toEqual([0])
      expect(end).toBe(0)
    },
  )

  test('asks for no host entry where the host has other places, or there are any number', () => {
    for (const signature of ['iiiiiii:i', 'ii.q:i', 'i.i:i']) expect(thunk(signature).text[0]).toBe('push rbx')
  })

  test('boxes singles in registers and leaves doubles', () => {
    expect(thunk('fdf:').targets).toEqual([TABLE.offset, gates.pool.upperOnes, gates.pool.upperOnes])
    expect(
      thunk('fdf:')
        .text.filter(line => line.startsWith('vpor'))
        .map(line => line.slice(0, 16)),
    ).toEqual(['vpor xmm0, xmm0,', 'vpor xmm2, xmm2,'])
  })

  test('passes words on the guest stack, whose pointer stays a multiple of 16', () => {
    const { text } = thunk('iiiiiiiii:')
    expect(text).toContain('lea rbx, [rbx - 16]')
    // host stack words 0 and 1 are a6 and a7, word 2 is the guest's first: behind level, rbp, rbx and the return address
    expect(
      text.slice(text.indexOf('mov rax, qword ptr [rsp + 56]'), text.indexOf('mov rax, qword ptr [rsp + 56]') + 2),
    ).toEqual(['mov rax, qword ptr [rsp + 56]', 'mov qword ptr [rbx], rax'])
    expect(text).toContain(`mov r11, qword ptr ${x(16)}`)
    const wide = thunk('iiiiiiii.iq:')
    expect(wide.text).toContain('lea rbx, [rbx - 32]')
  })

  test.each([
    [':', []],
    [':i', ['mov rax, rdi']],
    [':ii', ['mov rax, rdi', 'mov rdx, rsi']],
    [':di', ['mov rax, rdi']],
    [':ff', []],
  ] as const)('brings results %s to the host', (signature, lines) => {
    const { text } = thunk(signature)
    const from = text.indexOf(`pop qword ptr ${state('level_base')}`)
    expect(text.slice(from + 1, text.indexOf('pop rbp'))).toEqual(lines)
  })
})
