/** Runs the tools of the toolchain. A tool that fails is a FerryError with what the tool printed. */
import { execa } from 'execa'
import { FerryError } from '../base/diagnostics.ts'

export const CLANG = 'clang-22'
export const OBJCOPY = 'llvm-objcopy-22'

/**
 * What the kernel's ENOSPC looks like in the messages of LLVM's tools. The linker writes through a mapping of its output,
 * so on a full file system it gets SIGBUS.
 */
const DISK_FULL = /No space left on device|Disk quota exceeded|unable to execute command: Bus error/
/** As a tool says it, and as clang says it of a linker that SIGXFSZ ended. */
const FILE_LIMIT = /File too large|File size limit exceeded/
/** A tool that crashes (a full disk is enough) would leave files of its symbolizer in TMPDIR. */
const NO_STACK_TRACES = { LLVM_DISABLE_SYMBOLIZATION: '1' }

export interface ToolRun {
  readonly directory?: string
  /** What the tool does, for the message: `code generation for the guest`. */
  readonly step: string
}

/**
 * @returns what the tool printed on stderr (warnings)
 * @throws FerryError `tool-missing`, `tool-failed`, `disk-full`, `file-limit`
 */
export async function runTool(tool: string, args: readonly string[], { directory, step }: ToolRun): Promise<string> {
  const where = directory ? { cwd: directory } : {}
  const result = await execa(tool, args, { reject: false, stdin: 'ignore', env: NO_STACK_TRACES, ...where })
  if (!result.failed) return result.stderr
  if (result.code === 'ENOENT') throw new FerryError('tool-missing', { tool, package: packageOf(tool) })
  const output = result.stderr.trim() || result.shortMessage || ''
  if (DISK_FULL.test(output)) throw new FerryError('disk-full', { step })
  if (FILE_LIMIT.test(output)) throw new FerryError('file-limit', { step })
  throw new FerryError('tool-failed', { step, tool, output })
}

/** The Debian package that brings a tool. */
function packageOf(tool: string): string {
  return tool === OBJCOPY ? 'llvm-22' : 'clang-22 lld-22'
}
