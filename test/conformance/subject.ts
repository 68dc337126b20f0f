/** A program of the conformance suites: a source, and what the source says of itself. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

export interface Subject {
  /** `setjmp/across-two-levels`, `csmith/17`. */
  readonly name: string
  /** Absolute path of the source. */
  readonly source: string
  /** For clang, on both sides. */
  readonly options: readonly string[]
  /** Whether the run on this machine's own processor shall give the same; false when the output shows the processor. */
  readonly portable: boolean
}

const OPTIONS = /^\/\/ options: (.+)$/m
const RISCV_ONLY = /^\/\/ riscv: /m

/**
 * Reads a source's own lines: `// options: -O0 -pthread` for the compiler, and `// riscv: REASON` when native code gives another
 * result for that reason.
 */
export function readSubject(source: string, folder: string, options: readonly string[] = []): Subject {
  const text = readFileSync(source, 'latin1')
  const own = OPTIONS.exec(text)?.[1]?.trim().split(/\s+/) ?? []
  const name = `${folder}/${basename(source).replace(/\.\w+$/, '')}`
  return { name, source, options: [...options, ...own], portable: !RISCV_ONLY.test(text) }
}
