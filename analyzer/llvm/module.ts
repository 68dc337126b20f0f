import { readFileSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import type { Context } from './context.ts'
import type { BufferRef, ModuleRef, TypeRef, ValueRef } from './handles.ts'
import { NULL } from './handles.ts'
import { C, copyBytes, outCell, takeError, takeMessage } from './library.ts'
import type { TargetMachine } from './target.ts'

/** Switches of the optimisation pipelines; all default to LLVM's own. */
export interface PassOptions {
  readonly verifyEach?: boolean
  readonly loopVectorization?: boolean
  readonly slpVectorization?: boolean
  readonly loopInterleaving?: boolean
  readonly loopUnrolling?: boolean
  readonly mergeFunctions?: boolean
  readonly inlinerThreshold?: number
}

/** An LLVM module and the context that it lives in. */
export class Module {
  readonly context: Context
  readonly ref: ModuleRef

  constructor(context: Context, ref: ModuleRef) {
    this.context = context
    this.ref = ref
  }

  static create(context: Context, name: string): Module {
    return new Module(context, C.LLVMModuleCreateWithNameInContext(name, context.ref))
  }

  /** @throws FerryError `bitcode-invalid` */
  static parseBitcode(context: Context, bytes: Uint8Array, name: string): Module {
    const buffer = C.LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes, bytes.length, name)
    const out = outCell()
    const failed = C.LLVMParseBitcodeInContext2(context.ref, buffer, out)
    C.LLVMDisposeMemoryBuffer(buffer)
    if (failed) throw new FerryError('bitcode-invalid', { path: name, reason: context.takeErrors('not LLVM bitcode') })
    return new Module(context, Number(out[0]) as ModuleRef)
  }

  /** @throws FerryError `bitcode-invalid` */
  static readBitcode(context: Context, path: string): Module {
    return Module.parseBitcode(context, readFileSync(path), path)
  }

  /** Parses textual IR. @throws FerryError `bitcode-invalid` */
  static parseText(context: Context, text: string, name = 'text'): Module {
    const bytes = new TextEncoder().encode(text)
    const buffer = C.LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes, bytes.length, name)
    const out = outCell()
    const message = outCell()
    const failed = C.LLVMParseIRInContext2(context.ref, buffer, out, message)
    C.LLVMDisposeMemoryBuffer(buffer)
    if (failed) throw new FerryError('bitcode-invalid', { path: name, reason: takeMessage(message).trim() })
    return new Module(context, Number(out[0]) as ModuleRef)
  }

  /** Links `other` of the same context into this module; `other` is gone afterwards. @throws FerryError `llvm-link` */
  link(other: Module): void {
    const name = other.name
    if (C.LLVMLinkModules2(this.ref, other.ref))
      throw new FerryError('llvm-link', { path: name, reason: this.context.takeErrors('LLVM gave no reason') })
  }

  clone(): Module {
    return new Module(this.context, C.LLVMCloneModule(this.ref))
  }

  dispose(): void {
    C.LLVMDisposeModule(this.ref)
  }

  /** LLVM's complaint about the module, or undefined when it is well formed. */
  verify(): string | undefined {
    const message = outCell()
    const RETURN_STATUS = 2
    const failed = C.LLVMVerifyModule(this.ref, RETURN_STATUS, message)
    const text = takeMessage(message)
    return failed ? text : undefined
  }

  /** The module as textual IR. */
  print(): string {
    return C.LLVMPrintModuleToString(this.ref)
  }

  bitcode(): Uint8Array {
    return takeBuffer(C.LLVMWriteBitcodeToMemoryBuffer(this.ref))
  }

  get name(): string {
    return C.LLVMGetModuleIdentifier(this.ref)
  }

  get triple(): string {
    return C.LLVMGetTarget(this.ref)
  }

  set triple(triple: string) {
    C.LLVMSetTarget(this.ref, triple)
  }

  get dataLayout(): string {
    return C.LLVMGetDataLayoutStr(this.ref)
  }

  set dataLayout(layout: string) {
    C.LLVMSetDataLayout(this.ref, layout)
  }

  get inlineAsm(): string {
    return C.LLVMGetModuleInlineAsm(this.ref)
  }

  set inlineAsm(text: string) {
    C.LLVMSetModuleInlineAsm2(this.ref, text, Buffer.byteLength(text))
  }

  function(name: string): ValueRef | undefined {
    return C.LLVMGetNamedFunction(this.ref, name) || undefined
  }

  global(name: string): ValueRef | undefined {
    return C.LLVMGetNamedGlobal(this.ref, name) || undefined
  }

  addFunction(name: string, type: TypeRef): ValueRef {
    return C.LLVMAddFunction(this.ref, name, type)
  }

  addGlobal(name: string, type: TypeRef): ValueRef {
    return C.LLVMAddGlobal(this.ref, type, name)
  }

  /** Every function, declarations too. The current one may be deleted while iterating. */
  *functions(): IterableIterator<ValueRef> {
    for (let f = C.LLVMGetFirstFunction(this.ref), next: ValueRef; f; f = next) {
      next = C.LLVMGetNextFunction(f)
      yield f
    }
  }

  /** Functions with a body. */
  *definitions(): IterableIterator<ValueRef> {
    for (const f of this.functions()) if (!C.LLVMIsDeclaration(f)) yield f
  }

  *globals(): IterableIterator<ValueRef> {
    for (let g = C.LLVMGetFirstGlobal(this.ref), next: ValueRef; g; g = next) {
      next = C.LLVMGetNextGlobal(g)
      yield g
    }
  }

  *aliases(): IterableIterator<ValueRef> {
    for (let a = C.LLVMGetFirstGlobalAlias(this.ref), next: ValueRef; a; a = next) {
      next = C.LLVMGetNextGlobalAlias(a)
      yield a
    }
  }

  *ifuncs(): IterableIterator<ValueRef> {
    for (let a = C.LLVMGetFirstGlobalIFunc(this.ref), next: ValueRef; a; a = next) {
      next = C.LLVMGetNextGlobalIFunc(a)
      yield a
    }
  }

  /**
   * Runs a pipeline in the syntax of `opt -passes=`, e.g. `default<O3>`, `function(mem2reg,sroa)`.
   * @throws FerryError `llvm-passes`
   */
  runPasses(pipeline: string, machine?: TargetMachine, options: PassOptions = {}): void {
    const set = C.LLVMCreatePassBuilderOptions()
    if (options.verifyEach !== undefined) C.LLVMPassBuilderOptionsSetVerifyEach(set, options.verifyEach)
    if (options.loopVectorization !== undefined)
      C.LLVMPassBuilderOptionsSetLoopVectorization(set, options.loopVectorization)
    if (options.slpVectorization !== undefined)
      C.LLVMPassBuilderOptionsSetSLPVectorization(set, options.slpVectorization)
    if (options.loopInterleaving !== undefined)
      C.LLVMPassBuilderOptionsSetLoopInterleaving(set, options.loopInterleaving)
    if (options.loopUnrolling !== undefined) C.LLVMPassBuilderOptionsSetLoopUnrolling(set, options.loopUnrolling)
    if (options.mergeFunctions !== undefined) C.LLVMPassBuilderOptionsSetMergeFunctions(set, options.mergeFunctions)
    if (options.inlinerThreshold !== undefined)
      C.LLVMPassBuilderOptionsSetInlinerThreshold(set, options.inlinerThreshold)
    const reason = takeError(C.LLVMRunPasses(this.ref, pipeline, machine?.ref ?? NULL, set))
    C.LLVMDisposePassBuilderOptions(set)
    if (reason !== undefined) throw new FerryError('llvm-passes', { pipeline, reason })
  }
}

/** Copies a memory buffer out of LLVM and frees it. */
export function takeBuffer(buffer: BufferRef): Uint8Array {
  const bytes = copyBytes(C.LLVMGetBufferStart(buffer), Number(C.LLVMGetBufferSize(buffer)))
  C.LLVMDisposeMemoryBuffer(buffer)
  return bytes
}
