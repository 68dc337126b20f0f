/**
 * Legality: what may not leave the guest. Each row names one obstacle and finds the first place in a function that has it.
 * The rules read the module as the front end made it, before any optimisation, so that a place is where the source has it.
 *
 * Not here, because it works: variadic functions and calls of them, thread-local variables, what runs before and after main, long double arithmetic (fp128
 * is IEEE quadruple in the IR; the host's run-time library computes it), computed goto within a function, and longjmp: a
 * jump that leaves host frames ends the bridge levels that it jumps over, because frames on the host call stack are
 * predictions that may be dropped (ARCHITECTURE.md). The function that setjmp returns to twice is the one that stays.
 */
import { intrinsicClass } from './intrinsics.ts'
import { labelAddresses } from './labels.ts'
import {
  AttributeIndex,
  C,
  CallConv,
  functionLocation,
  hasAttribute,
  hasCallAttribute,
  instructionLocation,
  Linkage,
  type Location,
  Opcode,
  stringAttributeValue,
  TailCall,
  TypeKind,
  ValueKind,
} from './llvm/index.ts'
import {
  BAD_KINDS,
  findCall,
  findIntrinsic,
  findOpcode,
  findValueType,
  findWideAtomic,
  isBarrier,
  isTargetIntrinsic,
  type Offence,
  passesVector,
  RETURNS_TWICE,
  SWITCHES_STACK,
  specialParameter,
  when,
} from './obstacles.ts'
import type { FunctionScan } from './scan.ts'
import { isReplaceable } from './weak.ts'

export interface Rule {
  readonly id: string
  /** Reason in the table; `{detail}` is what the rule found. */
  readonly message: string
  /** What it finds is one place: loops of the function that do not have it may leave by themselves (outline.ts). */
  readonly isPlace?: true
  readonly test: (scan: FunctionScan) => Offence | undefined
}

export interface Refusal {
  readonly rule: string
  readonly message: string
  readonly location: Location | undefined
}

