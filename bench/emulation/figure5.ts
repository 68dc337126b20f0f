/** Figure 5 of the ria-jit paper: time of every program, normalised to the native build and to QEMU. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RESULTS } from '../offload.ts'
import { writeChart } from './chart.ts'
import { measureGroups } from './comparison.ts'
import { type EmulationOptions, isComplete } from './options.ts'
import { comparisonChart } from './pictures.ts'
import type { Result } from './suite.ts'
import { type Column, ratio, steady, total } from './summary.ts'
import { resultTable } from './text.ts'

const times = (title: string, value: Column['value']): Column => ({ title, value, decimals: 2, mean: true })

const COLUMNS: readonly Column[] = [
  times('qemu10/native', e => ratio(steady(e.qemu10), steady(e.native))),
  times('ferry/native', e => ratio(steady(e.warm), steady(e.native))),
  times('ferry/qemu10', e => ratio(steady(e.warm), steady(e.qemu10))),
  times('cold/native', e => ratio(total(e.cold), total(e.native))),
  times('cold/qemu10', e => ratio(total(e.cold), total(e.qemu10))),
]

/** @param from file with the results of a comparison, instead of measuring */
export async function runFigure5(options: EmulationOptions, from: string | undefined): Promise<void> {
  const results = from
    ? (JSON.parse(readFileSync(from, 'utf8')) as { results: Result[] }).results
    : await measureGroups(['kernels', 'applications'], options)
  const programs = results.filter(({ category }) => category !== 'start-up')
  console.log(`\nfigure 5: CPU time, normalised\n\n${resultTable(programs, COLUMNS)}`)
  const chart = options.chart ?? (isComplete(options) ? join(RESULTS, 'figure5.svg') : undefined)
  if (chart) writeChart(chart, comparisonChart(programs))
}
