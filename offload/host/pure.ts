/** Which entries of an optimised host module have no effect but their results: `ferry run --check=function` calls them twice. */
import {
  AttributeIndex,
  C,
  functionType,
  getAttribute,
  type Module,
  TypeKind,
  typeKind,
} from '../../analyzer/llvm/index.ts'

/** Bit 1 of each location's two bits in the value of the attribute `memory`: it may be written to (llvm/Support/ModRef.h). */
const WRITES = 0xaaaa_aaaa_aaaa_aaaan

/** Of the functions with these names, those that LLVM found to write nothing, and that have a result. */
export function pureEntries(module: Module, names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.filter(name => {
      const entry = module.function(`ferry.entry.${name}`)
      const memory = entry && getAttribute(entry, AttributeIndex.Function, 'memory')
      if (memory === undefined) return false
      const { result } = functionType(C.LLVMGlobalGetValueType(entry!))
      const writes = BigInt(C.LLVMGetEnumAttributeValue(memory)) & WRITES
      return writes === 0n && typeKind(result) !== TypeKind.Void
    }),
  )
}
