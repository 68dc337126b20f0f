/**
 * How each operation uses its operands, for the analyses: one letter for each of rd, rs1, rs2, rs3.
 *
 * Integer operands: `-` none · sources `x` all 64 bits, `w` only the low 32 matter · results `x` any value, `s` always the
 * sign extension of its low 32 bits and produced so, `l` the same but the extension can be left for later (lazy).
 * Floating-point operands: sources `d` double, `s` single (both as numbers), `D` the bits of a double, `S` the bits of a
 * single · results `d`/`s` computed (its NaN may not be canonical yet), `D`/`S` exact bits.
 * The file of each operand (integer or floating-point) is written in front: `x:` or `f:` for all of them, else four letters.
 */
import { IR_NAMES, type IrName, IrOp } from './ops.ts'

type Group = readonly [uses: string, files: string, names: readonly IrName[]]

const GROUPS: readonly Group[] = [
  [
    'xxx-',
    'xxxx',
    ['add', 'sub', 'and', 'or', 'xor', 'mul', 'mulh', 'mulhu', 'mulhsu', 'div', 'divu', 'rem', 'remu', 'shift_add'],
  ],
  ['xxx-', 'xxxx', ['sh1add', 'sh2add', 'sh3add', 'andn', 'orn', 'xnor', 'min', 'minu', 'max', 'maxu']],
  ['xxx-', 'xxxx', ['czero_eqz', 'czero_nez']],
  ['xxw-', 'xxxx', ['sll', 'srl', 'sra', 'rol', 'ror', 'bclr', 'binv', 'bset']],
  ['sxw-', 'xxxx', ['bext']],
  ['sxx-', 'xxxx', ['slt', 'sltu']],
  ['sx--', 'xxxx', ['slti', 'sltiu', 'clz', 'ctz', 'cpop', 'bexti']],
  ['xx--', 'xxxx', ['addi', 'xori', 'ori', 'andi', 'slli', 'srli', 'srai']],
  ['xx--', 'xxxx', ['rori', 'orc_b', 'rev8', 'bclri', 'binvi', 'bseti']],
  ['lww-', 'xxxx', ['addw', 'subw', 'sllw', 'srlw', 'sraw', 'mulw', 'rolw', 'rorw', 'shift_addw']],
  ['sww-', 'xxxx', ['divw', 'divuw', 'remw', 'remuw']],
  ['lw--', 'xxxx', ['addiw', 'slliw', 'srliw', 'sraiw', 'roriw']],
  ['s---', 'xxxx', ['lui']],
  ['x---', 'xxxx', ['auipc', 'li', 'jal']],
  ['xw--', 'xxxx', ['zext_shift', 'slli_uw']],
  ['sw--', 'xxxx', ['zext8', 'zext16', 'sext8', 'sext16', 'sext_b', 'sext_h', 'zext_h', 'clzw', 'ctzw', 'cpopw']],
  ['xwx-', 'xxxx', ['zext_shift_add', 'add_uw', 'sh1add_uw', 'sh2add_uw', 'sh3add_uw']],
  ['xx--', 'xxxx', ['ld', 'lwu', 'jalr', 'lr_d']],
  ['sx--', 'xxxx', ['lb', 'lh', 'lw', 'lbu', 'lhu', 'lr_w']],
  ['-xx-', 'xxxx', ['sd', 'beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu']],
  ['-xw-', 'xxxx', ['sb', 'sh', 'sw']],
  [
    'xxx-',
    'xxxx',
    ['amoswap_d', 'amoadd_d', 'amoxor_d', 'amoand_d', 'amoor_d', 'amomin_d', 'amomax_d', 'amominu_d', 'amomaxu_d'],
  ],
  [
    'sxw-',
    'xxxx',
    [
      'amoswap_w',
      'amoadd_w',
      'amoxor_w',
      'amoand_w',
      'amoor_w',
      'amomin_w',
      'amomax_w',
      'amominu_w',
      'amomaxu_w',
      'sc_w',
    ],
  ],
  ['sxx-', 'xxxx', ['sc_d']],
  ['xx--', 'xxxx', ['csrrw', 'csrrs', 'csrrc']],
  ['x---', 'xxxx', ['csrrwi', 'csrrsi', 'csrrci']],
  ['-x--', 'xxxx', ['cbo_clean', 'cbo_flush', 'cbo_zero']],
  ['----', 'xxxx', ['ecall', 'ebreak', 'fence', 'fence_i', 'nop', 'implied', 'illegal']],
  ['Dx--', 'fxxx', ['fld', 'flh']],
  ['Sx--', 'fxxx', ['flw']],
  ['-xD-', 'xxfx', ['fsd', 'fsh']],
  ['-xS-', 'xxfx', ['fsw']],
  ['ddd-', 'ffff', ['fadd_d', 'fsub_d', 'fmul_d', 'fdiv_d', 'fmin_d', 'fmax_d', 'fminm_d', 'fmaxm_d']],
  ['dd--', 'ffff', ['fsqrt_d', 'fround_d', 'froundnx_d']],
  ['dddd', 'ffff', ['fmadd_d', 'fmsub_d', 'fnmsub_d', 'fnmadd_d']],
  ['sss-', 'ffff', ['fadd_s', 'fsub_s', 'fmul_s', 'fdiv_s', 'fmin_s', 'fmax_s', 'fminm_s', 'fmaxm_s']],
  ['ss--', 'ffff', ['fsqrt_s', 'fround_s', 'froundnx_s']],
  ['ssss', 'ffff', ['fmadd_s', 'fmsub_s', 'fnmsub_s', 'fnmadd_s']],
  ['DDD-', 'ffff', ['fsgnj_d', 'fsgnjn_d', 'fsgnjx_d']],
  ['SSS-', 'ffff', ['fsgnj_s', 'fsgnjn_s', 'fsgnjx_s']],
  ['ds--', 'ffff', ['fcvt_d_s']],
  ['sd--', 'ffff', ['fcvt_s_d']],
  // a half is read and written as the double that its box makes it
  ['sD--', 'ffff', ['fcvt_s_h']],
  ['dD--', 'ffff', ['fcvt_d_h']],
  ['Ds--', 'ffff', ['fcvt_h_s']],
  ['Dd--', 'ffff', ['fcvt_h_d']],
  ['sD--', 'xfff', ['fmv_x_h']],
  ['Dw--', 'fxxx', ['fmv_h_x']],
  ['D---', 'fxxx', ['fli_d']],
  ['S---', 'fxxx', ['fli_s']],
  ['sdd-', 'xfff', ['feq_d', 'flt_d', 'fle_d', 'fltq_d', 'fleq_d']],
  ['sss-', 'xfff', ['feq_s', 'flt_s', 'fle_s', 'fltq_s', 'fleq_s']],
  ['sd--', 'xfff', ['fcvt_w_d', 'fcvt_wu_d', 'fclass_d', 'fcvtmod_w_d']],
  ['ss--', 'xfff', ['fcvt_w_s', 'fcvt_wu_s', 'fclass_s']],
  ['xd--', 'xfff', ['fcvt_l_d', 'fcvt_lu_d']],
  ['xs--', 'xfff', ['fcvt_l_s', 'fcvt_lu_s']],
  ['xD--', 'xfff', ['fmv_x_d']],
  ['sS--', 'xfff', ['fmv_x_w']],
  ['Dx--', 'fxxx', ['fcvt_d_l', 'fcvt_d_lu', 'fmv_d_x']],
  ['Dw--', 'fxxx', ['fcvt_d_w', 'fcvt_d_wu']],
  ['Sx--', 'fxxx', ['fcvt_s_l', 'fcvt_s_lu']],
  ['Sw--', 'fxxx', ['fcvt_s_w', 'fcvt_s_wu', 'fmv_w_x']],
]

