/** The crossings of the bridge by caller and callee, with names for their addresses. */
import { PLACES } from '../../base/layout.ts'
import type { EdgeCount } from '../bridge/edges.ts'

export interface Crossing {
  readonly direction: 'guest-host' | 'host-guest'
  /** Names of functions; '' for code that no symbol of the program names. */
  readonly from: string
  readonly to: string
  readonly calls: number
}

type Naming = (address: number) => string | undefined

/** Most calls first; call sites of one function are added up. */
export function namedCrossings(edges: readonly EdgeCount[], guest: Naming, host: Naming): Crossing[] {
  const sums = new Map<string, { -readonly [Key in keyof Crossing]: Crossing[Key] }>()
  for (const { from, to, calls } of edges) {
    const direction = from < PLACES.GUEST_END ? 'guest-host' : 'host-guest'
    // a call is the instruction before its return address
    const caller = (direction === 'guest-host' ? guest : host)(from - 1) ?? ''
    const callee = guest(to) ?? ''
    const key = `${direction} ${caller} ${callee}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { direction, from: caller, to: callee, calls })
    else sum.calls += calls
  }
  return [...sums.values()].sort((a, b) => b.calls - a.calls)
}
