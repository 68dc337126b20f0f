/**
 * The static cost model: what one run of the program is thought to spend in each function, emulated and native, and how
 * often calls cross. Times are nanoseconds. It ranks functions; its absolute figures are only as good as the guess of ten turns a loop.
 */
import type { CallGraph } from './passes/callgraph.ts'
import type { InstructionClass, InstructionMix } from './passes/mix.ts'
import { stronglyConnected } from './passes/scc.ts'

/**
 * Time of one instruction of a class on a 3 GHz out-of-order core, natively and in translated code: what `npm run bench --
 * programs crossing` measures, spread over what the programs execute.
 */
export const INSTRUCTION_COST: Readonly<Record<InstructionClass, { native: number; emulated: number }>> = {
  integer: { native: 0.15, emulated: 0.2 },
  multiply: { native: 0.3, emulated: 0.35 },
  divide: { native: 4, emulated: 4.5 },
  // Translated code keeps single precision NaN-boxed and makes results canonical NaNs.
  float: { native: 0.3, emulated: 0.7 },
  floatDivide: { native: 2, emulated: 2.5 },
  load: { native: 0.2, emulated: 0.3 },
  store: { native: 0.2, emulated: 0.3 },
  branch: { native: 0.2, emulated: 0.3 },
  // switch and computed goto: an indirect jump natively, a table lookup more in translated code
  indirect: { native: 1, emulated: 2 },
  call: { native: 0.8, emulated: 1.6 },
  // Host code looks the function of a guest address up, translated code its translation.
  pointerCall: { native: 1.2, emulated: 2.2 },
  atomic: { native: 5, emulated: 6 },
}

/** Emulated, over whole programs. */
export const NANOSECONDS_PER_INSTRUCTION = 0.3

/** How much less time a vectorised loop takes natively. Translated code has no vectors. */
const VECTOR_FACTOR = 4

/**
 * Calls over the bridge, and what a chosen function costs once: its place in the tables and its page faults. The crossings
 * alone measure 1.7 and 3.7 ns; the rest is what no compiler sees through a bridge. Calls of the guest's malloc and free, which are most of
 * those from the host, take 8 in programs that do little else (bench/programs/json.c).
 */
export const BRIDGE_COST = { guestToHost: 2, hostToGuest: 8, perFunction: 5 } as const

/** Calls of a function within its recursion, for each call from outside of it. */
const RECURSION = 10
const MOST_CALLS = 1e9
const MOST_TIME = 1e12

export interface FunctionCost {
  /** Calls in one run. */
  readonly calls: number
  /** Time of one call in the function itself, without its callees. */
  readonly native: number
  readonly emulated: number
  /** What a run saves when the function runs natively, crossings not counted. */
  readonly saved: number
}

export function functionCost(mix: InstructionMix, calls: number): FunctionCost {
  const time = (counts: InstructionMix['executed'], kind: 'native' | 'emulated') =>
    Object.entries(counts).reduce((sum, [name, n]) => sum + n * INSTRUCTION_COST[name as InstructionClass][kind], 0)
  const native = time(mix.executed, 'native') - time(mix.vectorisable, 'native') * (1 - 1 / VECTOR_FACTOR)
  const emulated = time(mix.executed, 'emulated')
  return { calls, native, emulated, saved: Math.min((emulated - native) * calls, MOST_TIME) }
}

/**
 * How often each function is called in one run: once for a root, and for each call of a caller as often as the call site
 * runs. Recursion multiplies by ten: within a cycle, calls are followed once from where it is entered.
 * @param roots functions that something outside the module calls: main, or everything visible in a library
 */
export function callCounts(graph: CallGraph, roots: ReadonlySet<string>): Map<string, number> {
  const out = new Map<string, { callee: string; frequency: number }[]>(graph.defined.map(name => [name, []]))
  for (const { caller, callee, frequency } of graph.edges)
    if (out.has(callee)) out.get(caller)!.push({ callee, frequency })
  const callees = (name: string) => out.get(name)!.map(edge => edge.callee)

  const reachable = new Set<string>()
  const work = [...roots, ...graph.addressTaken]
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    if (reachable.has(name)) continue
    reachable.add(name)
    work.push(...callees(name))
  }

  const counts = new Map<string, number>(graph.defined.map(name => [name, roots.has(name) ? 1 : 0]))
  const components = stronglyConnected(graph.defined, callees)
  for (const members of components.reverse()) {
    const inside = new Set(members)
    const isCycle = members.length > 1 || callees(members[0]!).includes(members[0]!)
    for (const name of entryOrder(members, inside, counts, callees)) {
      // A function that can be reached is worth one call: the guess of branches must not make it vanish.
      const own = reachable.has(name) ? Math.max(counts.get(name)!, 1) : 0
      counts.set(name, Math.min(own * (isCycle ? RECURSION : 1), MOST_CALLS))
      inside.delete(name)
      // Within the cycle, only what was not counted yet: its factor of ten comes when its turn does.
      for (const { callee, frequency } of out.get(name)!)
        if (inside.has(callee)) counts.set(callee, Math.min(counts.get(callee)! + own * frequency, MOST_CALLS))
        else if (!members.includes(callee))
          counts.set(callee, Math.min(counts.get(callee)! + counts.get(name)! * frequency, MOST_CALLS))
    }
  }
  return counts
}

/** The members of a component in depth-first reverse postorder from those that calls from outside enter. */
function entryOrder(
  members: readonly string[],
  inside: ReadonlySet<string>,
  counts: ReadonlyMap<string, number>,
  callees: (name: string) => readonly string[],
): string[] {
  const seen = new Set<string>()
  const postorder: string[] = []
  const visit = (root: string) => {
    const stack = [{ name: root, rest: callees(root)[Symbol.iterator]() }]
    seen.add(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.rest.next()
      if (step.done) {
        postorder.push(top.name)
        stack.pop()
      } else if (inside.has(step.value) && !seen.has(step.value)) {
        seen.add(step.value)
        stack.push({ name: step.value, rest: callees(step.value)[Symbol.iterator]() })
      }
    }
  }
  const entered = members.filter(name => counts.get(name)! > 0)
  const roots: string[][] = []
  for (const name of [...entered, ...members])
    if (!seen.has(name)) {
      const start = postorder.length
      visit(name)
      roots.push(postorder.slice(start).reverse())
    }
  return roots.flat()
}