/** Kinds of integer sources and results. */
export const USE = { none: 0, full: 1, low: 2 } as const
export const DEF = { none: 0, any: 1, extended: 2, lazy: 3 } as const
/** Kinds of floating-point sources and results. */
export const FUSE = { none: 0, double: 1, single: 2, doubleBits: 3, singleBits: 4 } as const
export const FDEF = { none: 0, double: 1, single: 2, doubleBits: 3, singleBits: 4 } as const

const size = IR_NAMES.length
export const USE1 = new Uint8Array(size)
export const USE2 = new Uint8Array(size)
export const DEFX = new Uint8Array(size)
export const FUSE1 = new Uint8Array(size)
export const FUSE2 = new Uint8Array(size)
export const FUSE3 = new Uint8Array(size)
export const DEFF = new Uint8Array(size)

const X_USE: Record<string, number> = { '-': USE.none, x: USE.full, w: USE.low }
const X_DEF: Record<string, number> = { '-': DEF.none, x: DEF.any, s: DEF.extended, l: DEF.lazy }
const F_KIND: Record<string, number> = { '-': 0, d: 1, s: 2, D: 3, S: 4 }

for (const [uses, files, names] of GROUPS) {
  for (const name of names) {
    const op = IrOp[name]
    if (files[0] === 'x') DEFX[op] = X_DEF[uses[0]!]!
    else DEFF[op] = F_KIND[uses[0]!]!
    if (files[1] === 'x') USE1[op] = X_USE[uses[1]!]!
    else FUSE1[op] = F_KIND[uses[1]!]!
    if (files[2] === 'x') USE2[op] = X_USE[uses[2]!]!
    else FUSE2[op] = F_KIND[uses[2]!]!
    if (files[3] === 'f') FUSE3[op] = F_KIND[uses[3]!]!
  }
}

