/**
 * The x86-64 instructions that the translator emits, one row a mnemonic.
 *
 * The keys of a row are the forms, named as the methods of `Assembler` that take them; the value is the opcode in the
 * notation of the Intel SDM (vol. 2, section 3.1.1), shortened: `VEX`, mandatory prefix, map, `W1`, opcode, `/digit`.
 * Behind it stand, where they apply, the operand encoding and the kind of the immediate:
 *   RM   dst in ModRM.reg, src in ModRM.rm (the default); three operands: dst reg, src1 vvvv, src2 rm
 *   MR   dst in ModRM.rm, src in ModRM.reg
 *   RMV  dst reg, src1 rm, src2 vvvv
 *   VM   dst vvvv, src rm, ModRM.reg holds the digit
 *   ib   the immediate is always one byte          is4   the immediate is a register in bits 7:4
 *   s8   opcode | 2 takes a sign-extended byte     one   opcode | 0x10 is the form for the immediate 1
 *   d64  64-bit operands without REX.W             commutes   src1 and src2 may change places
 *   wide  vectors of 256 bits
 * Opcodes that have a byte form are given for the larger sizes; the byte form is opcode - 1.
 * The form `op` lists whole instructions, byte by byte; `accumulator` is the form without ModRM for rax.
 */
export interface Row {
  /** Mnemonic of the assembler language, where it is not the row's key. */
  readonly text?: string
  /** Operand sizes of the general-purpose forms: a set of the bits 1, 2, 4, 8. */
  readonly sizes?: number
  /** Bytes of the source or memory operand where the operand size does not say it. */
  readonly width?: number
  readonly rr?: string
  readonly rm?: string
  readonly mr?: string
  readonly ri?: string
  readonly mi?: string
  readonly rri?: string
  readonly rmi?: string
  readonly rrr?: string
  readonly rrm?: string
  readonly r?: string
  readonly m?: string
  readonly vrr?: string
  readonly vrm?: string
  readonly vmr?: string
  readonly vrri?: string
  readonly vrrr?: string
  readonly vrrm?: string
  readonly vrrri?: string
  readonly vrrmi?: string
  readonly xg?: string
  readonly xm?: string
  readonly gx?: string
  readonly gm?: string
  readonly op?: string
  readonly accumulator?: string
}

export const FORMS = [
  ...(['rr', 'rm', 'mr', 'ri', 'mi', 'rri', 'rmi', 'rrr', 'rrm', 'r', 'm', 'vrr', 'vrm', 'vmr'] as const),
  ...(['vrri', 'vrrr', 'vrrm', 'vrrri', 'vrrmi', 'xg', 'xm', 'gx', 'gm', 'accumulator'] as const),
]
export type Form = (typeof FORMS)[number]

