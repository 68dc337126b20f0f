/** Thread ids in packets (GDB manual, appendix E.1): `tid`, or `ppid.tid` when gdb knows the multiprocess extension. */

/** 0 for any thread, -1 for all (also all of a process); NaN for what is no thread id. */
export function parseThread(text: string): number {
  const [, inProcess, plain] = /^(?:p-?[0-9a-f]+(?:\.(-1|[0-9a-f]+))?|(-1|[0-9a-f]+))$/.exec(text) ?? []
  if (plain === undefined && inProcess === undefined) return /^p-?[0-9a-f]+$/.test(text) ? -1 : Number.NaN
  return Number.parseInt(plain ?? inProcess!, 16)
}

/** @param pid of the process; undefined without the extension. */
export function formatThread(pid: number | undefined, thread: number): string {
  return pid === undefined ? thread.toString(16) : `p${pid.toString(16)}.${thread.toString(16)}`
}
