import type { DataLayout, ValueRef } from '../llvm/index.ts'
import { C, calledFunction, constIntValue, instructions, Opcode, TypeKind, valueName } from '../llvm/index.ts'
import type { StaticProfile } from './profile.ts'

/** Classes of instructions that the cost model tells apart. */
export type InstructionClass =
  | 'integer'
  | 'multiply'
  | 'divide'
  | 'float'
  | 'floatDivide'
  | 'load'
  | 'store'
  | 'branch'
  | 'indirect'
  | 'call'
  | 'pointerCall'
  | 'atomic'

export interface InstructionMix {
  /** Instructions in the function's IR that become machine code. */
  readonly instructions: number
  /** How many of each class one call of the function executes. */
  readonly executed: Readonly<Record<InstructionClass, number>>
  /** How many of them are in innermost loops of one straight way without calls, which the host's compiler vectorises. */
  readonly vectorisable: Readonly<Record<InstructionClass, number>>
  /** Bytes that one call reads and writes, block copies included. */
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** IR that costs nothing: address arithmetic that folds into accesses, no-op casts, SSA bookkeeping. */
const FREE: ReadonlySet<number> = new Set([
  Opcode.PHI,
  Opcode.Alloca,
  Opcode.BitCast,
  Opcode.PtrToInt,
  Opcode.IntToPtr,
  Opcode.Trunc,
  Opcode.ZExt,
  Opcode.Freeze,
  Opcode.ExtractValue,
  Opcode.InsertValue,
  Opcode.Unreachable,
])

const CLASSES = new Map<number, InstructionClass>([
  [Opcode.Mul, 'multiply'],
  ...[Opcode.UDiv, Opcode.SDiv, Opcode.URem, Opcode.SRem].map(op => [op, 'divide'] as const),
  ...[Opcode.FAdd, Opcode.FSub, Opcode.FMul, Opcode.FNeg, Opcode.FCmp].map(op => [op, 'float'] as const),
  ...[Opcode.FPToSI, Opcode.FPToUI, Opcode.SIToFP, Opcode.UIToFP].map(op => [op, 'float'] as const),
  ...[Opcode.FPTrunc, Opcode.FPExt].map(op => [op, 'float'] as const),
  ...[Opcode.FDiv, Opcode.FRem].map(op => [op, 'floatDivide'] as const),
  [Opcode.Load, 'load'],
  [Opcode.Store, 'store'],
  [Opcode.Br, 'branch'],
  [Opcode.Ret, 'branch'],
  [Opcode.Switch, 'indirect'],
  [Opcode.IndirectBr, 'indirect'],
  ...[Opcode.AtomicRMW, Opcode.AtomicCmpXchg, Opcode.Fence].map(op => [op, 'atomic'] as const),
])

/** Counts what one call of a function executes; block copies of unknown length are taken as this many bytes. */
const UNKNOWN_COPY = 64

export function instructionMix(profile: StaticProfile, layout: DataLayout): InstructionMix {
  const executed = noCounts()
  const vectorisable = noCounts()
  const straight = straightLoops(profile)
  let count = 0
  let bytesRead = 0
  let bytesWritten = 0
  for (const [number, block] of profile.cfg.blocks.entries()) {
    const frequency = profile.frequency(block)
    const before = straight.has(number) ? { ...executed } : undefined
    for (const i of instructions(block)) {
      const opcode = C.LLVMGetInstructionOpcode(i)
      if (FREE.has(opcode)) continue
      if (opcode === Opcode.Call) {
        const effect = intrinsicEffect(i)
        if (effect === 'free') continue
        count++
        if (typeof effect === 'string') executed[effect] += frequency
        else {
          bytesRead += effect.read * frequency
          bytesWritten += effect.written * frequency
          executed.load += (effect.read / 8) * frequency
          executed.store += (effect.written / 8) * frequency
        }
        continue
      }
      count++
      executed[CLASSES.get(opcode) ?? 'integer'] += frequency
      if (opcode === Opcode.Load) bytesRead += layout.storeSize(C.LLVMTypeOf(i)) * frequency
      if (opcode === Opcode.Store) bytesWritten += layout.storeSize(C.LLVMTypeOf(C.LLVMGetOperand(i, 0))) * frequency
    }
    if (before) for (const name of CLASS_NAMES) vectorisable[name] += executed[name] - before[name]
  }
  return { instructions: count, executed, vectorisable, bytesRead, bytesWritten }
}

function noCounts(): Record<InstructionClass, number> {
  return Object.fromEntries(CLASS_NAMES.map(name => [name, 0])) as Record<InstructionClass, number>
}

/** A header that tests and a body: loops are not rotated yet. */
const STRAIGHT_BLOCKS = 2
/** An induction variable and a reduction. */
const STRAIGHT_PHIS = 2

/** The numbers of the blocks of innermost loops that have one way through, no calls and little that a turn hands on. */
function straightLoops({ cfg, forest }: StaticProfile): Set<number> {
  const blocks = new Set<number>()
  for (const [index, loop] of forest.loops.entries()) {
    if (loop.blocks.size > STRAIGHT_BLOCKS || forest.loops.some(inner => inner.parent === index)) continue
    const inside = [...loop.blocks].flatMap(number => [...instructions(cfg.blocks[number]!)])
    const phis = inside.filter(i => C.LLVMGetInstructionOpcode(i) === Opcode.PHI).length
    const accesses = inside.some(i => CLASSES.get(C.LLVMGetInstructionOpcode(i)) === 'load')
    if (phis > STRAIGHT_PHIS || !accesses || inside.some(isUnvectorisable)) continue
    for (const number of loop.blocks) blocks.add(number)
  }
  return blocks
}

function isUnvectorisable(i: ValueRef): boolean {
  const opcode = C.LLVMGetInstructionOpcode(i)
  if (opcode !== Opcode.Call) return ['indirect', 'atomic', 'divide'].includes(CLASSES.get(opcode) ?? '')
  const effect = intrinsicEffect(i)
  return effect === 'call' || effect === 'pointerCall' || typeof effect === 'object'
}

const CLASS_NAMES: readonly InstructionClass[] = [
  'integer',
  'multiply',
  'divide',
  'float',
  'floatDivide',
  'load',
  'store',
  'branch',
  'indirect',
  'call',
  'pointerCall',
  'atomic',
]

type Effect = 'free' | InstructionClass | { read: number; written: number }

/** Intrinsics that only inform the optimiser. */
const INFORMATION =
  /^llvm\.(lifetime|dbg|assume|expect|experimental\.noalias|invariant|sideeffect|donothing|annotation)/

function intrinsicEffect(call: ValueRef): Effect {
  const callee = calledFunction(call)
  if (callee === undefined) return 'pointerCall'
  if (C.LLVMGetIntrinsicID(callee) === 0) return 'call'
  const name = valueName(callee)
  if (INFORMATION.test(name)) return 'free'
  const length = () => {
    const constant = constIntValue(C.LLVMGetArgOperand(call, 2))
    return constant === undefined ? UNKNOWN_COPY : Number(constant)
  }
  if (name.startsWith('llvm.memcpy') || name.startsWith('llvm.memmove')) return { read: length(), written: length() }
  if (name.startsWith('llvm.memset')) return { read: 0, written: length() }
  const kind = C.LLVMGetTypeKind(C.LLVMTypeOf(call))
  if (name.startsWith('llvm.sqrt')) return 'floatDivide'
  return kind === TypeKind.Half || kind === TypeKind.Float || kind === TypeKind.Double || kind === TypeKind.FP128
    ? 'float'
    : 'integer'
}
