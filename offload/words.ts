/**
 * Reduces LLVM types to the words of base/signature.ts, and moves values between the two forms. clang has lowered C
 * types to what the RISC-V psABI passes already, so what is left is mechanical: aggregates are taken apart into their
 * elements, integers up to 64 bits are one word, `i128` and `fp128` are two, low half first.
 *
 * Scalars of 16 bytes that land on the stack are aligned there (psABI, integer calling convention). A signature has
 * no alignment, so the gap is a word of its own, which carries nothing.
 */
import type { Builder, TypeRef, Types, ValueRef } from '../analyzer/llvm/index.ts'
import { C, integerBits, sequence, structElements, TypeKind, typeKind, typeText } from '../analyzer/llvm/index.ts'
import { printSignature } from '../base/signature.ts'

export type Extension = 'sign' | 'zero'

/** A scalar inside a parameter or result: where it is in the aggregate, and its words. */
export interface Leaf {
  readonly path: readonly number[]
  readonly type: TypeRef
  readonly form: 'i' | 'f' | 'd' | 'ii'
  readonly extension: Extension
  /** 32 bits that whoever makes the word sign-extends, as the IR says. */
  readonly isExtendedInt: boolean
}

/** A type that does not cross: vectors, more than the ABI knows. */
export class UnsupportedType extends Error {
  constructor(type: TypeRef) {
    super(`a value of type ${typeText(type)} can not cross`)
  }
}

const WORD_BITS = 64
const INT_BITS = 32
/** Half precision travels as a single: NaN-boxed (psABI, hardware floating-point calling convention). */
const HALF_BOX = 0xffff_0000n

/**
 * The scalars of a type in order. `attribute` is the extension that the IR names for an integer; without one 32-bit
 * integers are sign-extended, as the psABI has it for signed and unsigned ones alike, and narrower ones zero-extended.
 * @throws UnsupportedType
 */
export function leavesOf(type: TypeRef, attribute?: Extension, path: readonly number[] = []): Leaf[] {
  const leaf = (form: Leaf['form'], extension: Extension = 'zero', isExtendedInt = false): Leaf[] => [
    { path, type, form, extension, isExtendedInt },
  ]
  switch (typeKind(type)) {
    case TypeKind.Void:
      return []
    case TypeKind.Integer: {
      const bits = integerBits(type)
      if (bits > 2 * WORD_BITS) throw new UnsupportedType(type)
      if (bits > WORD_BITS) return leaf('ii')
      return leaf('i', attribute ?? (bits === INT_BITS ? 'sign' : 'zero'), bits === INT_BITS && attribute === 'sign')
    }
    case TypeKind.Pointer:
      return leaf('i')
    case TypeKind.Half:
    case TypeKind.Float:
      return leaf('f')
    case TypeKind.Double:
      return leaf('d')
    case TypeKind.FP128:
      return leaf('ii')
    case TypeKind.Struct:
      return structElements(type).flatMap((element, i) => leavesOf(element, undefined, [...path, i]))
    case TypeKind.Array: {
      const { element, count } = sequence(type)
      return Array.from({ length: count }, (_, i) => leavesOf(element, undefined, [...path, i])).flat()
    }
    default:
      throw new UnsupportedType(type)
  }
}

export interface Parameter {
  readonly leaves: readonly Leaf[]
  readonly variadic: boolean
}

/** What one word of a signature carries: a scalar (number `leaf` of parameter `parameter`), both of its halves, or nothing. */
export interface WordPlace {
  readonly letter: 'i' | 'f' | 'd' | 'q'
  readonly parameter: number
  readonly leaf: number
  readonly half: 'whole' | 'low' | 'high' | 'both' | 'padding'
}

/** Integer and floating-point argument registers of the psABI. */
const REGISTERS = 8

/** Assigns the scalars of parameters to words, with padding where the psABI aligns on the stack. */
export function placeWords(parameters: readonly Parameter[]): WordPlace[] {
  const words: WordPlace[] = []
  let integers = 0
  let floats = 0
  for (const [parameter, { leaves, variadic }] of parameters.entries())
    for (const [leaf, { form }] of leaves.entries()) {
      const place = (letter: WordPlace['letter'], half: WordPlace['half']) => ({ letter, parameter, leaf, half })
      if (variadic && form === 'ii') words.push(place('q', 'both'))
      else if (form === 'ii') {
        const gap = integers >= REGISTERS && (integers - REGISTERS) % 2 === 1
        if (gap) words.push(place('i', 'padding'))
        words.push(place('i', 'low'), place('i', 'high'))
        integers += gap ? 3 : 2
      } else {
        words.push(place(form, 'whole'))
        if (form !== 'i' && !variadic && floats < REGISTERS) floats++
        else integers++
      }
    }
  return words
}

/**
 * The text form of a signature. `toVariable`: the last parameter is the pointer to variable arguments.
 * @throws UnsupportedType when the result needs more than two words
 */
export function signatureText(
  words: readonly WordPlace[],
  parameters: readonly Parameter[],
  result: readonly Leaf[],
  toVariable = false,
): string {
  const named = words.filter(w => !parameters[w.parameter]!.variadic)
  const variadic = words.filter(w => parameters[w.parameter]!.variadic)
  const letters = (part: readonly WordPlace[]) => part.map(w => w.letter).join('')
  const hasVariadic = parameters.some(p => p.variadic)
  const results = result.map(leaf => leaf.form).join('')
  if (results.length > 2) throw new UnsupportedType(result[0]!.type)
  if (toVariable) return printSignature({ parameters: `${letters(named.slice(0, -1))}v`, results })
  return printSignature({ parameters: letters(named) + (hasVariadic ? `.${letters(variadic)}` : ''), results })
}

