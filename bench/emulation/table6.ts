/**
 * Table 6 of the ria-jit paper: what each optimisation is worth. The kernels run with all optimisations, with each one switched off,
 * and with none. The names come from the translator: a new switch is in the table by itself.
 */
import { join } from 'node:path'
import { formatTable } from '../../cli/table.ts'
import { OPTIMIZATIONS } from '../../emulator/options.ts'
import { writeDocument } from '../document.ts'
import { RESULTS } from '../offload.ts'
import { writeChart } from './chart.ts'
import { ferryEngine } from './engines.ts'
import { Laboratory } from './laboratory.ts'
import { type EmulationOptions, isComplete } from './options.ts'
import { table6Chart } from './pictures.ts'
import { KERNEL_CATEGORIES } from './subject.ts'
import type { Result } from './suite.ts'
import { geometricMean, ratio, steady } from './summary.ts'

const SWITCHES: readonly string[] = [...Object.keys(OPTIMIZATIONS).map(name => `no-${name}`), 'none']

export async function runTable6(options: EmulationOptions): Promise<void> {
  const laboratory = await Laboratory.open(options)
  const switches = SWITCHES.filter(name => options.engines?.includes(name) ?? true)
  const engines = [
    // started in the same way as the others
    ferryEngine('all', 'primed', ['--optimize=all']),
    ...switches.map(name => ferryEngine(name, 'primed', [`--optimize=${name}`])),
  ]
  const results = await laboratory.run(await laboratory.subjects('kernels'), engines)
  const rows = switches.map(name => ({ name, mean: slowdown(results, name) ?? Number.NaN }))
  console.log(
    `\ntable 6: CPU time in steady state without an optimisation, with all = 1\n\n${table(results, switches)}`,
  )
  const complete = isComplete(options)
  const json = options.json ?? (complete ? join(RESULTS, 'table6.json') : undefined)
  const chart = options.chart ?? (complete ? join(RESULTS, 'table6.svg') : undefined)
  if (json) writeDocument(json, 'table6', { switches: rows, results })
  if (chart) writeChart(chart, table6Chart(rows))
}

/** Geometric mean over programs. */
function slowdown(results: readonly Result[], name: string): number | undefined {
  return geometricMean(results.map(({ engines }) => ratio(steady(engines[name]), steady(engines.all))))
}

/** A row for each switch: the mean of each category, of all, and the program that loses most. */
function table(results: readonly Result[], switches: readonly string[]): string {
  const categories = KERNEL_CATEGORIES.filter(category => results.some(result => result.category === category))
  const cells = switches.map(name => {
    const means = categories.map(category => {
      return slowdown(
        results.filter(result => result.category === category),
        name,
      )
    })
    const losses = results.map(result => [slowdown([result], name) ?? 0, result.name] as const)
    const [most, program] = losses.reduce((a, b) => (b[0] > a[0] ? b : a), [0, ''] as const)
    const numbers = [...means, slowdown(results, name)].map(value => value?.toFixed(2) ?? '-')
    return [name, ...numbers, `${most.toFixed(2)} ${program}`]
  })
  const header = ['', ...categories, 'all', 'most']
  return formatTable(header, cells, ['left', ...header.slice(1).map(() => 'right' as const)])
}
