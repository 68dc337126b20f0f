/**
 * Which functions an exception may leave. LLVM knows it of a module that was simplified (`inferattrs`, `function-attrs`): what is
 * not `nounwind` then. Of C compiled without -fexceptions that is no function with a body.
 */
import type { Module } from '../llvm/index.ts'
import { C, hasAttribute, Linkage, valueName } from '../llvm/index.ts'

export function unwindingFunctions(simplified: Module): ReadonlySet<string> {
  const names = new Set<string>()
  for (const fn of simplified.functions()) if (!hasAttribute(fn, 'nounwind')) names.add(valueName(fn))
  return names
}

/**
 * Makes the inline functions and templates of C++ ordinary definitions: LLVM infers nothing of a body for which the linker may
 * take another one, although that has to mean the same.
 */
export function fixInlineDefinitions(module: Module): void {
  for (const fn of module.definitions()) {
    const linkage = C.LLVMGetLinkage(fn)
    if (linkage === Linkage.LinkOnceODR || linkage === Linkage.WeakODR) C.LLVMSetLinkage(fn, Linkage.External)
  }
}
