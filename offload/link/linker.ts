/** Runs LLVM's linker. */
import { constants } from 'node:os'
import { execa } from 'execa'
import { FerryError } from '../../base/diagnostics.ts'

export const LINKER = 'ld.lld-22'

export interface LinkerRun {
  /** As the linker ended; 128 + n for signal n. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** @throws FerryError `tool-missing` */
export async function runLinker(words: readonly string[]): Promise<LinkerRun> {
  const result = await execa(LINKER, words, { reject: false, stdin: 'ignore', stripFinalNewline: false })
  if (result.code === 'ENOENT') throw new FerryError('tool-missing', { tool: LINKER, package: 'lld-22' })
  const signal = result.signal === undefined ? 0 : constants.signals[result.signal]
  return { status: result.exitCode ?? 128 + signal, stdout: result.stdout, stderr: result.stderr }
}
