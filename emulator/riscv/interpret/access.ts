/** Loads, stores, atomics and cache blocks (ISA manual chapters 2.6, 8, 11.5 and 12.3; 20240411, chapter 19). */
import type { Decoded } from '../decode.ts'
import { BLOCK_SIZE } from '../extensions.ts'
import type { OpName } from '../table.ts'
import { type Handler, type Hart, Trap, unsigned } from './hart.ts'

const address = (hart: Hart, { rs1, imm }: Decoded) => unsigned(hart.x[rs1]! + BigInt(imm))

const load =
  (size: number): Handler =>
  (hart, decoded, memory) => {
    hart.x[decoded.rd] = BigInt.asIntN(size * 8, memory.load(address(hart, decoded), size))
  }
const loadUnsigned =
  (size: number): Handler =>
  (hart, decoded, memory) => {
    hart.x[decoded.rd] = memory.load(address(hart, decoded), size)
  }
const store =
  (size: number): Handler =>
  (hart, decoded, memory) =>
    memory.store(address(hart, decoded), size, hart.x[decoded.rs2]!)
/** What is narrower than a double is NaN-boxed. */
const loadFloat =
  (size: number): Handler =>
  (hart, decoded, memory) => {
    hart.f[decoded.rd] = memory.load(address(hart, decoded), size) | ((1n << 64n) - (1n << BigInt(size * 8)))
  }
/** Stores the register's low bits as they are: fsw does not care for NaN boxing. */
const storeFloat =
  (size: number): Handler =>
  (hart, decoded, memory) =>
    memory.store(address(hart, decoded), size, hart.f[decoded.rs2]!)

function aligned(hart: Hart, rs1: number, size: number): bigint {
  const at = hart.x[rs1]!
  if (at % BigInt(size) !== 0n) throw new Trap('misaligned', at)
  return at
}

const loadReserved =
  (size: number): Handler =>
  (hart, { rd, rs1 }, memory) => {
    const at = aligned(hart, rs1, size)
    const value = BigInt.asIntN(size * 8, memory.load(at, size))
    hart.reservationAddress = at
    hart.reservationValue = value
    hart.x[rd] = value
  }

/**
 * Succeeds when the address is the reserved one and still holds the value that LR loaded: the translator's and qemu's rule,
 * which the manual's permission to fail spuriously and its demand of progress both allow.
 */
const storeConditional =
  (size: number): Handler =>
  (hart, { rd, rs1, rs2 }, memory) => {
    const at = aligned(hart, rs1, size)
    const succeeds =
      at === hart.reservationAddress && BigInt.asIntN(size * 8, memory.load(at, size)) === hart.reservationValue
    if (succeeds) memory.store(at, size, hart.x[rs2]!)
    hart.reservationAddress = -1n
    hart.x[rd] = succeeds ? 0n : 1n
  }

/** Both operands of `f` are signed numbers of the access size. */
const atomic =
  (size: number, f: (old: bigint, operand: bigint) => bigint): Handler =>
  (hart, { rd, rs1, rs2 }, memory) => {
    const at = aligned(hart, rs1, size)
    const old = BigInt.asIntN(size * 8, memory.load(at, size))
    memory.store(at, size, f(old, BigInt.asIntN(size * 8, hart.x[rs2]!)))
    hart.x[rd] = old
  }

const swap = (_: bigint, b: bigint) => b
const add = (a: bigint, b: bigint) => a + b
const xor = (a: bigint, b: bigint) => a ^ b
const and = (a: bigint, b: bigint) => a & b
const or = (a: bigint, b: bigint) => a | b
const min = (a: bigint, b: bigint) => (a < b ? a : b)
const max = (a: bigint, b: bigint) => (a > b ? a : b)
/** Sign-extended 32-bit numbers keep their unsigned order when seen as unsigned 64-bit ones. */
const minu = (a: bigint, b: bigint) => (unsigned(a) < unsigned(b) ? a : b)
const maxu = (a: bigint, b: bigint) => (unsigned(a) > unsigned(b) ? a : b)

/** Memory has no cache to manage; the block must be there. */
const manageBlock: Handler = (hart, { rs1 }, memory) => void memory.load(hart.x[rs1]!, 1)

const zeroBlock: Handler = (hart, { rs1 }, memory) => {
  const start = hart.x[rs1]! & -BigInt(BLOCK_SIZE)
  for (let offset = 0; offset < BLOCK_SIZE; offset += 8) memory.store(unsigned(start) + BigInt(offset), 8, 0n)
}

export const ACCESS = {
  lb: load(1),
  lh: load(2),
  lw: load(4),
  ld: load(8),
  lbu: loadUnsigned(1),
  lhu: loadUnsigned(2),
  lwu: loadUnsigned(4),
  sb: store(1),
  sh: store(2),
  sw: store(4),
  sd: store(8),
  flh: loadFloat(2),
  flw: loadFloat(4),
  fld: loadFloat(8),
  fsh: storeFloat(2),
  fsw: storeFloat(4),
  fsd: storeFloat(8),
  cbo_clean: manageBlock,
  cbo_flush: manageBlock,
  cbo_zero: zeroBlock,
  lr_w: loadReserved(4),
  sc_w: storeConditional(4),
  amoswap_w: atomic(4, swap),
  amoadd_w: atomic(4, add),
  amoxor_w: atomic(4, xor),
  amoand_w: atomic(4, and),
  amoor_w: atomic(4, or),
  amomin_w: atomic(4, min),
  amomax_w: atomic(4, max),
  amominu_w: atomic(4, minu),
  amomaxu_w: atomic(4, maxu),
  lr_d: loadReserved(8),
  sc_d: storeConditional(8),
  amoswap_d: atomic(8, swap),
  amoadd_d: atomic(8, add),
  amoxor_d: atomic(8, xor),
  amoand_d: atomic(8, and),
  amoor_d: atomic(8, or),
  amomin_d: atomic(8, min),
  amomax_d: atomic(8, max),
  amominu_d: atomic(8, minu),
  amomaxu_d: atomic(8, maxu),
} satisfies Partial<Record<OpName, Handler>>
