/**
 * Enumerations of LLVM's C API (llvm-c/Core.h, TargetMachine.h, LLVM 22): name → number. `test/unit/analyzer` checks
 * opcodes and type kinds against parsed IR.
 */
export const Opcode = {
  Ret: 1,
  Br: 2,
  Switch: 3,
  IndirectBr: 4,
  Invoke: 5,
  Unreachable: 7,
  Add: 8,
  FAdd: 9,
  Sub: 10,
  FSub: 11,
  Mul: 12,
  FMul: 13,
  UDiv: 14,
  SDiv: 15,
  FDiv: 16,
  URem: 17,
  SRem: 18,
  FRem: 19,
  Shl: 20,
  LShr: 21,
  AShr: 22,
  And: 23,
  Or: 24,
  Xor: 25,
  Alloca: 26,
  Load: 27,
  Store: 28,
  GetElementPtr: 29,
  Trunc: 30,
  ZExt: 31,
  SExt: 32,
  FPToUI: 33,
  FPToSI: 34,
  UIToFP: 35,
  SIToFP: 36,
  FPTrunc: 37,
  FPExt: 38,
  PtrToInt: 39,
  IntToPtr: 40,
  BitCast: 41,
  ICmp: 42,
  FCmp: 43,
  PHI: 44,
  Call: 45,
  Select: 46,
  VAArg: 49,
  ExtractElement: 50,
  InsertElement: 51,
  ShuffleVector: 52,
  ExtractValue: 53,
  InsertValue: 54,
  Fence: 55,
  AtomicCmpXchg: 56,
  AtomicRMW: 57,
  Resume: 58,
  LandingPad: 59,
  AddrSpaceCast: 60,
  CleanupRet: 61,
  CatchRet: 62,
  CatchPad: 63,
  CleanupPad: 64,
  CatchSwitch: 65,
  FNeg: 66,
  CallBr: 67,
  Freeze: 68,
  PtrToAddr: 69,
} as const

export const TypeKind = {
  Void: 0,
  Half: 1,
  Float: 2,
  Double: 3,
  X86_FP80: 4,
  FP128: 5,
  PPC_FP128: 6,
  Label: 7,
  Integer: 8,
  Function: 9,
  Struct: 10,
  Array: 11,
  Pointer: 12,
  Vector: 13,
  Metadata: 14,
  Token: 16,
  ScalableVector: 17,
  BFloat: 18,
  X86_AMX: 19,
  TargetExt: 20,
} as const

export const ValueKind = {
  Argument: 0,
  BasicBlock: 1,
  Function: 5,
  GlobalAlias: 6,
  GlobalIFunc: 7,
  GlobalVariable: 8,
  BlockAddress: 9,
  ConstantExpr: 10,
  ConstantArray: 11,
  ConstantStruct: 12,
  ConstantVector: 13,
  UndefValue: 14,
  ConstantAggregateZero: 15,
  ConstantDataArray: 16,
  ConstantDataVector: 17,
  ConstantInt: 18,
  ConstantFP: 19,
  ConstantPointerNull: 20,
  ConstantTokenNone: 21,
  MetadataAsValue: 22,
  InlineAsm: 23,
  Instruction: 24,
  PoisonValue: 25,
  ConstantTargetNone: 26,
  ConstantPtrAuth: 27,
} as const

export const Linkage = {
  External: 0,
  AvailableExternally: 1,
  LinkOnceAny: 2,
  LinkOnceODR: 3,
  WeakAny: 5,
  WeakODR: 6,
  Appending: 7,
  Internal: 8,
  Private: 9,
  ExternalWeak: 12,
  Common: 14,
} as const

export const Visibility = { Default: 0, Hidden: 1, Protected: 2 } as const
export const UnnamedAddr = { None: 0, Local: 1, Global: 2 } as const
export const CallConv = { C: 0, Fast: 8, Cold: 9, PreserveMost: 14, PreserveAll: 15, Tail: 18 } as const
export const TailCall = { None: 0, Tail: 1, MustTail: 2, NoTail: 3 } as const
export const Severity = { Error: 0, Warning: 1, Remark: 2, Note: 3 } as const

export const IntPredicate = {
  eq: 32,
  ne: 33,
  ugt: 34,
  uge: 35,
  ult: 36,
  ule: 37,
  sgt: 38,
  sge: 39,
  slt: 40,
  sle: 41,
} as const

export const RealPredicate = {
  false: 0,
  oeq: 1,
  ogt: 2,
  oge: 3,
  olt: 4,
  ole: 5,
  one: 6,
  ord: 7,
  uno: 8,
  ueq: 9,
  ugt: 10,
  uge: 11,
  ult: 12,
  ule: 13,
  une: 14,
  true: 15,
} as const

export const AtomicOrdering = {
  NotAtomic: 0,
  Unordered: 1,
  Monotonic: 2,
  Acquire: 4,
  Release: 5,
  AcquireRelease: 6,
  SequentiallyConsistent: 7,
} as const

/** Attribute positions: the function itself, its result, and parameter n at FirstParameter + n. */
export const AttributeIndex = { Return: 0, Function: 0xffffffff, FirstParameter: 1 } as const

export const OptLevel = { None: 0, Less: 1, Default: 2, Aggressive: 3 } as const
export const Reloc = { Default: 0, Static: 1, PIC: 2 } as const
export const CodeModel = { Default: 0, Small: 3, Kernel: 4, Medium: 5, Large: 6 } as const
export const FileType = { Assembly: 0, Object: 1 } as const
export const ModuleFlagBehavior = { Error: 0, Warning: 1, Require: 2, Override: 3, Append: 4, AppendUnique: 5 } as const

const NAMES = new Map<number, string>(Object.entries(Opcode).map(([name, number]) => [number, name]))

/** `Load`, `Call` … of an opcode number. */
export function opcodeName(opcode: number): string {
  return NAMES.get(opcode) ?? `opcode ${opcode}`
}
