import { C, constIntValue, IntPredicate, Opcode, ValueKind, type ValueRef } from '../llvm/index.ts'
import type { FunctionCfg } from './cfg.ts'
import type { Loop } from './loops.ts'

/** Longer loops are cut here: the estimate does not need more, and the count is found by counting. */
const LONGEST = 1_000_000

interface Induction {
  readonly start: bigint
  readonly step: bigint
  readonly bits: number
  /** The compared value is the phi behind the step, not before it. */
  readonly afterStep: boolean
}

/**
 * How often a loop's header runs each time the loop is entered, when an exit compares an induction variable (constant
 * start and step) with a constant; undefined when no exit does. With several exits the shortest count is the answer.
 * Expects SSA form (mem2reg ran).
 */
export function tripCount(cfg: FunctionCfg, loop: Loop): number | undefined {
  let best: number | undefined
  for (const number of loop.blocks) {
    const out = cfg.successors[number]!.find(target => !loop.blocks.has(target))
    if (out === undefined) continue
    const count = countExit(cfg, loop, number, out)
    if (count !== undefined && (best === undefined || count < best)) best = count
  }
  return best
}

function countExit(cfg: FunctionCfg, loop: Loop, from: number, out: number): number | undefined {
  const branch = C.LLVMGetBasicBlockTerminator(cfg.blocks[from]!)
  if (C.LLVMGetInstructionOpcode(branch) !== Opcode.Br || !C.LLVMIsConditional(branch)) return undefined
  const test = C.LLVMGetCondition(branch)
  if (C.LLVMGetValueKind(test) !== ValueKind.Instruction || C.LLVMGetInstructionOpcode(test) !== Opcode.ICmp)
    return undefined
  const bound = constIntValue(C.LLVMGetOperand(test, 1))
  const induction = bound === undefined ? undefined : findInduction(cfg, loop, C.LLVMGetOperand(test, 0))
  if (bound === undefined || induction === undefined) return undefined
  const exitWhen = cfg.numbers.get(C.LLVMGetSuccessor(branch, 0)) === out
  const predicate = C.LLVMGetICmpPredicate(test)
  const wrap = (value: bigint) => BigInt.asIntN(induction.bits, value)

  if (induction.step === 0n) return undefined
  let value = wrap(induction.afterStep ? induction.start + induction.step : induction.start)
  for (let count = 1; count < LONGEST; count++) {
    if (compare(predicate, value, bound, induction.bits) === exitWhen) return count
    value = wrap(value + induction.step)
  }
  return LONGEST
}

function findInduction(cfg: FunctionCfg, loop: Loop, compared: ValueRef): Induction | undefined {
  const header = cfg.blocks[loop.header]!
  const isPhi = (value: ValueRef) =>
    C.LLVMGetValueKind(value) === ValueKind.Instruction && C.LLVMGetInstructionOpcode(value) === Opcode.PHI
  const stepOf = (value: ValueRef) => {
    if (C.LLVMGetValueKind(value) !== ValueKind.Instruction) return undefined
    const opcode = C.LLVMGetInstructionOpcode(value)
    if (opcode !== Opcode.Add && opcode !== Opcode.Sub) return undefined
    const amount = constIntValue(C.LLVMGetOperand(value, 1))
    if (amount === undefined) return undefined
    return { from: C.LLVMGetOperand(value, 0), step: opcode === Opcode.Add ? amount : -amount }
  }

  const afterStep = !isPhi(compared)
  const phi = afterStep ? stepOf(compared)?.from : compared
  if (phi === undefined || !isPhi(phi) || C.LLVMGetInstructionParent(phi) !== header) return undefined

  let start: bigint | undefined
  let step: bigint | undefined
  for (let i = 0; i < C.LLVMCountIncoming(phi); i++) {
    const value = C.LLVMGetIncomingValue(phi, i)
    if (loop.blocks.has(cfg.numbers.get(C.LLVMGetIncomingBlock(phi, i))!)) {
      const found = stepOf(value)
      if (found?.from !== phi || (step !== undefined && step !== found.step)) return undefined
      step = found.step
    } else {
      const found = constIntValue(value)
      if (found === undefined || (start !== undefined && start !== found)) return undefined
      start = found
    }
  }
  if (start === undefined || step === undefined) return undefined
  return { start, step, bits: C.LLVMGetIntTypeWidth(C.LLVMTypeOf(phi)), afterStep }
}

function compare(predicate: number, left: bigint, right: bigint, bits: number): boolean {
  const l = BigInt.asUintN(bits, left)
  const r = BigInt.asUintN(bits, right)
  switch (predicate) {
    case IntPredicate.eq:
      return left === right
    case IntPredicate.ne:
      return left !== right
    case IntPredicate.ugt:
      return l > r
    case IntPredicate.uge:
      return l >= r
    case IntPredicate.ult:
      return l < r
    case IntPredicate.ule:
      return l <= r
    case IntPredicate.sgt:
      return left > right
    case IntPredicate.sge:
      return left >= right
    case IntPredicate.slt:
      return left < right
    default:
      return left <= right
  }
}
