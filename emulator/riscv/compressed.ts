/**
 * The C extension (ISA manual 20191213, chapter 16) and Zcb (20240411, section 28.10): each row says which base instruction a 16-bit word stands for and
 * where its operands come from. Rows are tried in order, so that a special case stands before the general one; a word is an
 * instance when `(word & mask) === match` and, where `nonzero` is given, `(word & nonzero) !== 0` - which is how the manual
 * keeps reserved encodings apart from valid ones. Hints are instances of the row that they resemble.
 */
import type { OpName } from './table.ts'

/** A register operand: bits `shift` up under `mask`, plus `add`. A fixed register has mask 0. */
export interface RegisterSource {
  readonly shift: number
  readonly mask: number
  readonly add: number
}

const fixed = (register: number): RegisterSource => ({ shift: 0, mask: 0, add: register })
const full = (shift: number): RegisterSource => ({ shift, mask: 31, add: 0 })
/** The three-bit fields name x8 to x15 (f8 to f15). */
const short = (shift: number): RegisterSource => ({ shift, mask: 7, add: 8 })

const X0 = fixed(0)
const RA = fixed(1)
const SP = fixed(2)
const R7 = full(7)
const R2 = full(2)
const S7 = short(7)
const S2 = short(2)

/** Immediate formats; `decode.ts` unscrambles them. `lwsp`, `ldsp`, `swsp`, `sdsp`: scaled offsets from sp; `lw`, `ld`: scaled offsets of the three-bit forms; `byte` is 255, `ones` -1. */
// biome-ignore format: one list
export const COMPRESSED_IMMEDIATES = [
  'none', 'imm6', 'shamt', 'lui', 'addi16sp', 'addi4spn', 'lw', 'ld', 'lwsp', 'ldsp', 'swsp', 'sdsp', 'jump', 'branch',
  'lbu', 'lhu', 'byte', 'ones',
] as const
export type CompressedImmediate = (typeof COMPRESSED_IMMEDIATES)[number]

type Row = readonly [
  name: string,
  match: number,
  mask: number,
  expands: OpName,
  rd: RegisterSource,
  rs1: RegisterSource,
  rs2: RegisterSource,
  imm: CompressedImmediate,
  syntax: string,
  nonzero?: number,
]

const IMM6 = 0x107c

