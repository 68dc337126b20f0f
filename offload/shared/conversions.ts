/**
 * Conversions of floating point to integers below 32 bits become conversions to 64 bits that are truncated. The RISC-V code
 * generator converts to 64 bits in any case, and takes for granted that the number fits: out of range, some uses would see all of
 * it and others the lower part.
 */
import {
  type Builder,
  eraseInstruction,
  integerBits,
  Opcode,
  operands,
  replaceAllUses,
  type Types,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { scalarType, withScalar } from '../constants.ts'

const OPERATIONS = { [Opcode.FPToSI]: 'FPToSI', [Opcode.FPToUI]: 'FPToUI' } as const

/** Replaces the instruction, of that opcode, if it is such a conversion. */
export function widenConversion(instruction: ValueRef, opcode: number, builder: Builder, types: Types): void {
  const operation = OPERATIONS[opcode as keyof typeof OPERATIONS]
  if (operation === undefined) return
  const type = valueType(instruction)
  if (integerBits(scalarType(type)) >= 32) return
  const b = builder.before(instruction)
  const wide = b.cast(operation, operands(instruction)[0]!, withScalar(type, types.i64))
  replaceAllUses(instruction, b.cast('Trunc', wide, type))
  eraseInstruction(instruction)
}
