/** The analyser's entry points: from C sources, or from a module that is linked already (the offload build). */
import type { RunProfile } from '../base/run-profile.ts'
import type { Analysis, FunctionAnalysis, FunctionCall } from './analysis.ts'
import { type Candidate, choose, type Mode } from './choose.ts'
import { callCounts, functionCost } from './cost.ts'
import { type CompileOptions, compileProgram } from './frontend.ts'
import { HOST_LIBRARY } from './intrinsics.ts'
import {
  absolutePath,
  DataLayout,
  functionLocation,
  isLocal,
  type Module,
  sourceName,
  type ValueRef,
  valueName,
} from './llvm/index.ts'
import { type CallGraph, callGraph, startupFunctions } from './passes/callgraph.ts'
import { type InstructionMix, instructionMix } from './passes/mix.ts'
import { type StaticProfile, staticProfile } from './passes/profile.ts'
import { fixInlineDefinitions, unwindingFunctions } from './passes/unwinding.ts'
import { profiledCosts } from './profiled.ts'
import { type Refusal, refusal, refusals } from './rules.ts'
import { type FunctionScan, Scanner } from './scan.ts'

export interface AnalyzeOptions extends CompileOptions {
  readonly mode?: Mode
  /** What a run has counted, to judge by instead of the static model. */
  readonly profile?: RunProfile
}

/**
 * What makes costs see code like that of the finished program, while every function keeps its identity (no inlining).
 * `function-attrs` finds what never returns, so that the paths to it are seen to be cold, and what never throws.
 */
const SIMPLIFY = [
  'inferattrs,function(lower-expect,sroa,early-cse,simplifycfg)',
  'cgscc(function-attrs)',
  'function(instcombine<no-verify-fixpoint>,simplifycfg,loop-simplify)',
].join(',')

/** Compiles, links and analyses C sources. @throws FerryError as `compileProgram` does */
export async function analyze(options: AnalyzeOptions): Promise<Analysis> {
  const program = await compileProgram(options)
  try {
    const analysis = analyzeModule(program.module, options.mode ?? 'auto', options.profile)
    return { ...analysis, sources: options.sources, warnings: program.warnings }
  } finally {
    program.module.dispose()
    program.context.dispose()
  }
}

/** Analyses a linked module as the front end made it (not optimised). Does not change it. */
export function analyzeModule(module: Module, mode: Mode, profile?: RunProfile): Analysis {
  const { graph, profiles, mixes, unwinds } = measure(module)
  const scanner = new Scanner(module, unwinds)
  const legality = new Map<string, { scan: FunctionScan; refused: Refusal | undefined }>()
  for (const fn of module.definitions()) {
    const scan = scanner.scan(fn)
    legality.set(scan.name, { scan, refused: refusal(scan) })
  }
  const roots = rootFunctions(module)
  const counts = callCounts(graph, roots)
  const model = new Map(
    graph.defined.map(name => {
      return [name, functionCost(mixes.get(name)!, counts.get(name)!)]
    }),
  )
  const { costs, edges } = profile
    ? profiledCosts(graph, { costs: model, mixes }, profile)
    : { costs: model, edges: callEdges(graph, counts, roots) }

  const candidates = graph.defined.map((name): Candidate => {
    const { scan, refused } = legality.get(name)!
    const { saved, calls } = costs.get(name)!
    const wanted = scan.annotations.includes('ferry.offload')
    return { name, saved, legal: refused === undefined, wanted, unused: calls === 0 }
  })
  const staysOnHost = (name: string) => graph.external.has(name) && HOST_LIBRARY.has(name)
  const crossing = edges.filter(edge => !staysOnHost(edge.callee))
  const choices = choose(candidates, crossing, mode)

  const functions = graph.defined.map((name): FunctionAnalysis => {
    const { scan, refused } = legality.get(name)!
    const choice = choices.get(name)!
    const profile = profiles.get(name)!
    return {
      name,
      sourceName: sourceName(module.context, scan.fn) ?? name,
      ...functionLocation(scan.fn),
      ...pathOf(scan.fn),
      verdict: choice.chosen ? 'chosen' : 'stays',
      ...(refused ? { rule: refused.rule, location: refused.location, refusals: refusals(scan) } : {}),
      reason: refused?.message ?? choice.reason,
      gain: choice.gain,
      annotations: scan.annotations,
      cost: { ...costs.get(name)!, mix: mixes.get(name)!, loops: profile.loops },
      calls: callsOf(graph, name),
    }
  })
  const sources = [...new Set(functions.map(f => f.file).filter(file => file !== undefined))]
  return { mode, sources, functions, edges, warnings: [] }
}

function pathOf(fn: ValueRef): { path?: string } {
  const path = absolutePath(fn)
  return path === undefined ? {} : { path }
}

interface Measured {
  readonly graph: CallGraph
  readonly profiles: ReadonlyMap<string, StaticProfile>
  readonly mixes: ReadonlyMap<string, InstructionMix>
  /** Names of the functions that an exception may leave. */
  readonly unwinds: ReadonlySet<string>
}

/** Call graph and costs, on a simplified clone. */
function measure(module: Module): Measured {
  const clone = module.clone()
  try {
    fixInlineDefinitions(clone)
    clone.runPasses(SIMPLIFY)
    const layout = new DataLayout(clone)
    const profiles = new Map<string, StaticProfile>()
    const mixes = new Map<string, InstructionMix>()
    for (const fn of clone.definitions()) {
      const profile = staticProfile(clone, fn)
      profiles.set(valueName(fn), profile)
      mixes.set(valueName(fn), instructionMix(profile, layout))
    }
    return { graph: callGraph(clone, profiles), profiles, mixes, unwinds: unwindingFunctions(clone) }
  } finally {
    clone.dispose()
  }
}

/** What the world outside calls: main and the functions that run before and after it; without a main, all visible functions. */
function rootFunctions(module: Module): Set<string> {
  if (module.function('main')) return new Set(['main', ...startupFunctions(module).keys()])
  return new Set([...module.definitions()].filter(fn => !isLocal(fn)).map(valueName))
}

/** The calls of a whole run, and those of the roots from outside. */
function callEdges(
  graph: CallGraph,
  counts: ReadonlyMap<string, number>,
  roots: ReadonlySet<string>,
): Analysis['edges'] {
  const entries = [...roots].map(callee => ({ caller: EXTERNAL, callee, kind: 'callback' as const, calls: 1 }))
  const calls = graph.edges.map(({ caller, callee, kind, frequency }) => {
    const calls = frequency * counts.get(caller)!
    // The caller of a callback is the external function that it was given to.
    return kind === 'callback' ? { caller: EXTERNAL, callee, kind, calls } : { caller, callee, kind, calls }
  })
  return [...entries, ...calls]
}

/** The caller of callbacks and of main: code outside of the module. */
const EXTERNAL = ''

function callsOf(graph: CallGraph, name: string): FunctionCall[] {
  return graph.edges
    .filter(edge => edge.caller === name)
    .map(({ callee, kind, frequency, line }) => ({
      callee,
      kind,
      defined: !graph.external.has(callee),
      frequency,
      ...(line === undefined ? {} : { line }),
    }))
}
