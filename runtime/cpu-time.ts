/** CPU time of processes: getrusage(2). */
import koffi from 'koffi'

const getrusage = koffi.load(null).func('int getrusage(int who, void *usage)')
/** RUSAGE_SELF, and RUSAGE_CHILDREN: children that have ended and were waited for, with their own such children. */
const WHO = { self: 0, children: -1 } as const
/** Words of struct rusage; the first four are seconds and microseconds of user, then of system time. */
const RUSAGE_WORDS = 18

/** Time in user mode and in the kernel: seconds, where nothing else is said. */
export interface CpuTime {
  readonly user: number
  readonly system: number
}

/** What this process or its ended children have used until now. */
export function cpuTime(who: keyof typeof WHO): CpuTime {
  const words = new BigInt64Array(RUSAGE_WORDS)
  getrusage(WHO[who], words)
  const seconds = (word: number): number => Number(words[word]) + Number(words[word + 1]) / 1e6
  return { user: seconds(0), system: seconds(2) }
}

/** What was used since `before`. */
export function cpuTimeSince(who: keyof typeof WHO, before: CpuTime): CpuTime {
  const now = cpuTime(who)
  return { user: now.user - before.user, system: now.system - before.system }
}
