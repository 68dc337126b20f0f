/**
 * A call from host code to code of the guest: `call ferry_thunks[signature](ptr nest target, words…)`. The thunk (made
 * by the runtime) expects the target in r10, where LLVM's `nest` puts it, and System V arguments.
 */
import {
  AttributeIndex,
  addAttribute,
  addCallAttribute,
  attribute,
  attributeKind,
  type Builder,
  C,
  callArguments,
  calledFunction,
  constInt,
  eraseInstruction,
  functionType,
  hasAttribute,
  hasCallAttribute,
  Linkage,
  parameterIndex,
  params,
  replaceAllUses,
  TailCall,
  type TypeRef,
  typeText,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import {
  buildFromLeaves,
  type Extension,
  extractLeaf,
  type Leaf,
  leafValues,
  leavesOf,
  type Parameter,
  placeWords,
  resultType,
  signatureText,
  splitResult,
  toWords,
  UnsupportedType,
  type WordPlace,
  wordTypes,
} from '../words.ts'
import { extendedInt } from './extended-ints.ts'
import { addMetadata, type Lowering, loadEntry, markInvariant, Refusal, setProcessor } from './lowering.ts'

/** Function attributes that hold for a call whoever answers it. */
const KEPT = ['noreturn', 'nounwind', 'willreturn', 'cold', 'memory'] as const

/**
 * Replaces a call by a call of the guest code at `target`. A call through a pointer looks first whether the host has a function
 * for that address.
 */
export function lowerGuestCall(
  l: Lowering,
  call: ValueRef,
  target: (l: Lowering) => ValueRef,
  through: 'name' | 'pointer' = 'name',
): void {
  const shape = callShape(call)
  const { place, type } = thunk(l, shape)
  const looksUp = through === 'pointer' && isPlaced(shape.signature)
  const otherwise = looksUp ? thunkFunction(l, place, type) : undefined
  l.builder.before(call)
  const pc = target(l)
  const words = passedWords(l, call, shape)
  const code = otherwise ? hostEntry(l, pc, otherwise) : loadEntry(l, l.globals.thunks, place, '')
  const made = l.builder.call(type, code, [pc, ...words])
  copyAttributes(l, call, made)
  if (shape.result[0]?.isExtendedInt) addCallAttribute(made, AttributeIndex.Return, extendedInt(l))
  if (valueType(call) !== l.types.void) replaceAllUses(call, givenValue(l, valueType(call), shape, made))
  eraseInstruction(call)
}

interface CallShape {
  readonly parameters: readonly Parameter[]
  readonly result: readonly Leaf[]
  readonly words: readonly WordPlace[]
  readonly signature: string
}

/** How the arguments and the result of a call cross. @throws Refusal for types that do not */
function callShape(call: ValueRef): CallShape {
  const fixed = functionType(C.LLVMGetCalledFunctionType(call)).parameters.length
  return describe(() => {
    const parameters = argumentLeaves(call).map((leaves, i): Parameter => ({ leaves, variadic: i >= fixed }))
    const result = leavesOf(valueType(call), extension(call, AttributeIndex.Return))
    const words = placeWords(parameters)
    return { parameters, result, words, signature: signatureText(words, parameters, result) }
  })
}

function passedWords({ types, builder: b }: Lowering, call: ValueRef, { parameters, words }: CallShape): ValueRef[] {
  const values = callArguments(call)
  const pieces = parameters.map(({ leaves }, i) =>
    leaves.map(leaf => toWords(b, types, leaf, extractLeaf(b, values[i]!, leaf))),
  )
  return words.flatMap(({ parameter, leaf, half }) => {
    const scalar = pieces[parameter]![leaf]!
    if (half === 'padding') return constInt(types.i64, 0)
    return half === 'both' ? scalar : scalar[half === 'high' ? 1 : 0]!
  })
}

/** The result of a call in the type of the program. */
function givenValue({ types, builder: b }: Lowering, type: TypeRef, { result }: CallShape, made: ValueRef): ValueRef {
  return buildFromLeaves(b, type, result, leafValues(b, types, result, splitResult(b, result, made)))
}

/** Place in `ferry_thunks`, and the type that a thunk has in the IR. */
function thunk({ types, thunks }: Lowering, { parameters, result, words, signature }: CallShape) {
  const passed = wordTypes(words, parameters, types)
  return { place: thunks.place(signature), type: types.function(resultType(result, types), [types.ptr, ...passed]) }
}

const INTEGER_REGISTERS = 6
const FLOAT_REGISTERS = 8

/** All words are in registers, the same on both sides of the bridge, so that a host entry takes them as they are. */
function isPlaced(signature: string): boolean {
  const [parameters] = signature.split(':')
  const count = (letters: RegExp): number => parameters!.match(letters)?.length ?? 0
  return count(/[.q]/g) === 0 && count(/i/g) <= INTEGER_REGISTERS && count(/[fd]/g) <= FLOAT_REGISTERS
}

/**
 * The host's function for a guest address, or `otherwise`, out of the table that `ferry_entries` names (base/manifest.ts).
 * Chosen without a branch: which function a pointer has is the one thing to predict. What does not change is loaded each time
 * nevertheless: kept in registers across the calls, it would have to be saved by every small function.
 */
function hostEntry(l: Lowering, target: ValueRef, otherwise: ValueRef): ValueRef {
  const { types, builder: b } = l
  const { entries } = l.globals
  const word = (base: ValueRef, index: number): ValueRef =>
    b.load(types.i64, b.gep(types.i64, base, [constInt(types.i64, index)]), '', 8)
  const pc = b.cast('PtrToInt', target, types.i64)
  const table = b.cast('IntToPtr', word(entries, 0), types.ptr)
  const entry = b.gep(types.i64, table, [b.binary('And', pc, word(entries, 1))])
  const isHost = b.icmp('eq', word(entry, 0), pc)
  const chosen = b.select(isHost, b.cast('IntToPtr', word(entry, 1), types.ptr), otherwise)
  return addMetadata(l.context, chosen, 'unpredictable', [])
}

/**
 * Goes on in a thunk. As a function it is an address that takes no load, which the choice of an entry would wait for. One for each
 * type of a signature: pointers and numbers differ in the IR.
 */
function thunkFunction(l: Lowering, place: number, type: TypeRef): ValueRef {
  return helper(l, `ferry.thunk.${place}.${typeText(type).replaceAll(/\W+/g, '.')}`, type, (b, fn) => {
    l.own.add(fn)
    C.LLVMSetLinkage(fn, Linkage.Internal)
    addAttribute(fn, parameterIndex(0), attribute(l.context, 'nest'))
    const call = b.call(type, loadEntry(l, l.globals.thunks, place, ''), [...params(fn)])
    addCallAttribute(call, parameterIndex(0), attribute(l.context, 'nest'))
    C.LLVMSetTailCallKind(call, TailCall.MustTail)
    if (functionType(type).result === l.types.void) b.ret()
    else b.ret(call)
  })
}

/** The scalars of each argument of a call. @throws Refusal for types that do not cross */
export function argumentLeaves(call: ValueRef): Leaf[][] {
  return describe(() => callArguments(call).map((v, i) => leavesOf(valueType(v), extension(call, parameterIndex(i)))))
}

function describe<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof UnsupportedType) throw new Refusal(error.message)
    throw error
  }
}

