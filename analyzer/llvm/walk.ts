/** Iteration over the parts of a module. Every iterator fetches the next element before it yields the current one, so that
 *  the current one may be deleted. */
import type { BlockRef, UseRef, ValueRef } from './handles.ts'
import { C } from './library.ts'

export function* blocks(fn: ValueRef): IterableIterator<BlockRef> {
  for (let b = C.LLVMGetFirstBasicBlock(fn), next: BlockRef; b; b = next) {
    next = C.LLVMGetNextBasicBlock(b)
    yield b
  }
}

export function* instructions(block: BlockRef): IterableIterator<ValueRef> {
  for (let i = C.LLVMGetFirstInstruction(block), next: ValueRef; i; i = next) {
    next = C.LLVMGetNextInstruction(i)
    yield i
  }
}

/** Every instruction of a function, block by block. */
export function* allInstructions(fn: ValueRef): IterableIterator<ValueRef> {
  for (const block of blocks(fn)) yield* instructions(block)
}

export function* params(fn: ValueRef): IterableIterator<ValueRef> {
  for (let p = C.LLVMGetFirstParam(fn); p; p = C.LLVMGetNextParam(p)) yield p
}

/** Operands of an instruction or a constant. Blocks come as values; metadata operands of calls come as their value form. */
export function operands(user: ValueRef): ValueRef[] {
  const count = C.LLVMGetNumOperands(user)
  const result: ValueRef[] = []
  for (let i = 0; i < count; i++) result.push(C.LLVMGetOperand(user, i))
  return result
}

/** Arguments of a call, without the callee and operand bundles. */
export function callArguments(call: ValueRef): ValueRef[] {
  const count = C.LLVMGetNumArgOperands(call)
  const result: ValueRef[] = []
  for (let i = 0; i < count; i++) result.push(C.LLVMGetArgOperand(call, i))
  return result
}

/** The users of a value, one for every use (so a user may come twice). */
export function* users(value: ValueRef): IterableIterator<ValueRef> {
  for (let use = C.LLVMGetFirstUse(value), next: UseRef; use; use = next) {
    next = C.LLVMGetNextUse(use)
    yield C.LLVMGetUser(use)
  }
}

export function hasUses(value: ValueRef): boolean {
  return C.LLVMGetFirstUse(value) !== 0
}

export function successors(block: BlockRef): BlockRef[] {
  const terminator = C.LLVMGetBasicBlockTerminator(block)
  const result: BlockRef[] = []
  if (!terminator) return result
  const count = C.LLVMGetNumSuccessors(terminator)
  for (let i = 0; i < count; i++) result.push(C.LLVMGetSuccessor(terminator, i))
  return result
}
