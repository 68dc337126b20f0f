/**
 * Turns a copy of the guest's bitcode into the module of the host object: functions that stay lose their bodies, the
 * rest is retargeted, lowered (calls, references, arithmetic), and the tables of base/manifest.ts are made.
 */

import {
  AttributeIndex,
  allInstructions,
  Builder,
  C,
  constArray,
  constNull,
  DataLayout,
  isCall,
  Linkage,
  type Module,
  Opcode,
  parameterIndex,
  removeAttribute,
  removeStringAttribute,
  replaceAllUses,
  type TargetMachine,
  TypeKind,
  Types,
  typeKind,
  UnnamedAddr,
  users,
  type ValueRef,
  Visibility,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { scalarType } from '../constants.ts'
import { ABI_ATTRIBUTES, lowerCall } from './calls.ts'
import { lowerConversion } from './conversions.ts'
import type { HostCpu } from './cpu.ts'
import { lowerDivision } from './division.ts'
import { type EntryShape, entryShape, makeEntry } from './entries.ts'
import { exportedGlobal, type HostChoices, type Lowering, Refusal, setProcessor, Table } from './lowering.ts'
import { References } from './references.ts'
import { lowerShift } from './shifts.ts'
import { DISTANCE } from './thread-local.ts'
import { isVariadic, makeHostForm } from './variadic.ts'

export const HOST_TRIPLE = 'x86_64-unknown-linux-gnu'

export interface HostSelection {
  /** Functions that get native code. */
  readonly functions: readonly string[]
  /** Those of them that guest code may call, in manifest order. */
  readonly entries: readonly string[]
}

export interface HostModule {
  /** Signatures of the entries, in their order. */
  readonly signatures: readonly string[]
  readonly thunks: readonly string[]
  /** Guest symbols in the order of the reference table; the entries come first. */
  readonly references: readonly string[]
  /** Functions that can not be carried. When there are any the module is unusable: build it again without them. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
}

/** Lowers `module` (a copy of the guest's, which it changes) for the host. */
export function lowerToHost(
  module: Module,
  selection: HostSelection,
  machine: TargetMachine,
  choices: HostChoices,
): HostModule {
  const chosen = new Set(selection.functions.map(name => module.function(name)!))
  dropBodies(module, chosen)
  retarget(module, machine, choices.cpu)
  const hostForms = new Map<ValueRef, ValueRef>()
  const l = { ...createLowering(module, chosen, selection.entries, choices), hostForms }
  const references = new References(l)
  const refused: { name: string; reason: string }[] = []
  const shapes = new Map<string, EntryShape>()
  const carry = (fn: ValueRef, work: () => void) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ name: valueName(fn), reason: error.message })
    }
  }
  for (const fn of chosen) if (isVariadic(fn)) carry(fn, () => hostForms.set(fn, makeHostForm(l, fn)))
  for (const fn of chosen)
    carry(fn, () => {
      const body = hostForms.get(fn) ?? fn
      const shape = entryShape(body, body !== fn)
      if (selection.entries.includes(valueName(fn))) shapes.set(valueName(fn), shape)
      lowerFunction(l, body)
      references.lower(body)
    })
  if (refused.length === 0) {
    const entries = selection.entries.map(name => {
      const fn = module.function(name)!
      return makeEntry(l, name, hostForms.get(fn) ?? fn, shapes.get(name)!)
    })
    finishTables(l, entries)
    dropGlobals(module, references.copied)
  }
  l.builder.dispose()
  const signatures = selection.entries.map(name => shapes.get(name)?.signature ?? '')
  return { signatures, thunks: l.thunks.names, references: l.references.names, refused }
}

function createLowering(
  module: Module,
  chosen: ReadonlySet<ValueRef>,
  entries: readonly string[],
  choices: HostChoices,
): Omit<Lowering, 'hostForms'> {
  const { context } = module
  const types = new Types(context)
  const lookup = types.array(types.i64, 2)
  const globals = {
    refs: exportedGlobal(module, 'ferry_refs', types.ptr),
    thunks: module.addGlobal('ferry_thunks.unsized', types.array(types.ptr, 0)),
    entries: exportedGlobal(module, 'ferry_entries', lookup),
  }
  C.LLVMSetInitializer(globals.refs, constNull(types.ptr))
  C.LLVMSetInitializer(globals.entries, constNull(lookup))
  const builder = new Builder(context)
  const layout = new DataLayout(module)
  return {
    module,
    context,
    types,
    builder,
    layout,
    chosen,
    references: new Table(entries),
    thunks: new Table(),
    ...choices,
    globals,
    own: new Set(Object.values(globals)),
  }
}

/**
 * `available_externally` definitions are what the pass drops; a comdat would keep them. Chosen functions become local.
 */
function dropBodies(module: Module, chosen: ReadonlySet<ValueRef>): void {
  for (const list of [
    'llvm.used',
    'llvm.compiler.used',
    'llvm.global_ctors',
    'llvm.global_dtors',
    'llvm.global.annotations',
  ]) {
    const global = module.global(list)
    if (global) C.LLVMDeleteGlobal(global)
  }
  module.inlineAsm = ''
  for (const fn of module.definitions()) {
    C.LLVMSetComdat(fn, 0 as never)
    C.LLVMSetVisibility(fn, Visibility.Default)
    C.LLVMSetSection(fn, '')
    C.LLVMSetLinkage(fn, chosen.has(fn) ? Linkage.Internal : Linkage.AvailableExternally)
  }
  module.runPasses('elim-avail-extern')
}

