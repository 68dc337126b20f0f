import { FerryError } from '../../base/diagnostics.ts'
import { CodeModel, FileType, OptLevel, Reloc } from './enums.ts'
import type { BufferRef, TargetDataRef, TargetMachineRef, TargetRef, TypeRef } from './handles.ts'
import { C, outCell, takeMessage } from './library.ts'
import { type Module, takeBuffer } from './module.ts'

/** Initialisation functions of each architecture that ferry generates code for. */
const INITIALISERS = {
  x86_64: [
    'LLVMInitializeX86TargetInfo',
    'LLVMInitializeX86Target',
    'LLVMInitializeX86TargetMC',
    'LLVMInitializeX86AsmPrinter',
    'LLVMInitializeX86AsmParser',
  ],
  riscv64: [
    'LLVMInitializeRISCVTargetInfo',
    'LLVMInitializeRISCVTarget',
    'LLVMInitializeRISCVTargetMC',
    'LLVMInitializeRISCVAsmPrinter',
    'LLVMInitializeRISCVAsmParser',
  ],
} as const

/**
 * Options of LLVM that its API has no functions for, once for the process. Its X86 back end turns conditional moves in loops into branches
 * where that looks shorter; when such a branch can not be predicted (minima, sorting) the loop takes twice as long, and
 * the translator would have made a conditional move of the guest's code. Loops whose number of rounds is not known are not unrolled:
 * where each round waits for the one before, eight copies of it are slower than one (bench/programs/memory.c); few others change.
 */
const LLVM_OPTIONS = ['-x86-cmov-converter=false', '-unroll-runtime=false']

const initialised = new Set<string>()

export interface MachineOptions {
  /** `x86_64-unknown-linux-gnu`, `riscv64-unknown-linux-gnu`. */
  readonly triple: string
  /** LLVM's name of the processor: `x86-64-v3`, `generic-rv64`, or {@link hostCpu}. */
  readonly cpu: string
  /** `+avx2,-fma`. */
  readonly features?: string
  /** 0 to 3. */
  readonly level?: number
  /** `lp64d`. */
  readonly abi?: string
  readonly positionIndependent?: boolean
  readonly codeModel?: keyof typeof CodeModel
}

/** A code generator: architecture, processor, options. */
export class TargetMachine {
  readonly ref: TargetMachineRef

  /** @throws FerryError `llvm-target` for a triple or processor that this libLLVM does not know */
  constructor(options: MachineOptions) {
    const architecture = options.triple.split('-')[0]!
    if (initialised.size === 0) C.LLVMParseCommandLineOptions(LLVM_OPTIONS.length + 1, ['ferry', ...LLVM_OPTIONS], '')
    if (!initialised.has(architecture)) {
      for (const name of INITIALISERS[architecture as keyof typeof INITIALISERS] ?? []) C[name]()
      initialised.add(architecture)
    }
    const target = outCell()
    const message = outCell()
    if (C.LLVMGetTargetFromTriple(options.triple, target, message))
      throw new FerryError('llvm-target', { triple: options.triple, reason: takeMessage(message) })
    const settings = C.LLVMCreateTargetMachineOptions()
    C.LLVMTargetMachineOptionsSetCPU(settings, options.cpu)
    C.LLVMTargetMachineOptionsSetFeatures(settings, options.features ?? '')
    if (options.abi) C.LLVMTargetMachineOptionsSetABI(settings, options.abi)
    C.LLVMTargetMachineOptionsSetCodeGenOptLevel(settings, options.level ?? OptLevel.Default)
    C.LLVMTargetMachineOptionsSetRelocMode(settings, options.positionIndependent ? Reloc.PIC : Reloc.Default)
    C.LLVMTargetMachineOptionsSetCodeModel(settings, CodeModel[options.codeModel ?? 'Default'])
    this.ref = C.LLVMCreateTargetMachineWithOptions(Number(target[0]) as TargetRef, options.triple, settings)
    C.LLVMDisposeTargetMachineOptions(settings)
    if (!this.ref) throw new FerryError('llvm-target', { triple: options.triple, reason: 'LLVM gave no reason' })
  }

  /** The data layout of this machine as a string. */
  get dataLayout(): string {
    const data = C.LLVMCreateTargetDataLayout(this.ref)
    const text = C.LLVMCopyStringRepOfTargetData(data)
    C.LLVMDisposeTargetData(data)
    return text
  }

  /** Generates code for the whole module, which changes it (the code generator's IR passes run on it). @throws FerryError `llvm-emit` */
  emit(module: Module, type: keyof typeof FileType = 'Object'): Uint8Array {
    const message = outCell()
    const buffer = outCell()
    const failed = C.LLVMTargetMachineEmitToMemoryBuffer(this.ref, module.ref, FileType[type], message, buffer)
    const reason = takeMessage(message)
    if (failed) throw new FerryError('llvm-emit', { path: module.name, reason })
    const errors = module.context.takeDiagnostics().filter(d => d.severity === 'error')
    const bytes = takeBuffer(Number(buffer[0]) as BufferRef)
    if (errors.length > 0)
      throw new FerryError('llvm-emit', { path: module.name, reason: errors.map(d => d.text).join('\n') })
    return bytes
  }

  dispose(): void {
    C.LLVMDisposeTargetMachine(this.ref)
  }
}

/** LLVM's name of this machine's processor, e.g. `znver3`. */
export function hostCpu(): string {
  return C.LLVMGetHostCPUName()
}

/** The features of this machine's processor as LLVM writes them: `+sse2,+avx,-avx512f,…`. */
export function hostFeatures(): string {
  return C.LLVMGetHostCPUFeatures()
}

/** Sizes, alignments and offsets of types under a module's data layout, in bytes. */
export class DataLayout {
  readonly #data: TargetDataRef

  constructor(module: Module) {
    this.#data = C.LLVMGetModuleDataLayout(module.ref)
  }

  /** Bytes from one array element to the next. */
  size(type: TypeRef): number {
    return Number(C.LLVMABISizeOfType(this.#data, type))
  }

  /** Bytes that a store may write. */
  storeSize(type: TypeRef): number {
    return Number(C.LLVMStoreSizeOfType(this.#data, type))
  }

  alignment(type: TypeRef): number {
    return C.LLVMABIAlignmentOfType(this.#data, type)
  }

  offset(struct: TypeRef, element: number): number {
    return Number(C.LLVMOffsetOfElement(this.#data, struct, element))
  }
}
