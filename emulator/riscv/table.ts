/**
 * RV64GC user mode as data: one row per instruction, from which the decoder, the encoder, the printer, the reference
 * interpreter, the translator and the tests derive.
 *
 * A word is an instance of a row when `(word & mask) === match`. Encodings follow "The RISC-V Instruction Set Manual,
 * Volume I: Unprivileged ISA", version 20191213, chapter 24, and those of the extensions behind D
 * version 20240411 (extensions.ts lists them all). Two rows have a wider mask than the assembler's canonical form: `fence`
 * and `fence_i` ignore their reserved fields, as sections 2.7 and 3.1 ask of every implementation. `pause` (Zihintpause) and
 * `fence.tso` are `fence` with particular immediates; the hints of Zihintntl are `add` and those of Zicbop `ori` with x0.
 */

/** Which registers an operand names: integer, floating-point, or none. */
export type RegisterFile = 'x' | 'f' | ''

/**
 * Where the immediate is and what it means. `u` is already shifted left by 12. `csr` is the CSR's number, `csri` the same
 * with a 5-bit immediate in the place of rs1, `fence` the bits fm (4), pred (4), succ (4), `fli` an index of FLI_CONSTANTS.
 */
export type ImmediateKind = '' | 'i' | 's' | 'b' | 'u' | 'j' | 'shamt6' | 'shamt5' | 'csr' | 'csri' | 'fence' | 'fli'

export interface Operands {
  /** Register file that rd is written to, and those that rs1, rs2, rs3 are read from. */
  readonly rd: RegisterFile
  readonly rs1: RegisterFile
  readonly rs2: RegisterFile
  readonly rs3: RegisterFile
  readonly imm: ImmediateKind
  /** There is a rounding-mode field in bits 14:12; 5 and 6 in it are reserved, 7 means fcsr.frm. */
  readonly rm: boolean
  /** Assembler operands, for the printer. */
  readonly syntax: string
}

function operands(files: string, imm: ImmediateKind, syntax: string, rm = false): Operands {
  const [rd, rs1, rs2, rs3] = Array.from({ length: 4 }, (_, i) => (files[i] ?? '-').replace('-', '') as RegisterFile)
  return { rd: rd!, rs1: rs1!, rs2: rs2!, rs3: rs3!, imm, rm, syntax }
}

/** Operand formats. The letters are the files of rd, rs1, rs2, rs3; `-` is an absent one. */
export const FORMATS = {
  none: operands('----', '', ''),
  r: operands('xxx-', '', 'rd, rs1, rs2'),
  unary: operands('xx--', '', 'rd, rs1'),
  i: operands('xx--', 'i', 'rd, rs1, imm'),
  shamt6: operands('xx--', 'shamt6', 'rd, rs1, imm'),
  shamt5: operands('xx--', 'shamt5', 'rd, rs1, imm'),
  load: operands('xx--', 'i', 'rd, imm(rs1)'),
  store: operands('-xx-', 's', 'rs2, imm(rs1)'),
  branch: operands('-xx-', 'b', 'rs1, rs2, target'),
  upper: operands('x---', 'u', 'rd, upper'),
  jal: operands('x---', 'j', 'rd, target'),
  jalr: operands('xx--', 'i', 'rd, imm(rs1)'),
  fence: operands('----', 'fence', 'fence'),
  csr: operands('xx--', 'csr', 'rd, csr, rs1'),
  csri: operands('x---', 'csri', 'rd, csr, uimm'),
  lr: operands('xx--', '', 'rd, (rs1)'),
  amo: operands('xxx-', '', 'rd, rs2, (rs1)'),
  block: operands('-x--', '', '(rs1)'),
  fload: operands('fx--', 'i', 'rd, imm(rs1)'),
  fstore: operands('-xf-', 's', 'rs2, imm(rs1)'),
  fli: operands('f---', 'fli', 'rd, constant'),
  fff: operands('fff-', '', 'rd, rs1, rs2'),
  fff_rm: operands('fff-', '', 'rd, rs1, rs2, rm', true),
  ffff_rm: operands('ffff', '', 'rd, rs1, rs2, rs3, rm', true),
  ff_rm: operands('ff--', '', 'rd, rs1, rm', true),
  ff_exact: operands('ff--', '', 'rd, rs1, rm?', true),
  xff: operands('xff-', '', 'rd, rs1, rs2'),
  xf: operands('xf--', '', 'rd, rs1'),
  xf_rtz: operands('xf--', '', 'rd, rs1, rtz'),
  xf_rm: operands('xf--', '', 'rd, rs1, rm', true),
  fx: operands('fx--', '', 'rd, rs1'),
  fx_rm: operands('fx--', '', 'rd, rs1, rm', true),
  fx_exact: operands('fx--', '', 'rd, rs1, rm?', true),
} as const satisfies Record<string, Operands>

