import type { Context } from './context.ts'
import { AttributeIndex } from './enums.ts'
import type { AttributeRef, TypeRef, ValueRef } from './handles.ts'
import { C } from './library.ts'

/** An attribute taken apart. `name` of an enum or type attribute is not available in the C API; its kind number is. */
export interface AttributeText {
  readonly key: string
  readonly value: string
}

const kinds = new Map<string, number>()

/** The number of an enum or type attribute: `nest`, `byval`, `noinline`. */
export function attributeKind(name: string): number {
  let kind = kinds.get(name)
  if (kind === undefined) {
    kind = C.LLVMGetEnumAttributeKindForName(name, Buffer.byteLength(name))
    if (kind === 0) throw new RangeError(`no attribute ${name}`)
    kinds.set(name, kind)
  }
  return kind
}

/** `attribute(context, 'nest')`, `attribute(context, 'align', 16)`. */
export function attribute(context: Context, name: string, value: number | bigint = 0): AttributeRef {
  return C.LLVMCreateEnumAttribute(context.ref, attributeKind(name), value)
}

/** An attribute with a type: `byval`, `sret`. */
export function typeAttribute(context: Context, name: string, type: TypeRef): AttributeRef {
  return C.LLVMCreateTypeAttribute(context.ref, attributeKind(name), type)
}

/** `"target-cpu"="x86-64-v3"`. */
export function stringAttribute(context: Context, key: string, value = ''): AttributeRef {
  return C.LLVMCreateStringAttribute(context.ref, key, Buffer.byteLength(key), value, Buffer.byteLength(value))
}

/** Index of the nth parameter (from 0) among attribute positions. */
export function parameterIndex(n: number): number {
  return AttributeIndex.FirstParameter + n
}

/** The enum or type attribute of a function at a position, or undefined. */
export function getAttribute(fn: ValueRef, index: number, name: string): AttributeRef | undefined {
  return C.LLVMGetEnumAttributeAtIndex(fn, index, attributeKind(name)) || undefined
}

export function hasAttribute(fn: ValueRef, name: string, index: number = AttributeIndex.Function): boolean {
  return C.LLVMGetEnumAttributeAtIndex(fn, index, attributeKind(name)) !== 0
}

/** The value of a string attribute of a function, or undefined. */
export function stringAttributeValue(fn: ValueRef, key: string): string | undefined {
  const found = C.LLVMGetStringAttributeAtIndex(fn, AttributeIndex.Function, key, Buffer.byteLength(key))
  return found ? C.LLVMGetStringAttributeValue(found) : undefined
}

export function addAttribute(fn: ValueRef, index: number, what: AttributeRef): void {
  C.LLVMAddAttributeAtIndex(fn, index, what)
}

export function removeAttribute(fn: ValueRef, index: number, name: string): void {
  C.LLVMRemoveEnumAttributeAtIndex(fn, index, attributeKind(name))
}

export function removeStringAttribute(fn: ValueRef, key: string, index: number = AttributeIndex.Function): void {
  C.LLVMRemoveStringAttributeAtIndex(fn, index, key, Buffer.byteLength(key))
}

/** Every attribute at a position of a function. */
export function attributesAt(fn: ValueRef, index: number): AttributeRef[] {
  const memory = new BigUint64Array(Math.max(C.LLVMGetAttributeCountAtIndex(fn, index), 1))
  C.LLVMGetAttributesAtIndex(fn, index, memory)
  return Array.from(memory, Number).filter(a => a !== 0) as AttributeRef[]
}

/** Every attribute at a position of a call. */
export function callAttributesAt(call: ValueRef, index: number): AttributeRef[] {
  const memory = new BigUint64Array(Math.max(C.LLVMGetCallSiteAttributeCount(call, index), 1))
  C.LLVMGetCallSiteAttributes(call, index, memory)
  return Array.from(memory, Number).filter(a => a !== 0) as AttributeRef[]
}

export function addCallAttribute(call: ValueRef, index: number, what: AttributeRef): void {
  C.LLVMAddCallSiteAttribute(call, index, what)
}

export function hasCallAttribute(call: ValueRef, name: string, index: number = AttributeIndex.Function): boolean {
  return C.LLVMGetCallSiteEnumAttribute(call, index, attributeKind(name)) !== 0
}

/** Key and value of a string attribute; undefined for other attributes. */
export function attributeText(what: AttributeRef): AttributeText | undefined {
  if (!C.LLVMIsStringAttribute(what)) return undefined
  return { key: C.LLVMGetStringAttributeKind(what), value: C.LLVMGetStringAttributeValue(what) }
}
