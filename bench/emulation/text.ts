/** The results as tables for a terminal. */
import { formatTable } from '../../cli/table.ts'
import { APPLICATION_CATEGORIES, CATEGORIES, KERNEL_CATEGORIES } from './subject.ts'
import type { Result } from './suite.ts'
import { type Column, geometricMean, START_COLUMNS, TIME_COLUMNS, total } from './summary.ts'

/** A row for each result, after each category its geometric means, then those of kernels and of applications. */
export function resultTable(results: readonly Result[], columns: readonly Column[]): string {
  const rows: string[][] = []
  const withMeans = columns.some(column => column.mean)
  for (const category of CATEGORIES) {
    const members = results.filter(result => result.category === category)
    if (members.length === 0) continue
    rows.push(...members.map(({ name, engines }) => [name, ...columns.map(one => cell(one, one.value(engines)))]))
    if (withMeans) rows.push(meanRow(`= ${category}`, members, columns), [])
  }
  for (const [title, categories] of withMeans ? GROUPS : []) {
    const members = results.filter(({ category }) => (categories as readonly string[]).includes(category))
    if (members.length > 0) rows.push(meanRow(`= all ${title}`, members, columns))
  }
  const header = ['', ...columns.map(({ title }) => title)]
  return formatTable(header, rows, ['left', ...columns.map(() => 'right' as const)])
}

const GROUPS = [
  ['kernels', KERNEL_CATEGORIES],
  ['applications', APPLICATION_CATEGORIES],
] as const

/** One result on one line; of engines that no column is about, the CPU seconds. */
export function progressLine({ name, category, engines }: Result): string {
  const columns = category === 'start-up' ? START_COLUMNS : TIME_COLUMNS
  const known = columns.flatMap(column => {
    const value = column.value(engines)
    return value === undefined ? [] : [`${column.title} ${cell(column, value)}`]
  })
  const seconds = Object.entries(engines).map(([engine, measured]) => `${engine} ${total(measured)?.toFixed(3) ?? '-'}`)
  return `${name.padEnd(14)} ${(known.length > 0 ? known : seconds).join('  ')}`
}

function meanRow(title: string, results: readonly Result[], columns: readonly Column[]): string[] {
  const mean = (column: Column) => geometricMean(results.map(({ engines }) => column.value(engines)))
  return [title, ...columns.map(column => (column.mean ? cell(column, mean(column)) : ''))]
}

function cell({ decimals }: Column, value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(decimals)
}
