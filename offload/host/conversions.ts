/**
 * Conversions from floating point to integers as RISC-V has them (unprivileged ISA, F extension, table of FCVT ranges):
 * out of range gives the nearest bound, NaN the largest value. LLVM leaves both undefined and x86 gives another number.
 * Integers below 32 bits were made 64 bits before the sides part (shared/conversions.ts).
 */
import {
  C,
  callArguments,
  eraseInstruction,
  integerBits,
  intrinsic,
  Opcode,
  operands,
  replaceAllUses,
  type TypeRef,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { integer, scalarType } from '../constants.ts'
import type { Lowering } from './lowering.ts'

export function lowerConversion(l: Lowering, instruction: ValueRef, opcode: number): void {
  const type = valueType(instruction)
  // To 128 bits both sides call the same library function.
  if (integerBits(scalarType(type)) > 64) return
  l.builder.before(instruction)
  replaceAllUses(instruction, convert(l, operands(instruction)[0]!, type, opcode === Opcode.FPToSI))
  eraseInstruction(instruction)
}

/** `lrint`, `lround` and their like as intrinsics: round, then convert. */
export function lowerRoundingConversion(l: Lowering, call: ValueRef, rounding: 'rint' | 'round'): void {
  const [value] = callArguments(call) as [ValueRef]
  const b = l.builder.before(call)
  const round = intrinsic(l.module, `llvm.${rounding}`, [valueType(value)])
  const rounded = b.call(C.LLVMGlobalGetValueType(round), round, [value])
  replaceAllUses(call, convert(l, rounded, valueType(call), true))
  eraseInstruction(call)
}

function convert(l: Lowering, value: ValueRef, type: TypeRef, signed: boolean): ValueRef {
  const bits = integerBits(scalarType(type))
  const b = l.builder
  const saturate = intrinsic(l.module, signed ? 'llvm.fptosi.sat' : 'llvm.fptoui.sat', [type, valueType(value)])
  const bounded = b.call(C.LLVMGlobalGetValueType(saturate), saturate, [value])
  const largest = (1n << BigInt(signed ? bits - 1 : bits)) - 1n
  return b.select(b.fcmp('uno', value, value), integer(type, largest), bounded)
}
