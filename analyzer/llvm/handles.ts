/**
 * Handles of libLLVM objects. Each is the object's address as a number: koffi passes `uintptr_t` in 24 ns against 43 ns
 * for a bigint pointer (measured, Node 20), numbers compare with `===` and are Map keys, and user-space addresses
 * (below 2^47) are exact. 0 is LLVM's null. The brands keep the kinds apart at compile time only.
 */
declare const kind: unique symbol
type Handle<Kind extends string> = number & { readonly [kind]: Kind }

export type ContextRef = Handle<'Context'>
export type ModuleRef = Handle<'Module'>
export type TypeRef = Handle<'Type'>
/** Any LLVMValueRef: function, global, argument, instruction, constant. */
export type ValueRef = Handle<'Value'>
export type BlockRef = Handle<'Block'>
export type UseRef = Handle<'Use'>
export type BuilderRef = Handle<'Builder'>
export type MetadataRef = Handle<'Metadata'>
export type NamedMetadataRef = Handle<'NamedMetadata'>
export type DbgRecordRef = Handle<'DbgRecord'>
export type AttributeRef = Handle<'Attribute'>
export type ComdatRef = Handle<'Comdat'>
export type BufferRef = Handle<'Buffer'>
export type DiagnosticRef = Handle<'Diagnostic'>
export type ErrorRef = Handle<'Error'>
export type TargetRef = Handle<'Target'>
export type TargetDataRef = Handle<'TargetData'>
export type TargetMachineRef = Handle<'TargetMachine'>
export type MachineOptionsRef = Handle<'MachineOptions'>
export type PassOptionsRef = Handle<'PassOptions'>
export type BundleRef = Handle<'Bundle'>

/** The null handle of any kind. */
export const NULL = 0 as never
