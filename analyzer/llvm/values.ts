import type { Context } from './context.ts'
import { Linkage, Opcode, ValueKind } from './enums.ts'
import type { TypeRef, ValueRef } from './handles.ts'
import { C, list } from './library.ts'
import type { Module } from './module.ts'

export function valueName(value: ValueRef): string {
  return C.LLVMGetValueName2(value)
}

export function setValueName(value: ValueRef, name: string): void {
  C.LLVMSetValueName2(value, name, Buffer.byteLength(name))
}

export function valueType(value: ValueRef): TypeRef {
  return C.LLVMTypeOf(value)
}

/** A number of {@link ValueKind}. */
export function valueKind(value: ValueRef): number {
  return C.LLVMGetValueKind(value)
}

/** The value as IR text; of a function the whole body. */
export function valueText(value: ValueRef): string {
  return C.LLVMPrintValueToString(value)
}

/** The LLVM function type of a function, or the type of the memory of a global variable. */
export function globalType(global: ValueRef): TypeRef {
  return C.LLVMGlobalGetValueType(global)
}

export function isDeclaration(global: ValueRef): boolean {
  return C.LLVMIsDeclaration(global)
}

/** Internal or private: invisible to other object files. */
export function isLocal(global: ValueRef): boolean {
  const linkage = C.LLVMGetLinkage(global)
  return linkage === Linkage.Internal || linkage === Linkage.Private
}

/** True of the instructions that call: call, invoke, callbr. */
export function isCall(opcode: number): boolean {
  return opcode === Opcode.Call || opcode === Opcode.Invoke || opcode === Opcode.CallBr
}

/** The function that a call names directly, or undefined (pointer, inline assembly, alias). */
export function calledFunction(call: ValueRef): ValueRef | undefined {
  const callee = C.LLVMGetCalledValue(call)
  return C.LLVMGetValueKind(callee) === ValueKind.Function ? callee : undefined
}

/** Intrinsic number of a function, 0 when it is none. */
export function intrinsicId(fn: ValueRef): number {
  return C.LLVMGetIntrinsicID(fn)
}

/** The declaration of an intrinsic in a module; `overloads` are the types that its name is mangled with. */
export function intrinsic(module: Module, name: string, overloads: readonly TypeRef[] = []): ValueRef {
  const id = C.LLVMLookupIntrinsicID(name, Buffer.byteLength(name))
  if (id === 0) throw new RangeError(`no intrinsic ${name}`)
  return C.LLVMGetIntrinsicDeclaration(module.ref, id, list(overloads), overloads.length)
}

/** An integer constant of any width up to 64 bits; negative values are taken modulo 2^64. */
export function constInt(type: TypeRef, value: number | bigint): ValueRef {
  return C.LLVMConstInt(type, BigInt.asUintN(64, BigInt(value)), false)
}

/** The value of an integer constant of at most 64 bits, sign-extended; undefined for anything else. */
export function constIntValue(value: ValueRef): bigint | undefined {
  if (C.LLVMGetValueKind(value) !== ValueKind.ConstantInt) return undefined
  if (C.LLVMGetIntTypeWidth(C.LLVMTypeOf(value)) > 64) return undefined
  return BigInt(C.LLVMConstIntGetSExtValue(value))
}

export function constNull(type: TypeRef): ValueRef {
  return C.LLVMConstNull(type)
}

export function constStruct(context: Context, elements: readonly ValueRef[], packed = false): ValueRef {
  return C.LLVMConstStructInContext(context.ref, list(elements), elements.length, packed)
}

export function constArray(element: TypeRef, elements: readonly ValueRef[]): ValueRef {
  return C.LLVMConstArray2(element, list(elements), elements.length)
}

/** An array of bytes as a constant, without a terminator. */
export function constBytes(context: Context, bytes: Uint8Array): ValueRef {
  return C.LLVMConstStringInContext2(context.ref, bytes, bytes.length, true)
}

/** Makes every use of `value` a use of `other`. */
export function replaceAllUses(value: ValueRef, other: ValueRef): void {
  C.LLVMReplaceAllUsesWith(value, other)
}

/** Takes an instruction out of its block and deletes it. */
export function eraseInstruction(instruction: ValueRef): void {
  C.LLVMInstructionEraseFromParent(instruction)
}

/** Deletes the body of a function, which becomes an external declaration. Its blocks may use each other in any order. */
export function deleteBody(fn: ValueRef): void {
  for (let block = C.LLVMGetFirstBasicBlock(fn); block; block = C.LLVMGetNextBasicBlock(block)) {
    for (let i = C.LLVMGetLastInstruction(block), before: ValueRef; i; i = before) {
      before = C.LLVMGetPreviousInstruction(i)
      const type = C.LLVMTypeOf(i)
      if (C.LLVMGetFirstUse(i)) C.LLVMReplaceAllUsesWith(i, C.LLVMGetPoison(type))
      C.LLVMInstructionEraseFromParent(i)
    }
  }
  for (let block = C.LLVMGetFirstBasicBlock(fn); block; block = C.LLVMGetFirstBasicBlock(fn))
    C.LLVMDeleteBasicBlock(block)
  C.LLVMGlobalClearMetadata(fn)
  C.LLVMSetLinkage(fn, Linkage.External)
}
