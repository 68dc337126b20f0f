/** The page of `ferry report --html`: one file with everything in it, which loads nothing. */
import { describeEnding, type Report } from '../../runtime/index.ts'
import { crossingRows, formatFactor, formatSeconds, verdictSummary } from '../report-text.ts'
import { callGraph, type Graph } from './graph.ts'
import { escapeHtml, htmlTable } from './html.ts'
import { sourceSections } from './source.ts'
import { STYLE } from './style.ts'

/** What the script of the page draws. */
export interface PageData {
  readonly report: Report
  readonly graph: Graph
}

/** Nothing may be fetched, whatever a source text says. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

/** @param script the charts, bundled for browsers (cli/page/browser.ts) */
export async function reportPage(report: Report, script: string): Promise<string> {
  const data: PageData = { report, graph: callGraph(report) }
  const { program, verdicts, functions } = report
  const command = [program, ...report.arguments].join(' ')
  const sections: readonly (readonly [id: string, title: string, content: string])[] = [
    ['program', 'The whole program', programSection(report)],
    ['functions', 'Functions that run natively', functionSection(report)],
    ['graph', 'Calls', graphSection(report, data.graph)],
    [
      'crossings',
      'Crossings',
      htmlTable(['calls', 'time', 'direction', 'caller', 'callee'], crossingRows(report), [0, 1]),
    ],
    ['source', 'Source', verdicts ? await sourceSections(verdicts, functions) : '<p>The program has no verdicts.</p>'],
    ['verdicts', 'Verdicts', verdictSection(report)],
    ['environment', 'Environment', environmentSection(report)],
    ['runs', 'Raw runs', runSection(report)],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(command)}: ferry report</title>
<style>${STYLE}</style>
</head>
<body>
<h1><code>${escapeHtml(command)}</code></h1>
${headline(report)}
<nav>${sections.map(([id, title]) => `<a href="#${id}">${title}</a>`).join('')}</nav>
${sections.map(([id, title, content]) => `<section id="${id}"><h2>${title}</h2>\n${content}\n</section>`).join('\n')}
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`
}

function headline({ programs, outcome, runs }: Report): string {
  const hybrid = programs.find(row => row.kind === 'hybrid')!
  const qemu = programs.find(row => row.kind === 'qemu')
  const against = qemu ? `, ${formatFactor(qemu.wall.median / hybrid.wall.median)} against QEMU` : ''
  const what = `all with the same output (${outcome.stdoutBytes} bytes) and ${describeEnding(outcome)}`
  return `<p><strong>${formatFactor(hybrid.speedup)}</strong> against the emulated program${against}; ${runs} timed runs of each kind, ${what}.</p>`
}

const chart = (id: string, height: number): string => `<div class="chart" id="${id}" style="height:${height}px"></div>`

function programSection({ programs }: Report): string {
  const rows = programs.map(({ kind, wall, cpu, speedup, ofNative }) => [
    ...[kind, ...[wall.median, wall.min, wall.max, cpu.median].map(formatSeconds), formatFactor(speedup)],
    ofNative === null ? '' : `${Math.round(ofNative * 100)} %`,
  ])
  const header = ['', 'median', 'min', 'max', 'CPU', 'speedup', 'of native']
  const different = programs.find(row => row.difference)?.difference
  const note = different ? `<p class="note">The native build prints otherwise: ${escapeHtml(different.what)}.</p>` : ''
  return `${chart('chart-programs', 60 + programs.length * 44)}${htmlTable(header, rows, [1, 2, 3, 4, 5, 6])}${note}`
}

/** Functions in the chart; the table has all. */
const CHARTED = 25

function functionSection({ functions }: Report): string {
  const rows = functions.map(row => [
    ...[row.name, String(row.calls), String(row.crossings), formatSeconds(row.emulated)],
    row.offloaded > 0 ? formatSeconds(row.offloaded) : '',
    row.speedup === null ? '' : `${row.comparable ? '' : '~'}${formatFactor(row.speedup)}`,
    row.source ?? '',
  ])
  const header = ['function', 'calls', 'crossings', 'emulated', 'native', 'speedup', 'source']
  const note = 'Times are those of one emulated and one hybrid run, and include the functions that are called.'
  const height = 80 + Math.min(functions.length, CHARTED) * 36
  return `${chart('chart-times', height)}${chart('chart-speedups', height)}${htmlTable(header, rows, [1, 2, 3, 4, 5])}<p class="note">${note}</p>`
}

function graphSection(report: Report, graph: Graph): string {
  const omitted = graph.omitted > 0 ? ` Left out: ${graph.omitted} without calls, or with the fewest.` : ''
  const note = `Left of the dashed line is the guest, right of it native code. Red calls cross and were counted; grey ones are estimates.${omitted}`
  return `${chart('chart-graph', Math.min(Math.max(graph.height, 320), 900))}<p class="note">${note} ${escapeHtml(verdictSummary(report))}</p>`
}

function verdictSection({ verdicts }: Report): string {
  const rows = (verdicts?.functions ?? []).map(row => [
    ...[row.sourceName ?? row.name, row.file === undefined ? '' : `${row.file}:${row.line}`, row.verdict],
    ...[row.rule ?? '', row.reason],
  ])
  const table = htmlTable(['function', 'place', 'verdict', 'rule', 'reason'], rows)
  return `<details><summary>${rows.length} functions</summary>${table}</details>`
}

function environmentSection({ environment, program, stdin, warmup, optimize }: Report): string {
  const { cpu, cpuCount, kernel, memory, load, hostCpu, versions } = environment
  const rows = [
    ['program', program],
    ['standard input', stdin],
    ['processor', `${cpu}, ${cpuCount} processors`],
    ['memory', `${(memory / 2 ** 30).toFixed(1)} GiB`],
    ['kernel', `Linux ${kernel}`],
    ['load when the runs began', load.toFixed(2)],
    ['native code for', hostCpu],
    ['rounds before the timed ones', String(warmup)],
    ['--optimize', optimize || 'all on'],
    ...Object.entries(versions),
  ]
  return htmlTable(['', ''], rows)
}

function runSection({ programs }: Report): string {
  const rows = programs.flatMap(({ kind, runs }) =>
    runs.map(({ wall, user, system }, i) => [kind, String(i + 1), ...[wall, user, system].map(formatSeconds)]),
  )
  return htmlTable(['', 'round', 'clock', 'user', 'system'], rows, [1, 2, 3, 4])
}
