/** Runs bench/crossing.c: nanoseconds for each call across the bridge. */
import { join } from 'node:path'
import { execa } from 'execa'
import { formatTable } from '../cli/table.ts'
import { median } from '../runtime/report/statistics.ts'
import { buildWorkload, ferry, root, type Workload } from './workload.ts'

const WORKLOAD: Workload = {
  name: 'crossing',
  directory: join(root, 'bench'),
  sources: ['crossing.c'],
  options: ['-O2'],
  runs: [{ name: '', arguments: [] }],
}

/** The most that a call may cost, in nanoseconds. */
const BARS: Readonly<Record<string, number>> = { 'guest-host-guest': 5, 'host-guest-host': 25 }

export interface Crossing {
  readonly name: string
  readonly median: number
  readonly bar?: number
  /** Nanoseconds a call of each run. */
  readonly runs: readonly number[]
}

/** Rounds of each of four threads that make ten million crossings. */
const ROUNDS = 300_000
const NESTED: Workload = {
  name: 'crossings',
  directory: join(root, 'test/programs/conformance/threads'),
  sources: ['crossings.c'],
  options: ['-O2', '-pthread', '-I..'],
  runs: [{ name: '', arguments: [`${ROUNDS}`] }],
}

/** Nested and interleaved crossings of four threads: whether none was lost. */
async function crossTogether(work: string): Promise<boolean> {
  const program = await buildWorkload(NESTED, 'hybrid', join(work, 'crossing'))
  const { stdout } = await execa(ferry, ['run', program, `${ROUNDS}`])
  const lines = stdout.split('\n')
  const total = lines.pop()
  console.log(
    `\n${total} nested crossings of four threads, ${lines.every(line => line === '1') ? 'none' : 'some'} lost`,
  )
  return lines.length === 4 && lines.every(line => line === '1')
}

/** Prints the table. A median above its bar, or a crossing that is lost, makes the exit status 1. */
export async function runCrossing(work: string, runs: number): Promise<Crossing[]> {
  const program = await buildWorkload(WORKLOAD, 'hybrid', join(work, 'crossing'))
  const times = new Map<string, number[]>()
  for (let i = 0; i < runs; i++) {
    const { stdout } = await execa(ferry, ['run', program])
    for (const [, name, nanoseconds] of stdout.matchAll(/^(\S+) ([\d.]+) ns$/gm)) {
      times.set(name!, [...(times.get(name!) ?? []), Number(nanoseconds)])
    }
  }
  const rows = [...times].map(([name, values]) => ({ name, median: median(values), bar: BARS[name], runs: values }))
  if (!(await crossTogether(work))) process.exitCode = 1
  if (rows.some(row => row.bar !== undefined && row.median > row.bar)) process.exitCode = 1
  const cells = rows.map(row => [row.name, row.median.toFixed(2), row.bar?.toString() ?? ''])
  console.log(`\ncrossing: nanoseconds a call, medians of ${runs} runs`)
  console.log(`${formatTable(['call', 'ns', 'at most'], cells, ['left', 'right', 'right'])}\n`)
  return rows
}
