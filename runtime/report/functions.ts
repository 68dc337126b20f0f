/** What the two measured runs say of each offloaded function. */
import type { MeasuredRun } from './measure.ts'

export interface FunctionReport {
  readonly name: string
  /** `file:line` of the definition, when the program was built with that knowledge. */
  readonly source?: string
  /** All calls, counted in the emulated run. */
  readonly calls: number
  /** Calls from guest code to the host, counted in the hybrid run. Calls between offloaded functions do not cross. */
  readonly crossings: number
  /** Seconds inside, callees included, in the emulated run. */
  readonly emulated: number
  /** Seconds inside, callees included, of the calls that crossed; 0 without any. */
  readonly offloaded: number
  /**
   * Time of an outermost call emulated against offloaded; null when one of them was not measured, because no call
   * crossed or none returned.
   */
  readonly speedup: number | null
  /**
   * Both times are of the same calls. Otherwise `offloaded` lacks the calls that other offloaded functions made, and the
   * speedup compares the means of different sets of calls.
   */
  readonly comparable: boolean
  /** Calls, of both runs, that exit or longjmp left: their time is not counted. */
  readonly unreturned: number
}

/** Most time emulated first. Both runs are of the same program, so their functions are in the same order. */
export function functionReports(emulated: MeasuredRun, hybrid: MeasuredRun): FunctionReport[] {
  const rows = emulated.functions.map((slow, index): FunctionReport => {
    const fast = hybrid.functions[index]!
    const times = {
      emulated: slow.ticks / emulated.ticksPerSecond,
      offloaded: fast.ticks / hybrid.ticksPerSecond,
    }
    const measured = slow.outermost > 0 && fast.outermost > 0 && times.offloaded > 0
    return {
      name: slow.name,
      ...(slow.source === undefined ? {} : { source: slow.source }),
      calls: slow.calls,
      crossings: fast.calls,
      ...times,
      speedup: measured ? times.emulated / slow.outermost / (times.offloaded / fast.outermost) : null,
      comparable: slow.outermost === fast.outermost,
      unreturned: slow.open + fast.open,
    }
  })
  return rows.sort((a, b) => b.emulated - a.emulated)
}
