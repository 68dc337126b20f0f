/**
 * Thread-local variables are the guest's: host code finds them through the guest's thread pointer, at a distance from it that is the
 * same in all threads of a program. The guest tells a variable's address in the thread that asks first (offload/guest.ts makes
 * a function that does); from then on the distance is known.
 */
import {
  AttributeIndex,
  addAttribute,
  addCallAttribute,
  attribute,
  C,
  callArguments,
  constInt,
  eraseInstruction,
  Linkage,
  replaceAllUses,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
} from '../../analyzer/llvm/index.ts'
import { THREAD_POINTER, threadLocalReference } from '../../base/manifest.ts'
import { helper, loadReference } from './guest-call.ts'
import { type Lowering, loadEntry, Refusal } from './lowering.ts'

/** Variables of the host object: distances from the thread pointer. */
export const DISTANCE = 'ferry.distance.'
/** No variable is that far from the thread pointer. */
const UNKNOWN = -1n << 63n

/** `llvm.threadlocal.address(variable)`. */
export function lowerThreadLocal(l: Lowering, call: ValueRef): void {
  const [variable] = callArguments(call)
  if (valueKind(variable!) !== ValueKind.GlobalVariable) throw new Refusal('a thread-local variable by another name')
  const { types } = l
  const type = types.function(types.ptr, [])
  const find = addressHelper(l, valueName(variable!))
  const made = l.builder.before(call).call(type, find, [])
  // The address does not change while the function runs, so that one look is enough.
  markPure(l, made)
  replaceAllUses(call, made)
  eraseInstruction(call)
}

/** `llvm.thread.pointer()`. */
export function lowerThreadPointer(l: Lowering, call: ValueRef): void {
  l.builder.before(call)
  replaceAllUses(call, threadPointer(l))
  eraseInstruction(call)
}

function threadPointer(l: Lowering): ValueRef {
  const { types, builder: b } = l
  const thunk = loadEntry(l, l.globals.thunks, l.thunks.place(THREAD_POINTER), '')
  const pointer = b.call(types.function(types.ptr, []), thunk, [])
  markPure(l, pointer)
  return pointer
}

function markPure(l: Lowering, call: ValueRef): void {
  for (const name of ['nounwind', 'willreturn', 'memory'])
    addCallAttribute(call, AttributeIndex.Function, attribute(l.context, name))
}

/** `ptr ferry.thread.<variable>()`. */
function addressHelper(l: Lowering, variable: string): ValueRef {
  const { types, context } = l
  return helper(l, `ferry.thread.${variable}`, types.function(types.ptr, []), (b, fn) => {
    C.LLVMSetLinkage(fn, Linkage.Internal)
    for (const name of ['noinline', 'nounwind']) addAttribute(fn, AttributeIndex.Function, attribute(context, name))
    if (isForLibrary(l)) b.ret(askGuest(l, variable))
    else rememberDistance(l, variable, fn)
  })
}

/** Code of a library may be loaded at any time; its variables have a place of their own in each thread then. */
function isForLibrary({ module }: Lowering): boolean {
  const has = (flag: string) => C.LLVMGetModuleFlag(module.ref, flag, Buffer.byteLength(flag)) !== 0
  return has('PIC Level') && !has('PIE Level')
}

function rememberDistance(l: Lowering, variable: string, fn: ValueRef): void {
  const { types, builder: b } = l
  const distance = l.module.addGlobal(`${DISTANCE}${variable}`, types.i64)
  C.LLVMSetInitializer(distance, constInt(types.i64, UNKNOWN))
  C.LLVMSetLinkage(distance, Linkage.Internal)
  const [ask, known] = [b.block(fn), b.block(fn)]
  const base = threadPointer(l)
  const found = b.load(types.i64, distance, '', 8)
  b.condBr(b.icmp('eq', found, constInt(types.i64, UNKNOWN)), ask, known)
  b.atEnd(known).ret(b.gep(types.i8, base, [found]))
  b.atEnd(ask)
  const address = askGuest(l, variable)
  b.store(b.binary('Sub', b.cast('PtrToInt', address, types.i64), b.cast('PtrToInt', base, types.i64)), distance, 8)
  b.ret(address)
}

function askGuest(l: Lowering, variable: string): ValueRef {
  const { types, builder: b } = l
  const thunk = loadEntry(l, l.globals.thunks, l.thunks.place(':i'), '')
  const target = loadReference(l, threadLocalReference(variable))
  const address = b.call(types.function(types.ptr, [types.ptr]), thunk, [target])
  addCallAttribute(address, AttributeIndex.FirstParameter, attribute(l.context, 'nest'))
  return address
}
