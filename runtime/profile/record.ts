/** The profile of a run in the form that a build reads (base/run-profile.ts). Pure. */
import { type FunctionRun, RUN_PROFILE_VERSION, type RunProfile } from '../../base/run-profile.ts'
import type { Crossing } from '../report/crossings.ts'
import type { Measurement } from '../run.ts'
import type { EdgeCount, Profile } from './profile.ts'

const NANOSECONDS = 1e9

/** What was counted of a run. */
export interface Counted {
  readonly program: string
  readonly profile: Profile
  /** Of a hybrid program, with the frequency of their ticks. */
  readonly measurements: readonly Measurement[]
  readonly crossings: readonly Crossing[]
  readonly ticksPerSecond: number
}

export function recordRun({ program, profile, measurements, crossings, ticksPerSecond }: Counted): RunProfile {
  const rows = new Map<string, { -readonly [Key in keyof FunctionRun]: FunctionRun[Key] }>()
  const row = (name: string) => {
    let found = rows.get(name)
    if (found === undefined) rows.set(name, (found = { name, calls: 0, instructions: 0, pointerCalls: 0, native: 0 }))
    return found
  }
  for (const { name, instructions } of profile.functions) if (name !== undefined) row(name).instructions = instructions
  // the block at a function's start runs once a call, unless a loop begins there: then what goes back is taken off
  for (const { place, executions } of profile.blocks) if (isStart(place)) row(place).calls += executions
  const calls = new Map<string, { caller: string; callee: string; calls: number }>()
  const add = (caller: string, callee: string, count: number) => {
    const key = `${caller} ${callee}`
    const known = calls.get(key)
    if (known === undefined) calls.set(key, { caller, callee, calls: count })
    else known.calls += count
  }
  for (const edge of profile.edges) {
    const caller = functionOf(edge.fromPlace)
    if (edge.kind === 'indirect-call' && caller !== '') row(caller).pointerCalls += edge.count
    if (!isStart(edge.toPlace)) continue
    if (isCall(edge, caller)) add(caller, edge.toPlace, edge.count)
    else row(edge.toPlace).calls -= edge.count
  }
  // direct calls of native functions are counted on both ways already
  for (const { from, to, calls: count } of crossings)
    add(from, to, Math.max(0, count - (calls.get(`${from} ${to}`)?.calls ?? 0)))
  for (const { name, offloaded, calls, ticks } of measurements) {
    if (!offloaded) continue
    row(name).calls = calls
    row(name).native = (ticks / ticksPerSecond) * NANOSECONDS
  }
  return {
    version: RUN_PROFILE_VERSION,
    program,
    functions: [...rows.values()].filter(({ calls, instructions }) => calls > 0 || instructions > 0),
    edges: [...calls.values()].sort((a, b) => b.calls - a.calls),
  }
}

/** A call, or a jump to another function's start, which is a call at the end of a function. */
function isCall({ kind, toPlace }: EdgeCount, caller: string): boolean {
  return kind === 'call' || toPlace !== caller
}

const isStart = (place: string | undefined): place is string => place !== undefined && !place.includes('+0x')
const functionOf = (place = ''): string => place.replace(/\+0x.*/, '')
