/**
 * Every use of a guest global or of a function's address becomes a load from the reference table, so that an address is
 * the guest's everywhere. Constant expressions with such addresses are expanded to instructions.
 *
 * Constants are the exception where nobody can see their address: a use that only reads takes a copy in the host object,
 * which the optimiser can fold and vectorise with. Tables of label addresses are copied too; theirs are host labels.
 */
import { labelAddresses } from '../../analyzer/labels.ts'
import {
  allInstructions,
  type BinaryOperation,
  C,
  type CastOperation,
  calledFunction,
  constInt,
  constIntValue,
  isCall,
  Linkage,
  Opcode,
  opcodeName,
  operands,
  setValueName,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { HOST_FUNCTIONS } from './functions.ts'
import { loadReference } from './guest-call.ts'
import { addMetadata, type Lowering, Refusal } from './lowering.ts'

export class References {
  readonly #l: Lowering
  /** Constants of which the host object gets a copy. */
  readonly copied = new Set<ValueRef>()
  readonly #addressed = new Map<ValueRef, boolean>()
  readonly #copyable = new Map<ValueRef, boolean>()

  constructor(lowering: Lowering) {
    this.#l = lowering
  }

  lower(fn: ValueRef): void {
    const tables = new Set(labelAddresses(fn).tables)
    for (const table of tables) this.copied.add(table)
    const ofPhis = new Map<string, ValueRef>()
    for (const instruction of allInstructions(fn)) {
      const opcode = C.LLVMGetInstructionOpcode(instruction)
      const count = C.LLVMGetNumOperands(instruction)
      for (let i = 0; i < count; i++) {
        const operand = C.LLVMGetOperand(instruction, i)
        if (!this.#holdsAddress(operand) || isCallee(instruction, opcode, i, count)) continue
        if (this.#stays(operand, tables) || this.#copies(instruction, opcode, i, operand)) continue
        C.LLVMSetOperand(instruction, i, this.#expandFor(instruction, opcode, i, operand, ofPhis))
      }
    }
  }

  /** Whether the address of a global is part of the constant. */
  #holdsAddress(value: ValueRef): boolean {
    const kind = valueKind(value)
    if (isGlobal(kind)) return true
    if (!isCompound(kind)) return false
    let known = this.#addressed.get(value)
    if (known === undefined) {
      known = operands(value).some(part => this.#holdsAddress(part))
      this.#addressed.set(value, known)
    }
    return known
  }

  /** ferry's own, and tables of labels of this function. */
  #stays(value: ValueRef, tables: ReadonlySet<ValueRef>): boolean {
    return globalsIn(value).every(g => this.#l.own.has(g) || tables.has(g))
  }

  /** Makes a use that only reads a constant a use of its copy, if it is one; the constant stays the operand. */
  #copies(user: ValueRef, opcode: number, index: number, value: ValueRef): boolean {
    const leaves = globalsIn(value)
    const [global] = leaves
    if (leaves.length !== 1 || !this.#isCopyable(global!) || !isAddressOf(value)) return false
    if (!onlyReads(user, opcode, index)) return false
    this.copied.add(global!)
    return true
  }

  #isCopyable(global: ValueRef): boolean {
    let known = this.#copyable.get(global)
    if (known === undefined) {
      known = isCopyable(global)
      this.#copyable.set(global, known)
    }
    return known
  }

  #expandFor(user: ValueRef, opcode: number, index: number, value: ValueRef, ofPhis: Map<string, ValueRef>): ValueRef {
    if (opcode !== Opcode.PHI) {
      this.#l.builder.before(user)
      return this.#expand(value)
    }
    // A block may be the predecessor twice (switch); its values must be one.
    const block = C.LLVMGetIncomingBlock(user, index)
    const key = `${user} ${block} ${value}`
    let made = ofPhis.get(key)
    if (made === undefined) {
      this.#l.builder.before(C.LLVMGetBasicBlockTerminator(block))
      made = this.#expand(value)
      ofPhis.set(key, made)
    }
    return made
  }

  /** The constant as instructions at the builder's place. */
  #expand(value: ValueRef): ValueRef {
    if (!this.#holdsAddress(value)) return value
    const { builder: b } = this.#l
    const kind = valueKind(value)
    if (isGlobal(kind)) return this.#load(value)
    if (kind === ValueKind.ConstantExpr) return this.#expandExpression(value)
    const parts = operands(value).map(part => this.#expand(part))
    const poison = C.LLVMGetPoison(valueType(value))
    if (kind !== ValueKind.ConstantVector)
      return parts.reduce((whole, part, i) => b.insertValue(whole, part, i), poison)
    return parts.reduce((whole, part, i) => b.insertElement(whole, part, constInt(this.#l.types.i32, i)), poison)
  }

  #expandExpression(value: ValueRef): ValueRef {
    const { builder: b } = this.#l
    const opcode = C.LLVMGetConstOpcode(value)
    const parts = operands(value).map(part => this.#expand(part))
    switch (opcode) {
      case Opcode.GetElementPtr: {
        const flags = C.LLVMGEPGetNoWrapFlags(value)
        return b.gepWithFlags(C.LLVMGetGEPSourceElementType(value), parts[0]!, parts.slice(1), flags)
      }
      case Opcode.PtrToInt:
      case Opcode.PtrToAddr:
      case Opcode.IntToPtr:
      case Opcode.BitCast:
      case Opcode.Trunc:
        return b.cast(opcodeName(opcode) as CastOperation, parts[0]!, valueType(value))
      case Opcode.Add:
      case Opcode.Sub:
      case Opcode.Xor:
        return b.binary(opcodeName(opcode) as BinaryOperation, parts[0]!, parts[1]!)
      default:
        throw new Refusal(`constant expression ${opcodeName(opcode)} of an address`)
    }
  }

  /** What is known of the global is said of the loaded pointer, so that accesses through it may move and be combined. */
  #load(global: ValueRef): ValueRef {
    const { context, types } = this.#l
    if (C.LLVMIsThreadLocal(global)) throw new Refusal('the address of a thread-local variable in a constant')
    if (valueName(global) === '') throw new Refusal('a global without a name')
    const pointer = loadReference(this.#l, valueName(global))
    if (C.LLVMGetLinkage(global) === Linkage.ExternalWeak) return pointer
    addMetadata(context, pointer, 'nonnull', [])
    if (valueKind(global) !== ValueKind.GlobalVariable || C.LLVMIsDeclaration(global)) return pointer
    const size = this.#l.layout.size(C.LLVMGlobalGetValueType(global))
    const alignment = C.LLVMGetAlignment(global)
    if (size > 0) addMetadata(context, pointer, 'dereferenceable', [constInt(types.i64, size)])
    if (alignment > 1) addMetadata(context, pointer, 'align', [constInt(types.i64, alignment)])
    return pointer
  }
}

function isGlobal(kind: number): boolean {
  return (
    kind === ValueKind.GlobalVariable ||
    kind === ValueKind.Function ||
    kind === ValueKind.GlobalAlias ||
    kind === ValueKind.GlobalIFunc
  )
}

/** Kinds of constants that may have others inside; a label address stays as it is. */
function isCompound(kind: number): boolean {
  return kind >= ValueKind.ConstantExpr && kind <= ValueKind.ConstantVector
}

function globalsIn(value: ValueRef): ValueRef[] {
  const kind = valueKind(value)
  if (isGlobal(kind)) return [value]
  return isCompound(kind) ? operands(value).flatMap(globalsIn) : []
}

function isCallee(user: ValueRef, opcode: number, index: number, count: number): boolean {
  return isCall(opcode) && index === count - 1 && calledFunction(user) !== undefined
}

/** A global itself or a constant address inside one. */
function isAddressOf(value: ValueRef): boolean {
  if (valueKind(value) === ValueKind.GlobalVariable) return true
  return (
    valueKind(value) === ValueKind.ConstantExpr &&
    C.LLVMGetConstOpcode(value) === Opcode.GetElementPtr &&
    isAddressOf(C.LLVMGetOperand(value, 0))
  )
}

/** A use through which the bytes are read and the address does not get out. */
function onlyReads(user: ValueRef, opcode: number, index: number): boolean {
  if (opcode === Opcode.Load) return !C.LLVMGetVolatile(user)
  if (opcode === Opcode.GetElementPtr) {
    if (index !== 0) return false
    for (const next of users(user)) {
      const count = C.LLVMGetNumOperands(next)
      for (let i = 0; i < count; i++)
        if (C.LLVMGetOperand(next, i) === user && !onlyReads(next, C.LLVMGetInstructionOpcode(next), i)) return false
    }
    return true
  }
  if (opcode !== Opcode.Call) return false
  const callee = calledFunction(user)
  const name = callee === undefined ? '' : valueName(callee)
  if (/^llvm\.mem(cpy|move)\./.test(name)) return index === 1 && constIntValue(C.LLVMGetArgOperand(user, 3)) === 0n
  return HOST_FUNCTIONS.get(name)?.reads?.includes(index) ?? false
}

const REPLACEABLE: ReadonlySet<number> = new Set([
  Linkage.WeakAny,
  Linkage.LinkOnceAny,
  Linkage.ExternalWeak,
  Linkage.Common,
  Linkage.Appending,
])

/** A constant whose bytes are known here and hold no address. */
function isCopyable(global: ValueRef): boolean {
  if (valueKind(global) !== ValueKind.GlobalVariable || !C.LLVMIsGlobalConstant(global)) return false
  const initial = C.LLVMGetInitializer(global)
  if (!initial || C.LLVMIsThreadLocal(global) || C.LLVMIsExternallyInitialized(global)) return false
  return !REPLACEABLE.has(C.LLVMGetLinkage(global)) && !(C.LLVMGetSection(global) ?? '') && isPlain(initial)
}

function isPlain(value: ValueRef): boolean {
  const kind = valueKind(value)
  if (isGlobal(kind) || kind === ValueKind.BlockAddress || kind === ValueKind.ConstantExpr) return false
  return !isCompound(kind) || operands(value).every(isPlain)
}

/** Gives every global a name, so that the reference table can say which it means. */
export function nameGlobals(globals: Iterable<ValueRef>): void {
  let n = 0
  for (const global of globals) if (valueName(global) === '') setValueName(global, `ferry.unnamed.${n++}`)
}
