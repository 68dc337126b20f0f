/** The sources of a program as HTML: highlighted, with the verdict of each function beside it. */
import { readFile } from 'node:fs/promises'
import { highlight, type Token } from '../../analyzer/index.ts'
import type { FunctionVerdict, Verdicts } from '../../base/verdicts.ts'
import type { FunctionReport } from '../../runtime/index.ts'
import { formatFactor, formatSeconds } from '../report-text.ts'
import { escapeHtml } from './html.ts'

/** Files with more lines are shown around their functions that run natively or were measured. */
const WHOLE_FILE = 3000
/** Lines around such a function. */
const AROUND = 40

/** One section a file that can be read; headers of the system are left out. */
export async function sourceSections(verdicts: Verdicts, measured: readonly FunctionReport[]): Promise<string> {
  const times = new Map(measured.map(row => [row.name, row]))
  const files = new Map<string, FunctionVerdict[]>()
  for (const row of verdicts.functions)
    if (row.path !== undefined) files.set(row.path, [...(files.get(row.path) ?? []), row])
  const sections: string[] = []
  for (const [path, functions] of files) {
    if (path.startsWith('/usr/')) continue
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    sections.push(await fileSection(functions[0]!.file!, text, functions, times))
  }
  return sections.length === 0 ? '<p>The sources are not where the program was built from.</p>' : sections.join('\n')
}

async function fileSection(
  file: string,
  text: string,
  functions: readonly FunctionVerdict[],
  times: ReadonlyMap<string, FunctionReport>,
): Promise<string> {
  const lines = await highlight(text)
  const first = new Map(functions.map(row => [row.line, row]))
  const wanted = (n: number): boolean =>
    lines.length <= WHOLE_FILE ||
    functions.some(
      ({ line, verdict, name }) => (verdict === 'chosen' || times.has(name)) && n >= line! - 2 && n <= line! + AROUND,
    )
  const rows: string[] = []
  let gap = false
  for (const [i, tokens] of lines.entries()) {
    const number = i + 1
    if (!wanted(number)) {
      gap = true
      continue
    }
    if (gap) rows.push('<tr class="gap"><td colspan="3">…</td></tr>')
    gap = false
    const row = first.get(number)
    const note = row ? verdictNote(row, times.get(row.name)) : ''
    const id = row ? ` id="fn-${escapeHtml(row.name)}"` : ''
    rows.push(`<tr${id}><td>${number}</td><td>${note}</td><td>${tokens.map(tokenHtml).join('')}</td></tr>`)
  }
  const native = functions.filter(row => row.verdict === 'chosen').length
  const summary = `${escapeHtml(file)} <small>${native} of ${functions.length} functions run natively</small>`
  return `<details open><summary>${summary}</summary><table class="code">${rows.join('\n')}</table></details>`
}

function verdictNote(row: FunctionVerdict, measured: FunctionReport | undefined): string {
  const kind = row.verdict === 'chosen' ? 'host' : row.rule === undefined ? 'guest' : 'refused'
  const label = { host: 'native', guest: 'guest', refused: row.rule ?? '' }[kind]
  const speed =
    measured?.speedup == null ? '' : ` ${formatFactor(measured.speedup)} of ${formatSeconds(measured.emulated)}`
  return `<span class="verdict ${kind}" title="${escapeHtml(row.reason)}">${escapeHtml(label)}${speed}</span>`
}

function tokenHtml({ text, kind }: Token): string {
  return kind === undefined ? escapeHtml(text) : `<span class="t-${escapeHtml(kind)}">${escapeHtml(text)}</span>`
}
