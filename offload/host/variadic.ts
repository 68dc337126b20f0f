/**
 * Variadic functions. clang reads variable arguments through one pointer (psABI, C type sizes: va_list), which walks over words as a
 * callee lays them down: its remaining argument registers, then those on the stack, 16-byte scalars at even places. So the
 * host's form of `f(a, ...)` is `f(a, pointer)`. Guest code gets there through a stub that stores the registers; a call in host
 * code has its arguments in an array of its own, which the optimiser can look into.
 */
import {
  AttributeIndex,
  addAttribute,
  attributesAt,
  type BlockRef,
  blocks,
  C,
  callArguments,
  constInt,
  eraseInstruction,
  functionType,
  Linkage,
  parameterIndex,
  replaceAllUses,
  type TypeRef,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { extractLeaf, type Leaf, toWords } from '../words.ts'
import { argumentLeaves } from './guest-call.ts'
import { type Lowering, Refusal } from './lowering.ts'

export function isVariadic(fn: ValueRef): boolean {
  return functionType(C.LLVMGlobalGetValueType(fn)).variadic
}

/**
 * Moves the body of a variadic function into a new one, whose last parameter is the pointer to the variable arguments. The old
 * one stays as the name of the guest's function. @throws Refusal
 */
export function makeHostForm({ module, types }: Lowering, fn: ValueRef): ValueRef {
  if ([...blocks(fn)].some(hasAddress)) throw new Refusal('variadic, with computed goto')
  const { result, parameters } = functionType(C.LLVMGlobalGetValueType(fn))
  const form = module.addFunction(`${valueName(fn)}.variadic`, types.function(result, [...parameters, types.ptr]))
  C.LLVMSetLinkage(form, Linkage.Internal)
  for (const index of [AttributeIndex.Return, AttributeIndex.Function, ...parameters.map((_, i) => parameterIndex(i))])
    for (const attribute of attributesAt(fn, index)) addAttribute(form, index, attribute)
  const start = C.LLVMAppendBasicBlockInContext(module.context.ref, form, '')
  for (let block = C.LLVMGetFirstBasicBlock(fn), last = start; block; block = C.LLVMGetFirstBasicBlock(fn)) {
    C.LLVMMoveBasicBlockAfter(block, last)
    last = block
  }
  C.LLVMDeleteBasicBlock(start)
  parameters.forEach((_, i) => {
    replaceAllUses(C.LLVMGetParam(fn, i), C.LLVMGetParam(form, i))
  })
  const subprogram = C.LLVMGetSubprogram(fn)
  C.LLVMGlobalClearMetadata(fn)
  if (subprogram) C.LLVMSetSubprogram(form, subprogram)
  C.LLVMSetLinkage(fn, Linkage.External)
  return form
}

/** Whether the program takes the address of the block's label. */
function hasAddress(block: BlockRef): boolean {
  return [...users(C.LLVMBasicBlockAsValue(block))].some(user => valueKind(user) === ValueKind.BlockAddress)
}

/** Replaces a call of a variadic function by one of its host form. */
export function callHostForm(l: Lowering, call: ValueRef, form: ValueRef): void {
  const { builder: b, types } = l
  const values = callArguments(call)
  const fixed = functionType(C.LLVMGlobalGetValueType(form)).parameters.length - 1
  const leaves = argumentLeaves(call)
  const registers = leaves.slice(0, fixed).flat()
  b.before(call)
  const words: (ValueRef | undefined)[] = integerWords(registers) % 2 === 1 ? [undefined] : []
  const start = words.length
  values.slice(fixed).forEach((value, i) => {
    for (const leaf of leaves[fixed + i]!) {
      if (leaf.form === 'ii' && words.length % 2 === 1) words.push(undefined)
      words.push(...toWords(b, types, leaf, extractLeaf(b, value, leaf)))
    }
  })
  const array = allocate(l, call, types.array(types.i64, Math.max(words.length, 1)))
  b.before(call)
  const place = (i: number) => b.gep(types.i64, array, [constInt(types.i64, i)])
  words.forEach((word, i) => {
    if (word !== undefined) b.store(word, place(i), 8)
  })
  const made = b.call(C.LLVMGlobalGetValueType(form), form, [...values.slice(0, fixed), place(start)])
  if (valueType(call) !== types.void) replaceAllUses(call, made)
  eraseInstruction(call)
}

const REGISTERS = 8

/** Words of named arguments in the integer registers and on the stack, whose number says whether the next is at an even place. */
function integerWords(leaves: readonly Leaf[]): number {
  let integers = 0
  let floats = 0
  for (const { form } of leaves) {
    if (form === 'ii') integers += integers >= REGISTERS && integers % 2 === 1 ? 3 : 2
    else if (form !== 'i' && floats < REGISTERS) floats++
    else integers++
  }
  return integers
}

/** Memory of the function's frame, made once however often the call is made. */
function allocate(l: Lowering, call: ValueRef, type: TypeRef): ValueRef {
  const fn = C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(call))
  const array = l.builder.before(C.LLVMGetFirstInstruction(C.LLVMGetEntryBasicBlock(fn))).alloca(type)
  C.LLVMSetAlignment(array, 16)
  return array
}
