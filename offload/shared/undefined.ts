/**
 * Undefined values become zero before the sides part: reading a variable that was never written, converting 1e10 to int.
 * C leaves them open, and each optimiser would choose on its own; one that sees a branch on such a value leaves out
 * what follows, and execution would run into whatever stands behind the function. With zero both sides agree.
 */
import {
  allInstructions,
  C,
  constNull,
  TypeKind,
  typeKind,
  ValueKind,
  type ValueRef,
  valueKind,
  valueType,
} from '../../analyzer/llvm/index.ts'

/** Aggregates and vectors start from nothing and are filled element by element: those stay. */
const SCALARS: ReadonlySet<number> = new Set([
  TypeKind.Integer,
  TypeKind.Pointer,
  TypeKind.Half,
  TypeKind.Float,
  TypeKind.Double,
  TypeKind.FP128,
])

export function defineValues(fn: ValueRef): void {
  for (const instruction of allInstructions(fn)) {
    const count = C.LLVMGetNumOperands(instruction)
    for (let i = 0; i < count; i++) {
      const operand = C.LLVMGetOperand(instruction, i)
      const kind = valueKind(operand)
      if (kind !== ValueKind.UndefValue && kind !== ValueKind.PoisonValue) continue
      const type = valueType(operand)
      if (SCALARS.has(typeKind(type))) C.LLVMSetOperand(instruction, i, constNull(type))
    }
  }
}
