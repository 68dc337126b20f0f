import type { Analysis, FunctionAnalysis } from './analysis.ts'
import { formatTime } from './choose.ts'
import { BRIDGE_COST } from './cost.ts'
import { HOST_LIBRARY } from './intrinsics.ts'

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

/** Everything known of one function: verdict, costs, loops, calls and what crosses, and its source when the analysis has excerpts. */
export function printDetails(analysis: Analysis, f: FunctionAnalysis): string {
  const { cost } = f
  const executed = Object.entries(cost.mix.executed).filter(([, count]) => count > 0)
  const place = f.file === undefined ? '' : ` (${f.file}:${f.line})`
  const lines = [
    `${f.sourceName}${place}: ${f.verdict}`,
    `  reason   ${f.rule ? `${f.rule}: ` : ''}${f.reason}${placeOf(f.location)}`,
    ...(f.refusals ?? [])
      .slice(1)
      .map(({ rule, message, location }) => `  also     ${rule}: ${message}${placeOf(location)}`),
    `  gain     ${formatTime(f.gain)} a run; saves ${formatTime(cost.saved)}, ${crossingCost(analysis, f)}`,
    `  a call   ${formatTime(cost.emulated)} emulated, ${formatTime(cost.native)} native, about ${count(cost.calls)} calls a run`,
    `  executes ${executed.map(([name, n]) => `${count(n)} ${name}`).join(', ') || 'nothing'} a call`,
    `  memory   ${count(cost.mix.bytesRead)} bytes read, ${count(cost.mix.bytesWritten)} written a call`,
    ...cost.loops.map(
      loop =>
        `  loop     depth ${loop.depth}${loop.line ? `, line ${loop.line}` : ''}, ${loop.trips ?? 'unknown'} turns`,
    ),
    ...callers(analysis, f),
    ...f.calls.map(
      call =>
        `  calls    ${call.callee}${sideOf(analysis, call.callee, f)}${call.kind === 'direct' ? '' : ` (${call.kind})`}, ` +
        `${count(call.frequency)} times a call${call.line ? `, line ${call.line}` : ''}`,
    ),
    ...(f.excerpt ? ['', ...numbered(f.excerpt.text, f.excerpt.firstLine)] : []),
  ]
  return `${lines.join('\n')}\n`
}

const placeOf = (location: { file: string; line: number } | undefined): string =>
  location ? ` (${location.file}:${location.line})` : ''

/** On which side of the bridge the other function is, when that is another one; a library function may be on both. */
function sideOf({ functions }: Analysis, name: string, f: FunctionAnalysis): string {
  const other = functions.find(row => row.name === name)
  if (other === undefined) return HOST_LIBRARY.has(name) ? ' (external, on both sides)' : ' (external, guest)'
  if (other.verdict === f.verdict) return ''
  return other.verdict === 'chosen' ? ' (native)' : ' (guest)'
}

/** What calls from and to this function cost, with it where it is. */
function crossingCost(analysis: Analysis, f: FunctionAnalysis): string {
  const native = new Set(analysis.functions.filter(row => row.verdict === 'chosen').map(row => row.name))
  const isLibrary = (name: string) => HOST_LIBRARY.has(name) && !analysis.functions.some(row => row.name === name)
  let time = 0
  for (const { caller, callee, calls } of analysis.edges) {
    if (caller === callee || (caller !== f.name && callee !== f.name) || isLibrary(callee)) continue
    if (native.has(caller) === native.has(callee)) continue
    time += calls * (native.has(callee) ? BRIDGE_COST.guestToHost : BRIDGE_COST.hostToGuest)
  }
  return time === 0 ? 'no call of it crosses' : `its calls that cross cost ${formatTime(time)}`
}

function callers(analysis: Analysis, f: FunctionAnalysis): string[] {
  return analysis.edges
    .filter(edge => edge.callee === f.name)
    .sort((a, b) => b.calls - a.calls)
    .map(({ caller, kind, calls }) => {
      const name = caller === '' ? 'code outside' : `${caller}${sideOf(analysis, caller, f)}`
      return `  called   by ${name}${kind === 'direct' || caller === '' ? '' : ` (${kind})`}, ${count(calls)} times a run`
    })
}

function count(n: number): string {
  return n >= 100 || Number.isInteger(n) ? Math.round(n).toLocaleString('en-US') : n.toPrecision(2)
}

function numbered(text: string, first: number): string[] {
  const lines = text.split('\n')
  const width = String(first + lines.length - 1).length
  return lines.map((line, i) => `  ${String(first + i).padStart(width)}  ${line}`.trimEnd())
}
