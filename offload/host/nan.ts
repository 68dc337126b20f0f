/**
 * RISC-V arithmetic gives the canonical NaN (unprivileged ISA, F extension); x86 passes a payload on and makes negative
 * NaNs. The difference matters only where the bits of a result become visible, so that is where a result is made
 * canonical: `select(fcmp uno x, x), canonical, x`. Values that are only moved (loads, arguments, results of calls)
 * keep their payload on both.
 *
 * It runs after the optimiser, on what is left: reductions and vectors stay as they are until the value leaves them.
 *
 * shared/roles.ts says what is visible. When all sources of a visible value are arithmetic, the value is made canonical at
 * its use (stores in loops: nan-guards.ts); when it mixes with moved values or passes a sign operation, each arithmetic source is, where it is computed.
 */
import {
  AtomicOrdering,
  allInstructions,
  type BlockRef,
  Builder,
  C,
  type Module,
  Opcode,
  Types,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { functionCfg } from '../../analyzer/passes/cfg.ts'
import { findLoops } from '../../analyzer/passes/loops.ts'
import { canonicalNan, isNan } from '../constants.ts'
import { isFloat, isVisible, roleOf, type Sources, sourcesOf } from '../shared/roles.ts'
import { guardStores } from './nan-guards.ts'

/** Makes NaNs canonical in every function of a host module. */
export function canonicaliseNans(module: Module): void {
  const pass = new Pass(module)
  for (const fn of module.definitions()) pass.run(fn)
  pass.dispose()
}

class Pass {
  readonly #builder: Builder
  readonly #types: Types
  #sources = new Map<ValueRef, Sources>()
  #atUse = new Map<ValueRef, Map<BlockRef, ValueRef>>()
  #atSource = new Set<ValueRef>()

  constructor(module: Module) {
    this.#builder = new Builder(module.context)
    this.#types = new Types(module.context)
  }

  dispose(): void {
    this.#builder.dispose()
  }

  run(fn: ValueRef): void {
    this.#sources = new Map()
    this.#atUse = new Map()
    this.#atSource = new Set()
    const cfg = functionCfg(fn)
    const { innermost } = findLoops(cfg)
    const guarded = new Map<BlockRef, Set<ValueRef>>()
    for (const user of [...allInstructions(fn)]) {
      const count = C.LLVMGetNumOperands(user)
      for (let i = 0; i < count; i++) {
        const value = C.LLVMGetOperand(user, i)
        if (valueKind(value) !== ValueKind.Instruction || !isFloat(value) || !isVisible(user)) continue
        const sources = this.#sourcesOf(value)
        if (sources.arithmetic.length === 0) continue
        const block = C.LLVMGetInstructionParent(user)
        const inLoop = innermost[cfg.numbers.get(block)!]! >= 0
        if (!sources.pure) for (const source of sources.arithmetic) this.#fixSource(source)
        else if (inLoop && isPlainStore(user)) guarded.set(block, (guarded.get(block) ?? new Set()).add(user))
        else this.#fixUse(user, i)
      }
    }
    for (const [block, stores] of guarded)
      if (!guardStores(this.#builder, this.#types, block, stores)) for (const store of stores) this.#fixUse(store, 0)
  }

  #sourcesOf(value: ValueRef): Sources {
    let sources = this.#sources.get(value)
    if (!sources) this.#sources.set(value, (sources = sourcesOf(value)))
    return sources
  }

  #fixUse(user: ValueRef, index: number): void {
    C.LLVMSetOperand(user, index, this.#canonicalAt(user, C.LLVMGetOperand(user, index)))
  }

  /** The canonical form of a value in the block of its user, made once a block. */
  #canonicalAt(user: ValueRef, value: ValueRef): ValueRef {
    const block = C.LLVMGetInstructionParent(user)
    let made = this.#atUse.get(value)
    if (!made) this.#atUse.set(value, (made = new Map()))
    let canonical = made.get(block)
    if (canonical === undefined) {
      canonical = this.#canonical(this.#builder.before(user), value)
      made.set(block, canonical)
    }
    return canonical
  }

  /** Makes what only moves an arithmetic result move its canonical form. */
  #fixSource(source: ValueRef): void {
    if (this.#atSource.has(source)) return
    this.#atSource.add(source)
    const movers = [...users(source)].filter(user => {
      const role = roleOf(user)
      return role === 'moves' || role === 'sign'
    })
    const canonical = this.#canonical(this.#builder.after(source), source)
    for (const mover of movers) {
      const count = C.LLVMGetNumOperands(mover)
      for (let i = 0; i < count; i++) if (C.LLVMGetOperand(mover, i) === source) C.LLVMSetOperand(mover, i, canonical)
    }
  }

  #canonical(b: Builder, value: ValueRef): ValueRef {
    const type = valueType(value)
    return b.select(isNan(b, this.#types, value), canonicalNan(type), value)
  }
}

function isPlainStore(user: ValueRef): boolean {
  if (C.LLVMGetInstructionOpcode(user) !== Opcode.Store) return false
  return !C.LLVMGetVolatile(user) && C.LLVMGetOrdering(user) === AtomicOrdering.NotAtomic
}
