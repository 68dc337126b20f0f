/** GDB numbers signals in its own way in every packet (GDB, include/gdb/signals.def); Linux' are those of signal(7). */

/** GDB's number of each Linux signal from 1 to 31; 0 = SIGSTKFLT, which GDB does not know. */
const STANDARD = [
  1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, 0, 20, 19, 17, 18, 21, 22, 16, 24, 25, 26, 27, 28, 23, 32, 12,
]
const REALTIME_32 = 77
const REALTIME_33 = 45
const REALTIME_64 = 78
const UNKNOWN = 143

/** Linux' numbers of those that the stub itself makes. */
export const SIGINT = 2
export const SIGTRAP = 5
export const SIGKILL = 9

export function toGdbSignal(linux: number): number {
  if (linux >= 1 && linux <= 31) return STANDARD[linux - 1] || UNKNOWN
  if (linux === 32) return REALTIME_32
  if (linux === 64) return REALTIME_64
  return linux >= 33 && linux < 64 ? REALTIME_33 + linux - 33 : UNKNOWN
}

/** 0 for no signal, and for what Linux does not have. */
export function fromGdbSignal(gdb: number): number {
  if (gdb === REALTIME_32) return 32
  if (gdb === REALTIME_64) return 64
  if (gdb >= REALTIME_33 && gdb < REALTIME_33 + 31) return gdb - REALTIME_33 + 33
  return gdb === 0 ? 0 : STANDARD.indexOf(gdb) + 1
}