function extension(call: ValueRef, index: number): Extension | undefined {
  const callee = calledFunction(call)
  const has = (name: string) =>
    hasCallAttribute(call, name, index) || (callee !== undefined && hasAttribute(callee, name, index))
  return has('signext') ? 'sign' : has('zeroext') ? 'zero' : undefined
}

function copyAttributes(l: Lowering, from: ValueRef, to: ValueRef): void {
  addCallAttribute(to, parameterIndex(0), attribute(l.context, 'nest'))
  const callee = calledFunction(from)
  for (const name of KEPT) {
    const kind = attributeKind(name)
    const own = C.LLVMGetCallSiteEnumAttribute(from, AttributeIndex.Function, kind)
    const found = own || (callee && C.LLVMGetEnumAttributeAtIndex(callee, AttributeIndex.Function, kind))
    if (found) addCallAttribute(to, AttributeIndex.Function, found)
  }
  if (valueType(to) !== l.types.ptr) return
  for (const name of ['noalias', 'nonnull'])
    if (
      hasCallAttribute(from, name, AttributeIndex.Return) ||
      (callee && hasAttribute(callee, name, AttributeIndex.Return))
    )
      addCallAttribute(to, AttributeIndex.Return, attribute(l.context, name))
}

/** The guest address of a function or global, out of the reference table. */
export function loadReference(l: Lowering, name: string): ValueRef {
  const base = markInvariant(l, l.builder.load(l.types.ptr, l.globals.refs, '', 8))
  return loadEntry(l, base, l.references.place(name), name)
}

/** A fresh internal function in the host module, with the builder in its entry block. */
export function helper(
  l: Lowering,
  name: string,
  type: ReturnType<typeof l.types.function>,
  body: (b: Builder, fn: ValueRef) => void,
): ValueRef {
  const known = l.module.function(name)
  if (known) return known
  const fn = l.module.addFunction(name, type)
  setProcessor(l.context, fn, l.cpu)
  const b = l.builder
  b.atEnd(b.block(fn))
  b.setDebugLocation(null)
  body(b, fn)
  return fn
}
