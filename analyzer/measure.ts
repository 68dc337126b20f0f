/**
 * What the code of each function costs and calls, seen as in the finished program as far as every function can keep its identity.
 * Functions that are always inlined (`always_inline`) are seen where they are inlined: by themselves they have neither the constants nor
 * the loops around their calls.
 */
import { AttributeIndex, DataLayout, hasAttribute, type Module, removeAttribute, valueName } from './llvm/index.ts'
import { type CallGraph, callersIn, callGraph } from './passes/callgraph.ts'
import { type InstructionMix, instructionMix } from './passes/mix.ts'
import { type StaticProfile, staticProfile } from './passes/profile.ts'
import { switchingFunctions } from './passes/switching.ts'
import { fixInlineDefinitions, unwindingFunctions } from './passes/unwinding.ts'
import type { CallFacts } from './scan.ts'

/**
 * What makes costs see code like that of the finished program. `function-attrs` finds what never returns, so that the paths to
 * it are seen to be cold, and what never throws.
 */
const SIMPLIFY = [
  'inferattrs,function(lower-expect,sroa,early-cse,simplifycfg)',
  'cgscc(function-attrs)',
  'function(instcombine<no-verify-fixpoint>,simplifycfg,loop-simplify)',
].join(',')

export interface Measured {
  readonly graph: CallGraph
  readonly profiles: ReadonlyMap<string, StaticProfile>
  readonly mixes: ReadonlyMap<string, InstructionMix>
  readonly facts: CallFacts
}

/** Every function by itself. */
export const measure = (module: Module): Measured => measured(module, SIMPLIFY)

export interface MeasuredInlined {
  /** With the functions that are always inlined at their places. */
  readonly inlined: Measured
  /** Those functions, and which functions call them in the source. */
  readonly callers: ReadonlyMap<string, readonly string[]>
}

/** @param legal functions that no rule refuses: the others stay what their callers call */
export function measureInlined(module: Module, whole: Measured, legal: ReadonlySet<string>): MeasuredInlined {
  const always = new Set(
    [...module.definitions()].filter(fn => legal.has(valueName(fn)) && hasAttribute(fn, 'alwaysinline')).map(valueName),
  )
  const direct = callersIn(whole.graph.edges.filter(({ callee, kind }) => kind === 'direct' && always.has(callee)))
  const callers = new Map([...always].map(name => [name, direct.get(name) ?? []]))
  return { inlined: always.size === 0 ? whole : measured(module, `always-inline,${SIMPLIFY}`, always), callers }
}

/** On a clone. @param always the only functions that may be inlined */
function measured(module: Module, passes: string, always?: ReadonlySet<string>): Measured {
  const clone = module.clone()
  try {
    fixInlineDefinitions(clone)
    if (always)
      for (const fn of clone.definitions())
        if (!always.has(valueName(fn))) removeAttribute(fn, AttributeIndex.Function, 'alwaysinline')
    clone.runPasses(passes)
    const layout = new DataLayout(clone)
    const profiles = new Map<string, StaticProfile>()
    const mixes = new Map<string, InstructionMix>()
    for (const fn of clone.definitions()) {
      const profile = staticProfile(clone, fn)
      profiles.set(valueName(fn), profile)
      mixes.set(valueName(fn), instructionMix(profile, layout))
    }
    const graph = callGraph(clone, profiles)
    return {
      graph,
      profiles,
      mixes,
      facts: { unwinds: unwindingFunctions(clone), switches: switchingFunctions(graph) },
    }
  } finally {
    clone.dispose()
  }
}
