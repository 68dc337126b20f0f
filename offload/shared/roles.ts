/**
 * What each instruction does with the bits of floating-point values, in particular of NaNs:
 *
 *   arithmetic  makes a new value; RISC-V's is the canonical NaN, x86's has a payload or a sign
 *   moves       phi, select, vector shuffles, rounding to integers (RISC-V's sequence returns a NaN unchanged)
 *   sign        acts on the sign bit and moves the others
 *   number      is never NaN
 *   opaque      anything else. Its operands are visible: stored, returned, passed, taken as bits
 */
import {
  C,
  calledFunction,
  Opcode,
  RealPredicate,
  TypeKind,
  typeKind,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { scalarType } from '../constants.ts'
import { HOST_LIBM } from './libm.ts'

export type Role = 'arithmetic' | 'moves' | 'sign' | 'number' | 'opaque'

const ARITHMETIC: ReadonlySet<number> = new Set([
  Opcode.FAdd,
  Opcode.FSub,
  Opcode.FMul,
  Opcode.FDiv,
  Opcode.FRem,
  Opcode.FPTrunc,
  Opcode.FPExt,
])
const MOVES: ReadonlySet<number> = new Set([
  Opcode.PHI,
  Opcode.Select,
  Opcode.Freeze,
  Opcode.ExtractElement,
  Opcode.InsertElement,
  Opcode.ShuffleVector,
])
const FLOATS: ReadonlySet<number> = new Set([TypeKind.Half, TypeKind.Float, TypeKind.Double, TypeKind.FP128])
const CONSUMES: ReadonlySet<number> = new Set([Opcode.FCmp, Opcode.FPToSI, Opcode.FPToUI])

const intrinsics = (names: string) => new Set(names.split(' ').map(name => `llvm.${name}`))
const ARITHMETIC_CALLS = intrinsics(
  'sqrt fma fmuladd minnum maxnum minimum maximum minimumnum maximumnum canonicalize vector.reduce.fadd vector.reduce.fmul vector.reduce.fmin vector.reduce.fmax',
)
const MOVING_CALLS = intrinsics('floor ceil trunc rint nearbyint round roundeven arithmetic.fence')
const SIGN_CALLS = intrinsics('fabs copysign')
const CONSUMING_CALLS = intrinsics('fptosi.sat fptoui.sat is.fpclass lrint llrint lround llround')

export interface Sources {
  readonly arithmetic: readonly ValueRef[]
  /** Nothing but arithmetic and numbers comes in, unchanged. */
  readonly pure: boolean
}

export function isFloat(value: ValueRef): boolean {
  const kind = typeKind(scalarType(valueType(value)))
  return FLOATS.has(kind)
}

/** A call that computes with floating-point values and touches no memory. */
export function isFloatOperation(call: ValueRef): boolean {
  const name = calledName(call)
  return name.startsWith('llvm.') && (roleOf(call) !== 'opaque' || CONSUMING_CALLS.has(name))
}

/** `llvm.sqrt` of a call of `llvm.sqrt.v4f32`; the plain name of another function; '' for other calls. */
function calledName(call: ValueRef): string {
  const callee = calledFunction(call)
  if (callee === undefined) return ''
  const name = valueName(callee)
  if (!name.startsWith('llvm.')) return name
  return name.replace(/(\.(v\d+)?(f32|f64|f128|i\d+))+$/, '')
}

export function roleOf(value: ValueRef): Role {
  if (valueKind(value) !== ValueKind.Instruction)
    return valueKind(value) === ValueKind.ConstantFP && !isNanConstant(value) ? 'number' : 'opaque'
  const opcode = C.LLVMGetInstructionOpcode(value)
  if (ARITHMETIC.has(opcode)) return 'arithmetic'
  if (opcode === Opcode.Select && replacesNan(value)) return 'number'
  if (MOVES.has(opcode)) return 'moves'
  if (opcode === Opcode.FNeg) return 'sign'
  if (opcode === Opcode.SIToFP || opcode === Opcode.UIToFP) return 'number'
  if (opcode !== Opcode.Call) return 'opaque'
  const name = calledName(value)
  if (ARITHMETIC_CALLS.has(name) || HOST_LIBM.has(name)) return 'arithmetic'
  if (MOVING_CALLS.has(name)) return 'moves'
  return SIGN_CALLS.has(name) ? 'sign' : 'opaque'
}

/** `select(fcmp uno x, x), NaN, x`: canonical already. */
function replacesNan(select: ValueRef): boolean {
  const condition = C.LLVMGetOperand(select, 0)
  if (valueKind(condition) !== ValueKind.Instruction || C.LLVMGetInstructionOpcode(condition) !== Opcode.FCmp)
    return false
  if (C.LLVMGetFCmpPredicate(condition) !== RealPredicate.uno) return false
  const value = C.LLVMGetOperand(select, 2)
  return C.LLVMGetOperand(condition, 0) === value && C.LLVMGetOperand(condition, 1) === value
}

function isNanConstant(value: ValueRef): boolean {
  return Number.isNaN(C.LLVMConstRealGetDouble(value, new Uint8Array(4)))
}

/** Whether the bits of an operand of `user` get out of floating-point arithmetic there. */
export function isVisible(user: ValueRef): boolean {
  const opcode = C.LLVMGetInstructionOpcode(user)
  if (CONSUMES.has(opcode) || (opcode === Opcode.Call && CONSUMING_CALLS.has(calledName(user)))) return false
  return roleOf(user) === 'opaque'
}

/** Where the bits of a value come from, through everything that moves them. */
export function sourcesOf(value: ValueRef): Sources {
  const arithmetic: ValueRef[] = []
  let pure = true
  const seen = new Set<ValueRef>([value])
  const work = [value]
  for (let v = work.pop(); v !== undefined; v = work.pop()) {
    const role = roleOf(v)
    if (role === 'arithmetic') arithmetic.push(v)
    if (role === 'opaque' || role === 'sign') pure = false
    if (role !== 'moves' && role !== 'sign') continue
    const count = C.LLVMGetNumOperands(v)
    for (let i = 0; i < count; i++) {
      const operand = C.LLVMGetOperand(v, i)
      if (!isMoved(operand) || seen.has(operand)) continue
      seen.add(operand)
      work.push(operand)
    }
  }
  return { arithmetic, pure }
}

/** Floating-point operands only: not conditions, indices, masks, blocks or callees. */
function isMoved(operand: ValueRef): boolean {
  const kind = valueKind(operand)
  return kind !== ValueKind.BasicBlock && kind !== ValueKind.Function && isFloat(operand)
}

/** Whether the bits of a value get out, directly or through what moves it. */
export function reachesVisible(value: ValueRef): boolean {
  const seen = new Set<ValueRef>([value])
  const work = [value]
  for (let v = work.pop(); v !== undefined; v = work.pop())
    for (const user of users(v)) {
      if (isVisible(user)) return true
      const role = roleOf(user)
      if ((role !== 'moves' && role !== 'sign') || seen.has(user)) continue
      seen.add(user)
      work.push(user)
    }
  return false
}
