/**
 * Instructions as text, in the syntax of llvm-objdump with `-M no-aliases`: the mnemonic, a tab, the operands. Branch and
 * jump targets are absolute addresses.
 */
import { COMPRESSED } from './compressed.ts'
import { CSR_NAMES } from './csr.ts'
import type { Decoded } from './decode.ts'
import { FLI_CONSTANTS, OPCODES, Op, type RegisterFile } from './table.ts'

const split = (names: string) => names.split(' ')

/** psABI names of x0–x31. */
export const X_NAMES: readonly string[] = split(
  'zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6',
)
/** psABI names of f0–f31. */
export const F_NAMES: readonly string[] = split(
  'ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11',
)
const ROUNDING = ['rne', 'rtz', 'rdn', 'rup', 'rmm', '5', '6', 'dyn']
const ORDERING = ['', '.rl', '.aq', '.aqrl']
/** The immediate of fence.tso: fm 8, predecessor rw, successor rw. */
const FENCE_TSO = 0x833

/** The hints of Zicbop are `ori` with x0, and an operation in the low bits of the immediate. */
const PREFETCH: Readonly<Record<number, string>> = { 0: 'i', 1: 'r', 3: 'w' }

const registerName = (file: RegisterFile, number: number) => (file === 'f' ? F_NAMES : X_NAMES)[number]!

function accesses(bits: number): string {
  return [...'iorw'].filter((_, i) => bits & (8 >> i)).join('') || '0'
}

/** Text of one instruction at `pc` (a guest address, below 2^53). */
export function printInstruction(decoded: Decoded, pc: number): string {
  const row = OPCODES[decoded.op]!
  const { mnemonic, syntax } = decoded.compressed >= 0 ? COMPRESSED[decoded.compressed]! : row
  if (row.imm === 'fence') {
    if (decoded.imm === FENCE_TSO) return 'fence.tso'
    return `${mnemonic}\t${accesses((decoded.imm >> 4) & 15)}, ${accesses(decoded.imm & 15)}`
  }
  const prefetch = row.id === Op.ori && decoded.rd === 0 ? PREFETCH[decoded.imm & 31] : undefined
  if (prefetch) return `prefetch.${prefetch}\t${decoded.imm & ~31}(${X_NAMES[decoded.rs1]})`
  const ordering = row.access === 'lr' || row.access === 'sc' || row.access === 'amo' ? ORDERING[decoded.rm] : ''
  const operands = operandText(decoded, pc, syntax)
  return operands === '' ? `${mnemonic}${ordering}` : `${mnemonic}${ordering}\t${operands}`
}

/** Fills a row's syntax: each word in it names an operand, punctuation stays; an operand without text takes its comma along. */
function operandText(decoded: Decoded, pc: number, syntax: string): string {
  return syntax.replace(/(, )?([a-z]+\d?\??)/g, (_, comma: string | undefined, name: string) => {
    const text = operand(decoded, pc, name)
    return text === '' ? '' : `${comma ?? ''}${text}`
  })
}

/** The operand of fli. */
export function constantText(constant: number | string): string {
  if (typeof constant === 'string') return constant
  if (Number.isInteger(constant)) return `${constant}.0`
  return Math.abs(constant) < 1e-4 ? constant.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(constant)
}

function operand(decoded: Decoded, pc: number, name: string): string {
  const row = OPCODES[decoded.op]!
  switch (name) {
    case 'rd':
      return registerName(row.rd, decoded.rd)
    case 'rs1':
      return registerName(row.rs1, decoded.rs1)
    case 'rs2':
      return registerName(row.rs2, decoded.rs2)
    case 'rs3':
      return registerName(row.rs3, decoded.rs3)
    case 'imm':
      return String(decoded.imm)
    case 'imm?': // c.nop's, absent when 0
      return decoded.imm === 0 ? '' : String(decoded.imm)
    case 'uimm':
      return String(decoded.rs1)
    case 'upper': // the 20-bit field
      return String(decoded.imm >>> 12)
    case 'constant': // fli's
      return constantText(FLI_CONSTANTS[decoded.imm]!)
    case 'target':
      return `0x${BigInt.asUintN(64, BigInt(pc) + BigInt(decoded.imm)).toString(16)}`
    case 'csr':
      return CSR_NAMES.get(decoded.imm) ?? String(decoded.imm)
    case 'rm':
      return ROUNDING[decoded.rm]!
    case 'rm?': // of an exact conversion: rne, the assembler's default, is left out
      return decoded.rm === 0 ? '' : ROUNDING[decoded.rm]!
    default: // a fixed register of a compressed instruction
      return name
  }
}
