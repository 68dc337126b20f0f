/**
 * Sorts the calls of a function that moves to the host:
 *
 *   a chosen function                 stays a direct call
 *   the C library, result fixed       the host's function (functions.ts)
 *   an intrinsic                      intrinsics.ts
 *   everything else, and pointers     a call of a guest address (guest-call.ts)
 */
import {
  AttributeIndex,
  addAttribute,
  attribute,
  attributeKind,
  C,
  CallConv,
  constIntValue,
  functionType,
  integerBits,
  intrinsic,
  isDeclaration,
  Linkage,
  Opcode,
  parameterIndex,
  TailCall,
  TypeKind,
  type TypeRef,
  typeKind,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
} from '../../analyzer/llvm/index.ts'
import { isBarrier } from '../../analyzer/obstacles.ts'
import { HOST_LIBM } from '../shared/libm.ts'
import { HOST_FUNCTIONS, type HostFunction } from './functions.ts'
import { helper, loadReference, lowerGuestCall } from './guest-call.ts'
import { lowerIntrinsic } from './intrinsics.ts'
import { type Lowering, Refusal } from './lowering.ts'
import { callHostForm } from './variadic.ts'

export function lowerCall(l: Lowering, call: ValueRef, opcode: number): void {
  if (opcode !== Opcode.Call) throw new Refusal('asm goto or exceptions')
  if (C.LLVMGetTailCallKind(call) === TailCall.MustTail) throw new Refusal('musttail call')
  const callee = resolve(l, C.LLVMGetCalledValue(call))
  const kind = valueKind(callee)
  if (kind === ValueKind.InlineAsm) checkAssembly(callee)
  else if (isReplaceable(kind)) lowerGuestCall(l, call, () => loadReference(l, valueName(callee)))
  else if (kind !== ValueKind.Function) lowerGuestCall(l, call, () => callee, 'pointer')
  else if (valueName(callee).startsWith('llvm.')) lowerIntrinsic(l, call, valueName(callee))
  else lowerNamedCall(l, call, callee)
}

function lowerNamedCall(l: Lowering, call: ValueRef, callee: ValueRef): void {
  if (C.LLVMGetInstructionCallConv(call) !== CallConv.C) throw new Refusal('unusual calling convention')
  const name = valueName(callee)
  const type = C.LLVMGetCalledFunctionType(call)
  const isOwn = !l.replaceable.has(name) && type === C.LLVMGlobalGetValueType(callee)
  const form = l.hostForms.get(callee)
  // A call with another type than the function's is undefined in LLVM but works on RISC-V: the bridge sorts it out.
  if (form !== undefined && isOwn) callHostForm(l, call, form)
  else if (l.chosen.has(callee) && isOwn) directCall(call, callee, type)
  else if (!isDeclaration(callee) || !staysOnHost(l, call, name, type))
    lowerGuestCall(l, call, () => loadReference(l, name))
}

/** Redirects a call to the host's library where that is allowed; false when it must go to the guest. */
function staysOnHost(l: Lowering, call: ValueRef, name: string, type: TypeRef): boolean {
  if (l.hostLibm && HOST_LIBM.has(name) && !usesQuad(type)) return true
  const host = HOST_FUNCTIONS.get(name)
  if (host === undefined || prototype(type) !== host.prototype) return false
  if (host.when === 'sign') return [...users(call)].every(isComparedWithZero)
  if (host.when === 'number') C.LLVMSetOperand(call, C.LLVMGetNumOperands(call) - 1, numberHelper(l, name, host, type))
  return true
}

/** The function behind an alias that can not be replaced. */
function resolve(l: Lowering, callee: ValueRef): ValueRef {
  if (valueKind(callee) !== ValueKind.GlobalAlias || l.replaceable.has(valueName(callee))) return callee
  const linkage = C.LLVMGetLinkage(callee)
  const target = C.LLVMAliasGetAliasee(callee)
  const fixed = linkage === Linkage.External || linkage === Linkage.Internal || linkage === Linkage.Private
  return fixed && valueKind(target) === ValueKind.Function ? target : callee
}

