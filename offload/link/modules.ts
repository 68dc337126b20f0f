/**
 * The modules of a link. Each becomes an object of its own again, so that the linker sees what it would see without ferry;
 * copies of them are merged for the analysis and for the host. Names that are local to several modules are told apart before,
 * so that a name means one thing in all of them.
 */
import { keepInlineDefinitions } from '../../analyzer/inline.ts'
import {
  C,
  type Context,
  isDeclaration,
  isLocal,
  Linkage,
  Module,
  setValueName,
  ValueKind,
  type ValueRef,
  Visibility,
  valueName,
} from '../../analyzer/llvm/index.ts'
import { splitWeakDefinitions } from '../../analyzer/weak.ts'
import type { RunProfile } from '../../base/run-profile.ts'
import { nameGlobals } from '../host/references.ts'
import type { BitcodeObject } from './objects.ts'

const GUEST_TRIPLE = /^riscv64/

export interface LinkModule {
  readonly object: BitcodeObject
  readonly module: Module
}

/** @throws FerryError `bitcode-invalid` */
export function parseModules(context: Context, objects: readonly BitcodeObject[]): LinkModule[] {
  const parsed = objects.map(object => ({
    object,
    module: Module.parseBitcode(context, object.bitcode, object.name),
  }))
  const modules = parsed.filter(({ module }) => GUEST_TRIPLE.test(module.triple))
  for (const { module } of parsed) if (!GUEST_TRIPLE.test(module.triple)) module.dispose()
  for (const { module } of modules) {
    keepInlineDefinitions(module)
    splitWeakDefinitions(module)
    nameGlobals(module.globals())
  }
  separateLocals(modules.map(({ module }) => module))
  return modules
}

/** Functions, variables, aliases and ifuncs. */
export function* symbols(module: Module): IterableIterator<ValueRef> {
  yield* module.functions()
  yield* module.globals()
  yield* module.aliases()
  yield* module.ifuncs()
}

/** A name that is taken already goes to a function rather than to a variable. */
export function separateLocals(modules: readonly Module[]): void {
  const taken = new Set<string>()
  const functions: ValueRef[] = []
  const others: ValueRef[] = []
  for (const module of modules)
    for (const value of symbols(module)) {
      if (!isLocal(value)) taken.add(valueName(value))
      else if (C.LLVMGetValueKind(value) === ValueKind.Function) functions.push(value)
      else others.push(value)
    }
  for (const value of [...functions, ...others]) {
    const name = valueName(value)
    let unique = name
    for (let n = 1; taken.has(unique); n++) unique = `${name}.${n}`
    if (unique !== name) setValueName(value, unique)
    taken.add(unique)
  }
}

/** Copies of the modules as one. @throws FerryError `llvm-link` */
export function merge(modules: readonly LinkModule[]): Module {
  const [first, ...others] = modules.map(({ module }) => module.clone())
  for (const other of others) first!.link(other)
  return first!
}

/** Uses of these symbols go to other definitions than those of the modules: what is so named stays where it is. */
export function markRedirected(merged: Module, names: readonly string[]): void {
  for (const name of names) {
    const fn = merged.function(name)
    if (fn && !isDeclaration(fn)) C.LLVMSetLinkage(fn, Linkage.WeakAny)
  }
}

/** What the linker knows a function or variable by. */
export interface Exported {
  /** As other objects of the link name it: what the guest sees under the name. */
  readonly symbol: string
  /** The definition in the module, whatever stands for the name when the program runs. */
  readonly own: string
}

/** Behind the names of what was local to a module. No compiler makes such names. */
const SUFFIX = '.ferry'

/** The profile of a hybrid link, with the names of the modules in place of the symbols that it gave them. */
export function withModuleNames(profile: RunProfile): RunProfile {
  const nameOf = (symbol: string) => (symbol.endsWith(SUFFIX) ? symbol.slice(0, -SUFFIX.length) : symbol)
  return {
    ...profile,
    functions: profile.functions.map(row => ({ ...row, name: nameOf(row.name) })),
    edges: profile.edges.map(row => ({ ...row, caller: nameOf(row.caller), callee: nameOf(row.callee) })),
  }
}

/**
 * Makes symbols of a module visible to the other objects of the link, and to them alone.
 * @param names those that other objects refer to
 * @param own those of them whose own definition is meant, functions
 */
export function exportSymbols(
  module: Module,
  names: ReadonlySet<string>,
  own: ReadonlySet<string>,
  replaceable: boolean,
): Map<string, Exported> {
  const exported = new Map<string, Exported>()
  for (const value of symbols(module)) {
    const name = valueName(value)
    if (!names.has(name) || isDeclaration(value)) continue
    const symbol = `${name}${SUFFIX}`
    if (isLocal(value)) {
      setValueName(value, symbol)
      C.LLVMSetLinkage(value, Linkage.External)
      C.LLVMSetVisibility(value, Visibility.Hidden)
      exported.set(name, { symbol, own: symbol })
      continue
    }
    // A compiler leaves out what no code of its module calls any more.
    if (C.LLVMGetLinkage(value) === Linkage.LinkOnceODR) C.LLVMSetLinkage(value, Linkage.WeakODR)
    if (C.LLVMGetLinkage(value) === Linkage.LinkOnceAny) C.LLVMSetLinkage(value, Linkage.WeakAny)
    if (own.has(name) && replaceable && isReplaceable(value)) {
      module.inlineAsm = `${module.inlineAsm}\n.globl ${symbol}\n.hidden ${symbol}\n.set ${symbol}, ${quoted(name)}\n`
      exported.set(name, { symbol: name, own: symbol })
    }
  }
  return exported
}

/** Another library's definition may stand for it. A function of a group that may be dropped has no name of its own. */
function isReplaceable(value: ValueRef): boolean {
  return C.LLVMGetVisibility(value) === Visibility.Default && !C.LLVMGetComdat(value)
}

/** A symbol as the assembler reads it. */
export function quoted(name: string): string {
  return /^[A-Za-z_.$][\w.$]*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`
}
