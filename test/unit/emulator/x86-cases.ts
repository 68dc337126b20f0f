/**
 * Random instructions for every row and form of the x86-64 table: the text that a reader of the API would expect, and
 * the call that asks the assembler for it. Seeded, so that a failure can be repeated.
 */
import { type Assembler, Cond, I, NONE, RIPREL, RSP, type Size } from '../../../emulator/x86/assembler.ts'
import { FORMS, type Form, MNEMONICS, ROWS, type Row } from '../../../emulator/x86/table.ts'

export interface Case {
  readonly text: string
  readonly emit: (a: Assembler) => void
}

const GENERAL = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di']
const WIDTHS: Readonly<Record<number, string>> = {
  1: 'byte',
  2: 'word',
  4: 'dword',
  8: 'qword',
  16: 'xmmword',
  32: 'ymmword',
}
const EDGES = [0, 1, -1, 2, 3, 7, 8, 31, 63, 126, 127, 128, 129, 255, 256, -127, -128, -129, -256, 32767, -32768, 65535]
const EDGES_32 = [...EDGES, 0x7fff_ffff, -0x8000_0000, 0x1234_5678, -0x1234_5678]

export function gpr(number: number, size: number): string {
  if (number > 7) return `r${number}${{ 1: 'b', 2: 'w', 4: 'd', 8: '' }[size]}`
  const name = GENERAL[number]!
  if (size === 1) return number < 4 ? `${name[0]}l` : `${name}l`
  return size === 2 ? name : `${size === 4 ? 'e' : 'r'}${name}`
}
const xmm = (number: number) => `xmm${number}`
/** A vector register of the size that the opcode says. */
const vector = (opcode: string | undefined, number: number) =>
  opcode?.includes(' wide') ? `ymm${number}` : xmm(number)

/** xorshift32 */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed | 0 || 1
  }
  word(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return this.#state | 0
  }
  below(n: number): number {
    return (this.word() >>> 0) % n
  }
  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }
}

interface Memory {
  readonly base: number
  readonly disp: number
  readonly index: number
  readonly scale: number
  readonly text: string
}

function memory(random: Random): Memory {
  const base = random.of([...Array(16).keys(), ...Array(16).keys(), RIPREL, NONE])
  const indexed = base !== RIPREL && random.below(2) === 1
  let index = indexed ? random.below(16) : NONE
  if (index === RSP) index = NONE
  // Without a base the assembler language writes index * 1 as a base.
  const scale = random.of(base === NONE ? [2, 4, 8] : [1, 2, 4, 8])
  const disp = random.below(4) === 0 ? random.word() : random.of(EDGES_32)
  const terms = [
    base === RIPREL ? 'rip' : base === NONE ? '' : gpr(base, 8),
    index === NONE ? '' : `${gpr(index, 8)}*${scale}`,
  ]
  return { base, disp, index, scale, text: `[${[...terms.filter(Boolean), disp].join(' + ')}]` }
}

/** An immediate that fits the operand size, and is not given as unsigned where LLVM would refuse it. */
function immediate(random: Random, size: number): number {
  const value = random.below(3) === 0 ? random.word() : random.of(EDGES_32)
  if (size === 1) return value & 0xff
  if (size === 2) return random.below(2) ? value & 0xffff : (value << 16) >> 16
  return size === 4 && random.below(2) ? value >>> 0 : value
}

type Make = (row: Row, i: number, size: Size, random: Random, text: string) => Case