/** The operations that the groups above do not mention; a test holds this empty. */
export function unclassified(): IrName[] {
  const seen = new Set(GROUPS.flatMap(([, , names]) => names))
  return IR_NAMES.filter(name => !seen.has(name))
}

const set = (...names: IrName[]): Uint8Array => {
  const flags = new Uint8Array(size)
  for (const name of names) flags[IrOp[name]] = 1
  return flags
}

/** Conditional branches. */
export const BRANCH = set('beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu')
/** Logic, and addi that is a move: each bit of the result comes from the same bit of the operands. */
export const LOGIC = set('and', 'or', 'xor', 'andi', 'ori', 'xori', 'addi')

/** Loads and stores that have `index` and `scale`. */
export const ADDRESSED = set(
  'lb',
  'lh',
  'lw',
  'ld',
  'lbu',
  'lhu',
  'lwu',
  'sb',
  'sh',
  'sw',
  'sd',
  'flh',
  'flw',
  'fld',
  'fsh',
  'fsw',
  'fsd',
)

/** Operations that can leave translated code in the middle of a block: a fault, a trap, a call of the executor. */
export const MAY_LEAVE = new Uint8Array(size)
for (const name of IR_NAMES) {
  if (
    /^(l[bhwd]u?|s[bhwd]|f[ls][hwd]|lr_.*|sc_.*|amo.*|cbo.*|csr.*|ecall|ebreak|fence_i|illegal|fcvt_[wl]u?_.|fclass.*|fcvtmod.*)$/.test(
      name,
    )
  )
    MAY_LEAVE[IrOp[name]] = 1
  // static or unsupported rounding modes go through the interpreter
  if (DEFF[IrOp[name]] !== 0) MAY_LEAVE[IrOp[name]] = 1
}

/** What ends a block. `resume`: control comes back behind it through the dispatch table at the latest. */
export const ENDS_BLOCK: Readonly<Record<number, 'branch' | 'jal' | 'jalr' | 'resume' | 'trap'>> = {
  [IrOp.beq]: 'branch',
  [IrOp.bne]: 'branch',
  [IrOp.blt]: 'branch',
  [IrOp.bge]: 'branch',
  [IrOp.bltu]: 'branch',
  [IrOp.bgeu]: 'branch',
  [IrOp.jal]: 'jal',
  [IrOp.jalr]: 'jalr',
  [IrOp.ecall]: 'resume',
  [IrOp.fence_i]: 'resume',
  [IrOp.ebreak]: 'trap',
}