export type FormatName = keyof typeof FORMATS

export interface Traits {
  /** How memory is accessed. */
  readonly access: '' | 'load' | 'store' | 'lr' | 'sc' | 'amo' | 'block'
  /** Bytes accessed in memory, 0 when none; a block is of BLOCK_SIZE bytes (extensions.ts). */
  readonly size: 0 | 1 | 2 | 4 | 8
  /** A load whose value is zero-extended (integer loads are sign-extended otherwise, flw is NaN-boxed). */
  readonly unsigned: boolean
  /** branch: conditional, pc-relative. jump: jal and jalr. trap: ecall and ebreak. */
  readonly flow: '' | 'branch' | 'jump' | 'trap'
  /** W-form: works on the low 32 bits of its operands and sign-extends a 32-bit result. */
  readonly word: boolean
  /** The result depends on the rounding mode (a row can have the field and always be exact, like fcvt.d.w). */
  readonly rounds: boolean
  /** May raise floating-point exception flags. */
  readonly raises: boolean
}

const PLAIN: Traits = {
  access: '',
  size: 0,
  unsigned: false,
  flow: '',
  word: false,
  rounds: false,
  raises: false,
}
const WORD = { word: true } as const
const BRANCH = { flow: 'branch' } as const
const JUMP = { flow: 'jump' } as const
const TRAP = { flow: 'trap' } as const
const ROUNDS = { rounds: true, raises: true } as const
const RAISES = { raises: true } as const
const LOAD = (size: 1 | 2 | 4 | 8) => ({ access: 'load', size }) as const
const LOAD_UNSIGNED = (size: 1 | 2 | 4) => ({ access: 'load', size, unsigned: true }) as const
const STORE = (size: 1 | 2 | 4 | 8) => ({ access: 'store', size }) as const
const BLOCK = { access: 'block' } as const
const ATOMIC = (access: 'lr' | 'sc' | 'amo', size: 4 | 8) => ({ access, size }) as const

type Row = readonly [name: string, match: number, mask: number, format: FormatName, traits?: Partial<Traits>]

