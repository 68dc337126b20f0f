import {
  allInstructions,
  C,
  constIntValue,
  type Module,
  Opcode,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
} from '../../analyzer/llvm/index.ts'

const ENTRY_BYTES = 8n

/**
 * The places of the reference table that optimised host code still loads, out of `ferry_refs` through constant offsets.
 * undefined when a load can not be told.
 */
export function usedReferences(module: Module): ReadonlySet<number> | undefined {
  const used = new Set<number>()
  const refs = module.global('ferry_refs')!
  for (const fn of module.definitions())
    for (const base of allInstructions(fn)) {
      if (!isLoad(base) || C.LLVMGetOperand(base, 0) !== refs) continue
      for (const user of users(base)) {
        const place = placeOf(user, base)
        if (place === undefined) return undefined
        used.add(place)
      }
    }
  return used
}

/** The entry that a user of the table's address loads. */
function placeOf(user: ValueRef, base: ValueRef): number | undefined {
  if (isLoad(user) && C.LLVMGetOperand(user, 0) === base) return 0
  if (C.LLVMGetInstructionOpcode(user) !== Opcode.GetElementPtr || ![...users(user)].every(isLoad)) return undefined
  const index = C.LLVMGetNumOperands(user) === 2 ? constIntValue(C.LLVMGetOperand(user, 1)) : undefined
  if (index === undefined) return undefined
  const isBytes = C.LLVMPrintTypeToString(C.LLVMGetGEPSourceElementType(user)) === 'i8'
  return Number(isBytes ? index / ENTRY_BYTES : index)
}

function isLoad(value: ValueRef): boolean {
  return valueKind(value) === ValueKind.Instruction && C.LLVMGetInstructionOpcode(value) === Opcode.Load
}
