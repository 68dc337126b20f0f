/**
 * Programs whose hot functions can run natively: native, emulated and hybrid builds, timed from outside. ferry has run each
 * once before, as it keeps translations between runs.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { formatTable } from '../cli/table.ts'
import { median } from '../runtime/report/statistics.ts'
import { writeDocument } from './document.ts'
import { ENGINES, type EngineName, keepsTranslations, type Outcome, runOnce } from './engines.ts'
import { buildWorkload, root, type Workload, type WorkloadRun } from './workload.ts'

export const WORK = join(root, 'bench/work')
export const RESULTS = join(root, 'bench/results')
export const OFFLOAD_ENGINES: readonly EngineName[] = ['native', 'qemu', 'emulated', 'hybrid']

export interface OffloadOptions {
  readonly runs: number
  readonly engines: readonly EngineName[]
  /** Names of the programs to run; all without it. */
  readonly only?: readonly string[]
}

interface Row {
  readonly name: string
  readonly outcomes: Record<string, Outcome[]>
}

/** Prints the table of one suite and writes its raw runs to bench/results/, unless it was only a part. */
export async function runOffloadSuite(
  suite: string,
  workloads: readonly Workload[],
  options: OffloadOptions,
): Promise<void> {
  const { engines, only } = options
  const folder = join(WORK, suite, 'build')
  rmSync(folder, { recursive: true, force: true })
  const chosen = workloads.filter(({ name }) => only === undefined || only.includes(name))
  const rows: Row[] = []
  for (const workload of chosen) {
    for (const run of workload.runs) {
      process.stderr.write(`${workload.name} ${run.name}\n`)
      rows.push({
        name: `${workload.name} ${run.name}`.trim(),
        outcomes: await measure(workload, run, folder, options),
      })
    }
  }
  console.log(`\n${suite}: medians of ${options.runs} runs, in seconds\n${table(rows, engines)}\n`)
  // A part would take the place of the whole.
  if (only) return
  const results = rows.map(({ name, outcomes }) => ({ name, ...summary(outcomes), outcomes: withoutText(outcomes) }))
  writeDocument(join(RESULTS, `${suite}.json`), suite, { results })
}

/** Interleaved, so that a slow minute of the machine meets all engines. */
async function measure(
  workload: Workload,
  run: WorkloadRun,
  folder: string,
  { engines, runs }: OffloadOptions,
): Promise<Row['outcomes']> {
  const programs = new Map<EngineName, string>()
  for (const engine of engines) programs.set(engine, await buildWorkload(workload, ENGINES[engine].build, folder))
  const outcomes: Record<string, Outcome[]> = Object.fromEntries(engines.map(engine => [engine, []]))
  const once = (engine: EngineName): Promise<Outcome> =>
    runOnce(ENGINES[engine], programs.get(engine)!, run, { FERRY_CACHE_DIR: join(folder, 'cache') })
  for (const engine of engines) if (keepsTranslations(ENGINES[engine])) await once(engine)
  for (let i = 0; i < runs; i++) for (const engine of engines) outcomes[engine]!.push(await once(engine))
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

function table(rows: readonly Row[], engines: readonly EngineName[]): string {
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
