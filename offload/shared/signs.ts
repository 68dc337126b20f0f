/**
 * LLVM lets an optimiser choose the sign of a NaN: `-(a * b)` may become `-a * b`. RISC-V shows the difference (the first
 * is the canonical NaN with its sign set), and a program prints it, `nan` or `-nan`. So where a sign operation on the result
 * of arithmetic becomes visible, an `llvm.arithmetic.fence` keeps the two apart; it costs no instruction.
 */
import {
  allInstructions,
  type Builder,
  C,
  intrinsic,
  type Module,
  Opcode,
  operands,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { reachesVisible, sourcesOf } from './roles.ts'

export function fenceSigns(module: Module, builder: Builder, fn: ValueRef): void {
  for (const i of allInstructions(fn)) {
    if (C.LLVMGetInstructionOpcode(i) !== Opcode.FNeg) continue
    const [operand] = operands(i)
    if (sourcesOf(operand!).arithmetic.length === 0 || !reachesVisible(i)) continue
    const fence = intrinsic(module, 'llvm.arithmetic.fence', [valueType(operand!)])
    C.LLVMSetOperand(i, 0, builder.before(i).call(C.LLVMGlobalGetValueType(fence), fence, [operand!]))
  }
}