/** Sizes, registers and order of the printed operands of each form; `size` is 0 for the vector forms. */
const MAKE: Readonly<Record<Exclude<Form, 'accumulator'>, Make>> = {
  rr(row, i, size, random, name) {
    const dst = random.below(16)
    // xchg of a register with itself is a nop, which LLVM writes in another way.
    const src = i === I.xchg ? (dst + 1 + random.below(15)) % 16 : random.below(16)
    return { text: `${name} ${gpr(dst, size)}, ${gpr(src, row.width ?? size)}`, emit: a => a.rr(i, size, dst, src) }
  },
  rm(row, i, size, random, name) {
    const dst = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    const pointer = i === I.lea ? '' : `${WIDTHS[row.width ?? size]} ptr `
    return {
      text: `${name} ${gpr(dst, size)}, ${pointer}${text}`,
      emit: a => a.rm(i, size, dst, base, disp, index, scale),
    }
  },
  mr(_row, i, size, random, name) {
    const src = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${WIDTHS[size]} ptr ${text}, ${gpr(src, size)}`,
      emit: a => a.mr(i, size, base, disp, src, index, scale),
    }
  },
  ri(row, i, size, random, name) {
    const dst = random.below(3) ? random.below(16) : 0
    const imm = row.ri!.includes('ib') ? random.below(8 * size) : immediate(random, size)
    // A 64-bit move of a number that is not negative is the 32-bit one, which LLVM leaves to who writes the text.
    const printed = i === I.mov && size === 8 && imm >= 0 ? 4 : size
    return { text: `${name} ${gpr(dst, printed)}, ${imm}`, emit: a => a.ri(i, size, dst, imm) }
  },
  mi(row, i, size, random, name) {
    const imm = row.mi!.includes('ib') ? random.below(8 * size) : immediate(random, size)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${WIDTHS[size]} ptr ${text}, ${imm}`,
      emit: a => a.mi(i, size, base, disp, imm, index, scale),
    }
  },
  rri(row, i, size, random, name) {
    const [dst, src] = [random.below(16), random.below(16)]
    const imm = row.rri!.includes('ib') ? random.below(256) : immediate(random, size)
    return { text: `${name} ${gpr(dst, size)}, ${gpr(src, size)}, ${imm}`, emit: a => a.rri(i, size, dst, src, imm) }
  },
  rmi(row, i, size, random, name) {
    const dst = random.below(16)
    const imm = row.rmi!.includes('ib') ? random.below(256) : immediate(random, size)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${gpr(dst, size)}, ${WIDTHS[size]} ptr ${text}, ${imm}`,
      emit: a => a.rmi(i, size, dst, base, disp, imm, index, scale),
    }
  },
  rrr(_row, i, size, random, name) {
    const [dst, src1, src2] = [random.below(16), random.below(16), random.below(16)]
    const operands = [dst, src1, src2].map(number => gpr(number, size)).join(', ')
    return { text: `${name} ${operands}`, emit: a => a.rrr(i, size, dst, src1, src2) }
  },
  rrm(row, i, size, random, name) {
    const [dst, src] = [random.below(16), random.below(16)]
    const { base, disp, index, scale, text } = memory(random)
    const sources = [gpr(src, size), `${WIDTHS[size]} ptr ${text}`]
    if (row.rrm!.includes('RMV')) sources.reverse()
    return {
      text: `${name} ${gpr(dst, size)}, ${sources.join(', ')}`,
      emit: a => a.rrm(i, size, dst, src, base, disp, index, scale),
    }
  },
  r(_row, i, size, random, name) {
    const dst = random.below(16)
    const count = name !== MNEMONICS[i] && i !== I.imul1 ? ', cl' : ''
    return { text: `${name} ${gpr(dst, size)}${count}`, emit: a => a.r(i, size, dst) }
  },
  m(_row, i, size, random, name) {
    const { base, disp, index, scale, text } = memory(random)
    const count = name !== MNEMONICS[i] && i !== I.imul1 ? ', cl' : ''
    return { text: `${name} ${WIDTHS[size]} ptr ${text}${count}`, emit: a => a.m(i, size, base, disp, index, scale) }
  },
  vrr(row, i, _size, random, name) {
    const [dst, src] = [random.below(16), random.below(16)]
    return { text: `${name} ${vector(row.vrr, dst)}, ${xmm(src)}`, emit: a => a.vrr(i, dst, src) }
  },
  vrm(row, i, _size, random, name) {
    const dst = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${vector(row.vrm, dst)}, ${WIDTHS[row.width!]} ptr ${text}`,
      emit: a => a.vrm(i, dst, base, disp, index, scale),
    }
  },
  vmr(row, i, _size, random, name) {
    const src = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${WIDTHS[row.width!]} ptr ${text}, ${vector(row.vmr, src)}`,
      emit: a => a.vmr(i, base, disp, src, index, scale),
    }
  },
  vrri(row, i, _size, random, name) {
    const [dst, src, imm] = [random.below(16), random.below(16), random.below(256)]
    const extract = row.vrri!.includes('MR') && i !== I.vcvtps2ph
    const target = extract ? gpr(dst, row.vrri!.includes('W1') ? 8 : 4) : xmm(dst)
    return { text: `${name} ${target}, ${xmm(src)}, ${imm}`, emit: a => a.vrri(i, dst, src, imm) }
  },
  vrrr(row, i, _size, random, name) {
    const [dst, src1, src2] = [random.below(16), random.below(16), random.below(16)]
    const operands = [dst, src1, src2].map(number => vector(row.vrrr, number)).join(', ')
    return { text: `${name} ${operands}`, emit: a => a.vrrr(i, dst, src1, src2) }
  },
  vrrm(row, i, _size, random, name) {
    const [dst, src1] = [random.below(16), random.below(16)]
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${vector(row.vrrm, dst)}, ${vector(row.vrrm, src1)}, ${WIDTHS[row.width!]} ptr ${text}`,
      emit: a => a.vrrm(i, dst, src1, base, disp, index, scale),
    }
  },
  vrrri(row, i, _size, random, name) {
    const [dst, src1, src2] = [random.below(16), random.below(16), random.below(16)]
    const [imm, last] = lastOperand(row, i, random)
    const source = i === I.vpinsrd ? gpr(src2, 4) : i === I.vpinsrq ? gpr(src2, 8) : xmm(src2)
    return {
      text: `${name} ${xmm(dst)}, ${xmm(src1)}, ${source}, ${last}`,
      emit: a => a.vrrri(i, dst, src1, src2, imm),
    }
  },
  vrrmi(row, i, _size, random, name) {
    const [dst, src1] = [random.below(16), random.below(16)]
    const [imm, last] = lastOperand(row, i, random)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${xmm(dst)}, ${xmm(src1)}, ${WIDTHS[row.width!]} ptr ${text}, ${last}`,
      emit: a => a.vrrmi(i, dst, src1, base, disp, imm, index, scale),
    }
  },
  xg(row, i, size, random, name) {
    const [dst, src] = [random.below(16), random.below(16)]
    const merged = row.xm === undefined ? '' : `${xmm(dst)}, `
    return { text: `${name} ${xmm(dst)}, ${merged}${gpr(src, size)}`, emit: a => a.xg(i, size, dst, src) }
  },
  xm(_row, i, size, random, name) {
    const dst = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${xmm(dst)}, ${xmm(dst)}, ${WIDTHS[size]} ptr ${text}`,
      emit: a => a.xm(i, size, dst, base, disp, index, scale),
    }
  },
  gx(row, i, size, random, name) {
    const [dst, src] = [random.below(16), random.below(16)]
    return { text: `${name} ${gpr(dst, size)}, ${vector(row.gx, src)}`, emit: a => a.gx(i, size, dst, src) }
  },
  gm(row, i, size, random, name) {
    const dst = random.below(16)
    const { base, disp, index, scale, text } = memory(random)
    return {
      text: `${name} ${gpr(dst, size)}, ${WIDTHS[row.width!]} ptr ${text}`,
      emit: a => a.gm(i, size, dst, base, disp, index, scale),
    }
  },
}