/** add or adc sbb and sub xor cmp: the eight operations of opcodes 00–3F and 81 /n. */
const alu = (n: number) => {
  const opcode = (low: number) => (n * 8 + low).toString(16).toUpperCase().padStart(2, '0')
  const immediate = `81 /${n} s8`
  return {
    ...{ sizes: 15, rr: `${opcode(1)} MR`, rm: opcode(3), mr: opcode(1) },
    ...{ ri: immediate, mi: immediate, accumulator: opcode(5) },
  }
}
const shift = (n: number) => ({ sizes: 15, ri: `C1 /${n} one ib`, mi: `C1 /${n} one ib` })
const shiftByCl = (text: string, n: number) => ({ text, sizes: 15, r: `D3 /${n}`, m: `D3 /${n}` })
const unary = (opcode: string) => ({ sizes: 15, r: opcode, m: opcode })
const load = (opcode: string, sizes: number) => ({ sizes, rr: opcode, rm: opcode })
const bitTest = (opcode: string, n: number) => {
  return { sizes: 14, rr: `0F ${opcode} MR`, mr: `0F ${opcode}`, ri: `0F BA /${n} ib`, mi: `0F BA /${n} ib` }
}
/** BMI rows whose second register source is in vvvv, or in ModRM.rm. */
const bmiRmv = (opcode: string) => ({ sizes: 12, rrr: `${opcode} RMV`, rrm: `${opcode} RMV` })
const bmiRvm = (opcode: string) => ({ sizes: 12, rrr: opcode, rrm: opcode })
const bmiVm = (opcode: string) => ({ sizes: 12, rr: `${opcode} VM`, rm: `${opcode} VM` })
const vectorMove = (opcode: string, store: string) => ({ width: 16, vrr: opcode, vrm: opcode, vmr: store })
const scalar = (width: number, opcode: string) => ({ width, vrrr: opcode, vrrm: opcode })
const scalarImmediate = (width: number, opcode: string) => ({ width, vrrri: `${opcode} ib`, vrrmi: `${opcode} ib` })
const compare = (width: number, opcode: string) => ({ width, vrr: opcode, vrm: opcode })
const packed = (opcode: string) => ({ width: 16, vrrr: opcode, vrrm: opcode })
const packed256 = (text: string, opcode: string) => {
  return { text, width: 32, vrrr: `VEX 66 0F ${opcode} commutes wide`, vrrm: `VEX 66 0F ${opcode} wide` }
}
const fromInteger = (opcode: string) => ({ sizes: 12, xg: opcode, xm: opcode })
const toInteger = (width: number, opcode: string) => ({ sizes: 12, width, gx: opcode, gm: opcode })

