/** What a build does with the analyser's verdicts: which functions get native code, and which of them guest code calls. Pure. */

/** What the plan has to know of a defined function. */
export interface FunctionFacts {
  readonly name: string
  /** Chosen by the analyser. */
  readonly chosen: boolean
  /** Annotated "ferry.offload". */
  readonly wanted: boolean
  /** Not visible outside the linked module. */
  readonly local: boolean
  /** Used other than by a direct call. */
  readonly addressTaken: boolean
  /** Has to be inlined into its callers: always_inline, or asks what the compiler knows there (__builtin_constant_p). */
  readonly inlined: boolean
  /** Functions that call it directly. */
  readonly callers: readonly string[]
}

export interface Plan {
  /** Functions that get native code. */
  readonly functions: readonly string[]
  /** Those that guest code may call, in manifest order. */
  readonly entries: readonly string[]
}

/**
 * A function without an entry is reached from native code alone; the guest's copy of it may be inlined like any other, so
 * the program is no slower without ferry. `everyEntry` gives all of them one (`--offload=all`), so that each can be
 * switched on alone. A function that has to be inlined has no calls that could be a bridge; it goes with its callers.
 */
export function planOffload(facts: readonly FunctionFacts[], refused: ReadonlySet<string>, everyEntry: boolean): Plan {
  const wanted = facts.filter(f => f.chosen && !refused.has(f.name))
  const names = new Set(wanted.map(f => f.name))
  const isInlined = (f: FunctionFacts) => f.inlined && !f.wanted
  const chosen = wanted.filter(f => !isInlined(f) || f.callers.some(c => names.has(c)))
  const isEntry = (f: FunctionFacts) =>
    isInlined(f)
      ? false
      : everyEntry ||
        f.wanted ||
        !f.local ||
        f.addressTaken ||
        f.callers.length === 0 ||
        f.callers.some(c => !names.has(c))
  return { functions: chosen.map(f => f.name), entries: chosen.filter(isEntry).map(f => f.name) }
}