/** The fourth operand: number, and text. vcmp has 32 predicates (SDM vol. 2, table 3-1). */
function lastOperand(row: Row, i: number, random: Random): [number, string] {
  const mask = row.vrrri!.includes('is4')
  const limit = mask ? 16 : i === I.vcmpss || i === I.vcmpsd ? 32 : 256
  const imm = random.below(limit)
  return [imm, mask ? xmm(imm) : String(imm)]
}

const GENERAL_FORMS: ReadonlySet<Form> = new Set<Form>([
  ...(['rr', 'rm', 'mr', 'ri', 'mi', 'rri', 'rmi', 'rrr', 'rrm', 'r', 'm', 'xg', 'xm', 'gx', 'gm'] as const),
])

/** `count` random cases of every row, form and operand size, and one of every row without operands. */
export function casesOfTable(count: number, random: Random): Case[] {
  const cases: Case[] = []
  for (const [i, name] of MNEMONICS.entries()) {
    const row: Row = ROWS[name]
    if (row.op) cases.push({ text: name, emit: a => a.op(i) })
    for (const form of FORMS) {
      if (row[form] === undefined || form === 'accumulator') continue
      const sizes = GENERAL_FORMS.has(form) ? ([1, 2, 4, 8] as const).filter(size => row.sizes! & size) : ([8] as const)
      for (const size of sizes) {
        for (let n = 0; n < count; n++) cases.push(MAKE[form](row, i, size, random, row.text ?? name))
      }
    }
  }
  return cases
}

