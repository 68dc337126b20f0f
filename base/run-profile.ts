/**
 * What a run says to a build: `ferry run --profile=<file>` writes it as JSON, `ferry build --profile=<file>` chooses by it.
 * Functions go by their symbols. A function that the compiler has inlined everywhere does not appear.
 */
export const RUN_PROFILE_VERSION = 1

export interface FunctionRun {
  readonly name: string
  readonly calls: number
  /** Guest instructions that were executed in it, emulated; without those of functions that it calls. */
  readonly instructions: number
  /** Calls through pointers that it made, emulated. */
  readonly pointerCalls: number
  /** Nanoseconds in its native code, callees included, of calls that crossed. */
  readonly native: number
}

export interface RunProfile {
  readonly version: typeof RUN_PROFILE_VERSION
  readonly program: string
  readonly functions: readonly FunctionRun[]
  /** Direct calls of emulated code, and calls over the bridge. The caller '' is code without a symbol. */
  readonly edges: readonly { readonly caller: string; readonly callee: string; readonly calls: number }[]
}
