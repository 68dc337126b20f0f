/** Reads out of the linked module what the plan needs to know. */
import type { Analysis } from '../analyzer/index.ts'
import {
  allInstructions,
  C,
  calledFunction,
  hasAttribute,
  isCall,
  isLocal,
  type Module,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
} from '../analyzer/llvm/index.ts'
import type { FunctionFacts } from './plan.ts'

/** Lists of the compiler that mention functions without using them. */
const LISTS = /^llvm\.(global\.annotations|used|compiler\.used)$/

export function functionFacts(module: Module, analysis: Analysis): FunctionFacts[] {
  const verdicts = new Map(analysis.functions.map(f => [f.name, f]))
  return [...module.definitions()].map(fn => {
    const name = valueName(fn)
    const verdict = verdicts.get(name)
    return {
      name,
      chosen: verdict?.verdict === 'chosen',
      wanted: verdict?.annotations.includes('ferry.offload') ?? false,
      local: isLocal(fn),
      inlined: hasAttribute(fn, 'alwaysinline') || asksForConstants(fn),
      ...uses(fn),
    }
  })
}

function asksForConstants(fn: ValueRef): boolean {
  for (const i of allInstructions(fn)) {
    const callee = isCall(C.LLVMGetInstructionOpcode(i)) ? calledFunction(i) : undefined
    if (callee !== undefined && valueName(callee).startsWith('llvm.is.constant.')) return true
  }
  return false
}

function uses(fn: ValueRef): Pick<FunctionFacts, 'addressTaken' | 'callers'> {
  const callers = new Set<string>()
  let addressTaken = false
  for (const user of users(fn)) {
    if (valueKind(user) !== ValueKind.Instruction) {
      addressTaken ||= valueKind(user) !== ValueKind.BlockAddress && !isOnlyListed(user)
      continue
    }
    const isCallee = isCall(C.LLVMGetInstructionOpcode(user)) && C.LLVMGetCalledValue(user) === fn
    if (isCallee) callers.add(valueName(C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(user))))
    if (!isCallee || isArgument(user, fn)) addressTaken = true
  }
  return { addressTaken, callers: [...callers] }
}

function isArgument(call: ValueRef, value: ValueRef): boolean {
  const count = C.LLVMGetNumArgOperands(call)
  for (let i = 0; i < count; i++) if (C.LLVMGetArgOperand(call, i) === value) return true
  return false
}

/** A constant that ends in a list of the compiler alone. */
function isOnlyListed(constant: ValueRef): boolean {
  if (valueKind(constant) === ValueKind.GlobalVariable) return LISTS.test(valueName(constant))
  if (valueKind(constant) === ValueKind.Instruction) return false
  return [...users(constant)].every(isOnlyListed)
}
