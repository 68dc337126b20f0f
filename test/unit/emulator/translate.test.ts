import { describe, expect, test } from 'vitest'
import { ALL_OPTIMIZATIONS, OPTIMIZATIONS, type Optimization, parseOptimizations } from '../../../emulator/options.ts'
import type { Region } from '../../../emulator/region.ts'
import { Translator } from '../../../emulator/translate.ts'
import { BASE, bytesOf, guestCode, i, RET } from './guest-code.ts'
import { disassemble, hexOf } from './x86-llvm.ts'

const without = (name: Optimization) => new Translator({ optimizations: { ...ALL_OPTIMIZATIONS, [name]: false } })
const translate = (words: readonly number[], translator = new Translator()): Region =>
  translator.translate(BASE, guestCode(BASE, bytesOf(words)))!
const textOf = (region: Region): string =>
  disassemble(hexOf(region.bytes))
    .map(({ text }) => text)
    .join('\n')

describe('what can be translated', () => {
  test('nothing where nothing can be fetched', () => {
    const translator = new Translator()
    expect(translator.translate(BASE + 4, guestCode(BASE, bytesOf([RET])))).toBeUndefined()
    expect(translator.translate(BASE + 2, guestCode(BASE, bytesOf([RET]).subarray(0, 3)))).toBeUndefined()
  })

  test('an illegal instruction, which traps', () => {
    const region = translate([0xffffffff])
    expect(region.gateReferences.map(({ gate }) => gate)).toEqual([new Translator().gates.trap])
    expect(region.ranges).toEqual([[BASE, BASE + 4]])
  })

  test('high addresses, whose return addresses are no 32-bit immediates', () => {
    const pc = 2 ** 37
    const region = new Translator().translate(pc, guestCode(pc, bytesOf([i('jal', { rd: 1, imm: 64 }), RET])))!
    expect(region.chains.map(chain => chain.pc)).toEqual([pc + 64])
    expect(textOf(region)).toContain('movabs')
    expect(region.entries.map(entry => entry.pc)).toEqual([pc, pc + 4])
  })
})

describe('a region', () => {
  test('does not change when the translator goes on', () => {
    const translator = new Translator()
    const first = translate([i('addi', { rd: 10, rs1: 10, imm: 1 }), RET], translator)
    const bytes = first.bytes.slice()
    const again = translate([i('ld', { rd: 10, rs1: 11 }), i('mul', { rd: 10, rs1: 10, rs2: 10 }), RET], translator)
    expect(first.bytes).toEqual(bytes)
    expect(first.sites.list()).toEqual([])
    expect(again.sites.list()).toHaveLength(1)
  })

  test('is the same whatever was translated before', () => {
    const words = [
      i('fadd_d', { rd: 10, rs1: 10, rs2: 11 }),
      i('addiw', { rd: 10, rs1: 10, imm: 1 }),
      i('bne', { rs1: 10, imm: -8 }),
      RET,
    ]
    const translator = new Translator()
    translate(
      [
        i('slli', { rd: 10, rs1: 11, imm: 3 }),
        i('add', { rd: 10, rs1: 10, rs2: 12 }),
        i('ld', { rd: 10, rs1: 10 }),
        RET,
      ],
      translator,
    )
    translate([0xffffffff], translator)
    expect(translate(words, translator)).toEqual(translate(words))
  })

  test('has the address ranges of its blocks', () => {
    const region = translate([i('beq', { rs1: 10, imm: 12 }), RET, 0, RET])
    expect(region.ranges).toEqual([
      [BASE, BASE + 8],
      [BASE + 12, BASE + 16],
    ])
  })

  test('shares a stub between its jumps to one pc', () => {
    const region = translate(
      [i('beq', { rs1: 10, imm: 2044 }), i('beq', { rs1: 11, imm: 2040 }), RET],
      without('region'),
    )
    expect(region.chains).toHaveLength(2)
    const far = translate([i('beq', { rs1: 10, imm: 8 }), i('jal', { imm: 65536 }), i('jal', { imm: 65532 })])
    expect(far.chains.map(({ pc }) => pc - BASE)).toEqual([65540, 65540])
    expect(new Set(far.chains.map(({ stub }) => stub)).size).toBe(1)
  })
})

