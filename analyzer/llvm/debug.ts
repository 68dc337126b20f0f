import { normalize, resolve } from 'node:path'
import type { Context } from './context.ts'
import type { MetadataRef, ValueRef } from './handles.ts'
import { C } from './library.ts'
import { allInstructions, blocks, instructions } from './walk.ts'

/** A place in a source file. `file` is as the compiler was given it, without `.` and `..` inside; {@link absolutePath} makes it absolute. */
export interface Location {
  readonly file: string
  readonly line: number
}

function fileOf(scope: MetadataRef): string {
  const file = C.LLVMDIScopeGetFile(scope)
  return file ? normalize(C.LLVMDIFileGetFilename(file)) : ''
}

/** Where a function is defined, when it has debug information. */
export function functionLocation(fn: ValueRef): Location | undefined {
  const subprogram = C.LLVMGetSubprogram(fn)
  if (!subprogram) return undefined
  const line = C.LLVMDISubprogramGetLine(subprogram)
  return line === 0 ? firstLocation(fn) : { file: fileOf(subprogram), line }
}

/** Of a function that LLVM made, the first place that it comes from. */
function firstLocation(fn: ValueRef): Location | undefined {
  for (const i of allInstructions(fn)) {
    const location = instructionLocation(i)
    if (location) return location
  }
  return undefined
}

/**
 * The name of a function in its source, which differs from its symbol for a static function that was renamed in linking.
 * It is operand 2 of the DISubprogram (llvm/IR/DebugInfoMetadata.h: file, scope, name, ...).
 */
export function sourceName(context: Context, fn: ValueRef): string | undefined {
  const subprogram = C.LLVMGetSubprogram(fn)
  if (!subprogram) return undefined
  const node = C.LLVMMetadataAsValue(context.ref, subprogram)
  const memory = new BigUint64Array(C.LLVMGetMDNodeNumOperands(node))
  C.LLVMGetMDNodeOperands(node, memory)
  const name = Number(memory[2] ?? 0n) as ValueRef
  return name && C.LLVMIsAMDString(name) ? C.LLVMGetMDString(name) : undefined
}

/** The absolute path of the file that defines a function. */
export function absolutePath(fn: ValueRef): string | undefined {
  const subprogram = C.LLVMGetSubprogram(fn)
  const file = subprogram && C.LLVMDIScopeGetFile(subprogram)
  return file ? resolve(C.LLVMDIFileGetDirectory(file), C.LLVMDIFileGetFilename(file)) : undefined
}

/** The place of an instruction; undefined without debug information, or for code that the compiler made (line 0). */
export function instructionLocation(instruction: ValueRef): Location | undefined {
  const location = C.LLVMInstructionGetDebugLoc(instruction)
  if (!location) return undefined
  const line = C.LLVMDILocationGetLine(location)
  return line === 0 ? undefined : { file: fileOf(C.LLVMDILocationGetScope(location)), line }
}

/** The last line that any instruction of the function belongs to (in the function's own file). */
export function lastLine(fn: ValueRef): number {
  let last = functionLocation(fn)?.line ?? 0
  for (const block of blocks(fn))
    for (const i of instructions(block)) {
      const location = C.LLVMInstructionGetDebugLoc(i)
      if (location && !C.LLVMDILocationGetInlinedAt(location)) last = Math.max(last, C.LLVMDILocationGetLine(location))
    }
  return last
}

/** `file:line`. */
export function printLocation(location: Location): string {
  return `${location.file}:${location.line}`
}
