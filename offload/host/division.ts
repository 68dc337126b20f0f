/**
 * Division as RISC-V has it (unprivileged ISA, M extension, table of division by zero and overflow). C and LLVM leave
 * these cases undefined, and x86 raises SIGFPE:
 *
 *            x / 0        x % 0    MIN / -1    MIN % -1
 *   signed   -1           x        MIN         0
 *   unsigned 2^n - 1      x
 *
 * The divisor is replaced by 1 in these cases, which already gives the overflow column. 128-bit division is a library
 * function on both sides; the guest's divides by 2^64 - 1 instead of zero (it starts with the hardware's 1 / 0).
 *
 * The guest divides narrow numbers as wide ones: what LLVM's code generator takes for a zero-extended quotient is all ones then.
 */
import {
  C,
  constNull,
  eraseInstruction,
  integerBits,
  Opcode,
  operands,
  replaceAllUses,
  TypeKind,
  typeKind,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { integer, scalarType } from '../constants.ts'
import type { Lowering } from './lowering.ts'

export function lowerDivision(l: Lowering, instruction: ValueRef, opcode: number): void {
  const [dividend, divisor] = operands(instruction) as [ValueRef, ValueRef]
  const type = valueType(instruction)
  const bits = integerBits(scalarType(type))
  const signed = opcode === Opcode.SDiv || opcode === Opcode.SRem
  if (isSafe(divisor, signed)) return
  const b = l.builder.before(instruction)
  const zero = constNull(type)
  const isZero = b.icmp('eq', divisor, zero)
  const operation = (['UDiv', 'SDiv', 'URem', 'SRem'] as const).find(name => Opcode[name] === opcode)!
  let result: ValueRef
  if (bits > 64) {
    const substitute = integer(type, (1n << 64n) - 1n)
    result = b.binary(operation, dividend, b.select(isZero, substitute, divisor))
  } else {
    let unsafe = isZero
    if (signed) {
      const overflow = b.binary(
        'And',
        b.icmp('eq', dividend, integer(type, 1n << BigInt(bits - 1))),
        b.icmp('eq', divisor, C.LLVMConstAllOnes(type)),
      )
      unsafe = b.binary('Or', isZero, overflow)
    }
    const quotient = b.binary(operation, dividend, b.select(unsafe, integer(type, 1n), divisor))
    const remainder = opcode === Opcode.URem || opcode === Opcode.SRem
    result = b.select(isZero, remainder ? dividend : C.LLVMConstAllOnes(type), quotient)
    if (opcode === Opcode.UDiv) widen(l, instruction, isZero, quotient)
  }
  replaceAllUses(instruction, result)
  eraseInstruction(instruction)
}

/** The users of a quotient that extend it: theirs get the wide one. They stay, without uses, as the caller may be about to visit one. */
function widen({ builder: b }: Lowering, division: ValueRef, isZero: ValueRef, quotient: ValueRef): void {
  const isNarrow = integerBits(scalarType(valueType(division))) < 32
  for (const user of [...users(division)]) {
    if (C.LLVMGetInstructionOpcode(user) !== Opcode.ZExt || !(isNarrow || C.LLVMGetNNeg(user))) continue
    const type = valueType(user)
    b.before(user)
    replaceAllUses(user, b.select(isZero, C.LLVMConstAllOnes(type), b.cast('ZExt', quotient, type)))
  }
}

/** A constant that is neither zero nor, for signed division, -1. */
function isSafe(divisor: ValueRef, signed: boolean): boolean {
  if (valueKind(divisor) !== ValueKind.ConstantInt || typeKind(valueType(divisor)) !== TypeKind.Integer) return false
  if (C.LLVMIsNull(divisor)) return false
  return !signed || divisor !== C.LLVMConstAllOnes(valueType(divisor))
}
