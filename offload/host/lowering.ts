/**
 * What the passes that turn guest bitcode into host bitcode share: the module, the tables through which host code
 * reaches the guest, and the way to give a function up.
 *
 * The exported globals (base/manifest.ts) are made first, those with unknown lengths are finished by `finishTables`.
 */
import {
  AttributeIndex,
  addAttribute,
  attribute,
  type Builder,
  C,
  type Context,
  constInt,
  type DataLayout,
  Linkage,
  type Module,
  stringAttribute,
  type TypeRef,
  Types,
  type ValueRef,
  Visibility,
} from '../../analyzer/llvm/index.ts'
import type { HostCpu } from './cpu.ts'

/** Thrown by a pass: the function can not run on the host. It stays on the guest; the build goes on without it. */
export class Refusal extends Error {}

/** Things of the guest that host code uses, numbered in the order of first use. */
export class Table {
  readonly #places = new Map<string, number>()

  constructor(initial: readonly string[] = []) {
    for (const name of initial) this.place(name)
  }

  place(name: string): number {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    this.#places.set(name, this.#places.size)
    return this.#places.size - 1
  }

  get names(): string[] {
    return [...this.#places.keys()]
  }
}

/** What code for the host may assume. */
export interface HostChoices {
  readonly cpu: HostCpu
  readonly hostLibm: boolean
  /** Functions that another definition may stand for when the program runs: calls go where the guest's symbol leads. */
  readonly replaceable: ReadonlySet<string>
}

export interface Lowering extends HostChoices {
  readonly module: Module
  readonly context: Context
  readonly types: Types
  readonly builder: Builder
  readonly layout: DataLayout
  /** Functions of the module that keep their bodies. */
  readonly chosen: ReadonlySet<ValueRef>
  /** Of those that are variadic: the function that has the body (variadic.ts). */
  readonly hostForms: ReadonlyMap<ValueRef, ValueRef>
  /** Names of guest symbols; the first are the functions with entries. */
  readonly references: Table
  /** Signature texts. */
  readonly thunks: Table
  readonly globals: { readonly refs: ValueRef; readonly thunks: ValueRef; readonly entries: ValueRef }
  /** These, and functions of ferry's: a use of one is of the host's address. */
  readonly own: Set<ValueRef>
}

/** Makes a global that other objects see and that needs no indirection from here. */
export function exportedGlobal(module: Module, name: string, type: TypeRef): ValueRef {
  const global = module.addGlobal(name, type)
  C.LLVMSetLinkage(global, Linkage.External)
  C.LLVMSetVisibility(global, Visibility.Protected)
  return global
}

/** Loads entry `index` of a table of pointers at `base`; nothing changes the tables after start, so the load may move. */
export function loadEntry(l: Lowering, base: ValueRef, index: number, name: string): ValueRef {
  const slot = l.builder.gep(l.types.ptr, base, [constInt(l.types.i64, index)])
  return markInvariant(l, l.builder.load(l.types.ptr, slot, name, 8))
}

export function markInvariant(l: Lowering, load: ValueRef): ValueRef {
  return addMetadata(l.context, load, 'invariant.load', [])
}

/** Attaches `!kind !{values}` to an instruction. */
export function addMetadata(context: Context, to: ValueRef, kind: string, values: readonly ValueRef[]): ValueRef {
  const id = C.LLVMGetMDKindIDInContext(context.ref, kind, Buffer.byteLength(kind))
  const operands = BigUint64Array.from(values, value => BigInt(C.LLVMValueAsMetadata(value)))
  const node = C.LLVMMDNodeInContext2(context.ref, values.length === 0 ? null : operands, values.length)
  C.LLVMSetMetadata(to, id, C.LLVMMetadataAsValue(context.ref, node))
  return to
}

/** Says of a function what clang says of one that it compiles for the processor. */
export function setProcessor(context: Context, fn: ValueRef, cpu: HostCpu): void {
  const attributes = {
    'target-cpu': cpu.name,
    'target-features': cpu.features,
    ...(cpu.tune === undefined ? {} : { 'tune-cpu': cpu.tune }),
    // Frames of more than a page touch each, so that an overflow of the stack meets its guard.
    'probe-stack': 'inline-asm',
    // No 512-bit values are passed; without this LLVM would use such registers even where they slow the processor down.
    'min-legal-vector-width': '0',
  }
  for (const [key, value] of Object.entries(attributes))
    addAttribute(fn, AttributeIndex.Function, stringAttribute(context, key, value))
  // As shared/prepare.ts has it for the program's functions, which could not be inlined into one without it.
  addAttribute(fn, AttributeIndex.Function, attribute(context, 'null_pointer_is_valid'))
}

/** Says how often a branch goes either way. */
export function addBranchWeights(context: Context, branch: ValueRef, ...weights: readonly number[]): void {
  const id = C.LLVMGetMDKindIDInContext(context.ref, 'prof', 'prof'.length)
  const types = new Types(context)
  const name = C.LLVMMDStringInContext2(context.ref, 'branch_weights', 'branch_weights'.length)
  const values = weights.map(weight => C.LLVMValueAsMetadata(constInt(types.i32, weight)))
  const node = C.LLVMMDNodeInContext2(context.ref, BigUint64Array.from([name, ...values], BigInt), values.length + 1)
  C.LLVMSetMetadata(branch, id, C.LLVMMetadataAsValue(context.ref, node))
}
