/** How the legality rules look for obstacles in a scanned function. */
import { intrinsicClass } from './intrinsics.ts'
import {
  C,
  hasAttribute,
  Opcode,
  parameterIndex,
  sequence,
  structElements,
  TypeKind,
  type TypeRef,
  typeKind,
  typeText,
  type ValueRef,
} from './llvm/index.ts'
import type { FunctionScan, ScannedCall } from './scan.ts'

/** What a rule found: the value whose place is shown (an instruction, or nothing for the function itself), and a name. */
export interface Offence {
  readonly at?: ValueRef
  readonly detail?: string
}

/** The first call that a condition holds for. */
export function findCall(scan: FunctionScan, holds: (call: ScannedCall) => boolean): Offence | undefined {
  const call = scan.calls.find(holds)
  return call && { at: call.instruction, detail: call.name }
}

export function findIntrinsic(scan: FunctionScan, kind: ReturnType<typeof intrinsicClass>): Offence | undefined {
  return findCall(scan, call => call.intrinsic && intrinsicClass(call.name) === kind && !isTargetIntrinsic(call))
}

export function isTargetIntrinsic(call: ScannedCall): boolean {
  return call.name.startsWith('llvm.riscv.')
}

export function findOpcode(scan: FunctionScan, ...opcodes: number[]): Offence | undefined {
  const at = opcodes.map(opcode => scan.opcodes.get(opcode)).find(i => i !== undefined)
  return at === undefined ? undefined : { at }
}

/** rv64 has no atomic access of 16 bytes; its library takes a lock, which the host's instruction would not. */
export function findWideAtomic(scan: FunctionScan): Offence | undefined {
  const at = scan.atomics.find(i => {
    const isLoad = C.LLVMGetInstructionOpcode(i) === Opcode.Load
    const isStore = C.LLVMGetInstructionOpcode(i) === Opcode.Store
    const type = C.LLVMTypeOf(isLoad ? i : C.LLVMGetOperand(i, isStore ? 0 : 1))
    return typeKind(type) === TypeKind.Integer && C.LLVMGetIntTypeWidth(type) > 64
  })
  return at === undefined ? undefined : { at }
}

export function when(condition: boolean, detail = ''): Offence | undefined {
  return condition ? { detail } : undefined
}

/** An empty template is a compiler barrier: it has no instructions, and constraints that every target knows. */
export function isBarrier(assembly: ValueRef): boolean {
  const GENERIC = /^[=+&*]*([rmXig]+|\d+)$|^~\{(memory|cc)\}$/
  const constraints = C.LLVMGetInlineAsmConstraintString(assembly).split(',')
  return C.LLVMGetInlineAsmAsmString(assembly).trim() === '' && constraints.every(c => c === '' || GENERIC.test(c))
}

export const RETURNS_TWICE = /^(_?setjmp|_*sigsetjmp|vfork|savectx|getcontext|llvm\.eh\.sjlj\.setjmp)$/
export const SWITCHES_STACK = /^(makecontext|swapcontext|setcontext)$/

export const BAD_KINDS = new Map<number, string>([
  [TypeKind.BFloat, '__bf16'],
  [TypeKind.X86_FP80, 'x86_fp80'],
  [TypeKind.PPC_FP128, 'ppc_fp128'],
  [TypeKind.X86_AMX, 'x86_amx'],
  [TypeKind.ScalableVector, 'scalable vector'],
  [TypeKind.TargetExt, 'target type'],
])

/** The first type inside a type, its own elements included, for which `bad` has a name. */
function findType(type: TypeRef, bad: (kind: number, type: TypeRef) => string | undefined): string | undefined {
  const kind = typeKind(type)
  const own = bad(kind, type)
  if (own !== undefined) return own
  if (kind === TypeKind.Struct) {
    for (const element of structElements(type)) {
      const found = findType(element, bad)
      if (found !== undefined) return found
    }
  }
  return kind === TypeKind.Array || kind === TypeKind.Vector ? findType(sequence(type).element, bad) : undefined
}

export function findValueType(
  scan: FunctionScan,
  bad: (kind: number, type: TypeRef) => string | undefined,
): Offence | undefined {
  for (const [type, at] of scan.types) {
    const detail = findType(type, bad)
    if (detail !== undefined) return { at, detail }
  }
  return undefined
}

export function passesVector({ type }: Pick<FunctionScan, 'type'>): string | undefined {
  const isVector = (kind: number, t: TypeRef) => (kind === TypeKind.Vector ? typeText(t) : undefined)
  return [type.result, ...type.parameters].map(t => findType(t, isVector)).find(text => text !== undefined)
}

/** Conventions that pass values in ways of the target: attributes on parameters. */
const PARAMETER_ATTRIBUTES = [
  'swiftself',
  'swifterror',
  'swiftasync',
  'inalloca',
  'preallocated',
  'byval',
  'byref',
  'nest',
]

export function specialParameter(scan: FunctionScan): string | undefined {
  return PARAMETER_ATTRIBUTES.find(name =>
    scan.type.parameters.some((_, i) => hasAttribute(scan.fn, name, parameterIndex(i))),
  )
}