describe('each optimisation can be switched off', () => {
  const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length

  test('ras: calls and returns without the host call stack', () => {
    const words = [i('jal', { rd: 1, imm: 2048 }), RET]
    expect(count(textOf(translate(words)), /^(call|ret|push)/gm)).toBe(3)
    expect(count(textOf(translate(words, without('ras'))), /^(call|ret|push)/gm)).toBe(0)
  })

  test('chain: jumps go through the dispatch table', () => {
    const words = [i('jal', { imm: 4096 * 16 })]
    expect(translate(words).chains).toHaveLength(1)
    const region = translate(words, without('chain'))
    expect(region.chains).toEqual([])
    expect(textOf(region)).toMatch(/jmp r10$/m)
  })

  test('jump: indirect jumps ask the miss gate', () => {
    const words = [i('jalr', { rs1: 10 })]
    const translator = without('jump')
    expect(textOf(translate(words))).toMatch(/jmp r10$/m)
    const region = translate(words, translator)
    expect(textOf(region)).not.toMatch(/jmp r10$/m)
    expect(region.gateReferences.map(({ gate }) => gate)).toEqual([translator.gates.miss])
  })

  const [A0, A1, A2, S4, S5, T1] = [10, 11, 12, 20, 21, 6]
  const mul = (rd: number, rs1: number, rs2: number) => i('fmul_d', { rd, rs1, rs2, rm: 7 })
  const loop = (...body: readonly number[]) => [...body, i('bne', { rs1: A0, rs2: A1, imm: -4 * body.length }), RET]

  /** Instructions, and how many lines of the host code match with the optimisation and without. */
  const COUNTED: readonly (readonly [Optimization, readonly number[], RegExp, number, number])[] = [
    ['constants', [i('lui', { rd: A0, imm: 0x5000 }), i('addi', { rd: A0, rs1: A0, imm: 1 }), RET], /20481/, 1, 0],
    ['targets', [i('auipc', { rd: T1, imm: 0x10000 }), i('jalr', { rd: 1, rs1: T1 }), RET], /^call r10/, 0, 1],
    ['reduce', [i('andi', { rd: A0, rs1: A1, imm: 255 }), RET], /^movzx/, 1, 0],
    [
      'fusion',
      [i('slli', { rd: A0, rs1: A1, imm: 2 }), i('add', { rd: A0, rs1: A0, rs2: A2 }), RET],
      /^(shl|add)|\[4\*/,
      0,
      2,
    ],
    ['address', [i('add', { rd: A0, rs1: A1, rs2: A2 }), i('ld', { rd: A0, rs1: A0 }), RET], /^lea/, 0, 1],
    [
      'crossing',
      [
        i('add', { rd: A0, rs1: A1, rs2: A2 }),
        i('ld', { rd: 15, rs1: 14 }),
        i('ld', { rd: A0, rs1: A0 }),
        i('sd', { rs1: 14, rs2: A0 }),
        RET,
      ],
      /^lea/,
      0,
      1,
    ],
    [
      'rotate',
      [
        i('slliw', { rd: A0, rs1: A2, imm: 5 }),
        i('srliw', { rd: A1, rs1: A2, imm: 27 }),
        i('or', { rd: A0, rs1: A0, rs2: A1 }),
        RET,
      ],
      /^rorx/,
      1,
      0,
    ],
    ['dead', [i('addi', { rd: A0, rs1: A1, imm: 1 }), i('addi', { rd: A0, rs1: A2, imm: 2 }), RET], /^lea rdi/, 1, 2],
    [
      'peel',
      loop(i('addw', { rd: A0, rs1: A0, rs2: A2 }), i('addw', { rd: A1, rs1: A1, rs2: A2 })),
      /^add e(di|si), edx/,
      4,
      2,
    ],
    ['float-peel', loop(i('fadd_s', { rd: 1, rs1: 1, rs2: 1, rm: 7 })), /^vaddss/, 2, 1],
    ['select', [i('bge', { rs1: A0, rs2: A1, imm: 8 }), i('addi', { rd: A0, rs1: A1 }), RET], /^cmov/, 1, 0],
    [
      'narrow',
      [i('lw', { rd: A0, rs1: A2 }), i('lw', { rd: A1, rs1: A2 }), i('bne', { rs1: A0, rs2: A1, imm: 8 }), RET, RET],
      /^cmp edi, esi/,
      1,
      0,
    ],
    [
      'counter',
      [
        i('addiw', { rd: A2, rs1: A2, imm: 1 }),
        i('addiw', { rd: A0, rs1: A0, imm: 1 }),
        i('bne', { rs1: A0, rs2: A1, imm: -8 }),
        RET,
      ],
      /^movsxd rax, edi/,
      1,
      0,
    ],
    ['nan', [mul(10, 11, 12), mul(10, 10, 10), RET], /^vucomisd/, 1, 2],
    ['boxed', [i('flw', { rd: 10, rs1: A0 }), i('fadd_s', { rd: 10, rs1: 10, rs2: 10, rm: 7 }), RET], /^vpextrd/, 0, 1],
    ['pair', [mul(10, 12, 13), mul(11, 12, 13), RET], /^vucomisd xmm(0, xmm1|1, xmm0)/, 1, 0],
    [
      'side',
      [i('bne', { rs1: A2, imm: 16 }), mul(10, 12, 13), i('beq', { rs1: A1, imm: 8 }), RET, RET],
      /^vucomisd.*\n.*\ntest rsi, rsi/,
      0,
      1,
    ],
    ['flags', [i('and', { rd: A0, rs1: A0, rs2: A1 }), i('bne', { rs1: A0, imm: 8 }), RET, RET], /^test/, 0, 1],
    ['operand', [i('add', { rd: S4, rs1: S4, rs2: A0 }), RET], /^add qword ptr/, 1, 0],
    ['float-operand', [mul(10, 11, 28), RET], /^vmulsd .* qword ptr/, 1, 0],
    ['lea', [i('add', { rd: A0, rs1: A1, rs2: A2 }), RET], /^lea/, 1, 0],
    ['mulx', [i('mulhu', { rd: A0, rs1: A1, rs2: S5 }), RET], /^mulx/, 1, 0],
    ['align', [i('addi', { rd: A2 }), ...loop(i('addi', { rd: A0, rs1: A0, imm: 1 }))], /^nop/, 3, 2],
    ['swap', [i('amoswap_w', { rd: 0, rs1: A0, rs2: A1 }), RET], /^xchg/, 0, 1],
    ['fflags', [i('csrrs', { rd: A0, imm: 1 }), i('csrrw', { rs1: A0, imm: 1 }), RET], /^cmp r10d, eax/, 1, 0],
    [
      'quiet',
      [i('csrrs', { rd: A0, imm: 1 }), i('flt_d', { rd: A1, rs1: 10, rs2: 11 }), i('csrrw', { rs1: A0, imm: 1 }), RET],
      /^vucomisd/,
      1,
      0,
    ],
    ['fence', [i('fence', { imm: 0x33 }), i('fence', { imm: 0x11 }), RET], /^lock/, 1, 2],
  ]

  test('none is left out here', () => {
    const others: Optimization[] = ['ras', 'chain', 'jump', 'lazy', 'region', 'alloc', 'apart', 'libc']
    expect([...COUNTED.map(([name]) => name), ...others].sort()).toEqual(Object.keys(OPTIMIZATIONS).sort())
  })

  test.each(COUNTED)('%s', (name, words, pattern, on, off) => {
    const lines = new RegExp(pattern, 'gm')
    expect(count(textOf(translate(words)), lines)).toBe(on)
    expect(count(textOf(translate(words, without(name))), lines)).toBe(off)
  })

  test('lazy: 32-bit results are extended at once', () => {
    const words = [i('addiw', { rd: 10, rs1: 10, imm: 1 }), i('addiw', { rd: 10, rs1: 10, imm: 1 }), RET]
    expect(count(textOf(translate(words)), /movsxd/g)).toBe(1)
    expect(count(textOf(translate(words, without('lazy'))), /movsxd/g)).toBe(2)
  })

  test('region: one block', () => {
    const words = [i('beq', { rs1: 10, imm: 8 }), RET, RET]
    expect(translate(words).ranges).toEqual([[BASE, BASE + 12]])
    expect(translate(words, without('region')).ranges).toEqual([[BASE, BASE + 4]])
  })

  test('alloc: registers without a place stay in memory', () => {
    const words = [
      ...Array.from({ length: 3 }, () => i('addi', { rd: 28, rs1: 28, imm: 1 })),
      i('bne', { rs1: 10, imm: -12 }),
      RET,
    ]
    expect(count(textOf(translate(words)), /add qword ptr/g)).toBe(0)
    expect(count(textOf(translate(words, without('alloc'))), /(add|inc) qword ptr/g)).toBe(3)
  })
})

describe('names of optimisations', () => {
  test('switch one off, all off, all on, in the order given', () => {
    expect(parseOptimizations('')).toEqual(ALL_OPTIMIZATIONS)
    expect(parseOptimizations('no-ras,no-jump')).toEqual({ ...ALL_OPTIMIZATIONS, ras: false, jump: false })
    expect(Object.values(parseOptimizations('none')).some(Boolean)).toBe(false)
    expect(parseOptimizations('none,ras')).toEqual({ ...parseOptimizations('none'), ras: true })
    expect(parseOptimizations('none,all')).toEqual(ALL_OPTIMIZATIONS)
  })

  test.each(['no-speed', 'no-', 'ras,nothing', 'no-none', 'no-toString'])(
    '%s is refused, with the names there are',
    text => {
      expect(() => parseOptimizations(text)).toThrow(/^unknown optimisation '.+'; known: none, all, no-ras, /)
    },
  )

  test('every one has a sentence', () => {
    for (const sentence of Object.values(OPTIMIZATIONS)) expect(sentence).toMatch(/^\S.{20,}[^.]$/)
  })
})
