import { ValueKind } from './enums.ts'
import type { ValueRef } from './handles.ts'
import { C } from './library.ts'
import type { Module } from './module.ts'
import { operands } from './walk.ts'

/**
 * `__attribute__((annotate("text")))` of functions and global variables: value → texts. clang keeps them in the array
 * `llvm.global.annotations` of { value, text, file, line, arguments }.
 */
export function globalAnnotations(module: Module): Map<ValueRef, string[]> {
  const result = new Map<ValueRef, string[]>()
  const table = module.global('llvm.global.annotations')
  const rows = table && C.LLVMGetInitializer(table)
  if (!rows) return result
  for (const row of operands(rows)) {
    const [value, text] = operands(row)
    const string = C.LLVMGetInitializer(text!)
    const kind = C.LLVMGetValueKind(string)
    if (kind !== ValueKind.ConstantDataArray) continue
    const of = C.LLVMGetValueKind(value!) === ValueKind.GlobalAlias ? C.LLVMAliasGetAliasee(value!) : value!
    const texts = result.get(of) ?? []
    texts.push(C.LLVMGetAsString(string).replace(/\0$/, ''))
    result.set(of, texts)
  }
  return result
}
