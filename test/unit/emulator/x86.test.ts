import { describe, expect, test } from 'vitest'
import { Assembler, I, R8, RAX, RBP, RCX, RIPREL, RSI, RSP, type Size } from '../../../emulator/x86/assembler.ts'
import { CODES, parseOpcode } from '../../../emulator/x86/codes.ts'
import { FORMS, MNEMONICS, ROWS, type Row } from '../../../emulator/x86/table.ts'
import { type Case, casesOfMethods, casesOfTable, Random } from './x86-cases.ts'
import { assembleAll, disassemble, hexOf } from './x86-llvm.ts'

const SEED = 0x5eed

/** The cases whose bytes are not LLVM's. */
function differences(cases: readonly Case[]): string[] {
  const expected = assembleAll(cases.map(({ text }) => text))
  expect(expected.length, 'LLVM assembled every line').toBe(cases.length)
  const a = new Assembler()
  return cases.flatMap(({ text, emit }, n) => {
    a.reset()
    emit(a)
    const ours = hexOf(a.finish())
    const llvm = expected[n]!.hex
    return ours === llvm ? [] : [`${text}: ours ${ours}, LLVM's ${llvm}`]
  })
}

describe('x86-64 encodings against LLVM', () => {
  test('every row and form with random operands', () => {
    const cases = casesOfTable(32, new Random(SEED))
    expect(cases.length).toBeGreaterThan(20_000)
    expect(differences(cases)).toEqual([])
  })

  test('conditions, wide immediates, pushes, indirect jumps and lock prefixes', () => {
    expect(differences(casesOfMethods(32, new Random(SEED)))).toEqual([])
  })

  test('every base register with every kind of displacement', () => {
    const cases = [...Array(16).keys()].flatMap(base =>
      [0, 1, 127, 128, -128, -129].map(disp => {
        const name = base < 8 ? ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'][base] : `r${base}`
        return {
          text: `mov rax, qword ptr [${name} + ${disp}]`,
          emit: (a: Assembler) => a.rm(I.mov, 8, RAX, base, disp),
        }
      }),
    )
    expect(differences(cases)).toEqual([])
  })

  test('nops of every length, in the fewest instructions', () => {
    const a = new Assembler()
    for (let count = 1; count <= 40; count++) {
      a.reset()
      a.pad(count)
      const lines = disassemble(hexOf(a.finish()))
      expect(lines.every(({ text }) => /^(nop|xchg ax, ax)/.test(text))).toBe(true)
      expect(lines.length).toBe(Math.ceil(count / 9))
    }
  })
})

describe('x86-64 table', () => {
  test('every row has a form, and opcodes for its forms only', () => {
    for (const [i, name] of MNEMONICS.entries()) {
      const row: Row = ROWS[name]
      const forms = FORMS.filter(form => row[form] !== undefined)
      expect(forms.length > 0 || row.op !== undefined, name).toBe(true)
      for (const form of FORMS) expect(CODES[form][i] !== 0, `${name} ${form}`).toBe(forms.includes(form))
    }
  })

  test.each(['', '1', '0F 1 ', 'VEX 0F 10 XY', '66 F2 0F 10', '0F38 /8', 'vex 0F 10'])('%j is refused', text => {
    expect(() => parseOpcode(text)).toThrow(SyntaxError)
  })
})

describe('requests that have no encoding', () => {
  const a = new Assembler()
  const eight: Size = 8
  test.each<[string, () => void]>([
    ['a form that the row lacks', () => a.rr(I.lea, 8, RAX, RCX)],
    ['a vector form of a general-purpose row', () => a.vrrr(I.add, 0, 1, 2)],
    ['operands of a row without operands', () => a.r(I.mfence, 8, RAX)],
    ['no operands of a row with operands', () => a.op(I.add)],
    ['a size that the row lacks', () => a.rr(I.movsxd, 4, RAX, RCX)],
    ['a 32-bit push', () => a.r(I.push, 4, RAX)],
    ['an immediate of 33 bits', () => a.ri(I.add, eight, RAX, 0x8000_0000)],
    ['a fraction', () => a.ri(I.add, 4, RAX, 0.5)],
    ['a byte immediate of 9 bits', () => a.ri(I.add, 1, RAX, 256)],
    ['a word immediate below -32768', () => a.mi(I.mov, 2, RAX, 0, -32769)],
    ['a push of 33 bits', () => a.pushImm(0x8000_0000)],
    ['a displacement of 33 bits', () => a.rm(I.mov, 8, RAX, RBP, 0x8000_0000)],
    ['rsp as the index', () => a.rm(I.mov, 8, RAX, RBP, 0, RSP, 1)],
    ['an index with rip', () => a.rm(I.mov, 8, RAX, RIPREL, 0, RCX, 1)],
  ])('%s', (_, request) => {
    expect(request).toThrow(RangeError)
  })
})

describe('buffer', () => {
  test('grows from any capacity and keeps its bytes', () => {
    const fill = (a: Assembler) => {
      for (let n = 0; n < 3000; n++) {
        a.movImm64(R8, n, n)
        a.align(16)
        a.byte(n & 0xff)
        a.dword(-n)
      }
      return hexOf(a.finish())
    }
    expect(fill(new Assembler({ capacity: 1 }))).toBe(fill(new Assembler({ capacity: 1 << 20 })))
  })

  test('reset starts again at 0', () => {
    const a = new Assembler()
    a.rr(I.mov, 1, RSI, RAX)
    a.reset()
    a.ret()
    expect(hexOf(a.finish())).toBe('c3')
  })
})
