/**
 * C99 inline definitions (`inline` without `static` or `extern`), which LLVM calls available_externally: the program may
 * use them or an external definition elsewhere (C11 6.7.4). A compiler inlines most and leaves the rest to the linker. Here
 * they become the program's own, so that they can leave the guest like other functions, and none is missing at the link.
 */
import { C, isCall, Linkage, type Module, users, ValueKind, type ValueRef } from './llvm/index.ts'

/** Only where nothing takes the address, which belongs to the external definition. */
export function keepInlineDefinitions(module: Module): void {
  for (const fn of module.definitions())
    if (C.LLVMGetLinkage(fn) === Linkage.AvailableExternally && [...users(fn)].every(user => onlyCalls(user, fn)))
      C.LLVMSetLinkage(fn, Linkage.Internal)
}

function onlyCalls(user: ValueRef, fn: ValueRef): boolean {
  if (C.LLVMGetValueKind(user) !== ValueKind.Instruction || !isCall(C.LLVMGetInstructionOpcode(user))) return false
  const count = C.LLVMGetNumArgOperands(user)
  for (let i = 0; i < count; i++) if (C.LLVMGetArgOperand(user, i) === fn) return false
  return true
}