const ROWS = [
  // quadrant 0
  ['c_addi4spn', 0x0000, 0xe003, 'addi', S2, SP, X0, 'addi4spn', 'rd, sp, imm', 0x1fe0],
  ['c_fld', 0x2000, 0xe003, 'fld', S2, S7, X0, 'ld', 'rd, imm(rs1)'],
  ['c_lw', 0x4000, 0xe003, 'lw', S2, S7, X0, 'lw', 'rd, imm(rs1)'],
  ['c_ld', 0x6000, 0xe003, 'ld', S2, S7, X0, 'ld', 'rd, imm(rs1)'],
  ['c_fsd', 0xa000, 0xe003, 'fsd', X0, S7, S2, 'ld', 'rs2, imm(rs1)'],
  ['c_sw', 0xc000, 0xe003, 'sw', X0, S7, S2, 'lw', 'rs2, imm(rs1)'],
  ['c_sd', 0xe000, 0xe003, 'sd', X0, S7, S2, 'ld', 'rs2, imm(rs1)'],
  ['c_lbu', 0x8000, 0xfc03, 'lbu', S2, S7, X0, 'lbu', 'rd, imm(rs1)'],
  ['c_lhu', 0x8400, 0xfc43, 'lhu', S2, S7, X0, 'lhu', 'rd, imm(rs1)'],
  ['c_lh', 0x8440, 0xfc43, 'lh', S2, S7, X0, 'lhu', 'rd, imm(rs1)'],
  ['c_sb', 0x8800, 0xfc03, 'sb', X0, S7, S2, 'lbu', 'rs2, imm(rs1)'],
  ['c_sh', 0x8c00, 0xfc43, 'sh', X0, S7, S2, 'lhu', 'rs2, imm(rs1)'],
  // quadrant 1
  ['c_nop', 0x0001, 0xef83, 'addi', X0, X0, X0, 'imm6', 'imm?'],
  ['c_addi', 0x0001, 0xe003, 'addi', R7, R7, X0, 'imm6', 'rd, imm'],
  ['c_addiw', 0x2001, 0xe003, 'addiw', R7, R7, X0, 'imm6', 'rd, imm', 0x0f80],
  ['c_li', 0x4001, 0xe003, 'addi', R7, X0, X0, 'imm6', 'rd, imm'],
  ['c_addi16sp', 0x6101, 0xef83, 'addi', SP, SP, X0, 'addi16sp', 'sp, imm', IMM6],
  ['c_lui', 0x6001, 0xe003, 'lui', R7, X0, X0, 'lui', 'rd, upper', IMM6],
  ['c_srli', 0x8001, 0xec03, 'srli', S7, S7, X0, 'shamt', 'rd, imm'],
  ['c_srai', 0x8401, 0xec03, 'srai', S7, S7, X0, 'shamt', 'rd, imm'],
  ['c_andi', 0x8801, 0xec03, 'andi', S7, S7, X0, 'imm6', 'rd, imm'],
  ['c_sub', 0x8c01, 0xfc63, 'sub', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_xor', 0x8c21, 0xfc63, 'xor', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_or', 0x8c41, 0xfc63, 'or', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_and', 0x8c61, 0xfc63, 'and', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_subw', 0x9c01, 0xfc63, 'subw', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_addw', 0x9c21, 0xfc63, 'addw', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_mul', 0x9c41, 0xfc63, 'mul', S7, S7, S2, 'none', 'rd, rs2'],
  ['c_zext_b', 0x9c61, 0xfc7f, 'andi', S7, S7, X0, 'byte', 'rd'],
  ['c_sext_b', 0x9c65, 0xfc7f, 'sext_b', S7, S7, X0, 'none', 'rd'],
  ['c_zext_h', 0x9c69, 0xfc7f, 'zext_h', S7, S7, X0, 'none', 'rd'],
  ['c_sext_h', 0x9c6d, 0xfc7f, 'sext_h', S7, S7, X0, 'none', 'rd'],
  ['c_zext_w', 0x9c71, 0xfc7f, 'add_uw', S7, S7, X0, 'none', 'rd'],
  ['c_not', 0x9c75, 0xfc7f, 'xori', S7, S7, X0, 'ones', 'rd'],
  ['c_j', 0xa001, 0xe003, 'jal', X0, X0, X0, 'jump', 'target'],
  ['c_beqz', 0xc001, 0xe003, 'beq', X0, S7, X0, 'branch', 'rs1, target'],
  ['c_bnez', 0xe001, 0xe003, 'bne', X0, S7, X0, 'branch', 'rs1, target'],
  // quadrant 2
  ['c_slli', 0x0002, 0xe003, 'slli', R7, R7, X0, 'shamt', 'rd, imm'],
  ['c_fldsp', 0x2002, 0xe003, 'fld', R7, SP, X0, 'ldsp', 'rd, imm(rs1)'],
  ['c_lwsp', 0x4002, 0xe003, 'lw', R7, SP, X0, 'lwsp', 'rd, imm(rs1)', 0x0f80],
  ['c_ldsp', 0x6002, 0xe003, 'ld', R7, SP, X0, 'ldsp', 'rd, imm(rs1)', 0x0f80],
  ['c_jr', 0x8002, 0xf07f, 'jalr', X0, R7, X0, 'none', 'rs1', 0x0f80],
  ['c_mv', 0x8002, 0xf003, 'add', R7, X0, R2, 'none', 'rd, rs2', 0x007c],
  ['c_ebreak', 0x9002, 0xffff, 'ebreak', X0, X0, X0, 'none', ''],
  ['c_jalr', 0x9002, 0xf07f, 'jalr', RA, R7, X0, 'none', 'rs1', 0x0f80],
  ['c_add', 0x9002, 0xf003, 'add', R7, R7, R2, 'none', 'rd, rs2', 0x007c],
  ['c_fsdsp', 0xa002, 0xe003, 'fsd', X0, SP, R2, 'sdsp', 'rs2, imm(rs1)'],
  ['c_swsp', 0xc002, 0xe003, 'sw', X0, SP, R2, 'swsp', 'rs2, imm(rs1)'],
  ['c_sdsp', 0xe002, 0xe003, 'sd', X0, SP, R2, 'sdsp', 'rs2, imm(rs1)'],
] as const satisfies readonly Row[]

export type CompressedName = (typeof ROWS)[number][0]

export interface CompressedOpcode {
  /** Index of the row: what `Decoded.compressed` holds. */
  readonly id: number
  readonly name: CompressedName
  readonly mnemonic: string
  readonly match: number
  readonly mask: number
  /** Bits of which one must be set, 0 when there is no such demand. */
  readonly nonzero: number
  /** The base instruction with the same meaning. */
  readonly expands: OpName
  readonly rd: RegisterSource
  readonly rs1: RegisterSource
  readonly rs2: RegisterSource
  readonly imm: CompressedImmediate
  /** Assembler operands, for the printer. */
  readonly syntax: string
}

export const COMPRESSED: readonly CompressedOpcode[] = ROWS.map(
  ([name, match, mask, expands, rd, rs1, rs2, imm, syntax, nonzero]: Row, id) => ({
    id,
    name: name as CompressedName,
    mnemonic: name.replaceAll('_', '.'),
    match,
    mask,
    nonzero: nonzero ?? 0,
    expands,
    rd,
    rs1,
    rs2,
    imm,
    syntax,
  }),
)
