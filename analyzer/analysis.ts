/** The result of the analyser. All of it is plain data: `ferry analyze --json` prints it as it is. */
import type { Mode } from './choose.ts'
import type { CallKind } from './passes/callgraph.ts'
import type { InstructionMix } from './passes/mix.ts'
import type { LoopSummary } from './passes/profile.ts'
import type { Refusal } from './rules.ts'

export interface FunctionCall {
  readonly callee: string
  readonly kind: CallKind
  /** Whether the callee is defined in the analysed sources. */
  readonly defined: boolean
  /** Calls for each call of the caller, estimated. */
  readonly frequency: number
  readonly line?: number
}

export interface CostDetails {
  /** Calls in one run, estimated. */
  readonly calls: number
  /** Nanoseconds of one call without its callees. */
  readonly native: number
  readonly emulated: number
  /** Nanoseconds that a run saves without regard to crossings. */
  readonly saved: number
  readonly mix: InstructionMix
  readonly loops: readonly LoopSummary[]
}

export interface FunctionAnalysis {
  /** Symbol in the linked module; of two static functions with the same name one has a number behind it. */
  readonly name: string
  /** Name in the source. */
  readonly sourceName: string
  /** As the compiler was given it. */
  readonly file?: string
  /** Absolute path of that file. */
  readonly path?: string
  readonly line?: number
  readonly verdict: 'chosen' | 'stays'
  /** The rule that refuses the function, and where. */
  readonly rule?: string
  readonly location?: { readonly file: string; readonly line: number }
  /** All rules that refuse it, the one above first. */
  readonly refusals?: readonly Refusal[]
  readonly reason: string
  /** Nanoseconds that a run gains by offloading this function, crossings counted, all others as they are. For a function that stays: what it would gain. */
  readonly gain: number
  readonly annotations: readonly string[]
  readonly cost: CostDetails
  readonly calls: readonly FunctionCall[]
  /** The source of the function, when it was asked for (`withExcerpts`). */
  readonly excerpt?: { readonly firstLine: number; readonly lastLine: number; readonly text: string }
}

export interface Analysis {
  readonly mode: Mode
  readonly sources: readonly string[]
  /** In module order: source by source, top to bottom. */
  readonly functions: readonly FunctionAnalysis[]
  /** Calls of one run. The caller '' is code outside of the module: what calls main, and what callbacks are given to. */
  readonly edges: readonly { caller: string; callee: string; kind: CallKind; calls: number }[]
  /** What the compiler printed for sources that compiled. */
  readonly warnings: readonly string[]
}