const ROWS = [
  // RV32I and RV64I
  ['lui', 0x00000037, 0x0000007f, 'upper'],
  ['auipc', 0x00000017, 0x0000007f, 'upper'],
  ['jal', 0x0000006f, 0x0000007f, 'jal', JUMP],
  ['jalr', 0x00000067, 0x0000707f, 'jalr', JUMP],
  ['beq', 0x00000063, 0x0000707f, 'branch', BRANCH],
  ['bne', 0x00001063, 0x0000707f, 'branch', BRANCH],
  ['blt', 0x00004063, 0x0000707f, 'branch', BRANCH],
  ['bge', 0x00005063, 0x0000707f, 'branch', BRANCH],
  ['bltu', 0x00006063, 0x0000707f, 'branch', BRANCH],
  ['bgeu', 0x00007063, 0x0000707f, 'branch', BRANCH],
  ['lb', 0x00000003, 0x0000707f, 'load', LOAD(1)],
  ['lh', 0x00001003, 0x0000707f, 'load', LOAD(2)],
  ['lw', 0x00002003, 0x0000707f, 'load', LOAD(4)],
  ['ld', 0x00003003, 0x0000707f, 'load', LOAD(8)],
  ['lbu', 0x00004003, 0x0000707f, 'load', LOAD_UNSIGNED(1)],
  ['lhu', 0x00005003, 0x0000707f, 'load', LOAD_UNSIGNED(2)],
  ['lwu', 0x00006003, 0x0000707f, 'load', LOAD_UNSIGNED(4)],
  ['sb', 0x00000023, 0x0000707f, 'store', STORE(1)],
  ['sh', 0x00001023, 0x0000707f, 'store', STORE(2)],
  ['sw', 0x00002023, 0x0000707f, 'store', STORE(4)],
  ['sd', 0x00003023, 0x0000707f, 'store', STORE(8)],
  ['addi', 0x00000013, 0x0000707f, 'i'],
  ['slti', 0x00002013, 0x0000707f, 'i'],
  ['sltiu', 0x00003013, 0x0000707f, 'i'],
  ['xori', 0x00004013, 0x0000707f, 'i'],
  ['ori', 0x00006013, 0x0000707f, 'i'],
  ['andi', 0x00007013, 0x0000707f, 'i'],
  ['slli', 0x00001013, 0xfc00707f, 'shamt6'],
  ['srli', 0x00005013, 0xfc00707f, 'shamt6'],
  ['srai', 0x40005013, 0xfc00707f, 'shamt6'],
  ['add', 0x00000033, 0xfe00707f, 'r'],
  ['sub', 0x40000033, 0xfe00707f, 'r'],
  ['sll', 0x00001033, 0xfe00707f, 'r'],
  ['slt', 0x00002033, 0xfe00707f, 'r'],
  ['sltu', 0x00003033, 0xfe00707f, 'r'],
  ['xor', 0x00004033, 0xfe00707f, 'r'],
  ['srl', 0x00005033, 0xfe00707f, 'r'],
  ['sra', 0x40005033, 0xfe00707f, 'r'],
  ['or', 0x00006033, 0xfe00707f, 'r'],
  ['and', 0x00007033, 0xfe00707f, 'r'],
  ['addiw', 0x0000001b, 0x0000707f, 'i', WORD],
  ['slliw', 0x0000101b, 0xfe00707f, 'shamt5', WORD],
  ['srliw', 0x0000501b, 0xfe00707f, 'shamt5', WORD],
  ['sraiw', 0x4000501b, 0xfe00707f, 'shamt5', WORD],
  ['addw', 0x0000003b, 0xfe00707f, 'r', WORD],
  ['subw', 0x4000003b, 0xfe00707f, 'r', WORD],
  ['sllw', 0x0000103b, 0xfe00707f, 'r', WORD],
  ['srlw', 0x0000503b, 0xfe00707f, 'r', WORD],
  ['sraw', 0x4000503b, 0xfe00707f, 'r', WORD],
  ['fence', 0x0000000f, 0x0000707f, 'fence'],
  ['ecall', 0x00000073, 0xffffffff, 'none', TRAP],
  ['ebreak', 0x00100073, 0xffffffff, 'none', TRAP],
  // Zifencei
  ['fence_i', 0x0000100f, 0x0000707f, 'none'],
  // Zicsr
  ['csrrw', 0x00001073, 0x0000707f, 'csr'],
  ['csrrs', 0x00002073, 0x0000707f, 'csr'],
  ['csrrc', 0x00003073, 0x0000707f, 'csr'],
  ['csrrwi', 0x00005073, 0x0000707f, 'csri'],
  ['csrrsi', 0x00006073, 0x0000707f, 'csri'],
  ['csrrci', 0x00007073, 0x0000707f, 'csri'],
  // M
  ['mul', 0x02000033, 0xfe00707f, 'r'],
  ['mulh', 0x02001033, 0xfe00707f, 'r'],
  ['mulhsu', 0x02002033, 0xfe00707f, 'r'],
  ['mulhu', 0x02003033, 0xfe00707f, 'r'],
  ['div', 0x02004033, 0xfe00707f, 'r'],
  ['divu', 0x02005033, 0xfe00707f, 'r'],
  ['rem', 0x02006033, 0xfe00707f, 'r'],
  ['remu', 0x02007033, 0xfe00707f, 'r'],
  ['mulw', 0x0200003b, 0xfe00707f, 'r', WORD],
  ['divw', 0x0200403b, 0xfe00707f, 'r', WORD],
  ['divuw', 0x0200503b, 0xfe00707f, 'r', WORD],
  ['remw', 0x0200603b, 0xfe00707f, 'r', WORD],
  ['remuw', 0x0200703b, 0xfe00707f, 'r', WORD],
  // A; bits 26:25 are aq and rl
  ['lr_w', 0x1000202f, 0xf9f0707f, 'lr', ATOMIC('lr', 4)],
  ['sc_w', 0x1800202f, 0xf800707f, 'amo', ATOMIC('sc', 4)],
  ['amoswap_w', 0x0800202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amoadd_w', 0x0000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amoxor_w', 0x2000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amoand_w', 0x6000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amoor_w', 0x4000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amomin_w', 0x8000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amomax_w', 0xa000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amominu_w', 0xc000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['amomaxu_w', 0xe000202f, 0xf800707f, 'amo', ATOMIC('amo', 4)],
  ['lr_d', 0x1000302f, 0xf9f0707f, 'lr', ATOMIC('lr', 8)],
  ['sc_d', 0x1800302f, 0xf800707f, 'amo', ATOMIC('sc', 8)],
  ['amoswap_d', 0x0800302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amoadd_d', 0x0000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amoxor_d', 0x2000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amoand_d', 0x6000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amoor_d', 0x4000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amomin_d', 0x8000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amomax_d', 0xa000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amominu_d', 0xc000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  ['amomaxu_d', 0xe000302f, 0xf800707f, 'amo', ATOMIC('amo', 8)],
  // F
  ['flw', 0x00002007, 0x0000707f, 'fload', LOAD(4)],
  ['fsw', 0x00002027, 0x0000707f, 'fstore', STORE(4)],
  ['fmadd_s', 0x00000043, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fmsub_s', 0x00000047, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fnmsub_s', 0x0000004b, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fnmadd_s', 0x0000004f, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fadd_s', 0x00000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fsub_s', 0x08000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fmul_s', 0x10000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fdiv_s', 0x18000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fsqrt_s', 0x58000053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fsgnj_s', 0x20000053, 0xfe00707f, 'fff'],
  ['fsgnjn_s', 0x20001053, 0xfe00707f, 'fff'],
  ['fsgnjx_s', 0x20002053, 0xfe00707f, 'fff'],
  ['fmin_s', 0x28000053, 0xfe00707f, 'fff', RAISES],
  ['fmax_s', 0x28001053, 0xfe00707f, 'fff', RAISES],
  ['feq_s', 0xa0002053, 0xfe00707f, 'xff', RAISES],
  ['flt_s', 0xa0001053, 0xfe00707f, 'xff', RAISES],
  ['fle_s', 0xa0000053, 0xfe00707f, 'xff', RAISES],
  ['fclass_s', 0xe0001053, 0xfff0707f, 'xf'],
  ['fmv_x_w', 0xe0000053, 0xfff0707f, 'xf'],
  ['fmv_w_x', 0xf0000053, 0xfff0707f, 'fx'],
  ['fcvt_w_s', 0xc0000053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_wu_s', 0xc0100053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_l_s', 0xc0200053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_lu_s', 0xc0300053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_s_w', 0xd0000053, 0xfff0007f, 'fx_rm', ROUNDS],
  ['fcvt_s_wu', 0xd0100053, 0xfff0007f, 'fx_rm', ROUNDS],
  ['fcvt_s_l', 0xd0200053, 0xfff0007f, 'fx_rm', ROUNDS],
  ['fcvt_s_lu', 0xd0300053, 0xfff0007f, 'fx_rm', ROUNDS],
  // D
  ['fld', 0x00003007, 0x0000707f, 'fload', LOAD(8)],
  ['fsd', 0x00003027, 0x0000707f, 'fstore', STORE(8)],
  ['fmadd_d', 0x02000043, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fmsub_d', 0x02000047, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fnmsub_d', 0x0200004b, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fnmadd_d', 0x0200004f, 0x0600007f, 'ffff_rm', ROUNDS],
  ['fadd_d', 0x02000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fsub_d', 0x0a000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fmul_d', 0x12000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fdiv_d', 0x1a000053, 0xfe00007f, 'fff_rm', ROUNDS],
  ['fsqrt_d', 0x5a000053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fsgnj_d', 0x22000053, 0xfe00707f, 'fff'],
  ['fsgnjn_d', 0x22001053, 0xfe00707f, 'fff'],
  ['fsgnjx_d', 0x22002053, 0xfe00707f, 'fff'],
  ['fmin_d', 0x2a000053, 0xfe00707f, 'fff', RAISES],
  ['fmax_d', 0x2a001053, 0xfe00707f, 'fff', RAISES],
  ['feq_d', 0xa2002053, 0xfe00707f, 'xff', RAISES],
  ['flt_d', 0xa2001053, 0xfe00707f, 'xff', RAISES],
  ['fle_d', 0xa2000053, 0xfe00707f, 'xff', RAISES],
  ['fclass_d', 0xe2001053, 0xfff0707f, 'xf'],
  ['fmv_x_d', 0xe2000053, 0xfff0707f, 'xf'],
  ['fmv_d_x', 0xf2000053, 0xfff0707f, 'fx'],
  ['fcvt_w_d', 0xc2000053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_wu_d', 0xc2100053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_l_d', 0xc2200053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_lu_d', 0xc2300053, 0xfff0007f, 'xf_rm', ROUNDS],
  ['fcvt_d_w', 0xd2000053, 0xfff0007f, 'fx_exact'],
  ['fcvt_d_wu', 0xd2100053, 0xfff0007f, 'fx_exact'],
  ['fcvt_d_l', 0xd2200053, 0xfff0007f, 'fx_rm', ROUNDS],
  ['fcvt_d_lu', 0xd2300053, 0xfff0007f, 'fx_rm', ROUNDS],
  ['fcvt_s_d', 0x40100053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fcvt_d_s', 0x42000053, 0xfff0007f, 'ff_exact', RAISES],
  // Zfhmin
  ['flh', 0x00001007, 0x0000707f, 'fload', LOAD(2)],
  ['fsh', 0x00001027, 0x0000707f, 'fstore', STORE(2)],
  ['fmv_x_h', 0xe4000053, 0xfff0707f, 'xf'],
  ['fmv_h_x', 0xf4000053, 0xfff0707f, 'fx'],
  ['fcvt_s_h', 0x40200053, 0xfff0007f, 'ff_exact', RAISES],
  ['fcvt_h_s', 0x44000053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fcvt_d_h', 0x42200053, 0xfff0007f, 'ff_exact', RAISES],
  ['fcvt_h_d', 0x44100053, 0xfff0007f, 'ff_rm', ROUNDS],
  // Zfa
  ['fli_s', 0xf0100053, 0xfff0707f, 'fli'],
  ['fli_d', 0xf2100053, 0xfff0707f, 'fli'],
  ['fminm_s', 0x28002053, 0xfe00707f, 'fff', RAISES],
  ['fminm_d', 0x2a002053, 0xfe00707f, 'fff', RAISES],
  ['fmaxm_s', 0x28003053, 0xfe00707f, 'fff', RAISES],
  ['fmaxm_d', 0x2a003053, 0xfe00707f, 'fff', RAISES],
  ['fround_s', 0x40400053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fround_d', 0x42400053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['froundnx_s', 0x40500053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['froundnx_d', 0x42500053, 0xfff0007f, 'ff_rm', ROUNDS],
  ['fltq_s', 0xa0005053, 0xfe00707f, 'xff', RAISES],
  ['fltq_d', 0xa2005053, 0xfe00707f, 'xff', RAISES],
  ['fleq_s', 0xa0004053, 0xfe00707f, 'xff', RAISES],
  ['fleq_d', 0xa2004053, 0xfe00707f, 'xff', RAISES],
  ['fcvtmod_w_d', 0xc2801053, 0xfff0707f, 'xf_rtz', RAISES],
  // Zba
  ['add_uw', 0x0800003b, 0xfe00707f, 'r'],
  ['sh1add', 0x20002033, 0xfe00707f, 'r'],
  ['sh2add', 0x20004033, 0xfe00707f, 'r'],
  ['sh3add', 0x20006033, 0xfe00707f, 'r'],
  ['sh1add_uw', 0x2000203b, 0xfe00707f, 'r'],
  ['sh2add_uw', 0x2000403b, 0xfe00707f, 'r'],
  ['sh3add_uw', 0x2000603b, 0xfe00707f, 'r'],
  ['slli_uw', 0x0800101b, 0xfc00707f, 'shamt6'],
  // Zbb
  ['andn', 0x40007033, 0xfe00707f, 'r'],
  ['orn', 0x40006033, 0xfe00707f, 'r'],
  ['xnor', 0x40004033, 0xfe00707f, 'r'],
  ['clz', 0x60001013, 0xfff0707f, 'unary'],
  ['ctz', 0x60101013, 0xfff0707f, 'unary'],
  ['cpop', 0x60201013, 0xfff0707f, 'unary'],
  ['clzw', 0x6000101b, 0xfff0707f, 'unary', WORD],
  ['ctzw', 0x6010101b, 0xfff0707f, 'unary', WORD],
  ['cpopw', 0x6020101b, 0xfff0707f, 'unary', WORD],
  ['min', 0x0a004033, 0xfe00707f, 'r'],
  ['minu', 0x0a005033, 0xfe00707f, 'r'],
  ['max', 0x0a006033, 0xfe00707f, 'r'],
  ['maxu', 0x0a007033, 0xfe00707f, 'r'],
  ['sext_b', 0x60401013, 0xfff0707f, 'unary'],
  ['sext_h', 0x60501013, 0xfff0707f, 'unary'],
  ['zext_h', 0x0800403b, 0xfff0707f, 'unary'],
  ['rol', 0x60001033, 0xfe00707f, 'r'],
  ['ror', 0x60005033, 0xfe00707f, 'r'],
  ['rori', 0x60005013, 0xfc00707f, 'shamt6'],
  ['rolw', 0x6000103b, 0xfe00707f, 'r', WORD],
  ['rorw', 0x6000503b, 0xfe00707f, 'r', WORD],
  ['roriw', 0x6000501b, 0xfe00707f, 'shamt5', WORD],
  ['orc_b', 0x28705013, 0xfff0707f, 'unary'],
  ['rev8', 0x6b805013, 0xfff0707f, 'unary'],
  // Zbs
  ['bclr', 0x48001033, 0xfe00707f, 'r'],
  ['bclri', 0x48001013, 0xfc00707f, 'shamt6'],
  ['bext', 0x48005033, 0xfe00707f, 'r'],
  ['bexti', 0x48005013, 0xfc00707f, 'shamt6'],
  ['binv', 0x68001033, 0xfe00707f, 'r'],
  ['binvi', 0x68001013, 0xfc00707f, 'shamt6'],
  ['bset', 0x28001033, 0xfe00707f, 'r'],
  ['bseti', 0x28001013, 0xfc00707f, 'shamt6'],
  // Zicond
  ['czero_eqz', 0x0e005033, 0xfe00707f, 'r'],
  ['czero_nez', 0x0e007033, 0xfe00707f, 'r'],
  // Zicbom, without cbo.inval: Linux does not let user mode have it
  ['cbo_clean', 0x0010200f, 0xfff07fff, 'block', BLOCK],
  ['cbo_flush', 0x0020200f, 0xfff07fff, 'block', BLOCK],
  // Zicboz
  ['cbo_zero', 0x0040200f, 0xfff07fff, 'block', BLOCK],
] as const satisfies readonly Row[]

export type OpName = (typeof ROWS)[number][0]

export interface Opcode extends Operands, Traits {
  /** Index of the row: the small integer that `Decoded.op` and `Op` hold. */
  readonly id: number
  readonly name: OpName
  /** The assembler's spelling: dots for underscores. */
  readonly mnemonic: string
  readonly match: number
  readonly mask: number
  readonly format: FormatName
}

export const OPCODES: readonly Opcode[] = ROWS.map(([name, match, mask, format, traits]: Row, id) => ({
  ...FORMATS[format],
  ...PLAIN,
  ...traits,
  id,
  name: name as OpName,
  mnemonic: name.replaceAll('_', '.'),
  match,
  mask,
  format,
}))

/** Name → row index in {@link OPCODES}. */
export const Op = Object.fromEntries(OPCODES.map(row => [row.name, row.id])) as Readonly<Record<OpName, number>>

/** What fli loads, by its immediate (ISA manual 20240411, table 20): the numbers that JavaScript has not are told by name. */
export const FLI_CONSTANTS: readonly (number | 'min' | 'inf' | 'nan')[] = [
  ...([-1, 'min', 2 ** -16, 2 ** -15, 2 ** -8, 2 ** -7, 2 ** -4, 2 ** -3, 0.25, 0.3125, 0.375, 0.4375] as const),
  ...([0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, 16, 128, 256, 2 ** 15, 2 ** 16] as const),
  ...(['inf', 'nan'] as const),
]

/** The bits that fli gives a register, without a box: of a double, or of a single. `min` is the smallest normal number. */
export function fliBits(index: number, double: boolean): bigint {
  const view = new DataView(new ArrayBuffer(8))
  const constant = FLI_CONSTANTS[index]!
  const names = { min: double ? 2 ** -1022 : 2 ** -126, inf: Number.POSITIVE_INFINITY, nan: Number.NaN }
  const value = typeof constant === 'number' ? constant : names[constant]
  // (the NaN of a DataView may be any: that of RISC-V is the canonical one)
  if (constant === 'nan') return double ? 0x7ff8_0000_0000_0000n : 0x7fc0_0000n
  if (double) view.setFloat64(0, value)
  else view.setFloat32(0, value)
  return double ? view.getBigUint64(0) : BigInt(view.getUint32(0))
}
