/**
 * Which functions leave the guest. The set is chosen on the call graph as a minimum cut: a function left on the guest
 * loses what it would have saved, a call between a chosen and a left function costs a crossing, and the cheapest division
 * is the answer. So a hot callee takes its caller along when the crossings would cost more than the caller does, a callee
 * of a chosen loop comes along, and a small leaf is taken only when its callers are.
 */
import { BRIDGE_COST } from './cost.ts'
import { FlowNetwork } from './passes/mincut.ts'

export type Mode = 'auto' | 'all' | 'none'

/** What the choice knows of a function. */
export interface Candidate {
  readonly name: string
  /** Nanoseconds that a run saves when the function runs natively. */
  readonly saved: number
  /** False when a legality rule refuses it. */
  readonly legal: boolean
  /** Annotated "ferry.offload". */
  readonly wanted?: boolean
  /** Nothing calls it. */
  readonly unused?: boolean
}

/** Calls in one run. A caller or callee that is no candidate is guest code outside the module. */
export interface CallWeight {
  readonly caller: string
  readonly callee: string
  readonly calls: number
}

export interface Choice {
  readonly chosen: boolean
  readonly reason: string
  /** Nanoseconds that a run gains by the function's being chosen, all others as they are; crossings counted. */
  readonly gain: number
}

/** Units of capacity a nanosecond: flows are exact integers. */
const UNITS = 16
const INFINITE = 2 ** 50

export function choose(
  candidates: readonly Candidate[],
  calls: readonly CallWeight[],
  mode: Mode,
): Map<string, Choice> {
  const legal = candidates.filter(c => c.legal)
  const chosen =
    mode === 'none'
      ? new Set<string>()
      : mode === 'all'
        ? new Set(legal.map(c => c.name))
        : minimumCut(candidates, calls)
  const around = neighbours(calls)
  return new Map(candidates.map(c => [c.name, verdict(c, chosen, around.get(c.name) ?? [], mode)]))
}

/**
 * Functions that are always inlined go where the functions go that they are inlined into.
 * @param callers of each of them
 */
export function withInlined(
  choices: ReadonlyMap<string, Choice>,
  callers: ReadonlyMap<string, readonly string[]>,
): Map<string, Choice> {
  const result = new Map(choices)
  const seen = new Set<string>()
  const place = (name: string): Choice => {
    const own = result.get(name)!
    const above = callers.get(name) ?? []
    // functions that call each other in a circle are not inlined into each other
    if (own.chosen || above.length === 0 || seen.has(name)) return own
    seen.add(name)
    const caller = above.find(caller => place(caller).chosen)
    const reason = caller === undefined ? 'inlined into functions that stay' : `inlined into ${caller}`
    const choice = { chosen: caller !== undefined, reason, gain: 0 }
    result.set(name, choice)
    return choice
  }
  for (const name of callers.keys()) place(name)
  return result
}

function minimumCut(candidates: readonly Candidate[], calls: readonly CallWeight[]): Set<string> {
  const numbers = new Map(candidates.map((c, i) => [c.name, i]))
  const host = candidates.length
  const guest = host + 1
  const network = new FlowNetwork(candidates.length + 2)
  const units = (time: number) => Math.min(Math.round(time * UNITS), INFINITE)
  candidates.forEach((c, i) => {
    if (!c.legal) network.connect(i, guest, INFINITE)
    else if (c.wanted) network.connect(host, i, INFINITE)
    else if (c.unused) network.connect(i, guest, INFINITE)
    else {
      network.connect(host, i, units(c.saved))
      network.connect(i, guest, units(BRIDGE_COST.perFunction))
    }
  })
  for (const { caller, callee, calls: count } of calls) {
    const from = numbers.get(caller) ?? guest
    const to = numbers.get(callee) ?? guest
    network.connect(from, to, from === guest ? 0 : units(count * BRIDGE_COST.hostToGuest))
    network.connect(to, from, to === guest ? 0 : units(count * BRIDGE_COST.guestToHost))
  }
  const side = network.minimumCut(host, guest)
  return new Set(candidates.filter((c, i) => side.has(i) && c.legal).map(c => c.name))
}

interface Neighbour {
  readonly name: string
  readonly role: 'caller' | 'callee'
  readonly calls: number
}

function neighbours(calls: readonly CallWeight[]): Map<string, Neighbour[]> {
  const result = new Map<string, Neighbour[]>()
  const add = (name: string, neighbour: Neighbour) => {
    const list = result.get(name)
    if (list) list.push(neighbour)
    else result.set(name, [neighbour])
  }
  for (const { caller, callee, calls: count } of calls) {
    if (caller === callee) continue
    add(caller, { name: callee, role: 'callee', calls: count })
    add(callee, { name: caller, role: 'caller', calls: count })
  }
  return result
}

/** Time of the crossings between a function and its neighbours, if it were on the given side. */
function crossings(around: readonly Neighbour[], chosen: ReadonlySet<string>, onHost: boolean): number {
  let time = 0
  for (const { name, role, calls } of around) {
    if (chosen.has(name) === onHost) continue
    const entersHost = (role === 'caller') === onHost
    time += calls * (entersHost ? BRIDGE_COST.guestToHost : BRIDGE_COST.hostToGuest)
  }
  return time
}

function verdict(c: Candidate, chosen: ReadonlySet<string>, around: readonly Neighbour[], mode: Mode): Choice {
  const gain = c.saved - BRIDGE_COST.perFunction - crossings(around, chosen, true) + crossings(around, chosen, false)
  if (!c.legal) return { chosen: false, reason: '', gain }
  if (mode === 'none') return { chosen: false, reason: 'offloading is off', gain }
  if (chosen.has(c.name))
    return { chosen: true, reason: mode === 'all' ? 'all were asked for' : whyChosen(c, chosen, around), gain }
  if (c.unused) return { chosen: false, reason: 'never called', gain }
  const cost = crossings(around, chosen, true) - crossings(around, chosen, false)
  const reason =
    c.saved > BRIDGE_COST.perFunction
      ? `saves ${formatTime(c.saved)}, crossings would cost ${formatTime(cost)}`
      : `too little work: saves ${formatTime(c.saved)}`
  return { chosen: false, reason, gain }
}

function whyChosen(c: Candidate, chosen: ReadonlySet<string>, around: readonly Neighbour[]): string {
  if (c.wanted) return 'annotated "ferry.offload"'
  const alone = crossings(around, new Set(), true)
  if (c.saved - BRIDGE_COST.perFunction > alone)
    return `saves ${formatTime(c.saved)}, ${crossingText(crossings(around, chosen, true))}`
  const weight = ({ role, calls }: Neighbour) =>
    calls * (role === 'caller' ? BRIDGE_COST.hostToGuest : BRIDGE_COST.guestToHost)
  const partners = around.filter(n => chosen.has(n.name)).sort((a, b) => weight(b) - weight(a))
  const [partner] = partners
  return partner ? `comes along with its ${partner.role} ${partner.name}` : `saves ${formatTime(c.saved)}`
}

function crossingText(time: number): string {
  return time === 0 ? 'never crosses' : `crossings cost ${formatTime(time)}`
}

/** `850 ns`, `3.4 µs`, `12 ms`, `5.0 s`. */
export function formatTime(ns: number): string {
  const scale: readonly (readonly [number, string])[] = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ]
  const size = Math.abs(ns)
  const [unit, name] = scale.find(([limit]) => size >= limit) ?? [1, 'ns']
  const value = ns / unit
  return `${Math.abs(value) < 10 && unit > 1 ? value.toFixed(1) : Math.round(value)} ${name}`
}
