/**
 * The only place that loads libLLVM: finds the library, binds the rows of `signatures.ts` through koffi, and offers
 * them as the typed object {@link C}. Nothing is loaded before the first call (loading takes about 0.1 s).
 */
import { existsSync } from 'node:fs'
import koffi from 'koffi'
import { FerryError } from '../../base/diagnostics.ts'
import type * as H from './handles.ts'
import { SIGNATURES } from './signatures.ts'

interface Handles {
  Context: H.ContextRef
  Module: H.ModuleRef
  Type: H.TypeRef
  Value: H.ValueRef
  Block: H.BlockRef
  Use: H.UseRef
  Builder: H.BuilderRef
  Metadata: H.MetadataRef
  NamedMetadata: H.NamedMetadataRef
  DbgRecord: H.DbgRecordRef
  Attribute: H.AttributeRef
  Comdat: H.ComdatRef
  Buffer: H.BufferRef
  Diagnostic: H.DiagnosticRef
  Error: H.ErrorRef
  Target: H.TargetRef
  TargetData: H.TargetDataRef
  TargetMachine: H.TargetMachineRef
  MachineOptions: H.MachineOptionsRef
  PassOptions: H.PassOptionsRef
  Bundle: H.BundleRef
}
interface Scalars {
  void: undefined
  bool: boolean
  u32: number
  i32: number
  u64: number | bigint
  i64: number | bigint
  f64: number
  text: string
  texts: readonly string[]
  message: string
  text32: string
  text64: string
  list: BigUint64Array | null
  bytes: Uint8Array
  pointer: number | bigint
}
type Kinds = Handles & Scalars
type KindOf<Name> = Name extends keyof Kinds ? Kinds[Name] : never
type Callable<Row extends readonly string[]> = Row extends readonly [infer Result, ...infer Parameters]
  ? (...values: { [I in keyof Parameters]: KindOf<Parameters[I]> }) => KindOf<Result>
  : never

/** Every row of SIGNATURES as a function. */
export type Llvm = { -readonly [Name in keyof typeof SIGNATURES]: Callable<(typeof SIGNATURES)[Name]> }

const KOFFI_TYPES: Readonly<Record<keyof Scalars, string>> = {
  void: 'void',
  bool: 'bool',
  u32: 'uint32_t',
  i32: 'int32_t',
  u64: 'uint64_t',
  i64: 'int64_t',
  f64: 'double',
  text: 'str',
  texts: 'const char **',
  message: 'uintptr_t',
  text32: 'uintptr_t',
  text64: 'uintptr_t',
  list: 'void *',
  bytes: 'void *',
  pointer: 'uintptr_t',
}

/** Where Debian's libllvm22 puts the library, and the names that the loader may know it by. */
const CANDIDATES = [
  '/usr/lib/x86_64-linux-gnu/libLLVM.so.22.1',
  '/usr/lib/llvm-22/lib/libLLVM.so.22.1',
  '/usr/lib/llvm-22/lib/libLLVM-22.so.1',
  'libLLVM.so.22.1',
  'libLLVM-22.so.1',
  'libLLVM-22.so',
]

/** Optimisation passes recurse over the IR: the stack that koffi calls on by default (2 MiB) is too small for big functions. */
const STACK_SIZE = 32 << 20

type AnyFunction = (...values: unknown[]) => unknown

/** Loads libLLVM, every time anew. @throws FerryError `llvm-missing` */
export function loadLibrary(): ReturnType<typeof koffi.load> {
  try {
    koffi.config({ sync_stack_size: STACK_SIZE })
  } catch {
    // Another library was loaded first, so koffi's stack has its size already; Node's own 8 MiB do not apply.
  }
  const tried = process.env.FERRY_LIBLLVM ? [process.env.FERRY_LIBLLVM] : CANDIDATES
  const reasons: string[] = []
  for (const path of tried) {
    if (path.startsWith('/') && !existsSync(path)) continue
    try {
      return koffi.load(path)
    } catch (error) {
      reasons.push(`${path}: ${(error as Error).message}`)
    }
  }
  throw new FerryError('llvm-missing', { tried: tried.join(', '), reason: reasons.at(-1) ?? 'no such file' })
}

