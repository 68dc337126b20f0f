import type { Context } from './context.ts'
import { IntPredicate, Opcode, RealPredicate } from './enums.ts'
import type { BlockRef, BuilderRef, MetadataRef, TypeRef, ValueRef } from './handles.ts'
import { NULL } from './handles.ts'
import { C, list } from './library.ts'

type BinaryOpcode = 'Add' | 'Sub' | 'Mul' | 'UDiv' | 'SDiv' | 'URem' | 'SRem' | 'Shl' | 'LShr' | 'AShr' | 'And' | 'Or'
export type BinaryOperation = BinaryOpcode | 'Xor' | 'FAdd' | 'FSub' | 'FMul' | 'FDiv' | 'FRem'
type IntegerCast = 'Trunc' | 'ZExt' | 'SExt' | 'PtrToInt' | 'IntToPtr' | 'BitCast'
export type CastOperation = IntegerCast | 'FPToUI' | 'FPToSI' | 'UIToFP' | 'SIToFP' | 'FPTrunc' | 'FPExt'

/** Appends instructions at a place in a function. Names are optional: LLVM numbers what has none. */
export class Builder {
  readonly context: Context
  readonly ref: BuilderRef

  constructor(context: Context) {
    this.context = context
    this.ref = C.LLVMCreateBuilderInContext(context.ref)
  }

  dispose(): void {
    C.LLVMDisposeBuilder(this.ref)
  }

  /** Appends a block to a function; does not move the builder. */
  block(fn: ValueRef, name = ''): BlockRef {
    return C.LLVMAppendBasicBlockInContext(this.context.ref, fn, name)
  }

  atEnd(block: BlockRef): this {
    C.LLVMPositionBuilderAtEnd(this.ref, block)
    return this
  }

  before(instruction: ValueRef): this {
    C.LLVMPositionBuilderBefore(this.ref, instruction)
    return this
  }

  /** Behind an instruction that is not a terminator. */
  after(instruction: ValueRef): this {
    return this.before(C.LLVMGetNextInstruction(instruction))
  }

  get insertBlock(): BlockRef {
    return C.LLVMGetInsertBlock(this.ref)
  }

  /** Debug location of what follows; null for none. */
  setDebugLocation(location: MetadataRef | null): void {
    C.LLVMSetCurrentDebugLocation2(this.ref, location ?? NULL)
  }

  alloca(type: TypeRef, name = ''): ValueRef {
    return C.LLVMBuildAlloca(this.ref, type, name)
  }

  /** `alignment` in bytes; the type's own without it. */
  load(type: TypeRef, pointer: ValueRef, name = '', alignment = 0): ValueRef {
    const load = C.LLVMBuildLoad2(this.ref, type, pointer, name)
    if (alignment) C.LLVMSetAlignment(load, alignment)
    return load
  }

  store(value: ValueRef, pointer: ValueRef, alignment = 0): ValueRef {
    const store = C.LLVMBuildStore(this.ref, value, pointer)
    if (alignment) C.LLVMSetAlignment(store, alignment)
    return store
  }

  gep(type: TypeRef, pointer: ValueRef, indices: readonly ValueRef[], name = ''): ValueRef {
    return C.LLVMBuildInBoundsGEP2(this.ref, type, pointer, list(indices), indices.length, name)
  }

  /** `flags` as LLVMGEPGetNoWrapFlags gives them. */
  gepWithFlags(type: TypeRef, pointer: ValueRef, indices: readonly ValueRef[], flags: number, name = ''): ValueRef {
    return C.LLVMBuildGEPWithNoWrapFlags(this.ref, type, pointer, list(indices), indices.length, name, flags)
  }

  structGep(type: TypeRef, pointer: ValueRef, element: number, name = ''): ValueRef {
    return C.LLVMBuildStructGEP2(this.ref, type, pointer, element, name)
  }

  /** `type` is the function type. Attributes (e.g. `nest`): `addCallAttribute` on the result. */
  call(type: TypeRef, callee: ValueRef, values: readonly ValueRef[], name = ''): ValueRef {
    return C.LLVMBuildCall2(this.ref, type, callee, list(values), values.length, name)
  }

  binary(operation: BinaryOperation, left: ValueRef, right: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildBinOp(this.ref, Opcode[operation], left, right, name)
  }

  cast(operation: CastOperation, value: ValueRef, type: TypeRef, name = ''): ValueRef {
    return C.LLVMBuildCast(this.ref, Opcode[operation], value, type, name)
  }

  not(value: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildNot(this.ref, value, name)
  }

  icmp(predicate: keyof typeof IntPredicate, left: ValueRef, right: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildICmp(this.ref, IntPredicate[predicate], left, right, name)
  }

  fcmp(predicate: keyof typeof RealPredicate, left: ValueRef, right: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildFCmp(this.ref, RealPredicate[predicate], left, right, name)
  }

  select(condition: ValueRef, yes: ValueRef, no: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildSelect(this.ref, condition, yes, no, name)
  }

  phi(type: TypeRef, incoming: readonly (readonly [value: ValueRef, from: BlockRef])[] = [], name = ''): ValueRef {
    const phi = C.LLVMBuildPhi(this.ref, type, name)
    this.addIncoming(phi, incoming)
    return phi
  }

  addIncoming(phi: ValueRef, incoming: readonly (readonly [value: ValueRef, from: BlockRef])[]): void {
    const values = list(incoming.map(([value]) => value))
    const froms = list(incoming.map(([, from]) => from))
    C.LLVMAddIncoming(phi, values, froms, incoming.length)
  }

  extractValue(aggregate: ValueRef, index: number, name = ''): ValueRef {
    return C.LLVMBuildExtractValue(this.ref, aggregate, index, name)
  }

  insertValue(aggregate: ValueRef, element: ValueRef, index: number, name = ''): ValueRef {
    return C.LLVMBuildInsertValue(this.ref, aggregate, element, index, name)
  }

  insertElement(vector: ValueRef, element: ValueRef, index: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildInsertElement(this.ref, vector, element, index, name)
  }

  freeze(value: ValueRef, name = ''): ValueRef {
    return C.LLVMBuildFreeze(this.ref, value, name)
  }

  /** Copies `size` (an integer value) bytes; alignments in bytes. */
  memcpy(to: ValueRef, toAlignment: number, from: ValueRef, fromAlignment: number, size: ValueRef): ValueRef {
    return C.LLVMBuildMemCpy(this.ref, to, toAlignment, from, fromAlignment, size)
  }

  /** Puts a clone of an instruction, or one taken out of its block, here. */
  insert(instruction: ValueRef, name = ''): ValueRef {
    C.LLVMInsertIntoBuilderWithName(this.ref, instruction, name)
    return instruction
  }

  br(target: BlockRef): ValueRef {
    return C.LLVMBuildBr(this.ref, target)
  }

  condBr(condition: ValueRef, yes: BlockRef, no: BlockRef): ValueRef {
    return C.LLVMBuildCondBr(this.ref, condition, yes, no)
  }

  switch(
    value: ValueRef,
    otherwise: BlockRef,
    cases: readonly (readonly [value: ValueRef, target: BlockRef])[],
  ): ValueRef {
    const result = C.LLVMBuildSwitch(this.ref, value, otherwise, cases.length)
    for (const [constant, target] of cases) C.LLVMAddCase(result, constant, target)
    return result
  }

  ret(value?: ValueRef): ValueRef {
    return value === undefined ? C.LLVMBuildRetVoid(this.ref) : C.LLVMBuildRet(this.ref, value)
  }

  unreachable(): ValueRef {
    return C.LLVMBuildUnreachable(this.ref)
  }
}