export const ROWS = {
  add: alu(0),
  or: alu(1),
  adc: alu(2),
  sbb: alu(3),
  and: alu(4),
  sub: alu(5),
  xor: alu(6),
  cmp: alu(7),
  test: { sizes: 15, rr: '85 MR', rm: '85', mr: '85', ri: 'F7 /0', mi: 'F7 /0', accumulator: 'A9' },
  mov: { sizes: 15, rr: '89 MR', rm: '8B', mr: '89', ri: 'C7 /0', mi: 'C7 /0' },
  lea: { sizes: 12, rm: '8D' },
  movzx8: { text: 'movzx', width: 1, ...load('0F B6', 14) },
  movzx16: { text: 'movzx', width: 2, ...load('0F B7', 12) },
  movsx8: { text: 'movsx', width: 1, ...load('0F BE', 14) },
  movsx16: { text: 'movsx', width: 2, ...load('0F BF', 12) },
  movsxd: { width: 4, ...load('63', 8) },
  xchg: { sizes: 15, rr: '87', rm: '87', mr: '87', accumulator: '90' },
  cmpxchg: { sizes: 15, rr: '0F B1 MR', mr: '0F B1' },
  xadd: { sizes: 15, rr: '0F C1 MR', mr: '0F C1' },
  imul: { sizes: 14, rr: '0F AF', rm: '0F AF', rri: '69 s8', rmi: '69 s8' },

  not: unary('F7 /2'),
  neg: unary('F7 /3'),
  mul: unary('F7 /4'),
  imul1: { text: 'imul', ...unary('F7 /5') },
  div: unary('F7 /6'),
  idiv: unary('F7 /7'),
  inc: unary('FF /0'),
  dec: unary('FF /1'),
  bswap: { sizes: 12, r: '0F C8' },
  push: { sizes: 8, r: '50 d64', m: 'FF /6 d64' },
  pop: { sizes: 8, r: '58 d64', m: '8F /0 d64' },
  jmp: { sizes: 8, m: 'FF /4 d64' },
  call: { sizes: 8, m: 'FF /2 d64' },
  stmxcsr: { sizes: 4, m: '0F AE /3' },
  ldmxcsr: { sizes: 4, m: '0F AE /2' },

  rol: shift(0),
  ror: shift(1),
  shl: shift(4),
  shr: shift(5),
  sar: shift(7),
  rol_cl: shiftByCl('rol', 0),
  ror_cl: shiftByCl('ror', 1),
  shl_cl: shiftByCl('shl', 4),
  shr_cl: shiftByCl('shr', 5),
  sar_cl: shiftByCl('sar', 7),

  bt: bitTest('A3', 4),
  bts: bitTest('AB', 5),
  btr: bitTest('B3', 6),
  btc: bitTest('BB', 7),
  bsf: load('0F BC', 14),
  bsr: load('0F BD', 14),
  tzcnt: load('F3 0F BC', 14),
  lzcnt: load('F3 0F BD', 14),
  popcnt: load('F3 0F B8', 14),

  shlx: bmiRmv('VEX 66 0F38 F7'),
  sarx: bmiRmv('VEX F3 0F38 F7'),
  shrx: bmiRmv('VEX F2 0F38 F7'),
  bextr: bmiRmv('VEX 0F38 F7'),
  bzhi: bmiRmv('VEX 0F38 F5'),
  andn: bmiRvm('VEX 0F38 F2'),
  mulx: bmiRvm('VEX F2 0F38 F6'),
  pext: bmiRvm('VEX F3 0F38 F5'),
  pdep: bmiRvm('VEX F2 0F38 F5'),
  blsr: bmiVm('VEX 0F38 F3 /1'),
  blsmsk: bmiVm('VEX 0F38 F3 /2'),
  blsi: bmiVm('VEX 0F38 F3 /3'),
  rorx: { sizes: 12, rri: 'VEX F2 0F3A F0 ib', rmi: 'VEX F2 0F3A F0 ib' },

  nop: { op: '90' },
  cbw: { op: '66 98' },
  cwde: { op: '98' },
  cdqe: { op: '48 98' },
  cwd: { op: '66 99' },
  cdq: { op: '99' },
  cqo: { op: '48 99' },
  lahf: { op: '9F' },
  sahf: { op: '9E' },
  pushfq: { op: '9C' },
  popfq: { op: '9D' },
  mfence: { op: '0F AE F0' },
  lfence: { op: '0F AE E8' },
  sfence: { op: '0F AE F8' },
  pause: { op: 'F3 90' },
  ud2: { op: '0F 0B' },
  int3: { op: 'CC' },
  syscall: { op: '0F 05' },
  rdtsc: { op: '0F 31' },
  rdtscp: { op: '0F 01 F9' },
  vzeroupper: { op: 'C5 F8 77' },
  clc: { op: 'F8' },
  stc: { op: 'F9' },

  vmovss: { width: 4, vrm: 'VEX F3 0F 10', vmr: 'VEX F3 0F 11', vrrr: 'VEX F3 0F 10' },
  vmovsd: { width: 8, vrm: 'VEX F2 0F 10', vmr: 'VEX F2 0F 11', vrrr: 'VEX F2 0F 10' },
  vmovd: {
    ...{ sizes: 4, width: 4, xg: 'VEX 66 0F 6E', gx: 'VEX 66 0F 7E MR' },
    ...{ vrm: 'VEX 66 0F 6E', vmr: 'VEX 66 0F 7E' },
  },
  vmovq: {
    ...{ sizes: 8, width: 8, xg: 'VEX 66 0F 6E', gx: 'VEX 66 0F 7E MR' },
    ...{ vrr: 'VEX F3 0F 7E', vrm: 'VEX F3 0F 7E', vmr: 'VEX 66 0F D6' },
  },
  vmovaps: vectorMove('VEX 0F 28', 'VEX 0F 29'),
  vmovapd: vectorMove('VEX 66 0F 28', 'VEX 66 0F 29'),
  vmovups: vectorMove('VEX 0F 10', 'VEX 0F 11'),
  vmovupd: vectorMove('VEX 66 0F 10', 'VEX 66 0F 11'),
  vmovdqa: vectorMove('VEX 66 0F 6F', 'VEX 66 0F 7F'),
  vmovdqu: vectorMove('VEX F3 0F 6F', 'VEX F3 0F 7F'),

  vaddss: scalar(4, 'VEX F3 0F 58'),
  vaddsd: scalar(8, 'VEX F2 0F 58'),
  vmulss: scalar(4, 'VEX F3 0F 59'),
  vmulsd: scalar(8, 'VEX F2 0F 59'),
  vsubss: scalar(4, 'VEX F3 0F 5C'),
  vsubsd: scalar(8, 'VEX F2 0F 5C'),
  vminss: scalar(4, 'VEX F3 0F 5D'),
  vminsd: scalar(8, 'VEX F2 0F 5D'),
  vdivss: scalar(4, 'VEX F3 0F 5E'),
  vdivsd: scalar(8, 'VEX F2 0F 5E'),
  vmaxss: scalar(4, 'VEX F3 0F 5F'),
  vmaxsd: scalar(8, 'VEX F2 0F 5F'),
  vsqrtss: scalar(4, 'VEX F3 0F 51'),
  vsqrtsd: scalar(8, 'VEX F2 0F 51'),
  vucomiss: compare(4, 'VEX 0F 2E'),
  vucomisd: compare(8, 'VEX 66 0F 2E'),
  vcomiss: compare(4, 'VEX 0F 2F'),
  vcomisd: compare(8, 'VEX 66 0F 2F'),
  vcvtss2sd: scalar(4, 'VEX F3 0F 5A'),
  vcvtsd2ss: scalar(8, 'VEX F2 0F 5A'),
  vcvtsi2ss: fromInteger('VEX F3 0F 2A'),
  vcvtsi2sd: fromInteger('VEX F2 0F 2A'),
  vcvtss2si: toInteger(4, 'VEX F3 0F 2D'),
  vcvtsd2si: toInteger(8, 'VEX F2 0F 2D'),
  vcvttss2si: toInteger(4, 'VEX F3 0F 2C'),
  vcvttsd2si: toInteger(8, 'VEX F2 0F 2C'),
  vcvtph2ps: { width: 8, vrr: 'VEX 66 0F38 13', vrm: 'VEX 66 0F38 13' },
  vcvtps2ph: { vrri: 'VEX 66 0F3A 1D MR ib' },
  vmovmskps: { sizes: 4, gx: 'VEX 0F 50' },
  vmovmskpd: { sizes: 4, gx: 'VEX 66 0F 50' },
  vroundss: scalarImmediate(4, 'VEX 66 0F3A 0A'),
  vroundsd: scalarImmediate(8, 'VEX 66 0F3A 0B'),
  vcmpss: scalarImmediate(4, 'VEX F3 0F C2'),
  vcmpsd: scalarImmediate(8, 'VEX F2 0F C2'),

  vandps: packed('VEX 0F 54 commutes'),
  vandpd: packed('VEX 66 0F 54 commutes'),
  vandnps: packed('VEX 0F 55'),
  vandnpd: packed('VEX 66 0F 55'),
  vorps: packed('VEX 0F 56 commutes'),
  vorpd: packed('VEX 66 0F 56 commutes'),
  vxorps: packed('VEX 0F 57 commutes'),
  vxorpd: packed('VEX 66 0F 57 commutes'),
  vpand: packed('VEX 66 0F DB commutes'),
  vpandn: packed('VEX 66 0F DF'),
  vpor: packed('VEX 66 0F EB commutes'),
  vpxor: packed('VEX 66 0F EF commutes'),
  vpcmpeqb: packed('VEX 66 0F 74 commutes'),
  vpcmpeqd: packed('VEX 66 0F 76 commutes'),
  vpcmpeqq: packed('VEX 66 0F38 29'),
  vpmovmskb: { sizes: 4, gx: 'VEX 66 0F D7' },
  vmovdqu256: { text: 'vmovdqu', width: 32, vrm: 'VEX F3 0F 6F wide', vmr: 'VEX F3 0F 7F wide' },
  vpxor256: packed256('vpxor', 'EF'),
  vpminub256: packed256('vpminub', 'DA'),
  vpcmpeqb256: packed256('vpcmpeqb', '74'),
  vpmovmskb256: { text: 'vpmovmskb', sizes: 4, gx: 'VEX 66 0F D7 wide' },
  vpbroadcastb: { width: 1, vrr: 'VEX 66 0F38 78', vrm: 'VEX 66 0F38 78' },
  vpbroadcastb256: { text: 'vpbroadcastb', width: 1, vrr: 'VEX 66 0F38 78 wide', vrm: 'VEX 66 0F38 78 wide' },
  vunpcklps: packed('VEX 0F 14'),
  vpunpckldq: packed('VEX 66 0F 62'),
  vpunpcklqdq: packed('VEX 66 0F 6C'),
  vpsrld: { vrri: 'VEX 66 0F 72 /2 VM ib' },
  vpsrad: { vrri: 'VEX 66 0F 72 /4 VM ib' },
  vpslld: { vrri: 'VEX 66 0F 72 /6 VM ib' },
  vpsrlq: { vrri: 'VEX 66 0F 73 /2 VM ib' },
  vpsllq: { vrri: 'VEX 66 0F 73 /6 VM ib' },
  vpshufd: { vrri: 'VEX 66 0F 70 ib' },
  vinsertps: scalarImmediate(4, 'VEX 66 0F3A 21'),
  vpinsrd: scalarImmediate(4, 'VEX 66 0F3A 22'),
  vpinsrq: scalarImmediate(8, 'VEX 66 0F3A W1 22'),
  vpextrd: { vrri: 'VEX 66 0F3A 16 MR ib' },
  vpextrq: { vrri: 'VEX 66 0F3A W1 16 MR ib' },
  vblendvps: { width: 16, vrrri: 'VEX 66 0F3A 4A is4', vrrmi: 'VEX 66 0F3A 4A is4' },
  vblendvpd: { width: 16, vrrri: 'VEX 66 0F3A 4B is4', vrrmi: 'VEX 66 0F3A 4B is4' },

  vfmadd132ss: scalar(4, 'VEX 66 0F38 99'),
  vfmadd132sd: scalar(8, 'VEX 66 0F38 W1 99'),
  vfmadd213ss: scalar(4, 'VEX 66 0F38 A9'),
  vfmadd213sd: scalar(8, 'VEX 66 0F38 W1 A9'),
  vfmadd231ss: scalar(4, 'VEX 66 0F38 B9'),
  vfmadd231sd: scalar(8, 'VEX 66 0F38 W1 B9'),
  vfmsub132ss: scalar(4, 'VEX 66 0F38 9B'),
  vfmsub132sd: scalar(8, 'VEX 66 0F38 W1 9B'),
  vfmsub213ss: scalar(4, 'VEX 66 0F38 AB'),
  vfmsub213sd: scalar(8, 'VEX 66 0F38 W1 AB'),
  vfmsub231ss: scalar(4, 'VEX 66 0F38 BB'),
  vfmsub231sd: scalar(8, 'VEX 66 0F38 W1 BB'),
  vfnmadd132ss: scalar(4, 'VEX 66 0F38 9D'),
  vfnmadd132sd: scalar(8, 'VEX 66 0F38 W1 9D'),
  vfnmadd213ss: scalar(4, 'VEX 66 0F38 AD'),
  vfnmadd213sd: scalar(8, 'VEX 66 0F38 W1 AD'),
  vfnmadd231ss: scalar(4, 'VEX 66 0F38 BD'),
  vfnmadd231sd: scalar(8, 'VEX 66 0F38 W1 BD'),
  vfnmsub132ss: scalar(4, 'VEX 66 0F38 9F'),
  vfnmsub132sd: scalar(8, 'VEX 66 0F38 W1 9F'),
  vfnmsub213ss: scalar(4, 'VEX 66 0F38 AF'),
  vfnmsub213sd: scalar(8, 'VEX 66 0F38 W1 AF'),
  vfnmsub231ss: scalar(4, 'VEX 66 0F38 BF'),
  vfnmsub231sd: scalar(8, 'VEX 66 0F38 W1 BF'),
} as const satisfies Record<string, Row>

export type Mnemonic = keyof typeof ROWS
export const MNEMONICS = Object.keys(ROWS) as readonly Mnemonic[]

/** Row ids by mnemonic. An id indexes the arrays of {@link CODES} and {@link MNEMONICS}. */
export const I = Object.fromEntries(MNEMONICS.map((name, id) => [name, id])) as Readonly<Record<Mnemonic, number>>
