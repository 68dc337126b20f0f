/** The inverse of the decoder for 32-bit instructions: tests, fuzzers and generated guest code build words with it. */
import { OPCODES } from './table.ts'

export interface Fields {
  readonly rd?: number
  readonly rs1?: number
  readonly rs2?: number
  readonly rs3?: number
  /** As `Decoded.imm` has it. */
  readonly imm?: number
  /** As `Decoded.rm` has it. */
  readonly rm?: number
}

/** The word (unsigned 32 bits) of row `op` of OPCODES. Fields that the row does not have are ignored, values are cut to their field. */
export function encode(op: number, fields: Fields): number {
  const row = OPCODES[op]!
  const { rd = 0, rs1 = 0, rs2 = 0, rs3 = 0, imm = 0, rm = 0 } = fields
  let word = row.match
  if (row.rd) word |= (rd & 31) << 7
  if (row.rs1 || row.imm === 'csri') word |= (rs1 & 31) << 15
  if (row.rs2) word |= (rs2 & 31) << 20
  if (row.rs3) word |= (rs3 & 31) << 27
  if (row.rm) word |= (rm & 7) << 12
  if (row.access === 'lr' || row.access === 'sc' || row.access === 'amo') word |= (rm & 3) << 25
  switch (row.imm) {
    case 'i':
    case 'csr':
    case 'csri':
    case 'fence':
      word |= imm << 20
      break
    case 's':
      word |= ((imm >> 5) << 25) | ((imm & 31) << 7)
      break
    case 'b':
      word |= ((imm >> 12) << 31) | ((imm & 0x7e0) << 20) | ((imm & 0x1e) << 7) | ((imm & 0x800) >> 4)
      break
    case 'u':
      word |= imm & ~0xfff
      break
    case 'j':
      word |= ((imm >> 20) << 31) | ((imm & 0x7fe) << 20) | ((imm & 0x800) << 9) | (imm & 0xff000)
      break
    case 'shamt6':
      word |= (imm & 63) << 20
      break
    case 'shamt5':
      word |= (imm & 31) << 20
      break
    case 'fli':
      word |= (imm & 31) << 15
      break
    case '':
      break
  }
  return word >>> 0
}
