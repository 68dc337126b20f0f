/** What a workload is: a command line that a native and an emulated system run, each in a folder of its own with the same files. */
import type { InputName } from './inputs.ts'

export interface Workload {
  /** `tool/use`; the files of programs/tool are in the folder that it runs in. */
  readonly name: string
  /** Program (found in /usr/bin of the sysroot) and arguments. */
  readonly command: readonly string[]
  /** Generated files that it finds in its folder. */
  readonly inputs: readonly InputName[]
  /** The file that is its standard input; nothing without it. */
  readonly stdin?: string
  /** Exit status; 0 without it. */
  readonly status: number
  /** Messages that differ from run to run, or name the program by its path, are not compared. */
  readonly ignoreErrors: boolean
  /** Part of `npm test`. */
  readonly quick: boolean
}

export interface WorkloadOptions {
  readonly inputs?: readonly InputName[]
  readonly stdin?: string
  readonly status?: number
  readonly ignoreErrors?: boolean
  readonly quick?: boolean
}

/** @param line the command with spaces between its words, which hold none */
export function workload(name: string, line: string, options: WorkloadOptions = {}): Workload {
  return { name, command: line.split(' '), inputs: [], status: 0, ignoreErrors: false, quick: false, ...options }
}
