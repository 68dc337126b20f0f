/**
 * The entry of each function that guest code may call: `ferry.entry.<name>` takes words in System V order, as the bridge
 * has them, rebuilds the parameters of the IR function, and gives its result back in words. RISC-V's extension of narrow
 * results (psABI: 32-bit ones sign-extended, signed or not) happens here.
 */
import {
  AttributeIndex,
  addAttribute,
  attribute,
  C,
  functionType,
  hasAttribute,
  Linkage,
  parameterIndex,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import {
  buildFromLeaves,
  type Extension,
  extractLeaf,
  fromWords,
  type Leaf,
  leavesOf,
  type Parameter,
  placeWords,
  resultType,
  signatureText,
  toWords,
  UnsupportedType,
  type WordPlace,
  wordTypes,
} from '../words.ts'
import { extendedInt } from './extended-ints.ts'
import { type Lowering, Refusal, setProcessor } from './lowering.ts'

export interface EntryShape {
  readonly signature: string
  readonly parameters: readonly Parameter[]
  readonly words: readonly WordPlace[]
  readonly result: readonly Leaf[]
}

/**
 * How a function crosses. @throws Refusal for types that do not
 * @param isHostForm the function is the host form of a variadic one
 */
export function entryShape(fn: ValueRef, isHostForm: boolean): EntryShape {
  const type = functionType(C.LLVMGlobalGetValueType(fn))
  try {
    const parameters = type.parameters.map((t, i): Parameter => {
      return { leaves: leavesOf(t, extension(fn, parameterIndex(i))), variadic: false }
    })
    const result = leavesOf(type.result, extension(fn, AttributeIndex.Return))
    const words = placeWords(parameters)
    const signature = signatureText(words, parameters, result, isHostForm)
    return { signature, parameters, words, result }
  } catch (error) {
    if (error instanceof UnsupportedType) throw new Refusal(error.message)
    throw error
  }
}

function extension(fn: ValueRef, index: number): Extension | undefined {
  return hasAttribute(fn, 'signext', index) ? 'sign' : hasAttribute(fn, 'zeroext', index) ? 'zero' : undefined
}

/** Makes the entry of the guest's function `name`; the builder is left in it. */
export function makeEntry(l: Lowering, name: string, fn: ValueRef, shape: EntryShape): ValueRef {
  const { types, builder: b } = l
  const { parameters, words, result } = shape
  const crossing = types.function(resultType(result, types), wordTypes(words, parameters, types))
  const entry = l.module.addFunction(`ferry.entry.${name}`, crossing)
  C.LLVMSetLinkage(entry, Linkage.Internal)
  addAttribute(entry, AttributeIndex.Function, attribute(l.context, 'nounwind'))
  setProcessor(l.context, entry, l.cpu)
  words.forEach(({ parameter, leaf }, n) => {
    if (parameters[parameter]!.leaves[leaf]!.isExtendedInt) addAttribute(entry, parameterIndex(n), extendedInt(l))
  })
  b.atEnd(b.block(entry))
  b.setDebugLocation(null)
  const type = functionType(C.LLVMGlobalGetValueType(fn))
  const values = parameters.map(({ leaves }, p) => {
    const scalars = leaves.map((leaf, i) => {
      const own = words.flatMap((w, n) => (w.parameter === p && w.leaf === i && w.half !== 'padding' ? [n] : []))
      const given = own.map(n => C.LLVMGetParam(entry, n))
      return fromWords(b, types, leaf, given)
    })
    return buildFromLeaves(b, type.parameters[p]!, leaves, scalars)
  })
  const value = b.call(C.LLVMGlobalGetValueType(fn), fn, values)
  returnWords(l, value, result)
  return entry
}

function returnWords({ types, builder: b }: Lowering, value: ValueRef, result: readonly Leaf[]): void {
  const words = result.flatMap(leaf => toWords(b, types, leaf, extractLeaf(b, value, leaf)))
  if (words.length === 0) b.ret()
  else if (words.length === 1) b.ret(words[0])
  else
    b.ret(
      words.reduce(
        (whole, word, i) => b.insertValue(whole, word, i),
        C.LLVMGetPoison(types.struct(words.map(valueType))),
      ),
    )
}
