/** The times of the whole program, of each kind of run. */
import type { Kind } from './commands.ts'
import type { Timing } from './process.ts'
import { type Summary, summarize } from './statistics.ts'

/** The native program is another build; when it prints otherwise its times may not be those of the same work. */
export interface NativeDifference {
  readonly what: string
  /** The kept files with what each wrote to stdout. */
  readonly emulated: string
  readonly native: string
}

export interface ProgramReport {
  readonly kind: Kind
  /** Seconds on the clock. */
  readonly wall: Summary
  /** Seconds of user and system time of the process tree. */
  readonly cpu: Summary
  /** Median of the emulated runs by that of these: above 1 is faster. */
  readonly speedup: number
  /** Median of the native runs by that of these: 1 is as fast as native; null without native runs. */
  readonly ofNative: number | null
  /** The timed runs in their order. Run n of each kind belongs to the same round. */
  readonly runs: readonly Timing[]
  readonly difference?: NativeDifference
}

/** @param timings of each kind, the emulated ones among them, at least one of each. */
export function programReports(
  timings: ReadonlyMap<Kind, readonly Timing[]>,
  native: NativeDifference | undefined,
): ProgramReport[] {
  const wall = new Map([...timings].map(([kind, runs]) => [kind, summarize(runs.map(run => run.wall))]))
  const emulatedMedian = wall.get('emulated')!.median
  const nativeMedian = wall.get('native')?.median
  return [...timings].map(([kind, runs]) => {
    const { median } = wall.get(kind)!
    return {
      kind,
      wall: wall.get(kind)!,
      cpu: summarize(runs.map(({ user, system }) => user + system)),
      speedup: emulatedMedian / median,
      ofNative: nativeMedian === undefined ? null : nativeMedian / median,
      runs,
      ...(kind === 'native' && native ? { difference: native } : {}),
    }
  })
}
