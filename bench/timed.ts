/** Runs a command and measures it with all that it starts. */
import { execa } from 'execa'

export interface Timed {
  readonly ok: boolean
  /** Seconds of CPU time of the command and of its children that were waited for. */
  readonly cpu: number
  readonly seconds: number
  /** What was printed, on both streams. */
  readonly output: string
}

export async function timed(
  command: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Timed> {
  const script = 'set -o pipefail; TIMEFORMAT="%U %S"; { time "$@" >&3 2>&3; } 3>&1'
  const start = performance.now()
  const result = await execa('bash', ['-c', script, 'bash', command, ...words], {
    cwd,
    env,
    reject: false,
    stdin: 'ignore',
  })
  const times = result.stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return {
    ok: !result.failed,
    cpu: times[0]! + times[1]!,
    seconds: (performance.now() - start) / 1000,
    output: result.stdout,
  }
}
