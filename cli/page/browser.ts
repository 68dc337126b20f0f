/// <reference lib="dom" />
/** The charts of the page. Runs in a browser: scripts/build.mjs bundles it into dist/report-page.js. */
import { BarChart, GraphChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { FunctionReport } from '../../runtime/index.ts'
import { escapeHtml } from './html.ts'
import type { PageData } from './page.ts'

use([BarChart, GraphChart, GraphicComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const COLORS = { native: '#4b9b5f', hybrid: '#2f6db3', emulated: '#e0a458', qemu: '#8a8a8a', cross: '#c0392b' } as const
const CHARTED = 25

const { report, graph } = JSON.parse(document.getElementById('data')!.textContent!) as PageData

function seconds(value: number): string {
  const [name, unit] = (
    [
      ['s', 1],
      ['ms', 1e-3],
      ['µs', 1e-6],
    ] as const
  ).find(([, size]) => value >= size) ?? ['ns', 1e-9]
  return `${(value / unit).toPrecision(3)} ${name}`
}

/** The page says how many charts are there: what a test waits for. */
let drawn = 0
function draw(id: string, option: EChartsCoreOption): void {
  const element = document.getElementById(id)!
  const chart = init(element, null, { renderer: 'svg' })
  chart.on('finished', () => {
    if (element.dataset.drawn) return
    element.dataset.drawn = 'yes'
    document.documentElement.dataset.charts = String(++drawn)
  })
  chart.setOption({ animation: false, ...option })
  window.addEventListener('resize', () => chart.resize())
}

function programs(): EChartsCoreOption {
  const rows = report.programs.toReversed()
  return {
    grid: { left: 90, right: 150, top: 10, bottom: 30 },
    tooltip: {},
    xAxis: { type: 'value', name: 's', axisLabel: { formatter: (value: number) => String(value) } },
    yAxis: { type: 'category', data: rows.map(({ kind }) => kind) },
    series: [
      {
        type: 'bar',
        data: rows.map(({ kind, wall }) => ({ value: wall.median, itemStyle: { color: COLORS[kind] } })),
        label: {
          show: true,
          position: 'right',
          formatter: ({ dataIndex }: { dataIndex: number }) =>
            `${seconds(rows[dataIndex]!.wall.median)}, ${rows[dataIndex]!.speedup.toFixed(2)}x`,
        },
      },
    ],
  }
}

/** A logarithmic axis begins at 1: times are in nanoseconds there. */
const NANOSECOND = 1e-9

const charted = report.functions.slice(0, CHARTED).toReversed()
const functionAxis = {
  type: 'category',
  data: charted.map(({ name }) => name),
  axisLabel: { width: 180, overflow: 'truncate' },
} as const

function times(): EChartsCoreOption {
  const bars = (name: string, color: string, value: (row: FunctionReport) => number) => ({
    ...{ name, type: 'bar' as const, itemStyle: { color } },
    data: charted.map(row => (value(row) > 0 ? value(row) / NANOSECOND : '-')),
  })
  return {
    legend: { top: 0 },
    grid: { left: 190, right: 40, top: 40, bottom: 30 },
    tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? seconds(value * NANOSECOND) : '') },
    xAxis: { type: 'log', axisLabel: { formatter: (value: number) => seconds(value * NANOSECOND) } },
    yAxis: functionAxis,
    series: [
      bars('native', COLORS.hybrid, row => row.offloaded),
      bars('emulated', COLORS.emulated, row => row.emulated),
    ],
  }
}

/** Bars to the right gain, bars to the left lose. */
function speedups(): EChartsCoreOption {
  return {
    grid: { left: 190, right: 80, top: 20, bottom: 30 },
    xAxis: { type: 'log', axisLabel: { formatter: (value: number) => `${value}x` } },
    yAxis: functionAxis,
    series: [
      {
        type: 'bar',
        data: charted.map(({ speedup }) => ({
          value: speedup ?? '-',
          itemStyle: { color: speedup !== null && speedup < 1 ? COLORS.cross : COLORS.hybrid },
        })),
        label: {
          show: true,
          position: 'right',
          formatter: ({ value }: { value: unknown }) => (typeof value === 'number' ? `${value.toPrecision(3)}x` : ''),
        },
      },
    ],
  }
}

function calls(): EChartsCoreOption {
  const name = (text: string): string => text || '(elsewhere)'
  const width = (count: number): number => 1 + Math.log10(1 + count) / 2
  return {
    tooltip: {
      formatter: ({ data }: { data: { tip: string } }) => data.tip,
    },
    graphic: [
      { type: 'text', left: 10, top: 4, style: { text: 'guest', fill: '#b3701f', font: 'bold 14px sans-serif' } },
      { type: 'text', right: 10, top: 4, style: { text: 'native', fill: COLORS.hybrid, font: 'bold 14px sans-serif' } },
    ],
    series: [
      {
        type: 'graph',
        layout: 'none',
        roam: true,
        left: 60,
        right: 110,
        top: 40,
        bottom: 30,
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 7,
        label: { show: true, position: 'bottom', fontSize: 11 },
        emphasis: { focus: 'adjacency' },
        data: [
          ...graph.nodes.map(node => ({
            ...{ id: `f ${node.name}`, name: name(node.name), x: node.x, y: node.y },
            symbolSize: 10 + 22 * Math.sqrt(node.weight),
            itemStyle: { color: node.side === 'host' ? COLORS.hybrid : node.refused ? COLORS.qemu : COLORS.emulated },
            tip: `${escapeHtml(name(node.name))}<br>${escapeHtml(node.title)}`,
          })),
          ...[0, graph.height].map(y => ({
            ...{ id: `cut ${y}`, name: '', x: graph.cut, y, symbolSize: 0, tip: 'the cut' },
            label: { show: false },
          })),
        ],
        links: [
          ...graph.edges.map(({ from, to, calls, crosses }) => ({
            ...{ source: `f ${from}`, target: `f ${to}` },
            tip: `${escapeHtml(name(from))} to ${escapeHtml(name(to))}: ${calls.toLocaleString('en')} calls${crosses ? ' across' : ', estimated'}`,
            lineStyle: { color: crosses ? COLORS.cross : '#bbb', width: width(calls), curveness: 0.15, opacity: 0.8 },
            label: { show: crosses, formatter: calls.toLocaleString('en'), color: COLORS.cross, fontSize: 10 },
          })),
          {
            ...{ source: 'cut 0', target: `cut ${graph.height}`, symbol: ['none', 'none'], tip: 'the cut' },
            lineStyle: { color: '#555', type: 'dashed', width: 2 },
          },
        ],
      },
    ],
  }
}

draw('chart-programs', programs())
draw('chart-times', times())
draw('chart-speedups', speedups())
draw('chart-graph', calls())
