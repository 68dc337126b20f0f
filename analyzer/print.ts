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
