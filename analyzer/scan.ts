/** One walk over a function that collects what the legality rules ask for. */
import type { FunctionType, Module, TypeRef, ValueRef } from './llvm/index.ts'
import {
  allInstructions,
  C,
  functionType,
  globalAnnotations,
  hasCallAttribute,
  isCall,
  Opcode,
  operands,
  ValueKind,
  valueName,
} from './llvm/index.ts'

export interface ScannedCall {
  readonly instruction: ValueRef
  /** The called value: function, pointer, inline assembly. */
  readonly callee: ValueRef
  /** Name of the function that is called directly, else ''. */
  readonly name: string
  readonly intrinsic: boolean
  readonly type: FunctionType
}

export interface FunctionScan {
  readonly fn: ValueRef
  readonly name: string
  readonly type: FunctionType
  readonly calls: readonly ScannedCall[]
  /** Loads, stores and others that are atomic. */
  readonly atomics: readonly ValueRef[]
  /** The first instruction of each opcode. */
  readonly opcodes: ReadonlyMap<number, ValueRef>
  /** Types of values that the function computes, stores, takes or passes, with the first instruction; the function itself for its signature. */
  readonly types: ReadonlyMap<TypeRef, ValueRef>
  /** Global variables that are used, with the first instruction that does. */
  readonly globals: ReadonlyMap<ValueRef, ValueRef>
  readonly annotations: readonly string[]
  readonly isResolver: boolean
  /** The first call that an exception may come out of, of a function that one may leave. */
  readonly unwinding: ScannedCall | undefined
  /** The first call that may lead to code that changes the stack. */
  readonly switching: ScannedCall | undefined
}

/** What is known of the calls of a module (passes/): names of functions. */
export interface CallFacts {
  /** An exception may leave them (unwinding.ts). */
  readonly unwinds: ReadonlySet<string>
  /** They lead to code that changes the stack (switching.ts). */
  readonly switches: ReadonlySet<string>
}

const NO_FACTS: CallFacts = { unwinds: new Set(), switches: new Set() }

/** Opcodes that LLVMIsAtomic accepts. */
const ACCESSES: ReadonlySet<number> = new Set([Opcode.Load, Opcode.Store, Opcode.AtomicRMW, Opcode.AtomicCmpXchg])

/** Scans the functions of one module; what belongs to the module as a whole is read once. */
export class Scanner {
  readonly #annotations: ReadonlyMap<ValueRef, readonly string[]>
  readonly #resolvers = new Set<ValueRef>()
  readonly #functionTypes = new Map<TypeRef, FunctionType>()
  readonly #globalsOf = new Map<ValueRef, readonly ValueRef[]>()
  readonly #facts: CallFacts

  constructor(module: Module, facts: CallFacts = NO_FACTS) {
    this.#facts = facts
    this.#annotations = globalAnnotations(module)
    for (const ifunc of module.ifuncs()) this.#resolvers.add(C.LLVMGetGlobalIFuncResolver(ifunc))
  }

  scan(fn: ValueRef): FunctionScan {
    const name = valueName(fn)
    const type = this.#functionType(C.LLVMGlobalGetValueType(fn))
    const calls: ScannedCall[] = []
    const atomics: ValueRef[] = []
    const opcodes = new Map<number, ValueRef>()
    const types = new Map<TypeRef, ValueRef>()
    const globals = new Map<ValueRef, ValueRef>()
    for (const t of [type.result, ...type.parameters]) types.set(t, fn)
    const sawType = (t: TypeRef, at: ValueRef) => {
      if (!types.has(t)) types.set(t, at)
    }

    for (const i of allInstructions(fn)) {
      const opcode = C.LLVMGetInstructionOpcode(i)
      if (!opcodes.has(opcode)) opcodes.set(opcode, i)
      sawType(C.LLVMTypeOf(i), i)
      const used = operands(i)
      if (opcode === Opcode.Store) sawType(C.LLVMTypeOf(used[0]!), i)
      for (const operand of used)
        for (const global of this.#globals(operand)) if (!globals.has(global)) globals.set(global, i)
      if (ACCESSES.has(opcode) && C.LLVMIsAtomic(i)) atomics.push(i)
      if (!isCall(opcode)) continue
      const call = this.#call(i)
      calls.push(call)
      for (const t of [call.type.result, ...call.type.parameters]) sawType(t, i)
    }
    const annotations = this.#annotations.get(fn) ?? []
    const isResolver = this.#resolvers.has(fn)
    const { unwinds, switches } = this.#facts
    const unwinding = unwinds.has(name) ? calls.find(call => this.#mayUnwind(call)) : undefined
    const switching = switches.has(name)
      ? (calls.find(call => switches.has(call.name)) ?? calls.find(call => call.name === ''))
      : undefined
    return { fn, name, type, calls, atomics, opcodes, types, globals, annotations, isResolver, unwinding, switching }
  }

  #mayUnwind({ instruction, name }: ScannedCall): boolean {
    return (name === '' || this.#facts.unwinds.has(name)) && !hasCallAttribute(instruction, 'nounwind')
  }

  #call(instruction: ValueRef): ScannedCall {
    const callee = C.LLVMGetCalledValue(instruction)
    const isFunction = C.LLVMGetValueKind(callee) === ValueKind.Function
    return {
      instruction,
      callee,
      name: isFunction ? valueName(callee) : '',
      intrinsic: isFunction && C.LLVMGetIntrinsicID(callee) !== 0,
      type: this.#functionType(C.LLVMGetCalledFunctionType(instruction)),
    }
  }

  #functionType(type: TypeRef): FunctionType {
    let found = this.#functionTypes.get(type)
    if (!found) this.#functionTypes.set(type, (found = functionType(type)))
    return found
  }

  /** The global variables inside an operand, through constant expressions; initialisers are not followed. */
  #globals(value: ValueRef): readonly ValueRef[] {
    const known = this.#globalsOf.get(value)
    if (known) return known
    const kind = C.LLVMGetValueKind(value)
    if (kind === ValueKind.GlobalVariable) this.#globalsOf.set(value, [value])
    else if (kind >= ValueKind.ConstantExpr && kind <= ValueKind.ConstantVector)
      this.#globalsOf.set(value, [...new Set(operands(value).flatMap(part => this.#globals(part)))])
    else return []
    return this.#globalsOf.get(value)!
  }
}
