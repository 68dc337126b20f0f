/**
 * Times the benchmark programs in every engine, interleaved, and prints medians and ratios. Writes the raw runs to
 * bench/results/. Exit status 1 when outputs differ.
 *
 *   npm run bench -- [programs|debian|crossing ...] [--runs=N] [--only=name,name] [--engines=name,name]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from '../cli/table.ts'
import { median } from '../runtime/report/statistics.ts'
import { runCrossing } from './crossing.ts'
import { debianPrograms } from './debian/programs.ts'
import { ENGINES, type EngineName, type Outcome, runOnce } from './engines.ts'
import { PROGRAMS } from './programs.ts'
import { buildWorkload, root, type Workload, type WorkloadRun } from './workload.ts'

const WORK = join(root, 'bench/work')
const DEBIAN_FOLDER = join(root, 'build/debian')
const RESULTS = join(root, 'bench/results')
const STANDARD_ENGINES = 'native,qemu,emulated,hybrid'
/** The lua script then takes about as long as the other programs. */
const LUA_SCALE = 10

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    engines: { type: 'string', default: STANDARD_ENGINES },
  },
})
const suites = positionals.length > 0 ? positionals : ['programs', 'debian', 'crossing']
const engines = values.engines.split(',') as EngineName[]
const runs = Number(values.runs)

interface Row {
  readonly name: string
  readonly outcomes: Record<string, Outcome[]>
}

for (const suite of suites) {
  if (suite === 'crossing') save(suite, await runCrossing(WORK, runs))
  else await runSuite(suite, suite === 'debian' ? await debianPrograms(DEBIAN_FOLDER, LUA_SCALE) : PROGRAMS)
}

async function runSuite(suite: string, workloads: readonly Workload[]): Promise<void> {
  const folder = join(WORK, suite, 'build')
  rmSync(folder, { recursive: true, force: true })
  const chosen = workloads.filter(({ name }) => !values.only || values.only.split(',').includes(name))
  const rows: Row[] = []
  for (const workload of chosen) {
    for (const run of workload.runs) {
      process.stderr.write(`${workload.name} ${run.name}\n`)
      rows.push({ name: `${workload.name} ${run.name}`.trim(), outcomes: await measure(workload, run, folder) })
    }
  }
  console.log(`\n${suite}: medians of ${runs} runs, in seconds\n${table(rows)}\n`)
  // A part would take the place of the whole.
  if (values.only) return
  save(
    suite,
    rows.map(({ name, outcomes }) => ({ name, ...summary(outcomes), outcomes: withoutText(outcomes) })),
  )
}

/** Interleaved, so that a slow minute of the machine meets all engines. */
async function measure(workload: Workload, run: WorkloadRun, folder: string): Promise<Row['outcomes']> {
  const programs = new Map<EngineName, string>()
  for (const engine of engines) programs.set(engine, await buildWorkload(workload, ENGINES[engine].build, folder))
  const outcomes: Record<string, Outcome[]> = Object.fromEntries(engines.map(engine => [engine, []]))
  for (let i = 0; i < runs; i++) {
    for (const engine of engines) outcomes[engine]!.push(await runOnce(ENGINES[engine], programs.get(engine)!, run))
  }
  checkOutputs(`${workload.name} ${run.name}`, outcomes, run.status ?? 0)
  return outcomes
}

function checkOutputs(name: string, outcomes: Row['outcomes'], status: number): void {
  const expected = Object.values(outcomes)[0]![0]!.digest
  for (const [engine, list] of Object.entries(outcomes)) {
    const wrong = list.find(outcome => outcome.digest !== expected || outcome.status !== status)
    if (!wrong) continue
    console.error(`${name}: ${engine} differs (status ${wrong.status}, signal ${wrong.signal})\n${wrong.stderr}`)
    process.exitCode = 1
  }
}

interface Summary {
  readonly medians: Record<string, number>
  /** Above 1: emulated is faster than qemu; hybrid is faster than qemu; share of native speed inside the kernel. */
  readonly ratios: Record<string, number>
}

function summary(outcomes: Row['outcomes']): Summary {
  const times = (engine: string) => outcomes[engine]?.map(outcome => outcome.seconds)
  const kernels = (engine: string) => outcomes[engine]?.flatMap(outcome => outcome.kernelSeconds ?? [])
  const ratio = (above?: number[], below?: number[]) =>
    above?.length && below?.length ? median(above) / median(below) : undefined
  const ratios = {
    'qemu/emulated': ratio(times('qemu'), times('emulated')),
    'qemu/emulated gcc': ratio(times('qemu-gcc'), times('emulated-gcc')),
    'qemu/hybrid': ratio(times('qemu'), times('hybrid')),
    'native/hybrid': ratio(times('native'), times('hybrid')),
    'native/hybrid inside': ratio(kernels('native'), kernels('hybrid')),
  }
  return {
    medians: Object.fromEntries(
      Object.entries(outcomes).map(([engine, list]) => [engine, median(list.map(o => o.seconds))]),
    ),
    ratios: Object.fromEntries(Object.entries(ratios).filter((row): row is [string, number] => row[1] !== undefined)),
  }
}

function table(rows: readonly Row[]): string {
  const summaries = rows.map(row => summary(row.outcomes))
  const ratios = [...new Set(summaries.flatMap(row => Object.keys(row.ratios)))]
  const cells = rows.map(({ name }, i) => [
    name,
    ...engines.map(engine => summaries[i]!.medians[engine]!.toFixed(2)),
    ...ratios.map(ratio => summaries[i]!.ratios[ratio]?.toFixed(2) ?? ''),
  ])
  const header = ['program', ...engines, ...ratios]
  return formatTable(header, cells, ['left', ...header.slice(1).map(() => 'right' as const)])
}

function withoutText(outcomes: Row['outcomes']): Record<string, object[]> {
  return Object.fromEntries(
    Object.entries(outcomes).map(([engine, list]) => [engine, list.map(({ stderr: _, ...rest }) => rest)]),
  )
}

function save(suite: string, results: unknown): void {
  mkdirSync(RESULTS, { recursive: true })
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const document = {
    suite,
    commit,
    date: new Date().toISOString(),
    cpu: cpus()[0]!.model,
    processors: cpus().length,
    results,
  }
  writeFileSync(join(RESULTS, `${suite}.json`), `${JSON.stringify(document, undefined, 1)}\n`)
}
