/** Traces without what differs from run to run. */

/** The lines between two calls of `close(-7)`, without the numbers of threads in front. */
function betweenMarks(trace: string): string[] {
  const lines = trace.split('\n').map(line => line.replace(/^(\[pid +\d+\]|\d+) +/, ''))
  const marks = lines.flatMap((line, index) => (line.startsWith('close(-7)') ? [index] : []))
  return lines.slice((marks[0] ?? 0) + 1, marks[1])
}

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/0x[0-9a-f]{5,}/g, '0x?'],
  [/tv_sec=99, tv_nsec=\d+/, 'tv_sec=99, tv_nsec=?'],
  [/^((?:getpid|set_tid_address|keyctl)\(.*\) =) \d+$/, '$1 ?'],
  [/^kcmp\(\d+, \d+/, 'kcmp(?, ?'],
  [/(_[osrcad]time|pid)=\d\d+/g, '$1=?'],
  [/^tgkill\(\d+, \d+/, 'tgkill(?, ?'],
  [/^((?:shm|sem|msg)get\(.*\) =) \d+$/, '$1 ?'],
  [/^((?:shmat|shmctl|sem\w+|msg\w+)\()\d+(?=,)/, '$1?'],
  // riscv64 has none.
  [/SA_RESTORER\|?/, ''],
  [/, sa_restorer=0x\?/, ''],
]

/** The lines as they are in every run and on both architectures. */
export function normalized(trace: string): string {
  const lines = betweenMarks(trace).map(line =>
    RULES.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line),
  )
  return `${lines.join('\n')}\n`
}
