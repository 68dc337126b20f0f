import type { Context } from './context.ts'
import { TypeKind } from './enums.ts'
import type { TypeRef } from './handles.ts'
import { C, list } from './library.ts'

/** The types of one context. Equal types are the same handle, so `===` compares them. */
export class Types {
  readonly void: TypeRef
  readonly i1: TypeRef
  readonly i8: TypeRef
  readonly i16: TypeRef
  readonly i32: TypeRef
  readonly i64: TypeRef
  readonly i128: TypeRef
  readonly float: TypeRef
  readonly double: TypeRef
  readonly fp128: TypeRef
  readonly ptr: TypeRef
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
    const c = context.ref
    this.void = C.LLVMVoidTypeInContext(c)
    this.i1 = C.LLVMInt1TypeInContext(c)
    this.i8 = C.LLVMInt8TypeInContext(c)
    this.i16 = C.LLVMInt16TypeInContext(c)
    this.i32 = C.LLVMInt32TypeInContext(c)
    this.i64 = C.LLVMInt64TypeInContext(c)
    this.i128 = C.LLVMInt128TypeInContext(c)
    this.float = C.LLVMFloatTypeInContext(c)
    this.double = C.LLVMDoubleTypeInContext(c)
    this.fp128 = C.LLVMFP128TypeInContext(c)
    this.ptr = C.LLVMPointerTypeInContext(c, 0)
  }

  integer(bits: number): TypeRef {
    return C.LLVMIntTypeInContext(this.#context.ref, bits)
  }

  function(result: TypeRef, parameters: readonly TypeRef[], variadic = false): TypeRef {
    return C.LLVMFunctionType(result, list(parameters), parameters.length, variadic)
  }

  struct(elements: readonly TypeRef[], packed = false): TypeRef {
    return C.LLVMStructTypeInContext(this.#context.ref, list(elements), elements.length, packed)
  }

  array(element: TypeRef, count: number): TypeRef {
    return C.LLVMArrayType2(element, count)
  }

  vector(element: TypeRef, count: number): TypeRef {
    return C.LLVMVectorType(element, count)
  }
}

/** A number of {@link TypeKind}. */
export function typeKind(type: TypeRef): number {
  return C.LLVMGetTypeKind(type)
}

export function isInteger(type: TypeRef): boolean {
  return typeKind(type) === TypeKind.Integer
}

export function isPointer(type: TypeRef): boolean {
  return typeKind(type) === TypeKind.Pointer
}

/** Bits of an integer type. */
export function integerBits(type: TypeRef): number {
  return C.LLVMGetIntTypeWidth(type)
}

export interface FunctionType {
  readonly result: TypeRef
  readonly parameters: readonly TypeRef[]
  readonly variadic: boolean
}

/** Takes a function type apart. */
export function functionType(type: TypeRef): FunctionType {
  const count = C.LLVMCountParamTypes(type)
  const memory = new BigUint64Array(Math.max(count, 1))
  C.LLVMGetParamTypes(type, memory)
  const parameters = Array.from(memory.subarray(0, count), p => Number(p) as TypeRef)
  return { result: C.LLVMGetReturnType(type), parameters, variadic: C.LLVMIsFunctionVarArg(type) }
}

/** The element types of a struct. */
export function structElements(type: TypeRef): TypeRef[] {
  const count = C.LLVMCountStructElementTypes(type)
  return Array.from({ length: count }, (_, i) => C.LLVMStructGetTypeAtIndex(type, i))
}

/** The element type and the number of elements of an array or vector. */
export function sequence(type: TypeRef): { element: TypeRef; count: number } {
  const count = typeKind(type) === TypeKind.Array ? Number(C.LLVMGetArrayLength2(type)) : C.LLVMGetVectorSize(type)
  return { element: C.LLVMGetElementType(type), count }
}

/** The type as IR text, `{ i32, ptr }`. */
export function typeText(type: TypeRef): string {
  return C.LLVMPrintTypeToString(type)
}