export const RULES: readonly Rule[] = [
  {
    id: 'annotated-guest',
    message: 'annotated "ferry.guest"',
    test: scan => when(scan.annotations.includes('ferry.guest')),
  },
  { id: 'callbr', message: 'asm goto', isPlace: true, test: scan => findOpcode(scan, Opcode.CallBr) },
  {
    id: 'inline-asm',
    message: 'inline assembly',
    isPlace: true,
    test: scan =>
      findCall(scan, ({ callee }) => C.LLVMGetValueKind(callee) === ValueKind.InlineAsm && !isBarrier(callee)),
  },
  {
    id: 'target-intrinsic',
    message: 'RISC-V intrinsic {detail}',
    isPlace: true,
    test: scan => findCall(scan, isTargetIntrinsic),
  },
  {
    id: 'va-arg',
    message: 'reads a variable argument as the target does',
    isPlace: true,
    test: scan => findOpcode(scan, Opcode.VAArg),
  },
  {
    id: 'returns-twice',
    message: 'calls {detail}, which may return twice',
    test: scan =>
      findCall(
        scan,
        ({ instruction, callee, name }) =>
          RETURNS_TWICE.test(name) ||
          hasCallAttribute(instruction, 'returns_twice') ||
          (name !== '' && hasAttribute(callee, 'returns_twice')),
      ) ?? when(hasAttribute(scan.fn, 'returns_twice'), 'itself'),
  },
  {
    id: 'context-switch',
    message: 'calls {detail}, which changes the stack',
    isPlace: true,
    test: scan => findCall(scan, ({ name }) => SWITCHES_STACK.test(name)),
  },
  {
    id: 'coroutine-switch',
    message: 'the stack may be changed in {detail}, which it calls',
    isPlace: true,
    test: ({ switching }) =>
      switching && { at: switching.instruction, detail: switching.name || 'what a pointer leads to' },
  },
  {
    id: 'unsupported-type',
    message: 'type {detail}',
    isPlace: true,
    test: scan => findValueType(scan, kind => BAD_KINDS.get(kind)),
  },
  {
    id: 'vector-parameter',
    message: 'passes a vector {detail}',
    isPlace: true,
    test: scan => {
      const own = passesVector(scan)
      if (own !== undefined) return { detail: own }
      const call = scan.calls.find(c => !c.intrinsic && passesVector(c) !== undefined)
      return call && { at: call.instruction, detail: passesVector(call)! }
    },
  },
  {
    id: 'address-space',
    message: 'pointer into {detail}',
    isPlace: true,
    test: scan =>
      findValueType(scan, (kind, type) => {
        const space = kind === TypeKind.Pointer ? C.LLVMGetPointerAddressSpace(type) : 0
        return space === 0 ? undefined : `address space ${space}`
      }),
  },
  {
    id: 'musttail',
    message: 'guaranteed tail call of {detail}',
    isPlace: true,
    test: scan => findCall(scan, ({ instruction }) => C.LLVMGetTailCallKind(instruction) === TailCall.MustTail),
  },
  {
    id: 'interposable',
    message: 'weak: another definition may replace it',
    test: scan => when(isReplaceable(scan.fn)),
  },
  {
    id: 'inline-only',
    message: 'inline definition; the external one is elsewhere',
    test: scan => when(C.LLVMGetLinkage(scan.fn) === Linkage.AvailableExternally),
  },
  {
    id: 'ifunc-resolver',
    message: 'ifunc resolver, runs while the program is relocated',
    test: scan => when(scan.isResolver),
  },
  { id: 'naked', message: 'naked: has no prologue', test: scan => when(hasAttribute(scan.fn, 'naked')) },
  {
    id: 'interrupt',
    message: 'interrupt handler',
    test: scan => when(stringAttributeValue(scan.fn, 'interrupt') !== undefined),
  },
  {
    id: 'prologue-data',
    message: 'data before its entry',
    test: scan =>
      when(
        C.LLVMHasPrefixData(scan.fn) ||
          C.LLVMHasPrologueData(scan.fn) ||
          stringAttributeValue(scan.fn, 'patchable-function-entry') !== undefined,
      ),
  },
  {
    id: 'calling-convention',
    message: 'calling convention {detail}',
    test: scan => {
      const number = C.LLVMGetFunctionCallConv(scan.fn)
      if (number !== CallConv.C) return { detail: `number ${number}` }
      const special = specialParameter(scan)
      if (special !== undefined) return { detail: special }
      const call = scan.calls.find(({ instruction }) => C.LLVMGetInstructionCallConv(instruction) !== CallConv.C)
      return call && { at: call.instruction, detail: `number ${C.LLVMGetInstructionCallConv(call.instruction)}` }
    },
  },
  {
    id: 'label-address',
    message: 'the address of a label gets out',
    isPlace: true,
    test: scan => {
      const { leak } = labelAddresses(scan.fn)
      if (leak === undefined) return undefined
      return C.LLVMGetValueKind(leak) === ValueKind.Instruction ? { at: leak } : {}
    },
  },
  {
    id: 'exception-handling',
    message: 'exception handling',
    test: scan =>
      findOpcode(scan, Opcode.Invoke, Opcode.LandingPad, Opcode.Resume, Opcode.CatchSwitch, Opcode.CleanupPad) ??
      when(C.LLVMHasPersonalityFn(scan.fn)),
  },
  {
    id: 'exception-passes',
    message: 'an exception from {detail} would pass through it',
    test: ({ unwinding }) =>
      unwinding && { at: unwinding.instruction, detail: unwinding.name || 'a call through a pointer' },
  },
  {
    id: 'coroutine',
    message: 'coroutine',
    test: scan => findIntrinsic(scan, 'coroutine') ?? when(hasAttribute(scan.fn, 'presplitcoroutine')),
  },
  {
    id: 'operand-bundle',
    message: 'call with an operand bundle',
    test: scan =>
      findCall(scan, ({ instruction, name }) => name !== 'llvm.assume' && C.LLVMGetNumOperandBundles(instruction) > 0),
  },
  {
    id: 'convergent',
    message: 'convergent',
    test: scan =>
      when(hasAttribute(scan.fn, 'convergent')) ??
      findCall(scan, ({ instruction }) => hasCallAttribute(instruction, 'convergent', AttributeIndex.Function)),
  },
  {
    id: 'register-variable',
    message: 'names a register',
    isPlace: true,
    test: scan => findIntrinsic(scan, 'register'),
  },
  {
    id: 'frame-address',
    message: 'asks for the address of a frame ({detail})',
    isPlace: true,
    test: scan => findIntrinsic(scan, 'frame'),
  },
  {
    id: 'fp-environment',
    message: 'floating-point environment: {detail}',
    test: scan => findIntrinsic(scan, 'environment'),
  },
  {
    id: 'wide-atomic',
    message: 'atomic access of more than 8 bytes',
    isPlace: true,
    test: scan => findWideAtomic(scan),
  },
  {
    id: 'libm-intrinsic',
    message: '{detail}: the last bits depend on the library',
    isPlace: true,
    test: scan => findIntrinsic(scan, 'libm'),
  },
  {
    id: 'unknown-intrinsic',
    message: 'intrinsic {detail}, whose meaning on the host is not known',
    isPlace: true,
    test: scan =>
      findCall(scan, call => call.intrinsic && !isTargetIntrinsic(call) && intrinsicClass(call.name) === undefined),
  },
]

/** The first rule that keeps a function on the guest, if any does. */
export function refusal(scan: FunctionScan): Refusal | undefined {
  for (const rule of RULES) {
    const found = refusalBy(rule, scan)
    if (found) return found
  }
  return undefined
}

/** Every rule that does. */
export function refusals(scan: FunctionScan): Refusal[] {
  return RULES.map(rule => refusalBy(rule, scan)).filter(found => found !== undefined)
}

/** Whether a function is refused for places in its code alone. */
export function staysForPlaces(scan: FunctionScan): boolean {
  const refused = RULES.filter(rule => rule.test(scan) !== undefined)
  return refused.length > 0 && refused.every(rule => rule.isPlace)
}

function refusalBy(rule: Rule, scan: FunctionScan): Refusal | undefined {
  const offence = rule.test(scan)
  if (!offence) return undefined
  const isInstruction = offence.at !== undefined && C.LLVMGetValueKind(offence.at) === ValueKind.Instruction
  const location = (isInstruction ? instructionLocation(offence.at!) : undefined) ?? functionLocation(scan.fn)
  return { rule: rule.id, message: rule.message.replace('{detail}', offence.detail || 'a function'), location }
}
