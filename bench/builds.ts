/**
 * What building costs: CPU time of `ferry build` and `ferry cc`, against clang -O2 for both targets together. A program that takes
 * more than three times as long, or sqlite3 in one file more than two minutes, makes the exit status 1.
 */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { formatTable } from '../cli/table.ts'
import { median } from '../runtime/report/statistics.ts'
import { debianPrograms } from './debian/programs.ts'
import { fetchSources } from './debian/sources.ts'
import { PROGRAMS } from './programs.ts'
import { timed } from './timed.ts'
import { compilerLine, ferry, type Workload } from './workload.ts'

const BUILDERS = ['native', 'guest', 'build', 'cc'] as const
type Builder = (typeof BUILDERS)[number]
/** How much longer than clang for both targets. */
const RATIO_BAR = 3
/** Seconds of CPU time, which is more than what passes on a machine that has nothing else to do. */
const SQLITE_BAR = 120

interface BuildTime {
  readonly name: string
  /** Seconds of CPU time of each run. */
  readonly cpu: Readonly<Record<Builder, readonly number[]>>
  /** Seconds that passed. */
  readonly seconds: Readonly<Record<Builder, readonly number[]>>
}

/** @param folder for sources and what is built */
export async function runBuilds(folder: string, runs: number): Promise<BuildTime[]> {
  const real = [...(await debianPrograms(folder, 1)), await amalgamation(folder)]
  const results: BuildTime[] = []
  for (const workload of [...PROGRAMS, ...real]) {
    process.stderr.write(`${workload.name}\n`)
    results.push(await measure(workload, folder, runs))
  }
  const small = results.slice(0, PROGRAMS.length)
  const rows = [sum(`${small.length} small programs`, small), ...results.slice(PROGRAMS.length)]
  const header = ['program', 'clang, both', 'ferry build', 'ferry cc', 'build/clang', 'cc/clang']
  const align = header.map((_, i) => (i === 0 ? ('left' as const) : ('right' as const)))
  console.log(`\nCPU seconds, medians of ${runs} runs\n${formatTable(header, rows.map(line), align)}\n`)
  const sqlite = results.at(-1)!
  const longest = Math.max(median(sqlite.cpu.build), median(sqlite.cpu.cc))
  console.log(`sqlite3 in one file: ${longest.toFixed(0)} s of CPU time (at most ${SQLITE_BAR} s)`)
  if (longest > SQLITE_BAR || rows.some(row => Math.max(...ratios(row)) > RATIO_BAR)) process.exitCode = 1
  return results
}

/** sqlite3's sources as one file, and its shell. */
async function amalgamation(folder: string): Promise<Workload> {
  const sources = await fetchSources(['sqlite3'], join(folder, 'sources'))
  const directory = join(folder, 'sqlite3')
  if (!existsSync(join(directory, 'sqlite3.c'))) {
    rmSync(directory, { recursive: true, force: true })
    cpSync(sources.get('sqlite3')!, directory, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    const made = await timed('sh', ['-ec', './configure --disable-tcl && make sqlite3.c shell.c'], directory)
    if (!made.ok) throw new Error(`sqlite3 can not be configured:\n${made.output}`)
  }
  return {
    name: 'sqlite3',
    directory,
    sources: ['sqlite3.c', 'shell.c'],
    options: ['-O2', '-w', '-DSQLITE_OMIT_LOAD_EXTENSION'],
    libraries: ['-lm'],
    runs: [],
  }
}

async function measure(workload: Workload, folder: string, runs: number): Promise<BuildTime> {
  const empty = (): Record<Builder, number[]> => ({ native: [], guest: [], build: [], cc: [] })
  const [cpu, seconds] = [empty(), empty()]
  const output = join(folder, 'built')
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < runs; i++)
    for (const builder of BUILDERS) {
      const [command, ...words] = lineOf(workload, builder)
      const result = await timed(command!, [...words, '-o', output], workload.directory)
      if (!result.ok) throw new Error(`${workload.name} can not be built (${builder}):\n${result.output}`)
      cpu[builder].push(result.cpu)
      seconds[builder].push(result.seconds)
    }
  return { name: workload.name, cpu, seconds }
}

function lineOf(workload: Workload, builder: Builder): string[] {
  if (builder === 'native' || builder === 'guest') return compilerLine(workload, builder)
  const { options, sources, libraries = [] } = workload
  const words = [...options, ...sources, ...libraries]
  return builder === 'build' ? [ferry, 'build', ...words] : [ferry, 'cc', '-static', ...words]
}

function sum(name: string, parts: readonly BuildTime[]): BuildTime {
  const add = (kind: 'cpu' | 'seconds') =>
    Object.fromEntries(
      BUILDERS.map(builder => [builder, [parts.reduce((whole, part) => whole + median(part[kind][builder]), 0)]]),
    ) as unknown as BuildTime['cpu']
  return { name, cpu: add('cpu'), seconds: add('seconds') }
}

/** Of `ferry build` and of `ferry cc`, against clang. */
function ratios({ cpu }: BuildTime): [number, number] {
  const clang = median(cpu.native) + median(cpu.guest)
  return [median(cpu.build) / clang, median(cpu.cc) / clang]
}

function line(row: BuildTime): string[] {
  const times = [median(row.cpu.native) + median(row.cpu.guest), median(row.cpu.build), median(row.cpu.cc)]
  return [row.name, ...times.map(time => time.toFixed(1)), ...ratios(row).map(ratio => `${ratio.toFixed(1)}x`)]
}
