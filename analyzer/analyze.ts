/** The analyser's entry points: from C sources, or from a module that is linked already (the offload build). */
import type { RunProfile } from '../base/run-profile.ts'
import type { Analysis, FunctionAnalysis, FunctionCall } from './analysis.ts'
import { type Candidate, choose, type Mode, withInlined } from './choose.ts'
import { callCounts, functionCost } from './cost.ts'
import { type CompileOptions, compileProgram } from './frontend.ts'
import { HOST_LIBRARY } from './intrinsics.ts'
import {
  absolutePath,
  functionLocation,
  isLocal,
  type Module,
  sourceName,
  type ValueRef,
  valueName,
} from './llvm/index.ts'
import { type Measured, measure, measureInlined } from './measure.ts'
import { loopOf, outlineLoops } from './outline.ts'
import { type CallGraph, startupFunctions } from './passes/callgraph.ts'
import { profiledCosts } from './profiled.ts'
import { type Refusal, refusal, refusals } from './rules.ts'
import { type FunctionScan, Scanner } from './scan.ts'

export interface AnalyzeOptions extends CompileOptions {
  readonly mode?: Mode
  /** What a run has counted, to judge by instead of the static model. */
  readonly profile?: RunProfile
}

/** Compiles, links and analyses C sources. @throws FerryError as `compileProgram` does */
export async function analyze(options: AnalyzeOptions): Promise<Analysis> {
  const program = await compileProgram(options)
  try {
    if (options.mode !== 'none') outlineLoops(program.module)
    const analysis = analyzeModule(program.module, options.mode ?? 'auto', options.profile)
    return { ...analysis, sources: options.sources, warnings: program.warnings }
  } finally {
    program.module.dispose()
    program.context.dispose()
  }
}

/** Analyses a linked module as the front end made it (not optimised). Does not change it. */
export function analyzeModule(module: Module, mode: Mode, profile?: RunProfile): Analysis {
  const whole = measure(module)
  const scanner = new Scanner(module, whole.facts)
  const legality = new Map<string, { scan: FunctionScan; refused: Refusal | undefined }>()
  for (const fn of module.definitions()) {
    const scan = scanner.scan(fn)
    legality.set(scan.name, { scan, refused: refusal(scan) })
  }
  const isLegal = (name: string) => legality.get(name)!.refused === undefined
  const { inlined, callers } = measureInlined(module, whole, new Set([...legality.keys()].filter(isLegal)))
  const roots = rootFunctions(module)
  const { graph, mixes } = inlined
  const counts = callCounts(graph, roots)
  const model = modelOf(inlined, counts)
  const { costs, edges } = profile
    ? profiledCosts(graph, { costs: model, mixes }, profile)
    : { costs: model, edges: callEdges(graph, counts, roots) }

  const candidates = whole.graph.defined.map((name): Candidate => {
    const { scan, refused } = legality.get(name)!
    const { saved, calls } = costs.get(name) ?? { saved: 0, calls: 0 }
    const wanted = scan.annotations.includes('ferry.offload')
    return { name, saved, legal: refused === undefined, wanted, unused: calls === 0 }
  })
  const staysOnHost = (name: string) => graph.external.has(name) && HOST_LIBRARY.has(name)
  const crossing = edges.filter(edge => !staysOnHost(edge.callee))
  const chosen = choose(candidates, crossing, mode)
  const choices = mode === 'auto' ? withInlined(chosen, callers) : chosen
  // what is inlined everywhere is nothing that costs by itself
  const alone = whole === inlined ? model : modelOf(whole, callCounts(whole.graph, roots))

  const functions = whole.graph.defined.map((name): FunctionAnalysis => {
    const { scan, refused } = legality.get(name)!
    const choice = choices.get(name)!
    const { profiles, mixes } = inlined.profiles.has(name) ? inlined : whole
    const profile = profiles.get(name)!
    return {
      name,
      sourceName: (loopOf(scan.fn) ? undefined : sourceName(module.context, scan.fn)) ?? name,
      ...functionLocation(scan.fn),
      ...pathOf(scan.fn),
      verdict: choice.chosen ? 'chosen' : 'stays',
      ...(refused ? { rule: refused.rule, location: refused.location, refusals: refusals(scan) } : {}),
      reason: refused?.message ?? choice.reason,
      gain: choice.gain,
      annotations: scan.annotations,
      cost: { ...(costs.get(name) ?? alone.get(name)!), mix: mixes.get(name)!, loops: profile.loops },
      calls: callsOf(whole.graph, name),
    }
  })
  const sources = [...new Set(functions.map(f => f.file).filter(file => file !== undefined))]
  return { mode, sources, functions, edges, warnings: [] }
}

const modelOf = ({ graph, mixes }: Measured, counts: ReadonlyMap<string, number>) =>
  new Map(graph.defined.map(name => [name, functionCost(mixes.get(name)!, counts.get(name)!)]))

function pathOf(fn: ValueRef): { path?: string } {
  const path = absolutePath(fn)
  return path === undefined ? {} : { path }
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
