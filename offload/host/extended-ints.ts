/**
 * A word that crosses as an `int` is sign-extended by who makes it (psABI, integer calling convention). Host code that passes one on
 * would extend it again: in the IR it is a number of 32 bits on the way. Without that, a call can be the last thing that a
 * function does.
 */
import {
  AttributeIndex,
  type AttributeRef,
  allInstructions,
  attribute,
  attributeKind,
  C,
  constIntValue,
  eraseInstruction,
  hasAttribute,
  hasCallAttribute,
  hasUses,
  isCall,
  type Module,
  Opcode,
  parameterIndex,
  params,
  replaceAllUses,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueType,
} from '../../analyzer/llvm/index.ts'
import type { Lowering } from './lowering.ts'

const UPPER_BITS = 32n

/** Marks a parameter of an entry, or the result of a call of the guest: for LLVM the attribute says nothing of 64 bits. */
export const extendedInt = ({ context }: Pick<Lowering, 'context'>): AttributeRef => attribute(context, 'signext')

/** Drops extensions of marked words from optimised code. */
export function dropExtensions(module: Module): void {
  for (const fn of module.definitions()) {
    const marked = [...params(fn)].filter((_, i) => hasAttribute(fn, 'signext', parameterIndex(i)))
    for (const instruction of allInstructions(fn)) {
      if (!isCall(C.LLVMGetInstructionOpcode(instruction))) continue
      if (!hasCallAttribute(instruction, 'signext', AttributeIndex.Return)) continue
      // with it LLVM would not make a tail call of it
      C.LLVMRemoveCallSiteEnumAttribute(instruction, AttributeIndex.Return, attributeKind('signext'))
      marked.push(instruction)
    }
    for (const word of marked) if (C.LLVMGetIntTypeWidth(valueType(word)) === 64) dropExtensionsOf(word)
  }
}

/** LLVM makes `ashr (shl word, 32), 32` of an extension. */
function dropExtensionsOf(word: ValueRef): void {
  for (const shifted of [...users(word)].filter(user => isShift(user, Opcode.Shl))) {
    for (const extended of [...users(shifted)].filter(user => isShift(user, Opcode.AShr))) {
      replaceAllUses(extended, word)
      eraseInstruction(extended)
    }
    if (!hasUses(shifted)) eraseInstruction(shifted)
  }
}

function isShift(value: ValueRef, opcode: number): boolean {
  if (valueKind(value) !== ValueKind.Instruction || C.LLVMGetInstructionOpcode(value) !== opcode) return false
  return constIntValue(C.LLVMGetOperand(value, 1)) === UPPER_BITS
}
