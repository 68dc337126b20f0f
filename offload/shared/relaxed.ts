/**
 * Takes relaxed floating point (`-ffast-math` and its parts) out of bitcode. The flags let an optimiser reassociate,
 * contract or approximate, and the two code generators would use the freedom differently.
 *
 * The C API can set flags but not clear them, so an instruction that has some is made again without.
 */
import {
  AttributeIndex,
  addCallAttribute,
  allInstructions,
  attributeKind,
  Builder,
  C,
  callArguments,
  callAttributesAt,
  eraseInstruction,
  isCall,
  type Module,
  Opcode,
  operands,
  parameterIndex,
  removeAttribute,
  removeStringAttribute,
  replaceAllUses,
  type ValueRef,
  valueType,
} from '../../analyzer/llvm/index.ts'

/** Function attributes by which code generators relax floating point. */
const ATTRIBUTES = [
  ...['unsafe-fp-math', 'no-infs-fp-math', 'no-nans-fp-math', 'no-signed-zeros-fp-math', 'approx-func-fp-math'],
  ...['less-precise-fpmad', 'reciprocal-estimates'],
]

export function stripRelaxedFloat(module: Module): void {
  const builder = new Builder(module.context)
  for (const fn of module.functions()) {
    for (const key of ATTRIBUTES) removeStringAttribute(fn, key)
    // "never NaN nor infinite" of parameters and results
    const positions = [
      AttributeIndex.Return,
      ...Array.from({ length: C.LLVMCountParams(fn) }, (_, i) => parameterIndex(i)),
    ]
    for (const position of positions) removeAttribute(fn, position, 'nofpclass')
    for (const i of allInstructions(fn)) stripInstruction(builder, i)
  }
  builder.dispose()
}

function stripInstruction(builder: Builder, instruction: ValueRef): void {
  if (isCall(C.LLVMGetInstructionOpcode(instruction))) stripCallAttributes(instruction)
  if (!C.LLVMCanValueUseFastMathFlags(instruction) || C.LLVMGetFastMathFlags(instruction) === 0) return
  const made = rebuild(builder.before(instruction), instruction)
  if (made === undefined) return
  replaceAllUses(instruction, made)
  eraseInstruction(instruction)
}

function stripCallAttributes(call: ValueRef): void {
  const kind = attributeKind('nofpclass')
  const count = C.LLVMGetNumArgOperands(call)
  C.LLVMRemoveCallSiteEnumAttribute(call, AttributeIndex.Return, kind)
  for (let i = 0; i < count; i++) C.LLVMRemoveCallSiteEnumAttribute(call, parameterIndex(i), kind)
}

/** The same instruction without flags; undefined for those that have none to lose. */
function rebuild(b: Builder, instruction: ValueRef): ValueRef | undefined {
  const opcode = C.LLVMGetInstructionOpcode(instruction)
  const [first, second, third] = operands(instruction) as [ValueRef, ValueRef, ValueRef]
  const type = valueType(instruction)
  switch (opcode) {
    case Opcode.FAdd:
    case Opcode.FSub:
    case Opcode.FMul:
    case Opcode.FDiv:
    case Opcode.FRem:
      return C.LLVMBuildBinOp(b.ref, opcode, first, second, '')
    case Opcode.FNeg:
      return C.LLVMBuildFNeg(b.ref, first, '')
    case Opcode.FCmp:
      return C.LLVMBuildFCmp(b.ref, C.LLVMGetFCmpPredicate(instruction), first, second, '')
    case Opcode.FPTrunc:
    case Opcode.FPExt:
      return C.LLVMBuildCast(b.ref, opcode, first, type, '')
    case Opcode.Select:
      return b.select(first, second, third)
    case Opcode.PHI: {
      const count = C.LLVMCountIncoming(instruction)
      const incoming = Array.from({ length: count }, (_, i) => {
        return [C.LLVMGetIncomingValue(instruction, i), C.LLVMGetIncomingBlock(instruction, i)] as const
      })
      return b.phi(type, incoming)
    }
    case Opcode.Call:
      return rebuildCall(b, instruction)
    default:
      return undefined
  }
}

function rebuildCall(b: Builder, call: ValueRef): ValueRef | undefined {
  if (C.LLVMGetNumOperandBundles(call) > 0) return undefined
  const values = callArguments(call)
  const made = b.call(C.LLVMGetCalledFunctionType(call), C.LLVMGetCalledValue(call), values)
  C.LLVMSetInstructionCallConv(made, C.LLVMGetInstructionCallConv(call))
  C.LLVMSetTailCallKind(made, C.LLVMGetTailCallKind(call))
  const positions = [AttributeIndex.Function, AttributeIndex.Return, ...values.map((_, i) => parameterIndex(i))]
  for (const position of positions)
    for (const attribute of callAttributesAt(call, position)) addCallAttribute(made, position, attribute)
  return made
}
