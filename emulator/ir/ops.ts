/**
 * The operations of the intermediate representation: every instruction of the guest table, and the fused or
 * folded operations that the passes of this folder make of them. Both share one number space.
 */
import { OPCODES, type OpName } from '../riscv/table.ts'

/** Operations that are no guest instruction. Operand fields as in {@link import('./ir.ts').Ir}. */
export const FUSED = [
  /** Nothing: an instruction whose effect another one took over, or a result that is overwritten unread. */
  'nop',
  /** Nothing: but until `imm` instructions later a fault finds in rd what nobody else reads, rs1 + (rs2 << rm). rm as the scale of an index. */
  'implied',
  /** rd = the constant hi:imm. */
  'li',
  /** rd = (zext32(rs1) >> imm) << rm; one of the shifts is 0. */
  'zext_shift',
  /** rd = the low 8 or 16 bits of rs1, extended. */
  'zext8',
  'zext16',
  'sext8',
  'sext16',
  /** rd = (rs1 << rm) + rs2, rm 1–3. */
  'shift_add',
  /** rd = the sign extension of the low half of (rs1 << rm) + rs2, rm 1–3. */
  'shift_addw',
  /** rd = (zext32(rs1) << rm) + rs2, rm 0–3. */
  'zext_shift_add',
  /** An instruction that the decoder refuses, or that can not be fetched: traps when it is reached. */
  'illegal',
] as const

export type FusedName = (typeof FUSED)[number]
export type IrName = OpName | FusedName

export const IR_NAMES: readonly IrName[] = [...OPCODES.map(row => row.name as OpName), ...FUSED]

/** Number of each operation. */
export const IrOp = Object.fromEntries(IR_NAMES.map((name, id) => [name, id])) as Readonly<Record<IrName, number>>
