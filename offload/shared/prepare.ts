/**
 * Changes the linked bitcode before it is lowered twice. Large variables are aligned (alignment.ts); the rest is for both
 * lowerings to compute the same bits:
 *
 *   null pointers           An access through one is a fault, which the program may handle, and not a reason to drop the
 *                           code around it.
 *   relaxed floating point  The flags of -ffast-math and its parts are taken away (relaxed.ts).
 *   undefined values        are zero (undefined.ts).
 *   simplification          Folding that depends on knowledge of the C library (`pow(2, x)` → `exp2(x)`, `log(2.0)` →
 *                           a number) is done here, once.
 *   fmuladd                 Means fused or not, as the target likes. RISC-V fuses, constant folding may not; it
 *                           becomes `fma`, except where the guest has no instruction and would not fuse.
 *   narrow conversions      of floating point to char and short truncate what does not fit (conversions.ts).
 *   signs                   The sign of a NaN is kept where it shows (signs.ts).
 *   libm                    Inexact functions become `nobuiltin` calls, so that the guest's optimiser does not fold a
 *                           call that the host makes at run time.
 */
import type { Builder, Module, ValueRef } from '../../analyzer/llvm/index.ts'
import {
  AttributeIndex,
  addAttribute,
  addCallAttribute,
  allInstructions,
  attribute,
  C,
  callArguments,
  calledFunction,
  eraseInstruction,
  Builder as IrBuilder,
  intrinsic,
  isCall,
  isDeclaration,
  replaceAllUses,
  TargetMachine,
  TypeKind,
  Types,
  typeKind,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { alignGlobals } from './alignment.ts'
import { widenConversion } from './conversions.ts'
import { INEXACT_LIBM } from './libm.ts'
import { callLibrary } from './library-calls.ts'
import { stripRelaxedFloat } from './relaxed.ts'
import { fenceSigns } from './signs.ts'
import { defineValues } from './undefined.ts'

/** Makes values of variables, so that it can be seen where they go. */
const VALUES = 'function(sroa)'
/** `aggressive-instcombine` finds square roots that can not fail; it asks the machine whether it has an instruction for them. */
const SIMPLIFICATION =
  'function(early-cse,simplifycfg,instcombine<no-verify-fixpoint>,aggressive-instcombine,simplifycfg)'
/** The guest's machine, as `guestOptions` has it for clang. */
export const GUEST = {
  ...{ triple: 'riscv64-unknown-linux-gnu', cpu: 'generic-rv64' },
  ...{ features: '+m,+a,+f,+d,+c', abi: 'lp64d' },
}

export function prepareShared(module: Module): void {
  alignGlobals(module)
  stripRelaxedFloat(module)
  for (const fn of module.definitions())
    addAttribute(fn, AttributeIndex.Function, attribute(module.context, 'null_pointer_is_valid'))
  module.runPasses(VALUES)
  const builder = new IrBuilder(module.context)
  for (const fn of module.definitions()) {
    defineValues(fn)
    fenceSigns(module, builder, fn)
  }
  const machine = new TargetMachine(GUEST)
  module.runPasses(SIMPLIFICATION, machine)
  machine.dispose()
  const types = new Types(module.context)
  for (const fn of module.definitions())
    for (const i of allInstructions(fn)) {
      const opcode = C.LLVMGetInstructionOpcode(i)
      if (isCall(opcode)) fixCall(module, builder, i)
      else widenConversion(i, opcode, builder, types)
    }
  builder.dispose()
}

function fixCall(module: Module, builder: Builder, call: ValueRef): void {
  const callee = calledFunction(call)
  if (!callee || !isDeclaration(callee)) return
  const name = valueName(callee)
  if (INEXACT_LIBM.has(name)) {
    addCallAttribute(call, AttributeIndex.Function, attribute(module.context, 'nobuiltin'))
    return
  }
  if (!name.startsWith('llvm.')) return
  const base = name.split('.')[1]!
  if (base === 'fmuladd') replace(call, fuse(module, builder.before(call), call))
  else callLibrary(module, builder.before(call), call, base)
}

function replace(call: ValueRef, value: ValueRef): void {
  replaceAllUses(call, value)
  eraseInstruction(call)
}

function fuse(module: Module, builder: Builder, call: ValueRef): ValueRef {
  const type = valueType(call)
  const [x, y, z] = callArguments(call)
  const scalar = typeKind(type) === TypeKind.Vector ? C.LLVMGetElementType(type) : type
  if (typeKind(scalar) !== TypeKind.Float && typeKind(scalar) !== TypeKind.Double)
    return builder.binary('FAdd', builder.binary('FMul', x!, y!), z!)
  const fma = intrinsic(module, 'llvm.fma', [type])
  return builder.call(C.LLVMGlobalGetValueType(fma), fma, [x!, y!, z!])
}
