/** The comparison of all engines: tables, raw runs, chart. */
import { join } from 'node:path'
import { writeDocument } from '../document.ts'
import { RESULTS } from '../offload.ts'
import { writeChart } from './chart.ts'
import { type Group, Laboratory } from './laboratory.ts'
import { type EmulationOptions, isComplete } from './options.ts'
import { comparisonChart } from './pictures.ts'
import type { Result } from './suite.ts'
import { MEMORY_COLUMNS, START_COLUMNS, TIME_COLUMNS } from './summary.ts'
import { resultTable } from './text.ts'

export async function runComparison(groups: readonly Group[], options: EmulationOptions): Promise<void> {
  const results = await measureGroups(groups, options)
  printComparison(results, options.runs)
  const complete = isComplete(options) && groups.length === 3
  const json = options.json ?? (complete ? join(RESULTS, 'emulation.json') : undefined)
  const chart = options.chart ?? (complete ? join(RESULTS, 'emulation.svg') : undefined)
  if (json) writeDocument(json, 'emulation', { rounds: options.runs, results })
  if (chart) writeChart(chart, comparisonChart(results))
}

export async function measureGroups(groups: readonly Group[], options: EmulationOptions): Promise<Result[]> {
  const laboratory = await Laboratory.open(options)
  const engines = laboratory.engines()
  const results: Result[] = []
  for (const group of groups) results.push(...(await laboratory.run(await laboratory.subjects(group), engines)))
  return results
}

function printComparison(results: readonly Result[], runs: number): void {
  const starts = results.filter(({ category }) => category === 'start-up')
  const programs = results.filter(({ category }) => category !== 'start-up')
  if (programs.length > 0) {
    console.log(`\nCPU time, medians of ${runs} runs. qemu7 qemu10 ferry: steady state, native = 1.`)
    console.log('cold warm: the whole run with no translations and with kept ones, native = 1.\n')
    console.log(resultTable(programs, TIME_COLUMNS))
  }
  if (starts.length > 0) console.log(`\nStart-up: milliseconds\n\n${resultTable(starts, START_COLUMNS)}`)
  if (results.length > 0) console.log(`\nPeak memory of all processes: MiB\n\n${resultTable(results, MEMORY_COLUMNS)}`)
}
