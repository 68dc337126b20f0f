/**
 * The guest side of a hybrid program: the complete program as riscv64 code, in which calls of functions that have native
 * code really reach them, and the reference table through which host code finds guest addresses.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AttributeIndex,
  addAttribute,
  attribute,
  Builder,
  C,
  constArray,
  constNull,
  intrinsic,
  isDeclaration,
  Linkage,
  type Module,
  operands,
  removeAttribute,
  Types,
  type ValueRef,
  valueName,
} from '../analyzer/llvm/index.ts'
import { guestOptions } from '../analyzer/toolchain.ts'
import { REFS_SYMBOL, SECTIONS, threadLocalReference } from '../base/manifest.ts'
import { optimisationLevel, withoutRelaxedFloat } from './arguments.ts'
import { CLANG, runTool } from './tools.ts'

/** Keeps the optimiser from inlining functions with entries into their callers: the call is where the bridge is. */
export function keepCalls(module: Module, entries: readonly string[]): void {
  for (const name of entries) {
    const fn = module.function(name)!
    removeAttribute(fn, AttributeIndex.Function, 'alwaysinline')
    addAttribute(fn, AttributeIndex.Function, attribute(module.context, 'noinline'))
  }
}

/** Makes the table `__ferry_refs` of guest addresses. Its entries escape, so no optimiser changes how they are called. */
export function addReferenceTable(module: Module, names: readonly string[]): void {
  const types = new Types(module.context)
  addAddressFunctions(module, new Set(names))
  const entries = names.map(name => symbol(module, name, types))
  const table = module.addGlobal(REFS_SYMBOL, types.array(types.ptr, entries.length))
  C.LLVMSetInitializer(table, constArray(types.ptr, entries))
  C.LLVMSetGlobalConstant(table, true)
  C.LLVMSetSection(table, SECTIONS.refs)
  C.LLVMSetAlignment(table, 8)
  addUsed(module, table, types)
}

/**
 * Makes entries null that host code does not load any more, where the program itself has no such symbol: a function that
 * code mentions where it never gets to, so that it need not exist (`if (!__builtin_constant_p(x)) undefined_function()`).
 * @param used places in the table
 * @returns whether there were such entries
 */
export function dropUnusedReferences(module: Module, names: readonly string[], used: ReadonlySet<number>): boolean {
  const types = new Types(module.context)
  const isUnused = (name: string, i: number) => {
    const fn = module.function(name)
    return !used.has(i) && fn !== undefined && isDeclaration(fn)
  }
  const dropped = names.map(isUnused)
  const entries = names.map((name, i) => (dropped[i] ? constNull(types.ptr) : symbol(module, name, types)))
  C.LLVMSetInitializer(module.global(REFS_SYMBOL)!, constArray(types.ptr, entries))
  return dropped.includes(true)
}

/** `ptr ferry.thread.<variable>()` for host code that asks for the address of a thread-local variable. */
export function addAddressFunctions(module: Module, names: ReadonlySet<string>): void {
  const types = new Types(module.context)
  const builder = new Builder(module.context)
  for (const variable of [...module.globals()].filter(global => C.LLVMIsThreadLocal(global))) {
    const name = threadLocalReference(valueName(variable))
    if (!names.has(name)) continue
    const fn = module.addFunction(name, types.function(types.ptr, []))
    C.LLVMSetLinkage(fn, Linkage.Internal)
    const address = intrinsic(module, 'llvm.threadlocal.address', [types.ptr])
    builder.atEnd(builder.block(fn))
    builder.ret(builder.call(C.LLVMGlobalGetValueType(address), address, [variable]))
  }
  builder.dispose()
}

/** The symbol of a name; a function that only host code mentions (`sqrtl`) is declared. */
function symbol(module: Module, name: string, types: Types): ValueRef {
  const alias = C.LLVMGetNamedGlobalAlias(module.ref, name, Buffer.byteLength(name))
  const ifunc = C.LLVMGetNamedGlobalIFunc(module.ref, name, Buffer.byteLength(name))
  return (
    module.function(name) ??
    module.global(name) ??
    (alias || ifunc || module.addFunction(name, types.function(types.void, [])))
  )
}

/** Adds to `llvm.used`, which keeps a symbol through optimiser and linker. */
function addUsed(module: Module, value: ValueRef, types: Types): void {
  const old = module.global('llvm.used')
  const values = old ? operands(C.LLVMGetInitializer(old)) : []
  if (old) C.LLVMDeleteGlobal(old)
  const used = module.addGlobal('llvm.used', types.array(types.ptr, values.length + 1))
  C.LLVMSetInitializer(used, constArray(types.ptr, [...values, value]))
  C.LLVMSetLinkage(used, Linkage.Appending)
  C.LLVMSetSection(used, 'llvm.metadata')
}

export interface GuestInputs {
  readonly bitcode: Uint8Array
  readonly options: readonly string[]
  readonly link: readonly string[]
  /** Relaxed floating point was taken out of the bitcode; options must not bring it back. */
  readonly strictFloat: boolean
  readonly directory: string
  readonly work: string
}

/** Optimises, generates code and links; gives the path of the program. */
export async function buildGuest(inputs: GuestInputs): Promise<string> {
  const bitcode = join(inputs.work, 'guest.bc')
  const object = join(inputs.work, 'guest.o')
  const program = join(inputs.work, 'guest')
  writeFileSync(bitcode, inputs.bitcode)
  const { directory } = inputs
  const options = codegenOptions(inputs.options, inputs.strictFloat)
  const level = `-O${optimisationLevel(inputs.options)}`
  // The program is static: addresses are constants of the link, and the reference table is read-only.
  const common = [...guestOptions(), ...options, level, '-fno-pie', '-Qunused-arguments', '-Wno-override-module']
  await runTool(CLANG, [...common, '-c', bitcode, '-o', object], { directory, step: 'generating code for the guest' })
  const link = ['-static', '-fuse-ld=lld', object, ...inputs.link, '-o', program]
  await runTool(CLANG, [...common, ...link], { directory, step: 'linking the guest program' })
  return program
}

/** Options that matter once the front end is done: code generation (`-f…`, `-m…`, `-g…`), not macros and headers. */
function codegenOptions(options: readonly string[], strictFloat: boolean): string[] {
  const kept = options.flatMap((option, i) => {
    if (option === '-mllvm') return [option, options[i + 1]!]
    return /^-[fmg]/.test(option) && options[i - 1] !== '-mllvm' ? [option] : []
  })
  return strictFloat ? withoutRelaxedFloat(kept) : kept
}
