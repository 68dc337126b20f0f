/** What the charts show. */
import type { Picture } from './chart.ts'
import { CATEGORIES } from './subject.ts'
import type { Result } from './suite.ts'
import { geometricMean, ratio, steady, total } from './summary.ts'

const BAR_PIXELS = 34
const COLORS = { qemu7: '#b9b9b9', qemu10: '#7a7a7a', cold: '#f2b56b', warm: '#2f6db3' } as const

/** Bars for each program: CPU time in steady state of QEMU 10 and ferry, and ferry's first run; the native build is 1. */
export function comparisonChart(results: readonly Result[]): Picture {
  const programs = CATEGORIES.filter(category => category !== 'start-up').flatMap(category => {
    const members = results.filter(result => result.category === category)
    return members.length === 0 ? [] : [...members.map(bars), means(category, members)]
  })
  const series = (name: string, color: string, value: (row: Bars) => number | undefined) => ({
    name,
    type: 'bar' as const,
    itemStyle: { color },
    data: programs.map(row => value(row) ?? '-'),
  })
  return {
    title: 'CPU time, native = 1',
    width: 160 + programs.length * BAR_PIXELS,
    height: 560,
    option: {
      legend: { top: 30 },
      grid: { left: 60, right: 20, top: 70, bottom: 130 },
      xAxis: { type: 'category', data: programs.map(({ name }) => name), axisLabel: { rotate: 60, interval: 0 } },
      yAxis: { type: 'log', logBase: 2, min: 0.5 },
      series: [
        series('QEMU 10', COLORS.qemu10, row => row.qemu10),
        series('ferry, first run', COLORS.cold, row => row.cold),
        series('ferry, steady state', COLORS.warm, row => row.warm),
      ],
    },
  }
}

interface Bars {
  readonly name: string
  readonly qemu10: number | undefined
  readonly cold: number | undefined
  readonly warm: number | undefined
}

function bars({ name, engines }: Result): Bars {
  const native = steady(engines.native)
  return {
    name,
    qemu10: ratio(steady(engines.qemu10), native),
    cold: ratio(total(engines.cold), total(engines.native)),
    warm: ratio(steady(engines.warm), native),
  }
}

function means(category: string, members: readonly Result[]): Bars {
  const rows = members.map(bars)
  const mean = (name: 'qemu10' | 'cold' | 'warm') => geometricMean(rows.map(row => row[name]))
  return { name: `mean: ${category}`, qemu10: mean('qemu10'), cold: mean('cold'), warm: mean('warm') }
}

/** Lines: seconds over megabytes. */
export function figure7Chart(results: readonly Result[], sizes: readonly number[]): Picture {
  const names = Object.keys(results[0]?.engines ?? {})
  return {
    title: 'gzip of random text: seconds',
    width: 720,
    height: 480,
    option: {
      legend: { top: 30 },
      grid: { left: 60, right: 40, top: 70, bottom: 60 },
      xAxis: { type: 'value', name: 'MB', nameLocation: 'middle', nameGap: 30 },
      yAxis: { type: 'value', name: 's' },
      series: names.map(name => ({
        name,
        type: 'line' as const,
        data: results.map(({ engines }, i) => [sizes[i]!, total(engines[name], 'wall') ?? '-']),
      })),
    },
  }
}

/** Bars: how many times slower without each optimisation. */
export function table6Chart(rows: readonly { readonly name: string; readonly mean: number }[]): Picture {
  return {
    title: 'CPU time without one optimisation, with all = 1',
    width: 160 + rows.length * 60,
    height: 420,
    option: {
      grid: { left: 60, right: 20, top: 50, bottom: 100 },
      xAxis: { type: 'category', data: rows.map(({ name }) => name), axisLabel: { rotate: 45, interval: 0 } },
      yAxis: { type: 'value', min: 0 },
      series: [{ type: 'bar', itemStyle: { color: COLORS.warm }, data: rows.map(({ mean }) => mean) }],
    },
  }
}