/** An alias or ifunc: what it stands for is in the reference table. */
const isReplaceable = (kind: number): boolean => kind === ValueKind.GlobalAlias || kind === ValueKind.GlobalIFunc

/** An empty statement, which only keeps the compiler from knowing values or moving accesses, means the same everywhere. */
function checkAssembly(assembly: ValueRef): void {
  if (!isBarrier(assembly)) throw new Refusal('inline assembly')
}

/** Makes a call of a chosen function fit the function, whose `sret` and the like were taken off. */
function directCall(call: ValueRef, callee: ValueRef, type: TypeRef): void {
  if (callee !== C.LLVMGetCalledValue(call)) C.LLVMSetOperand(call, C.LLVMGetNumOperands(call) - 1, callee)
  functionType(type).parameters.forEach((_, i) => {
    for (const name of ABI_ATTRIBUTES) C.LLVMRemoveCallSiteEnumAttribute(call, parameterIndex(i), attributeKind(name))
  })
}

/** Parameter attributes that only say how an ABI passes a pointer. */
export const ABI_ATTRIBUTES = ['sret', 'byval', 'inreg'] as const

/** A comparison with zero, or what `x < 0` as a number becomes: the sign bit. */
function isComparedWithZero(user: ValueRef): boolean {
  const opcode = C.LLVMGetInstructionOpcode(user)
  const operand = C.LLVMGetOperand(user, 1)
  if (opcode === Opcode.ICmp) return C.LLVMIsNull(operand)
  return (opcode === Opcode.LShr || opcode === Opcode.AShr) && constIntValue(operand) === 31n
}

/**
 * `double ferry.sqrt(double x)`: computes inline; a NaN is left to the guest's function, which sets the guest's errno.
 * What partially-inline-libcalls does to the same call on the guest side.
 */
function numberHelper(l: Lowering, name: string, host: HostFunction, type: TypeRef): ValueRef {
  const float = functionType(type).result
  return helper(l, `ferry.${name}`, type, (b, fn) => {
    C.LLVMSetLinkage(fn, Linkage.Internal)
    addAttribute(fn, AttributeIndex.Function, attribute(l.context, 'alwaysinline'))
    const values = functionType(type).parameters.map((_, i) => C.LLVMGetParam(fn, i))
    let result: ValueRef
    if (host.as === 'FRem') result = b.binary('FRem', values[0]!, values[1]!)
    else {
      const operation = intrinsic(l.module, host.as!, [float])
      result = b.call(C.LLVMGlobalGetValueType(operation), operation, values)
    }
    const [rare, usual] = [b.block(fn), b.block(fn)]
    const never = intrinsic(l.module, 'llvm.expect', [l.types.i1])
    const isNan = b.fcmp('uno', result, result)
    const unlikely = b.call(C.LLVMGlobalGetValueType(never), never, [isNan, C.LLVMConstNull(l.types.i1)])
    b.condBr(unlikely, rare, usual)
    b.atEnd(usual).ret(result)
    b.atEnd(rare)
    const target = l.module.function(name)!
    const call = b.call(type, target, values)
    b.ret(call)
    lowerGuestCall(l, call, () => loadReference(l, name))
  })
}

function usesQuad(type: TypeRef): boolean {
  const { result, parameters } = functionType(type)
  return [result, ...parameters].some(t => typeKind(t) === TypeKind.FP128)
}

/** The prototype of a function type in the letters of functions.ts; '?' for what they have no letter for. */
function prototype(type: TypeRef): string {
  const { result, parameters, variadic } = functionType(type)
  return variadic ? '?' : `${parameters.map(letter).join('')}:${letter(result)}`
}

function letter(type: TypeRef): string {
  const kind = typeKind(type)
  if (kind === TypeKind.Pointer) return 'p'
  if (kind === TypeKind.Double) return 'd'
  if (kind === TypeKind.Float) return 'f'
  if (kind === TypeKind.Void) return 'v'
  if (kind !== TypeKind.Integer) return '?'
  return { 32: 'i', 64: 'l' }[integerBits(type)] ?? '?'
}
