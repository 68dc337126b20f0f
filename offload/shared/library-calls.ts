/**
 * Intrinsics that stand for functions of the C library whose results the library decides become calls of the functions,
 * before the two sides part: both then call the guest's, and neither folds the call.
 */
import {
  AttributeIndex,
  addCallAttribute,
  attribute,
  type Builder,
  C,
  callArguments,
  eraseInstruction,
  Builder as IrBuilder,
  type Module,
  replaceAllUses,
  structElements,
  TypeKind,
  type TypeRef,
  Types,
  typeKind,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { INEXACT_INTRINSICS } from './libm.ts'

const SUFFIXES: Readonly<Record<number, string>> = {
  [TypeKind.Float]: 'f',
  [TypeKind.Double]: '',
  [TypeKind.FP128]: 'l',
}

/** Integer powers: a function of the compiler's run-time library, where constants would be multiplied out or folded. */
const POWI: Readonly<Record<string, string>> = { f: '__powisf2', '': '__powidf2', l: '__powitf2' }

/** Intrinsics with two results: the functions take pointers for the second, or for both. */
const TWO_RESULTS: Readonly<Record<string, 'second' | 'both'>> = { frexp: 'second', modf: 'second', sincos: 'both' }

/**
 * `llvm.sin.f64(x)` → `sin(x)`. Vectors are left to the code generators and refused on the host.
 * @param base name of the intrinsic between the first two dots; others than those here are left alone
 */
export function callLibrary(module: Module, builder: Builder, call: ValueRef, base: string): void {
  const argument = callArguments(call)[0]
  const suffix = argument && SUFFIXES[typeKind(valueType(argument))]
  if (suffix === undefined) return
  const name = base === 'powi' ? POWI[suffix]! : `${base}${suffix}`
  const results = TWO_RESULTS[base]
  if (base === 'powi' || INEXACT_INTRINSICS.has(base)) {
    const made = callFunction(module, builder, name, C.LLVMGetCalledFunctionType(call), callArguments(call))
    replaceAllUses(call, made)
    eraseInstruction(call)
  } else if (results !== undefined) {
    replaceAllUses(call, callWithPointers(module, builder, call, name, results))
    eraseInstruction(call)
  }
}

function callFunction(module: Module, b: Builder, name: string, type: TypeRef, values: readonly ValueRef[]): ValueRef {
  const target = module.function(name) ?? module.addFunction(name, type)
  const made = b.call(type, target, values)
  for (const key of ['nobuiltin', 'nounwind'])
    addCallAttribute(made, AttributeIndex.Function, attribute(module.context, key))
  return made
}

/** `{ double, i32 } llvm.frexp(x)` → `double frexp(x, &second)`; `llvm.sincos` → `void sincos(x, &first, &second)`. */
function callWithPointers(
  module: Module,
  b: Builder,
  call: ValueRef,
  name: string,
  results: 'second' | 'both',
): ValueRef {
  const types = new Types(module.context)
  const [x] = callArguments(call) as [ValueRef]
  const [first, second] = structElements(valueType(call)) as [TypeRef, TypeRef]
  const pointers = (results === 'both' ? [first, second] : [second]).map(type => entryAlloca(module, call, type))
  const result = results === 'both' ? types.void : first
  const type = types.function(result, [valueType(x), ...pointers.map(() => types.ptr)])
  const made = callFunction(module, b, name, type, [x, ...pointers])
  const one = results === 'both' ? b.load(first, pointers[0]!) : made
  const other = b.load(second, pointers.at(-1)!)
  const empty = C.LLVMGetPoison(valueType(call))
  return b.insertValue(b.insertValue(empty, one, 0), other, 1)
}

/** A variable in the entry block, where optimisers expect them. */
function entryAlloca(module: Module, near: ValueRef, type: TypeRef): ValueRef {
  const fn = C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(near))
  const builder = new IrBuilder(module.context)
  const made = builder.before(C.LLVMGetFirstInstruction(C.LLVMGetEntryBasicBlock(fn))).alloca(type)
  builder.dispose()
  return made
}
