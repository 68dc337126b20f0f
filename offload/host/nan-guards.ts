/**
 * Canonical NaNs for stores in loops, where NaNs are rare and time is not: values are stored as they are, one comparison
 * looks at all of them, and a branch that is never taken in practice leads to where they are stored once more.
 * No store waits for a select, and two values are compared with each other at once.
 *
 *     head:   … store v0 … store v1
 *             br (v0 uno v1), fix, tail
 *     fix:    store canonical(v0), store canonical(v1)
 *     tail:   …
 *
 * In between nothing may look at the bits in memory: floating-point loads whose values only enter arithmetic are allowed,
 * every other access of memory ends the group.
 *
 * The C API can not split a block behind an instruction without losing the edges into its successors, so the head moves
 * to a new block and the edges into the block are redirected.
 */
import {
  type BlockRef,
  type Builder,
  C,
  constNull,
  instructions,
  Opcode,
  sequence,
  TypeKind,
  type TypeRef,
  type Types,
  typeKind,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { canonicalNan, isNan, scalarType } from '../constants.ts'
import { isFloat, isFloatOperation, reachesVisible } from '../shared/roles.ts'
import { addBranchWeights } from './lowering.ts'

/**
 * Makes what these stores of one block write canonical.
 * @returns false when the edges into the block can not be redirected (computed goto); nothing was changed then
 */
export function guardStores(b: Builder, types: Types, block: BlockRef, stores: ReadonlySet<ValueRef>): boolean {
  if ([...users(C.LLVMBasicBlockAsValue(block))].some(user => valueKind(user) !== ValueKind.Instruction)) return false
  for (const group of groups(block, stores)) guardGroup(b, types, block, group)
  return true
}

/** Stores that one comparison can serve, in order. */
function groups(block: BlockRef, stores: ReadonlySet<ValueRef>): ValueRef[][] {
  const result: ValueRef[][] = []
  let open: ValueRef[] = []
  for (const i of instructions(block)) {
    if (stores.has(i)) {
      if (open.length === 0) result.push(open)
      open.push(i)
    } else if (looksAtMemory(i)) open = []
  }
  return result
}

/** Everything but arithmetic, and loads of numbers that only enter arithmetic. */
function looksAtMemory(instruction: ValueRef): boolean {
  switch (C.LLVMGetInstructionOpcode(instruction)) {
    case Opcode.Load:
      return C.LLVMGetVolatile(instruction) || !isFloat(instruction) || reachesVisible(instruction)
    case Opcode.Call:
      return !isFloatOperation(instruction)
    case Opcode.Store:
    case Opcode.Fence:
    case Opcode.AtomicCmpXchg:
    case Opcode.AtomicRMW:
    case Opcode.VAArg:
      return true
    default:
      return false
  }
}

function guardGroup(b: Builder, types: Types, block: BlockRef, stores: readonly ValueRef[]): void {
  const { ref: context } = b.context
  const last = stores.at(-1)!
  const edges = [...users(C.LLVMBasicBlockAsValue(block))]
  const head = C.LLVMInsertBasicBlockInContext(context, block, '')
  b.atEnd(head).setDebugLocation(null)
  for (const i of instructions(block)) {
    C.LLVMInstructionRemoveFromParent(i)
    b.insert(i)
    if (i === last) break
  }
  for (const edge of edges) redirect(edge, block, head)
  const values = [...new Set(stores.map(store => C.LLVMGetOperand(store, 0)))]
  const fix = C.LLVMAppendBasicBlockInContext(context, C.LLVMGetBasicBlockParent(block), '')
  addBranchWeights(b.context, b.condBr(anyNan(b, types, values), fix, block), 1, 1 << 20)
  b.atEnd(fix)
  for (const store of stores) {
    const value = C.LLVMGetOperand(store, 0)
    const canonical = b.select(isNan(b, types, value), canonicalNan(valueType(value)), value)
    b.store(canonical, C.LLVMGetOperand(store, 1), C.LLVMGetAlignment(store))
  }
  b.br(block)
}

function redirect(terminator: ValueRef, from: BlockRef, to: BlockRef): void {
  const count = C.LLVMGetNumSuccessors(terminator)
  for (let i = 0; i < count; i++) if (C.LLVMGetSuccessor(terminator, i) === from) C.LLVMSetSuccessor(terminator, i, to)
}

/** Whether one of the values, or one element of one, is NaN: two of a type at a time, as `uno` looks at both operands. */
function anyNan(b: Builder, types: Types, values: readonly ValueRef[]): ValueRef {
  const byType = new Map<TypeRef, ValueRef[]>()
  for (const value of values) byType.set(valueType(value), [...(byType.get(valueType(value)) ?? []), value])
  const or = (list: readonly ValueRef[]) => list.reduce((all, one) => b.binary('Or', all, one))
  const found = [...byType].map(([type, list]) => {
    const isQuad = typeKind(scalarType(type)) === TypeKind.FP128
    const pairs = list.flatMap((value, i) => (i % 2 === 0 ? [[value, list[i + 1] ?? value] as const] : []))
    const tests = isQuad ? list.map(value => isNan(b, types, value)) : pairs.map(([x, y]) => b.fcmp('uno', x, y))
    return anyElement(b, types, or(tests))
  })
  return or(found)
}

function anyElement(b: Builder, types: Types, test: ValueRef): ValueRef {
  const type = valueType(test)
  if (typeKind(type) !== TypeKind.Vector) return test
  const bits = types.integer(sequence(type).count)
  return b.icmp('ne', b.cast('BitCast', test, bits), constNull(bits))
}
