/** Constants of scalar types, of vectors with the same value in every element, and NaNs of both. */
import {
  type Builder,
  C,
  list,
  sequence,
  TypeKind,
  type TypeRef,
  type Types,
  typeKind,
  type ValueRef,
  valueType,
} from '../analyzer/llvm/index.ts'

/** The element type of a vector; any other type itself. */
export function scalarType(type: TypeRef): TypeRef {
  return typeKind(type) === TypeKind.Vector ? C.LLVMGetElementType(type) : type
}

/** The type with another scalar: `<4 x float>` and i32 give `<4 x i32>`. */
export function withScalar(type: TypeRef, scalar: TypeRef): TypeRef {
  return typeKind(type) === TypeKind.Vector ? C.LLVMVectorType(scalar, C.LLVMGetVectorSize(type)) : scalar
}

/** A value for every element of `type`. */
export function splat(type: TypeRef, scalar: ValueRef): ValueRef {
  if (typeKind(type) !== TypeKind.Vector) return scalar
  const { count } = sequence(type)
  return C.LLVMConstVector(list(Array.from({ length: count }, () => scalar)), count)
}

/** An integer constant of up to 128 bits, modulo the width of the type. */
export function integer(type: TypeRef, value: bigint): ValueRef {
  return splat(type, scalarInteger(scalarType(type), value))
}

function scalarInteger(type: TypeRef, value: bigint): ValueRef {
  const words = BigUint64Array.of(BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n))
  return C.LLVMConstIntOfArbitraryPrecision(type, words.length, words)
}

/** Bits of a floating-point type that RISC-V arithmetic produces. */
export const FLOAT_BITS: Readonly<Record<number, number>> = {
  [TypeKind.Half]: 16,
  [TypeKind.Float]: 32,
  [TypeKind.Double]: 64,
  [TypeKind.FP128]: 128,
}

/** The canonical NaN (unprivileged ISA, F extension): sign clear, quiet bit the only bit of the fraction. */
const CANONICAL_NAN: Readonly<Record<number, bigint>> = {
  [TypeKind.Half]: 0x7e00n,
  [TypeKind.Float]: 0x7fc0_0000n,
  [TypeKind.Double]: 0x7ff8_0000_0000_0000n,
  [TypeKind.FP128]: 0x7fff_8000n << 96n,
}

/** The canonical NaN of a floating-point type or vector of one. */
export function canonicalNan(type: TypeRef): ValueRef {
  const scalar = scalarType(type)
  const kind = typeKind(scalar)
  const bits = C.LLVMIntTypeInContext(C.LLVMGetTypeContext(type), FLOAT_BITS[kind]!)
  return splat(type, C.LLVMConstBitCast(scalarInteger(bits, CANONICAL_NAN[kind]!), scalar))
}

/** Whether a value is NaN; for quadruple precision on the bits, as the comparison would be a library call. */
export function isNan(b: Builder, types: Types, value: ValueRef): ValueRef {
  const type = valueType(value)
  if (typeKind(scalarType(type)) !== TypeKind.FP128) return b.fcmp('uno', value, value)
  const wide = withScalar(type, types.i128)
  const magnitude = b.binary('And', b.cast('BitCast', value, wide), integer(wide, (1n << 127n) - 1n))
  return b.icmp('ugt', magnitude, integer(wide, 0x7fffn << 112n))
}
