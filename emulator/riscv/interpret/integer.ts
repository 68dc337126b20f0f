/** I, M and Zicond: arithmetic, branches and jumps (ISA manual chapters 2, 5 and 7; 20240411, chapter 12). */
import type { OpName } from '../table.ts'
import { type Handler, signed, signed32, unsigned, unsigned32 } from './hart.ts'

type Binary = (a: bigint, b: bigint) => bigint

/** Two registers as signed numbers; the result wraps when it is stored. */
const registers =
  (f: Binary): Handler =>
  (hart, { rd, rs1, rs2 }) => {
    hart.x[rd] = f(signed(hart.x[rs1]!), signed(hart.x[rs2]!))
  }
const immediate =
  (f: Binary): Handler =>
  (hart, { rd, rs1, imm }) => {
    hart.x[rd] = f(signed(hart.x[rs1]!), BigInt(imm))
  }
/** W-forms: 32-bit operands, the 32-bit result sign-extended. */
const registers32 = (f: Binary) => registers((a, b) => signed32(f(signed32(a), signed32(b))))
const immediate32 = (f: Binary) => immediate((a, b) => signed32(f(signed32(a), b)))
const branch =
  (condition: (a: bigint, b: bigint) => boolean): Handler =>
  (hart, { rs1, rs2, imm }) => {
    if (condition(signed(hart.x[rs1]!), signed(hart.x[rs2]!))) hart.nextPc = unsigned(hart.pc + BigInt(imm))
  }

const add: Binary = (a, b) => a + b
const sub: Binary = (a, b) => a - b
const mul: Binary = (a, b) => a * b
const xor: Binary = (a, b) => a ^ b
const or: Binary = (a, b) => a | b
const and: Binary = (a, b) => a & b
const slt: Binary = (a, b) => (a < b ? 1n : 0n)
const sltu: Binary = (a, b) => (unsigned(a) < unsigned(b) ? 1n : 0n)
const sll: Binary = (a, b) => a << (b & 63n)
const srl: Binary = (a, b) => unsigned(a) >> (b & 63n)
const sra: Binary = (a, b) => a >> (b & 63n)
const sllw: Binary = (a, b) => a << (b & 31n)
const srlw: Binary = (a, b) => unsigned32(a) >> (b & 31n)
const sraw: Binary = (a, b) => a >> (b & 31n)
/** The smallest number divided by -1 overflows: stored, the quotient wraps to the dividend, as chapter 7.2 has it. */
const div: Binary = (a, b) => (b === 0n ? -1n : a / b)
const rem: Binary = (a, b) => (b === 0n ? a : a % b)

export const INTEGER = {
  lui: (hart, { rd, imm }) => {
    hart.x[rd] = BigInt(imm)
  },
  auipc: (hart, { rd, imm }) => {
    hart.x[rd] = hart.pc + BigInt(imm)
  },
  jal: (hart, { rd, imm }) => {
    hart.x[rd] = hart.nextPc
    hart.nextPc = unsigned(hart.pc + BigInt(imm))
  },
  jalr: (hart, { rd, rs1, imm }) => {
    const target = unsigned(hart.x[rs1]! + BigInt(imm)) & ~1n
    hart.x[rd] = hart.nextPc
    hart.nextPc = target
  },
  beq: branch((a, b) => a === b),
  bne: branch((a, b) => a !== b),
  blt: branch((a, b) => a < b),
  bge: branch((a, b) => a >= b),
  bltu: branch((a, b) => unsigned(a) < unsigned(b)),
  bgeu: branch((a, b) => unsigned(a) >= unsigned(b)),
  addi: immediate(add),
  slti: immediate(slt),
  sltiu: immediate(sltu),
  xori: immediate(xor),
  ori: immediate(or),
  andi: immediate(and),
  slli: immediate(sll),
  srli: immediate(srl),
  srai: immediate(sra),
  add: registers(add),
  sub: registers(sub),
  sll: registers(sll),
  slt: registers(slt),
  sltu: registers(sltu),
  xor: registers(xor),
  srl: registers(srl),
  sra: registers(sra),
  or: registers(or),
  and: registers(and),
  addiw: immediate32(add),
  slliw: immediate32(sllw),
  srliw: immediate32(srlw),
  sraiw: immediate32(sraw),
  addw: registers32(add),
  subw: registers32(sub),
  sllw: registers32(sllw),
  srlw: registers32(srlw),
  sraw: registers32(sraw),
  mul: registers(mul),
  mulh: registers((a, b) => (a * b) >> 64n),
  mulhsu: registers((a, b) => (a * unsigned(b)) >> 64n),
  mulhu: registers((a, b) => (unsigned(a) * unsigned(b)) >> 64n),
  div: registers(div),
  divu: registers((a, b) => div(unsigned(a), unsigned(b))),
  rem: registers(rem),
  remu: registers((a, b) => rem(unsigned(a), unsigned(b))),
  mulw: registers32(mul),
  divw: registers32(div),
  divuw: registers32((a, b) => div(unsigned32(a), unsigned32(b))),
  remw: registers32(rem),
  remuw: registers32((a, b) => rem(unsigned32(a), unsigned32(b))),
  czero_eqz: registers((a, b) => (b === 0n ? 0n : a)),
  czero_nez: registers((a, b) => (b === 0n ? a : 0n)),
} satisfies Partial<Record<OpName, Handler>>
