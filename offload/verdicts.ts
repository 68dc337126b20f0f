/** The verdicts of an analysis as the program carries them. */
import type { Analysis } from '../analyzer/index.ts'
import type { FunctionVerdict, Verdicts } from '../base/verdicts.ts'
import type { Plan } from './plan.ts'

/** @param refused functions that were chosen, but that the host lowering could not carry */
export function programVerdicts(
  { mode, functions, edges }: Analysis,
  plan: Plan,
  refused: readonly { readonly name: string; readonly reason: string }[],
): Verdicts {
  const entries = new Set(plan.entries)
  const native = new Set(plan.functions)
  const reasons = new Map(refused.map(({ name, reason }) => [name, reason]))
  const rows = functions.map(({ name, sourceName, file, path, line, rule, reason, gain, cost }): FunctionVerdict => {
    const late = reasons.get(name)
    return {
      name,
      ...(sourceName === name ? {} : { sourceName }),
      ...(file === undefined ? {} : { file, path, line }),
      verdict: native.has(name) ? 'chosen' : 'stays',
      entry: entries.has(name),
      ...(rule === undefined ? (late === undefined ? {} : { rule: 'not-lowered' }) : { rule }),
      reason: late ?? reason,
      gain: Math.round(gain),
      calls: Math.round(cost.calls),
    }
  })
  return {
    mode,
    functions: rows,
    edges: edges.map(({ caller, callee, kind, calls }) => ({ caller, callee, kind, calls: Math.round(calls) })),
  }
}
