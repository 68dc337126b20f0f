/**
 * Costs and calls as a run had them (base/run-profile.ts). What a run shows are the functions of the finished program, in
 * which the compiler has inlined others: the time of each is shared out between the function and what it calls that does not
 * show, as the static model weighs them.
 */
import type { RunProfile } from '../base/run-profile.ts'
import type { Analysis } from './analysis.ts'
import { type FunctionCost, NANOSECONDS_PER_INSTRUCTION } from './cost.ts'
import type { CallGraph, CallKind } from './passes/callgraph.ts'
import type { InstructionMix } from './passes/mix.ts'

export interface Profiled {
  readonly costs: ReadonlyMap<string, FunctionCost>
  readonly edges: Analysis['edges']
}

/** Functions up to this many instructions of IR are taken to be inlined where a call of them was expected but not seen. */
const SMALL = 60
/** How deep inlining is followed. */
const DEEPEST = 12

/** What the static model says of each function. */
export interface Model {
  readonly costs: ReadonlyMap<string, FunctionCost>
  readonly mixes: ReadonlyMap<string, Pick<InstructionMix, 'instructions'>>
}

export function profiledCosts(graph: CallGraph, model: Model, run: RunProfile): Profiled {
  return new Sharing(graph, model, run).result()
}

class Sharing {
  readonly #graph: CallGraph
  readonly #model: ReadonlyMap<string, FunctionCost>
  readonly #mixes: Model['mixes']
  readonly #run: RunProfile
  readonly #seen: ReadonlySet<string>
  readonly #counted = new Map<string, number>()
  readonly #callees = new Map<string, CallGraph['edges'][number][]>()
  readonly #calls = new Map<string, number>()
  /** Nanoseconds emulated. */
  readonly #time = new Map<string, number>()
  readonly #edges = new Map<string, { caller: string; callee: string; kind: CallKind; calls: number }>()

  constructor(graph: CallGraph, { costs, mixes }: Model, run: RunProfile) {
    this.#graph = graph
    this.#model = costs
    this.#mixes = mixes
    this.#run = run
    this.#seen = new Set(run.functions.map(({ name }) => name))
    for (const { caller, callee, calls } of run.edges) this.#counted.set(`${caller} ${callee}`, calls)
    for (const edge of graph.edges)
      if (edge.kind !== 'callback') this.#callees.set(edge.caller, [...(this.#callees.get(edge.caller) ?? []), edge])
  }

  result(): Profiled {
    for (const row of this.#run.functions) {
      const model = this.#model.get(row.name)
      if (model === undefined) continue
      const ratio = model.native > 0 ? model.emulated / model.native : 1
      const time = row.instructions * NANOSECONDS_PER_INSTRUCTION + row.native * ratio
      this.#share(row.name, row.calls, time, row.native > 0)
    }
    this.#visibleEdges()
    this.#pointerEdges()
    const costs = new Map(
      this.#graph.defined.map(name => {
        const { native, emulated } = this.#model.get(name)!
        const time = this.#time.get(name) ?? 0
        const saved = emulated > 0 ? time * (1 - native / emulated) : 0
        const calls = this.#calls.get(name) ?? 0
        const perCall = calls > 0 ? time / calls : 0
        return [name, { calls, native: perCall - saved / Math.max(calls, 1), emulated: perCall, saved }]
      }),
    )
    return { costs, edges: [...this.#edges.values()] }
  }

  /** Shares the time of a function between what it was made of; calls between native functions do not show either. */
  #share(root: string, calls: number, time: number, native: boolean): void {
    const weights = new Map<string, number>([[root, 1]])
    const inlined: { caller: string; callee: string; kind: CallKind; calls: number }[] = []
    const visit = (name: string, times: number, depth: number) => {
      for (const { callee, kind, frequency } of this.#callees.get(name) ?? []) {
        if (kind === 'indirect' && !native) continue
        if (callee === name || !this.#isInlined(root, callee, times * frequency * calls) || depth > DEEPEST) continue
        weights.set(callee, (weights.get(callee) ?? 0) + times * frequency)
        inlined.push({ caller: name, callee, kind, calls: times * frequency })
        visit(callee, times * frequency, depth + 1)
      }
    }
    visit(root, 1, 0)
    const parts = [...weights].map(([name, weight]) => [name, weight * this.#model.get(name)!.emulated] as const)
    const whole = parts.reduce((sum, [, part]) => sum + part, 0)
    // loops that turn more often than the model thinks call more often, too
    const more = whole > 0 && calls > 0 ? Math.max(1, time / (whole * calls)) : 1
    for (const [name, part] of parts) this.#add(this.#time, name, whole > 0 ? (time * part) / whole : 0)
    for (const [name, weight] of weights) this.#add(this.#calls, name, name === root ? calls : weight * calls * more)
    for (const { caller, callee, kind, calls: each } of inlined)
      this.#addEdge(caller, callee, kind, each * calls * more)
  }

  /** A function that does not show, or a small one whose calls from here do not. */
  #isInlined(root: string, callee: string, expected: number): boolean {
    if (!this.#model.has(callee)) return false
    if (!this.#seen.has(callee)) return expected > 0
    return expected >= 1 && this.#mixes.get(callee)!.instructions <= SMALL && !this.#counted.has(`${root} ${callee}`)
  }

  #visibleEdges(): void {
    for (const { caller, callee, calls } of this.#run.edges) {
      const known = this.#model.has(caller)
      if (known || this.#model.has(callee)) this.#addEdge(known ? caller : '', callee, 'direct', calls)
    }
  }

  /** Calls of a function that no direct call explains come from those that may call it through a pointer. */
  #pointerEdges(): void {
    const incoming = new Map<string, number>()
    for (const { callee, calls } of this.#run.edges) incoming.set(callee, (incoming.get(callee) ?? 0) + calls)
    const made = new Map(this.#run.functions.map(row => [row.name, row.pointerCalls]))
    for (const { name, calls } of this.#run.functions) {
      const rest = calls - (incoming.get(name) ?? 0)
      if (!this.#model.has(name) || rest <= 0) continue
      const callers = this.#graph.edges
        .filter(edge => edge.callee === name && edge.kind === 'indirect' && (made.get(edge.caller) ?? 0) > 0)
        .map(edge => ({ caller: edge.caller, weight: made.get(edge.caller)! }))
      const whole = callers.reduce((sum, { weight }) => sum + weight, 0)
      const share = Math.min(rest, whole)
      for (const { caller, weight } of callers) this.#addEdge(caller, name, 'indirect', (share * weight) / whole)
      if (rest > share) this.#addEdge('', name, 'callback', rest - share)
    }
  }

  #add(sums: Map<string, number>, name: string, value: number): void {
    sums.set(name, (sums.get(name) ?? 0) + value)
  }

  #addEdge(caller: string, callee: string, kind: CallKind, calls: number): void {
    const key = `${caller} ${callee} ${kind}`
    const known = this.#edges.get(key)
    if (known === undefined) this.#edges.set(key, { caller, callee, kind, calls })
    else known.calls += calls
  }
}