/**
 * The IR types that a scalar has between ferry's functions and thunks. Pointers stay pointers: they travel in integer
 * registers anyway, and the optimiser knows more about them.
 */
export function leafTypes({ form, type }: Leaf, types: Types): TypeRef[] {
  if (form === 'ii') return [types.i64, types.i64]
  if (typeKind(type) === TypeKind.Half) return [types.float]
  return [form !== 'i' || typeKind(type) === TypeKind.Pointer ? type : types.i64]
}

/** The IR type of each word of a signature; a scalar of two words that stay together (`both`) has two. */
export function wordTypes(words: readonly WordPlace[], parameters: readonly Parameter[], types: Types): TypeRef[] {
  return words.flatMap(({ parameter, leaf, half }) => {
    if (half === 'padding') return types.i64
    const scalar = leafTypes(parameters[parameter]!.leaves[leaf]!, types)
    return half === 'both' ? scalar : scalar[half === 'high' ? 1 : 0]!
  })
}

/** void, a scalar, or a struct of two scalars, which x86-64 returns in rax and rdx, xmm0 and xmm1, or one of each. */
export function resultType(leaves: readonly Leaf[], types: Types): TypeRef {
  const words = leaves.flatMap(leaf => leafTypes(leaf, types))
  if (words.length === 0) return types.void
  return words.length === 1 ? words[0]! : types.struct(words)
}

/** Extends or splits a scalar into its words. */
export function toWords(b: Builder, types: Types, leaf: Leaf, value: ValueRef): ValueRef[] {
  if (typeKind(leaf.type) === TypeKind.Half) {
    const bits = b.cast('ZExt', b.cast('BitCast', value, types.i16), types.i32)
    return [b.cast('BitCast', b.binary('Or', bits, C.LLVMConstInt(types.i32, HALF_BOX, false)), types.float)]
  }
  if (leaf.form !== 'ii') {
    if (leafTypes(leaf, types)[0] === leaf.type) return [value]
    return [b.cast(leaf.extension === 'sign' ? 'SExt' : 'ZExt', value, types.i64)]
  }
  const wide = widen(b, types, leaf, value)
  const high = b.binary('LShr', wide, C.LLVMConstInt(types.i128, WORD_BITS, false))
  return [b.cast('Trunc', wide, types.i64), b.cast('Trunc', high, types.i64)]
}

function widen(b: Builder, types: Types, leaf: Leaf, value: ValueRef): ValueRef {
  if (leaf.type === types.i128) return value
  return b.cast(typeKind(leaf.type) === TypeKind.FP128 ? 'BitCast' : 'ZExt', value, types.i128)
}

/** The inverse of {@link toWords}. */
export function fromWords(b: Builder, types: Types, leaf: Leaf, words: readonly ValueRef[]): ValueRef {
  const [low, high] = words
  if (typeKind(leaf.type) === TypeKind.Half)
    return b.cast('BitCast', b.cast('Trunc', b.cast('BitCast', low!, types.i32), types.i16), leaf.type)
  if (leaf.form !== 'ii') return leafTypes(leaf, types)[0] === leaf.type ? low! : b.cast('Trunc', low!, leaf.type)
  const shift = C.LLVMConstInt(types.i128, WORD_BITS, false)
  const upper = b.binary('Shl', b.cast('ZExt', high!, types.i128), shift)
  const wide = b.binary('Or', upper, b.cast('ZExt', low!, types.i128))
  if (leaf.type === types.i128) return wide
  return b.cast(typeKind(leaf.type) === TypeKind.FP128 ? 'BitCast' : 'Trunc', wide, leaf.type)
}

/** The scalar at a place in an aggregate. */
export function extractLeaf(b: Builder, value: ValueRef, leaf: Leaf): ValueRef {
  return leaf.path.reduce<ValueRef>((part, index) => b.extractValue(part, index), value)
}

/** The aggregate (or scalar) that is made of these scalars. */
export function buildFromLeaves(
  b: Builder,
  type: TypeRef,
  leaves: readonly Leaf[],
  values: readonly ValueRef[],
): ValueRef {
  if (leaves.length === 1 && leaves[0]!.path.length === 0) return values[0]!
  return leaves.reduce<ValueRef>((whole, leaf, i) => insertAt(b, whole, leaf.path, values[i]!), C.LLVMGetPoison(type))
}

function insertAt(b: Builder, whole: ValueRef, path: readonly number[], value: ValueRef): ValueRef {
  const [index, ...rest] = path
  if (rest.length === 0) return b.insertValue(whole, value, index!)
  return b.insertValue(whole, insertAt(b, b.extractValue(whole, index!), rest, value), index!)
}

/** The words of a result value, or of one that a call gave back as {@link resultType}. */
export function splitResult(b: Builder, leaves: readonly Leaf[], value: ValueRef): ValueRef[] {
  const count = leaves.reduce((sum, leaf) => sum + leaf.form.length, 0)
  return count === 1 ? [value] : Array.from({ length: count }, (_, i) => b.extractValue(value, i))
}

/** Values of scalars out of the words that carry them in order. */
export function leafValues(b: Builder, types: Types, leaves: readonly Leaf[], words: readonly ValueRef[]): ValueRef[] {
  let next = 0
  return leaves.map(leaf => {
    const own = words.slice(next, next + leaf.form.length)
    next += leaf.form.length
    return fromWords(b, types, leaf, own)
  })
}
