/** Zicsr, Zifencei, fences and traps (ISA manual chapters 2.7, 2.8, 3, 9, 10 and 11.2). */
import { CSR } from '../csr.ts'
import type { OpName } from '../table.ts'
import { type Handler, type Hart, Trap } from './hart.ts'

function readCsr(hart: Hart, csr: number): bigint {
  switch (csr) {
    case CSR.fflags:
      return BigInt(hart.fflags)
    case CSR.frm:
      return BigInt(hart.frm)
    case CSR.fcsr:
      return BigInt((hart.frm << 5) | hart.fflags)
    case CSR.cycle:
    case CSR.time:
    case CSR.instret:
      return hart.instret
    default:
      throw new Trap('illegal')
  }
}

/** Only the bits that a register has are kept. The counters are read-only, and so is every CSR whose bits 11:10 are 3. */
function writeCsr(hart: Hart, csr: number, value: bigint): void {
  const bits = Number(value & 0xffn)
  switch (csr) {
    case CSR.fflags:
      hart.fflags = bits & 31
      break
    case CSR.frm:
      hart.frm = bits & 7
      break
    case CSR.fcsr:
      hart.fflags = bits & 31
      hart.frm = bits >> 5
      break
    default:
      throw new Trap('illegal')
  }
}

type Update = (old: bigint, operand: bigint) => bigint

/** `always`: csrrw writes in any case; the others do not when rs1 is x0 or the immediate 0. */
const csr =
  (update: Update, always: boolean, immediate: boolean): Handler =>
  (hart, { rd, rs1, imm }) => {
    const operand = immediate ? BigInt(rs1) : hart.x[rs1]!
    const old = readCsr(hart, imm)
    if (always || rs1 !== 0) writeCsr(hart, imm, update(old, operand))
    hart.x[rd] = old
  }

const write: Update = (_, operand) => operand
const set: Update = (old, operand) => old | operand
const clear: Update = (old, operand) => old & ~operand
/** One hart that performs its accesses in order, and decodes every instruction anew, has nothing to order. */
const ordered: Handler = () => {}

export const SYSTEM = {
  fence: ordered,
  fence_i: ordered,
  ecall: () => {
    throw new Trap('ecall')
  },
  ebreak: () => {
    throw new Trap('ebreak')
  },
  csrrw: csr(write, true, false),
  csrrs: csr(set, false, false),
  csrrc: csr(clear, false, false),
  csrrwi: csr(write, true, true),
  csrrsi: csr(set, false, true),
  csrrci: csr(clear, false, true),
} satisfies Partial<Record<OpName, Handler>>
