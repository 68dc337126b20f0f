/**
 * Intrinsics in a function that moves to the host. Most mean the same on every target and stay; the rows here are those
 * that are changed or refused. Rows are found by the longest prefix of the name behind `llvm.`.
 */
import {
  AttributeIndex,
  addCallAttribute,
  attribute,
  C,
  callArguments,
  eraseInstruction,
  intrinsic,
  replaceAllUses,
  TypeKind,
  typeKind,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { canonicalNan, isNan, scalarType } from '../constants.ts'
import { lowerRoundingConversion } from './conversions.ts'
import { loadReference, lowerGuestCall } from './guest-call.ts'
import { type Lowering, Refusal } from './lowering.ts'
import { lowerThreadLocal, lowerThreadPointer } from './thread-local.ts'

type Action = (l: Lowering, call: ValueRef, base: string) => void

const refuse =
  (reason: string): Action =>
  (_l, _call, base) => {
    throw new Refusal(`llvm.${base}: ${reason}`)
  }

/** The same intrinsic under another name. */
const rename =
  (name: string): Action =>
  (l, call) => {
    const replacement = intrinsic(l.module, name, [valueType(call)])
    const made = l.builder.before(call).call(C.LLVMGlobalGetValueType(replacement), replacement, callArguments(call))
    replaceAllUses(call, made)
    eraseInstruction(call)
  }

/** The function of the guest's C library that the intrinsic stands for. */
const guestFunction: Action = (l, call, base) => {
  const suffix = { [TypeKind.Float]: 'f', [TypeKind.Double]: '', [TypeKind.FP128]: 'l' }[
    typeKind(valueType(callArguments(call)[0]!))
  ]
  if (suffix === undefined) throw new Refusal(`llvm.${base} of vectors`)
  const name = `${base === 'minnum' ? 'fmin' : base === 'maxnum' ? 'fmax' : base}${suffix}`
  addCallAttribute(call, AttributeIndex.Function, attribute(l.context, 'nounwind'))
  lowerGuestCall(l, call, () => loadReference(l, name))
}

const inexact: Action = (l, call, base) => {
  const quad = typeKind(valueType(call)) === TypeKind.FP128
  if (!l.hostLibm || quad) guestFunction(l, call, base)
}

/** A guest's `va_list` is one pointer (psABI, C type sizes). */
const copyArgumentList: Action = (l, call) => {
  const [to, from] = callArguments(call)
  const b = l.builder.before(call)
  b.store(b.load(l.types.ptr, from!, '', 8), to!, 8)
  eraseInstruction(call)
}

/** In the host form of a variadic function (variadic.ts), whose last parameter is what the list starts with. */
const startArgumentList: Action = (l, call) => {
  const fn = C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(call))
  l.builder.before(call).store(C.LLVMGetParam(fn, C.LLVMCountParams(fn) - 1), callArguments(call)[0]!, 8)
  eraseInstruction(call)
}

/** shared/signs.ts put it where a sign operation follows; on the host the value is made canonical there and then. */
const canonicalise: Action = (l, call) => {
  const [value] = callArguments(call)
  const b = l.builder.before(call)
  replaceAllUses(call, b.select(isNan(b, l.types, value!), canonicalNan(valueType(value!)), value!))
  eraseInstruction(call)
}

/** As arithmetic: LLVM 22 takes accesses through the masked pointer for accesses elsewhere when it knows the object (variadic.ts). */
const maskPointer: Action = (l, call) => {
  const [pointer, mask] = callArguments(call)
  const type = valueType(call)
  const b = l.builder.before(call)
  const address = b.cast('PtrToInt', pointer!, valueType(mask!))
  replaceAllUses(call, b.cast('IntToPtr', b.binary('And', address, mask!), type))
  eraseInstruction(call)
}

const erase: Action = (_l, call) => eraseInstruction(call)

const firstArgument: Action = (_l, call) => {
  replaceAllUses(call, callArguments(call)[0]!)
  eraseInstruction(call)
}

const rows = (names: string, action: Action) => names.split(' ').map(name => [name, action] as const)

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  // RISC-V's fmin and fmax order -0 below +0 and ignore signaling NaNs too: IEEE 754-2019 minimumNumber.
  ['minnum', rename('llvm.minimumnum')],
  ['maxnum', rename('llvm.maximumnum')],
  ...rows('lrint llrint', (l, call) => lowerRoundingConversion(l, call, 'rint')),
  ...rows('lround llround', (l, call) => lowerRoundingConversion(l, call, 'round')),
  ...rows('acos asin atan atan2 cos cosh exp exp10 exp2 log log10 log2 pow sin sinh tan tanh', inexact),
  ['ldexp', guestFunction],
  ...rows('frexp modf sincos sincospi powi', refuse('no function of the guest has its form')),
  ['arithmetic.fence', canonicalise],
  ['va_copy', copyArgumentList],
  ['ptrmask', maskPointer],
  ['va_end', erase],
  ['va_start', startArgumentList],
  ['var.annotation', erase],
  ...rows('ptr.annotation annotation', firstArgument),
  ...rows(
    'frameaddress returnaddress addressofreturnaddress sponentry localescape localrecover',
    refuse("frames of the host are not the guest's"),
  ),
  ...rows('read_register write_register read_volatile_register', refuse('names a register')),
  ['threadlocal.address', lowerThreadLocal],
  ['thread.pointer', lowerThreadPointer],
  ...rows(
    'get.rounding set.rounding get.fpenv set.fpenv reset.fpenv get.fpmode set.fpmode reset.fpmode',
    refuse("the floating-point environment is the guest's"),
  ),
  ['experimental.constrained', refuse('access to the floating-point environment')],
  ...rows('readcyclecounter readsteadycounter', refuse("the counter is the guest's")),
  ...rows(
    'riscv eh coro vp init.trampoline adjust.trampoline clear_cache stackguard gcroot experimental.stackmap experimental.patchpoint',
    refuse('has no counterpart on the host'),
  ),
])

/** Operations that stay for float and double, but whose long double form is a function of the C library. */
const LIBRARY_WHEN_QUAD = new Set(
  'sqrt floor ceil trunc rint nearbyint round roundeven fma minnum maxnum lrint llrint lround llround'.split(' '),
)

export function lowerIntrinsic(l: Lowering, call: ValueRef, name: string): void {
  const parts = name.slice('llvm.'.length).split('.')
  const first = callArguments(call)[0]
  const isQuad = first !== undefined && typeKind(scalarType(valueType(first))) === TypeKind.FP128
  const prefixes = parts.map((_, i) => parts.slice(0, parts.length - i).join('.'))
  const base = isQuad && LIBRARY_WHEN_QUAD.has(parts[0]!) ? parts[0]! : prefixes.find(prefix => ACTIONS.has(prefix))
  if (base === undefined) return
  const action = isQuad && LIBRARY_WHEN_QUAD.has(base) ? guestFunction : ACTIONS.get(base)!
  action(l, call, base)
}
