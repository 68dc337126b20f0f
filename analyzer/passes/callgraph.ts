import type { Module, TypeRef, ValueRef } from '../llvm/index.ts'
import {
  allInstructions,
  C,
  callArguments,
  calledFunction,
  functionType,
  instructionLocation,
  isCall,
  operands,
  users,
  ValueKind,
  valueName,
} from '../llvm/index.ts'
import { UNKNOWN_TRIPS } from './frequency.ts'
import type { StaticProfile } from './profile.ts'

/**
 * direct    the call names its callee
 * indirect  through a pointer: the callee is one of the address-taken functions of the call's type
 * callback  the callee's address is an argument of an external function (qsort), which is taken to call it
 */
export type CallKind = 'direct' | 'indirect' | 'callback'

/** The calls from one function to another, all call sites together. */
export interface CallEdge {
  readonly caller: string
  readonly callee: string
  readonly kind: CallKind
  /** Calls for each call of the caller; of an indirect site the share of this callee. */
  readonly frequency: number
  /** Line of the first such call site in the caller's file. */
  readonly line: number | undefined
}

export interface CallGraph {
  /** Functions with a body, in module order. */
  readonly defined: readonly string[]
  /** Functions that another object file or library defines. */
  readonly external: ReadonlySet<string>
  /** Defined functions whose address goes anywhere but into a call. */
  readonly addressTaken: ReadonlySet<string>
  readonly edges: readonly CallEdge[]
}

/** Who calls each function that is called. */
export function callersIn(edges: Iterable<CallEdge>): Map<string, string[]> {
  const callers = new Map<string, string[]>()
  for (const { caller, callee } of edges) {
    const known = callers.get(callee)
    if (known) known.push(caller)
    else callers.set(callee, [caller])
  }
  return callers
}

/** The call graph of a module; frequencies come from the profile of each function. Intrinsics are no calls. */
export function callGraph(module: Module, profiles: ReadonlyMap<string, StaticProfile>): CallGraph {
  const defined: string[] = []
  const external = new Set<string>()
  const taken = new Map<string, ValueRef>()
  for (const fn of module.functions()) {
    if (C.LLVMGetIntrinsicID(fn) !== 0) continue
    const name = valueName(fn)
    if (C.LLVMIsDeclaration(fn)) external.add(name)
    else defined.push(name)
    if (!C.LLVMIsDeclaration(fn) && isAddressTaken(fn)) taken.set(name, fn)
  }

  const edges = new Map<string, CallEdge>()
  const add = (caller: string, callee: string, kind: CallKind, frequency: number, site: ValueRef) => {
    const key = `${caller}\0${callee}\0${kind}`
    const before = edges.get(key)
    const line = before?.line ?? instructionLocation(site)?.line
    edges.set(key, { caller, callee, kind, frequency: (before?.frequency ?? 0) + frequency, line })
  }
  const byType = groupByType(taken)
  for (const fn of module.definitions()) {
    const caller = valueName(fn)
    const profile = profiles.get(caller)
    for (const site of allInstructions(fn)) {
      if (!isCall(C.LLVMGetInstructionOpcode(site))) continue
      const frequency = profile?.frequency(C.LLVMGetInstructionParent(site)) ?? 1
      const callee = resolve(site)
      if (callee === undefined) {
        const targets = possibleTargets(C.LLVMGetCalledFunctionType(site), byType, taken)
        for (const target of targets) add(caller, target, 'indirect', frequency / targets.length, site)
        continue
      }
      if (C.LLVMGetIntrinsicID(callee) !== 0) continue
      const name = valueName(callee)
      add(caller, name, 'direct', frequency, site)
      if (!external.has(name)) continue
      for (const argument of callArguments(site)) {
        const passed = valueName(argument)
        if (taken.get(passed) === argument) add(caller, passed, 'callback', frequency * UNKNOWN_TRIPS, site)
      }
    }
  }
  return { defined, external, addressTaken: new Set(taken.keys()), edges: [...edges.values()] }
}

/** The function that a call reaches by name, through an alias too; undefined through a pointer or for inline assembly. */
function resolve(site: ValueRef): ValueRef | undefined {
  const direct = calledFunction(site)
  if (direct !== undefined) return direct
  const callee = C.LLVMGetCalledValue(site)
  if (C.LLVMGetValueKind(callee) !== ValueKind.GlobalAlias) return undefined
  const aliasee = C.LLVMAliasGetAliasee(callee)
  return C.LLVMGetValueKind(aliasee) === ValueKind.Function ? aliasee : undefined
}

function isAddressTaken(fn: ValueRef): boolean {
  for (const user of users(fn)) {
    if (C.LLVMGetValueKind(user) !== ValueKind.Instruction) {
      if (!isBookkeeping(user)) return true
      continue
    }
    if (!isCall(C.LLVMGetInstructionOpcode(user))) return true
    if (C.LLVMGetCalledValue(user) !== fn || callArguments(user).includes(fn)) return true
  }
  return false
}

/** True of constants that only lead into LLVM's own tables, which do not call (annotations, `used`), and of aliases. */
function isBookkeeping(constant: ValueRef): boolean {
  const kind = C.LLVMGetValueKind(constant)
  if (kind === ValueKind.GlobalVariable)
    return /^llvm\.(global\.annotations|used|compiler\.used)$/.test(valueName(constant))
  if (kind === ValueKind.GlobalAlias || kind === ValueKind.BlockAddress) return true
  return kind !== ValueKind.Instruction && [...users(constant)].every(isBookkeeping)
}

function groupByType(taken: ReadonlyMap<string, ValueRef>): Map<TypeRef, string[]> {
  const groups = new Map<TypeRef, string[]>()
  for (const [name, fn] of taken) {
    const type = C.LLVMGlobalGetValueType(fn)
    groups.set(type, [...(groups.get(type) ?? []), name])
  }
  return groups
}

/**
 * The address-taken functions that an indirect call may reach: those of exactly its type. A call through a pointer without
 * a prototype has a variadic type, so that those that begin with its parameters count when none matches exactly.
 */
function possibleTargets(
  type: TypeRef,
  byType: ReadonlyMap<TypeRef, readonly string[]>,
  taken: ReadonlyMap<string, ValueRef>,
): readonly string[] {
  const exact = byType.get(type)
  if (exact) return exact
  const call = functionType(type)
  if (!call.variadic) return []
  const fits = ([, fn]: [string, ValueRef]) => {
    const { result, parameters } = functionType(C.LLVMGlobalGetValueType(fn))
    return result === call.result && call.parameters.every((p, i) => p === parameters[i])
  }
  return [...taken].filter(fits).map(([name]) => name)
}

/** Functions registered to run before or after main: `llvm.global_ctors` and `llvm.global_dtors`. */
export function startupFunctions(module: Module): Map<string, 'constructor' | 'destructor'> {
  const result = new Map<string, 'constructor' | 'destructor'>()
  for (const kind of ['constructor', 'destructor'] as const) {
    const table = module.global(kind === 'constructor' ? 'llvm.global_ctors' : 'llvm.global_dtors')
    const rows = table ? C.LLVMGetInitializer(table) : undefined
    for (const row of rows ? operands(rows) : []) result.set(valueName(operands(row)[1]!), kind)
  }
  return result
}
