/**
 * Shifts as RISC-V has them: the amount is taken modulo the width (unprivileged ISA, RV64I). LLVM calls a larger amount
 * poison, which the two code generators would turn into different numbers. Narrow integers are shifted in registers of
 * 64 bits on RISC-V, and so they are here. x86 masks the amount too: the mask costs no instruction.
 */
import {
  constIntValue,
  eraseInstruction,
  integerBits,
  Opcode,
  operands,
  replaceAllUses,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { integer, scalarType, withScalar } from '../constants.ts'
import type { Lowering } from './lowering.ts'

export function lowerShift(l: Lowering, instruction: ValueRef, opcode: number): void {
  const [value, amount] = operands(instruction) as [ValueRef, ValueRef]
  const type = valueType(instruction)
  const bits = integerBits(scalarType(type))
  const constant = constIntValue(amount)
  if (constant !== undefined && constant >= 0n && constant < BigInt(bits)) return
  const b = l.builder.before(instruction)
  const operation = (['Shl', 'LShr', 'AShr'] as const).find(name => Opcode[name] === opcode)!
  const masked = (amount: ValueRef, width: number) =>
    b.binary('And', amount, integer(valueType(amount), BigInt(width - 1)))
  let result: ValueRef
  if (bits === 32 || bits === 64 || bits === 128) result = b.binary(operation, value, masked(amount, bits))
  else if (bits < 64) {
    const wide = withScalar(type, l.types.i64)
    const left = b.cast(opcode === Opcode.AShr ? 'SExt' : 'ZExt', value, wide)
    result = b.cast('Trunc', b.binary(operation, left, masked(b.cast('ZExt', amount, wide), 64)), type)
  } else return
  replaceAllUses(instruction, result)
  eraseInstruction(instruction)
}