function bindRow(
  library: ReturnType<typeof koffi.load>,
  name: string,
  [result, ...parameters]: readonly string[],
): AnyFunction {
  const type = (kind: string) => KOFFI_TYPES[kind as keyof Scalars] ?? 'uintptr_t'
  const types = parameters.map(type)
  const raw = (extra: string[] = []) => library.func(name, type(result!), [...types, ...extra]) as AnyFunction
  if (result === 'message') {
    const call = raw()
    const dispose = library.func('LLVMDisposeMessage', 'void', ['uintptr_t'])
    return (...values) => {
      const address = call(...values) as number
      const text = koffi.decode.string(BigInt(address))
      dispose(address)
      return text
    }
  }
  if (result === 'text32' || result === 'text64') {
    const call = raw(['void *'])
    const length = new BigUint64Array(1)
    return (...values) => {
      length[0] = 0n
      const address = call(...values, length) as number
      return address === 0 || length[0] === 0n ? '' : koffi.decode.string(BigInt(address), Number(length[0]))
    }
  }
  return raw()
}

function bind(): void {
  const library = loadLibrary()
  for (const [name, row] of Object.entries(SIGNATURES)) {
    try {
      ;(C as unknown as Record<string, AnyFunction>)[name] = bindRow(library, name, row)
    } catch (error) {
      throw new FerryError('llvm-unusable', { name, reason: (error as Error).message })
    }
  }
}

/**
 * LLVM's C API under its own names: `C.LLVMGetFirstFunction(module)`. The first call of any function loads the library.
 * @throws FerryError `llvm-missing` (no libLLVM 22 found), `llvm-unusable` (a function is missing from it)
 */
export const C: Llvm = Object.fromEntries(
  Object.keys(SIGNATURES).map(name => [
    name,
    (...values: unknown[]) => {
      bind()
      return (C as unknown as Record<string, AnyFunction>)[name]!(...values)
    },
  ]),
) as unknown as Llvm

/** The version of the loaded libLLVM, `22.1.0`; loads it. */
export function llvmVersion(): string {
  const parts = [new Uint8Array(4), new Uint8Array(4), new Uint8Array(4)] as const
  C.LLVMGetVersion(...parts)
  return parts.map(part => new DataView(part.buffer).getUint32(0, true)).join('.')
}

/** Handles as the memory of a C array; `null` for none, as the C API takes it. */
export function list(handles: readonly number[]): BigUint64Array | null {
  return handles.length === 0 ? null : BigUint64Array.from(handles, BigInt)
}

/** One handle that a function writes through a pointer: pass `cell`, then read `Number(cell[0])`. */
export function outCell(): BigUint64Array {
  return new BigUint64Array(1)
}

/** Takes a `char *` that the caller owns out of a cell, and frees it; '' for null. */
export function takeMessage(cell: BigUint64Array): string {
  if (cell[0] === 0n) return ''
  const text = koffi.decode.string(cell[0]!)
  C.LLVMDisposeMessage(Number(cell[0]))
  cell[0] = 0n
  return text
}

/** Copies memory that LLVM owns. */
export function copyBytes(address: number | bigint, size: number): Uint8Array {
  return new Uint8Array(koffi.view(BigInt(address), size)).slice()
}

/** Makes a C callback out of a function; the result is its address. Lives until {@link unregisterCallback}. */
export function registerDiagnosticHandler(handler: (diagnostic: H.DiagnosticRef) => void): bigint {
  return koffi.register(
    (info: number) => handler(info as H.DiagnosticRef),
    koffi.pointer(koffi.proto('void', ['uintptr_t', 'uintptr_t'])),
  )
}

export function unregisterCallback(address: bigint): void {
  koffi.unregister(address)
}

/** Text behind an error of LLVM, and frees the error; undefined for success (null). */
export function takeError(error: H.ErrorRef): string | undefined {
  if (error === 0) return undefined
  const address = C.LLVMGetErrorMessage(error)
  const text = koffi.decode.string(BigInt(address))
  C.LLVMDisposeErrorMessage(address)
  return text
}