const HALVES = [0, 1, -1, 5, 0x7fff_ffff, -0x8000_0000, 0x1234_5678, 0xffff_ffff, 0x8000_0000]

/** The methods that are no form of a row. */
export function casesOfMethods(count: number, random: Random): Case[] {
  const cases: Case[] = [{ text: 'ret', emit: a => a.ret() }]
  for (let register = 0; register < 16; register++) {
    cases.push({ text: `jmp ${gpr(register, 8)}`, emit: a => a.jmpR(register) })
    cases.push({ text: `call ${gpr(register, 8)}`, emit: a => a.callR(register) })
  }
  for (const imm of EDGES_32) cases.push({ text: `push ${imm}`, emit: a => a.pushImm(imm) })
  for (const [name, cond] of Object.entries(Cond)) {
    for (let n = 0; n < count; n++) {
      const [dst, src, size] = [random.below(16), random.below(16), random.of([2, 4, 8] as const)]
      const { base, disp, index, scale, text } = memory(random)
      const move = `cmov${name} ${gpr(dst, size)}`
      cases.push({ text: `set${name} ${gpr(dst, 1)}`, emit: a => a.setcc(cond, dst) })
      cases.push({ text: `${move}, ${gpr(src, size)}`, emit: a => a.cmov(cond, size, dst, src) })
      cases.push({
        text: `${move}, ${WIDTHS[size]} ptr ${text}`,
        emit: a => a.cmovM(cond, size, dst, base, disp, index, scale),
      })
    }
  }
  for (const lo of [...HALVES, random.word()]) {
    for (const hi of [...HALVES, random.word()]) {
      const dst = random.below(16)
      const value = BigInt.asIntN(64, (BigInt(hi | 0) << 32n) | BigInt(lo >>> 0))
      const unsigned = (hi | 0) === 0
      const wide = BigInt.asIntN(32, value) !== value
      const text = unsigned ? `mov ${gpr(dst, 4)}, ${value}` : `${wide ? 'movabs' : 'mov'} ${gpr(dst, 8)}, ${value}`
      cases.push({ text, emit: a => a.movImm64(dst, lo, hi) })
    }
  }
  for (const name of ['add', 'xadd', 'cmpxchg', 'xor'] as const) {
    // Words are left out: LLVM puts their 66 before the lock prefix, which means the same.
    for (let n = 0; n < count; n++) {
      const { text, emit } = MAKE.mr(ROWS[name], I[name], random.of([1, 4, 8] as const), random, name)
      cases.push({
        text: `lock ${text}`,
        emit: a => {
          a.lock()
          emit(a)
        },
      })
    }
  }
  return cases
}
