/**
 * RISC-V arithmetic gives the canonical NaN (unprivileged ISA, F extension); x86 passes a payload on and makes negative
 * NaNs. The difference matters only where the bits of a result become visible, so that is where a result is made
 * canonical: `select(fcmp uno x, x), canonical, x`. Values that are only moved (loads, arguments, results of calls)
 * keep their payload on both.
 *
 * It runs after the optimiser, on what is left: reductions and vectors stay as they are until the value leaves them.
 *
 *   visible     stored, returned, passed, bitcast, put into an aggregate; every use that is not known to be harmless
 *   harmless    an operand of arithmetic, of a comparison, of a conversion to an integer
 *   moved       phi, select, vector shuffles, rounding to integers (RISC-V's sequence returns a NaN unchanged), and
 *               sign operations, which act on the bits: what they move is looked through
 *
 * When all sources of a visible value are arithmetic, the value is made canonical at its use; when it mixes with moved
 * values or passes a sign operation, each arithmetic source is, where it is computed.
 */
import {
  allInstructions,
  type BlockRef,
  Builder,
  C,
  calledFunction,
  type Module,
  Opcode,
  TypeKind,
  Types,
  typeKind,
  users,
  ValueKind,
  type ValueRef,
  valueKind,
  valueName,
  valueType,
} from '../../analyzer/llvm/index.ts'
import { HOST_LIBM } from '../shared/libm.ts'
import { canonicalNan, integer, scalarType, withScalar } from './constants.ts'

type Role = 'arithmetic' | 'moves' | 'sign' | 'number' | 'opaque'

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
const CONSUMES: ReadonlySet<number> = new Set([Opcode.FCmp, Opcode.FPToSI, Opcode.FPToUI])

const intrinsics = (names: string) => new Set(names.split(' ').map(name => `llvm.${name}`))
const ARITHMETIC_CALLS = intrinsics(
  'sqrt fma fmuladd minnum maxnum minimum maximum minimumnum maximumnum canonicalize vector.reduce.fadd vector.reduce.fmul vector.reduce.fmin vector.reduce.fmax',
)
const MOVING_CALLS = intrinsics('floor ceil trunc rint nearbyint round roundeven')
const SIGN_CALLS = intrinsics('fabs copysign')
const CONSUMING_CALLS = intrinsics('fptosi.sat fptoui.sat is.fpclass lrint llrint lround llround')

interface Sources {
  readonly arithmetic: readonly ValueRef[]
  /** Nothing but arithmetic and numbers comes in, unchanged. */
  readonly pure: boolean
}

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
    for (const user of [...allInstructions(fn)]) {
      const count = C.LLVMGetNumOperands(user)
      for (let i = 0; i < count; i++) {
        const value = C.LLVMGetOperand(user, i)
        if (valueKind(value) === ValueKind.Instruction && isFloat(value) && isVisible(user)) this.#fix(user, i, value)
      }
    }
  }

  #fix(user: ValueRef, index: number, value: ValueRef): void {
    let sources = this.#sources.get(value)
    if (!sources) this.#sources.set(value, (sources = sourcesOf(value)))
    if (sources.arithmetic.length === 0) return
    if (sources.pure) C.LLVMSetOperand(user, index, this.#canonicalAt(user, value))
    else for (const source of sources.arithmetic) this.#fixSource(source)
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
    return b.select(this.#isNan(b, value), canonicalNan(type), value)
  }

  /** For quadruple precision on the bits: the comparison would be a library call. */
  #isNan(b: Builder, value: ValueRef): ValueRef {
    const type = valueType(value)
    if (typeKind(scalarType(type)) !== TypeKind.FP128) return b.fcmp('uno', value, value)
    const wide = withScalar(type, this.#types.i128)
    const magnitude = b.binary('And', b.cast('BitCast', value, wide), integer(wide, (1n << 127n) - 1n))
    return b.icmp('ugt', magnitude, integer(wide, 0x7fffn << 112n))
  }
}

function isFloat(value: ValueRef): boolean {
  const kind = typeKind(scalarType(valueType(value)))
  return kind === TypeKind.Float || kind === TypeKind.Double || kind === TypeKind.FP128
}

/** `llvm.sqrt` of a call of `llvm.sqrt.v4f32`; the plain name of another function; '' for other calls. */
function calledName(call: ValueRef): string {
  const callee = calledFunction(call)
  if (callee === undefined) return ''
  const name = valueName(callee)
  if (!name.startsWith('llvm.')) return name
  return name.replace(/(\.(v\d+)?(f32|f64|f128|i\d+))+$/, '')
}

function roleOf(value: ValueRef): Role {
  if (valueKind(value) !== ValueKind.Instruction)
    return valueKind(value) === ValueKind.ConstantFP && !isNanConstant(value) ? 'number' : 'opaque'
  const opcode = C.LLVMGetInstructionOpcode(value)
  if (ARITHMETIC.has(opcode)) return 'arithmetic'
  if (MOVES.has(opcode)) return 'moves'
  if (opcode === Opcode.FNeg) return 'sign'
  if (opcode === Opcode.SIToFP || opcode === Opcode.UIToFP) return 'number'
  if (opcode !== Opcode.Call) return 'opaque'
  const name = calledName(value)
  if (ARITHMETIC_CALLS.has(name) || HOST_LIBM.has(name)) return 'arithmetic'
  if (MOVING_CALLS.has(name)) return 'moves'
  return SIGN_CALLS.has(name) ? 'sign' : 'opaque'
}

function isNanConstant(value: ValueRef): boolean {
  return Number.isNaN(C.LLVMConstRealGetDouble(value, new Uint8Array(4)))
}

function isVisible(user: ValueRef): boolean {
  const opcode = C.LLVMGetInstructionOpcode(user)
  if (CONSUMES.has(opcode) || (opcode === Opcode.Call && CONSUMING_CALLS.has(calledName(user)))) return false
  return roleOf(user) === 'opaque'
}

/** Where the bits of a value come from, through everything that moves them. */
function sourcesOf(value: ValueRef): Sources {
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
