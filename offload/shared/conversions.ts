/**
 * Conversions of floating point to integers below 32 bits become conversions to 64 bits that are truncated. The RISC-V code
 * generator converts to 64 bits in any case, and takes for granted that the number fits: out of range, some uses would see all of
 * it and others the lower part.
 */
import {
  allInstructions,
  type Builder,
  C,
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

export function widenConversions(fn: ValueRef, builder: Builder, types: Types): void {
  for (const instruction of allInstructions(fn)) {
    const operation = OPERATIONS[C.LLVMGetInstructionOpcode(instruction) as keyof typeof OPERATIONS]
    if (operation === undefined) continue
    const type = valueType(instruction)
    if (integerBits(scalarType(type)) >= 32) continue
    const b = builder.before(instruction)
    const wide = b.cast(operation, operands(instruction)[0]!, withScalar(type, types.i64))
    replaceAllUses(instruction, b.cast('Trunc', wide, type))
    eraseInstruction(instruction)
  }
}
