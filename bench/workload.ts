/** A program that benchmarks and tests build in several ways and run with the same input. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { guestOptions } from '../analyzer/toolchain.ts'

export interface Workload {
  readonly name: string
  /** Folder that the sources are named from. */
  readonly directory: string
  readonly sources: readonly string[]
  /** For compiling, as every compiler here takes them. */
  readonly options: readonly string[]
  readonly libraries?: readonly string[]
  readonly runs: readonly WorkloadRun[]
}

export interface WorkloadRun {
  /** Behind the workload's name; '' for the only one. */
  readonly name: string
  readonly arguments: readonly string[]
  /** File for standard input. */
  readonly input?: string
  /** Expected exit status; 0 without it. */
  readonly status?: number
  /** Prints `kernel … s` on stderr. */
  readonly timesKernel?: boolean
}

/** How a program is compiled. `guest` is clang's, `guest-gcc` the cross gcc's; hybrids are built by ferry. */
export const BUILDS = ['native', 'guest', 'guest-gcc', 'hybrid', 'hybrid-all'] as const
export type Build = (typeof BUILDS)[number]

export const root = findRoot()
export const ferry = join(root, 'bin/ferry')

/**
 * Builds a workload into `folder`/`build`/`name`; what is there already is kept, so empty the folder for new sources.
 * @returns the path of the program
 */
export async function buildWorkload(workload: Workload, build: Build, folder: string): Promise<string> {
  const output = join(folder, build, workload.name)
  if (existsSync(output)) return output
  mkdirSync(dirname(output), { recursive: true })
  const [command, ...args] = compilerLine(workload, build)
  await execa(command!, [...args, '-o', output], { cwd: workload.directory })
  return output
}

/** The command line that builds a workload, without `-o`. */
export function compilerLine(workload: Workload, build: Build): string[] {
  const { sources, options, libraries = [] } = workload
  const words = [...options, ...sources, ...libraries]
  switch (build) {
    case 'native':
      return ['clang-22', '-march=native', ...words]
    case 'guest':
      return ['clang-22', ...guestOptions(), '-fuse-ld=lld', '-static', ...words]
    case 'guest-gcc':
      return ['riscv64-linux-gnu-gcc', '-static', ...words]
    case 'hybrid':
      return [ferry, 'build', ...words]
    case 'hybrid-all':
      return [ferry, 'build', '--offload=all', ...words]
  }
}

/** The nearest folder above this code (bench/, or build/ when it is bundled) with a package.json. */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