/** Attributes that speak of the guest's processor, or keep a function from being optimised. */
const GUEST_ATTRIBUTES = ['target-cpu', 'target-features', 'tune-cpu', 'riscv-abi', 'probe-stack', 'stack-probe-size']

function retarget(module: Module, machine: TargetMachine, cpu: HostCpu): void {
  module.triple = HOST_TRIPLE
  module.dataLayout = machine.dataLayout
  const { context } = module
  for (const fn of module.functions()) {
    for (const key of GUEST_ATTRIBUTES) removeStringAttribute(fn, key)
    const declared = C.LLVMIsDeclaration(fn)
    if (declared) continue
    for (const name of ['optnone', 'noinline']) removeAttribute(fn, AttributeIndex.Function, name)
    setProcessor(context, fn, cpu)
    const count = C.LLVMCountParams(fn)
    for (let i = 0; i < count; i++) for (const name of ABI_ATTRIBUTES) removeAttribute(fn, parameterIndex(i), name)
  }
}

function lowerFunction(l: Lowering, fn: ValueRef): void {
  for (const instruction of allInstructions(fn)) {
    checkTypes(instruction)
    const opcode = C.LLVMGetInstructionOpcode(instruction)
    switch (opcode) {
      case Opcode.UDiv:
      case Opcode.SDiv:
      case Opcode.URem:
      case Opcode.SRem:
        lowerDivision(l, instruction, opcode)
        break
      case Opcode.Shl:
      case Opcode.LShr:
      case Opcode.AShr:
        lowerShift(l, instruction, opcode)
        break
      case Opcode.FPToSI:
      case Opcode.FPToUI:
        lowerConversion(l, instruction, opcode)
        break
      case Opcode.VAArg:
        throw new Refusal('va_arg')
      default:
        if (isCall(opcode)) lowerCall(l, instruction, opcode)
    }
  }
}

const UNSUPPORTED: Readonly<Record<number, string>> = {
  [TypeKind.BFloat]: 'bfloat16',
  [TypeKind.X86_FP80]: 'x87 precision',
  [TypeKind.ScalableVector]: 'scalable vectors',
  [TypeKind.TargetExt]: 'a type of the target',
}

function checkTypes(instruction: ValueRef): void {
  const reason = UNSUPPORTED[typeKind(scalarType(valueType(instruction)))]
  if (reason !== undefined) throw new Refusal(reason)
  const atomic = C.LLVMGetInstructionOpcode(instruction)
  if (atomic !== Opcode.AtomicCmpXchg && atomic !== Opcode.AtomicRMW) return
  const type = valueType(C.LLVMGetOperand(instruction, 1))
  if (typeKind(type) === TypeKind.Integer && C.LLVMGetIntTypeWidth(type) > 64) throw new Refusal('16-byte atomics')
}

/** `ferry_functions`, and `ferry_thunks` with its length. A table has one element at least, so that it has an address. */
function finishTables(l: Lowering, entries: readonly ValueRef[]): void {
  const { module, types } = l
  const functions = exportedGlobal(module, 'ferry_functions', types.array(types.ptr, Math.max(entries.length, 1)))
  C.LLVMSetInitializer(functions, constArray(types.ptr, entries.length === 0 ? [constNull(types.ptr)] : entries))
  C.LLVMSetGlobalConstant(functions, true)
  const type = types.array(types.ptr, Math.max(l.thunks.names.length, 1))
  const thunks = exportedGlobal(module, 'ferry_thunks', type)
  C.LLVMSetInitializer(thunks, constNull(type))
  replaceAllUses(l.globals.thunks, thunks)
  C.LLVMDeleteGlobal(l.globals.thunks)
  const { entries: lookup } = l.globals
  if ([...users(lookup)].length === 0) C.LLVMDeleteGlobal(lookup)
}

/** Copied constants become local; every other global, alias and declaration that nothing uses goes. */
function dropGlobals(module: Module, copied: ReadonlySet<ValueRef>): void {
  for (const global of module.globals()) {
    if (EXPORTS.has(valueName(global)) || valueName(global).startsWith(DISTANCE)) continue
    C.LLVMSetComdat(global, 0 as never)
    if (copied.has(global)) {
      C.LLVMSetLinkage(global, Linkage.Internal)
      C.LLVMSetUnnamedAddress(global, UnnamedAddr.Global)
    } else {
      C.LLVMSetLinkage(global, Linkage.External)
      C.LLVMSetInitializer(global, 0 as never)
    }
    C.LLVMSetVisibility(global, Visibility.Default)
  }
  for (const alias of [...module.aliases(), ...module.ifuncs()]) C.LLVMSetLinkage(alias, Linkage.Internal)
  module.runPasses('globaldce')
}

export const EXPORTS: ReadonlySet<string> = new Set(['ferry_refs', 'ferry_functions', 'ferry_thunks', 'ferry_entries'])
