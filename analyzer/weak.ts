/**
 * Weak definitions. The linker may take another one, so that code that calls a weak function can not know its body. Its body gets a
 * name of its own, `NAME.weak`, which nothing replaces and which may leave the guest like any other function; NAME becomes a weak
 * alias of it.
 */
import { C, Linkage, type Module, replaceAllUses, setValueName, type ValueRef } from './llvm/index.ts'

/** Whether the linker may take another definition, which is not said to mean the same. */
export function isReplaceable(global: ValueRef): boolean {
  const linkage = C.LLVMGetLinkage(global)
  return linkage === Linkage.WeakAny || linkage === Linkage.LinkOnceAny || linkage === Linkage.ExternalWeak
}

/** Functions in a comdat (C++) stay as they are. */
export function splitWeakDefinitions(module: Module): void {
  for (const fn of [...module.definitions()]) {
    if (isReplaceable(fn) && !C.LLVMGetComdat(fn)) split(module, fn)
  }
}

function split(module: Module, fn: ValueRef): void {
  const name = C.LLVMGetValueName2(fn)
  const type = C.LLVMGlobalGetValueType(fn)
  setValueName(fn, `${name}.weak`)
  const uses = module.addFunction(name, type)
  replaceAllUses(fn, uses)
  setValueName(uses, '')
  const alias = C.LLVMAddAlias2(module.ref, type, 0, fn, name)
  C.LLVMSetLinkage(alias, C.LLVMGetLinkage(fn))
  C.LLVMSetVisibility(alias, C.LLVMGetVisibility(fn))
  replaceAllUses(uses, alias)
  C.LLVMDeleteFunction(uses)
  C.LLVMSetLinkage(fn, Linkage.Internal)
}
