import type { ValueRef } from './llvm/index.ts'
import { blocks, C, isLocal, Opcode, users, ValueKind } from './llvm/index.ts'

export interface LabelAddresses {
  /** Global variables whose initialiser holds label addresses of the function: the host's copy of the function needs its own. */
  readonly tables: readonly ValueRef[]
  /** An instruction or global variable through which a label's address gets out of the function. */
  readonly leak: ValueRef | undefined
}

/**
 * Where the addresses of a function's labels (`&&label`) go. They stay inside when they are branched to, compared, kept in
 * local variables, or stand in a static table that only this function reads (an interpreter's dispatch table).
 */
export function labelAddresses(fn: ValueRef): LabelAddresses {
  const tables = new Set<ValueRef>()
  const work: ValueRef[] = []
  for (const block of blocks(fn))
    for (const user of users(C.LLVMBasicBlockAsValue(block)))
      if (C.LLVMGetValueKind(user) === ValueKind.BlockAddress) work.push(user)

  // Constants form no cycles, so that this ends without remembering what it saw.
  for (let value = work.pop(); value !== undefined; value = work.pop())
    for (const user of users(value)) {
      const kind = C.LLVMGetValueKind(user)
      if (kind === ValueKind.GlobalVariable) {
        const leak = tableLeak(fn, user)
        if (leak) return { tables: [...tables], leak }
        tables.add(user)
      } else if (kind === ValueKind.Instruction) {
        if (parentFunction(user) !== fn || !keepsInside(user, value)) return { tables: [...tables], leak: user }
      } else {
        work.push(user)
      }
    }
  return { tables: [...tables], leak: undefined }
}

function parentFunction(instruction: ValueRef): ValueRef {
  return C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(instruction))
}

function opcodeOf(value: ValueRef): number | undefined {
  return C.LLVMGetValueKind(value) === ValueKind.Instruction ? C.LLVMGetInstructionOpcode(value) : undefined
}

/** A user that leaves an address in the function: a store counts when it goes into a local variable. */
function keepsInside(user: ValueRef, value: ValueRef): boolean {
  switch (C.LLVMGetInstructionOpcode(user)) {
    case Opcode.Store:
      return C.LLVMGetOperand(user, 0) !== value || isLocalVariable(C.LLVMGetOperand(user, 1))
    case Opcode.Call:
    case Opcode.Invoke:
    case Opcode.Ret:
      return false
    default:
      return true
  }
}

function isLocalVariable(pointer: ValueRef): boolean {
  let base = pointer
  while (opcodeOf(base) === Opcode.GetElementPtr) base = C.LLVMGetOperand(base, 0)
  return opcodeOf(base) === Opcode.Alloca
}

/** The use that makes a table of labels more than a table that `fn` reads. */
function tableLeak(fn: ValueRef, table: ValueRef): ValueRef | undefined {
  if (!isLocal(table)) return table
  const work = [table]
  const seen = new Set<ValueRef>()
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (seen.has(value)) continue
    seen.add(value)
    for (const user of users(value)) {
      const opcode = opcodeOf(user)
      if (opcode === undefined) {
        if (C.LLVMGetValueKind(user) !== ValueKind.ConstantExpr) return user
        work.push(user)
      } else if (parentFunction(user) !== fn) {
        return user
      } else if (opcode === Opcode.GetElementPtr || opcode === Opcode.PHI || opcode === Opcode.Select) {
        if (!C.LLVMIsGlobalConstant(table) && opcode !== Opcode.GetElementPtr) return user
        work.push(user)
      } else if (!readsOnly(user, value, opcode, C.LLVMIsGlobalConstant(table))) {
        return user
      }
    }
  }
  return undefined
}

function readsOnly(user: ValueRef, value: ValueRef, opcode: number, constant: boolean): boolean {
  if (opcode === Opcode.Load || opcode === Opcode.ICmp) return true
  // The address of a constant table may lie in a local variable; a local array may be initialised from it.
  if (opcode === Opcode.Store)
    return constant && C.LLVMGetOperand(user, 0) === value && isLocalVariable(C.LLVMGetOperand(user, 1))
  const copies = opcode === Opcode.Call && C.LLVMIsAIntrinsicInst(user) !== 0
  return copies && C.LLVMGetArgOperand(user, 1) === value && isLocalVariable(C.LLVMGetArgOperand(user, 0))
}
