import type { Analysis, FunctionAnalysis } from './analysis.ts'
import { formatTime } from './choose.ts'

const HEADINGS = ['function', 'place', 'verdict', 'gain', 'reason'] as const

/**
 * The table of `ferry analyze`: one line a function, chosen ones first, then by gain. The gain is that of one run as the
 * static model sees it; functions that a rule refuses show what they would have gained.
 */
export function printAnalysis(analysis: Analysis): string {
  const rows = [...analysis.functions].sort(byVerdictAndGain).map(cells)
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map(row => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        HEADINGS[column] === 'gain' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  const chosen = analysis.functions.filter(f => f.verdict === 'chosen').length
  const refused = analysis.functions.filter(f => f.rule !== undefined).length
  const summary = `${chosen} of ${analysis.functions.length} functions leave the guest (--offload=${analysis.mode}); rules refuse ${refused}.`
  return `${[HEADINGS, ...rows].map(line).join('\n')}\n\n${summary}\n`
}

function byVerdictAndGain(a: FunctionAnalysis, b: FunctionAnalysis): number {
  if (a.verdict !== b.verdict) return a.verdict === 'chosen' ? -1 : 1
  return b.gain - a.gain || (a.name < b.name ? -1 : 1)
}

function cells(f: FunctionAnalysis): string[] {
  const place = f.file === undefined ? '' : `${f.file}:${f.line}`
  const where = f.location && f.location.line !== f.line ? ` (${f.location.file}:${f.location.line})` : ''
  const name = f.name === f.sourceName ? f.name : `${f.sourceName} (${f.name})`
  return [name, place, f.verdict, formatTime(f.gain), `${f.rule ? `${f.rule}: ` : ''}${f.reason}${where}`]
}

/** Everything known of one function: verdict, costs, loops, calls, and its source when the analysis has excerpts. */
export function printDetails(f: FunctionAnalysis): string {
  const { cost } = f
  const executed = Object.entries(cost.mix.executed).filter(([, count]) => count > 0)
  const place = f.file === undefined ? '' : ` (${f.file}:${f.line})`
  const lines = [
    `${f.sourceName}${place}: ${f.verdict}`,
    `  reason   ${f.rule ? `${f.rule}: ` : ''}${f.reason}${f.location ? ` (${f.location.file}:${f.location.line})` : ''}`,
    `  gain     ${formatTime(f.gain)} a run`,
    `  a call   ${formatTime(cost.emulated)} emulated, ${formatTime(cost.native)} native, about ${count(cost.calls)} calls a run`,
    `  executes ${executed.map(([name, n]) => `${count(n)} ${name}`).join(', ') || 'nothing'} a call`,
    `  memory   ${count(cost.mix.bytesRead)} bytes read, ${count(cost.mix.bytesWritten)} written a call`,
    ...cost.loops.map(
      loop =>
        `  loop     depth ${loop.depth}${loop.line ? `, line ${loop.line}` : ''}, ${loop.trips ?? 'unknown'} turns`,
    ),
    ...f.calls.map(
      call =>
        `  calls    ${call.callee}${call.defined ? '' : ' (external)'}${call.kind === 'direct' ? '' : ` (${call.kind})`}, ` +
        `${count(call.frequency)} times a call${call.line ? `, line ${call.line}` : ''}`,
    ),
    ...(f.excerpt ? ['', ...numbered(f.excerpt.text, f.excerpt.firstLine)] : []),
  ]
  return `${lines.join('\n')}\n`
}

function count(n: number): string {
  return n >= 100 || Number.isInteger(n) ? Math.round(n).toLocaleString('en-US') : n.toPrecision(2)
}

function numbered(text: string, first: number): string[] {
  const lines = text.split('\n')
  const width = String(first + lines.length - 1).length
  return lines.map((line, i) => `  ${String(first + i).padStart(width)}  ${line}`.trimEnd())
}
