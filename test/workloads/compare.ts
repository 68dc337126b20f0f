/** Whether two runs of a workload did the same, and where they part. */
import type { Outcome } from './engines.ts'
import type { Workload } from './workload.ts'

/** Lines of each side that a difference shows. */
const SHOWN = 6

/** @returns a text for each thing that differs; empty when the runs did the same */
export function compareOutcomes(workload: Workload, expected: Outcome, got: Outcome): string[] {
  const differences: string[] = []
  const add = (title: string, text: string) => differences.push(`${title}\n${text.replace(/^/gm, '    ')}`)
  if (got.status !== expected.status) {
    differences.push(`exit status: expected ${statusText(expected)}, got ${statusText(got)}`)
  }
  if (!got.stdout.equals(expected.stdout)) add('stdout', firstDifference(expected.stdout, got.stdout))
  if (!workload.ignoreErrors && !got.stderr.equals(expected.stderr)) {
    add('stderr', firstDifference(expected.stderr, got.stderr))
  } else if (differences.length > 0 && got.stderr.length > 0) {
    add('stderr ends with', got.stderr.toString('utf8').trimEnd().split('\n').slice(-SHOWN).join('\n'))
  }
  const files = compareTrees(expected.files, got.files)
  if (files.length > 0) add('files', files.slice(0, SHOWN).join('\n'))
  return differences
}

function statusText({ status }: Outcome): string {
  return status === null ? 'no end in time' : String(status)
}

function compareTrees(expected: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>): string[] {
  const paths = [...new Set([...expected.keys(), ...got.keys()])].sort()
  return paths
    .filter(path => expected.get(path) !== got.get(path))
    .map(path => `${path}: expected ${expected.get(path) ?? 'nothing'}, got ${got.get(path) ?? 'nothing'}`)
}

function firstDifference(expected: Buffer, got: Buffer): string {
  const left = expected.toString('latin1').split('\n')
  const right = got.toString('latin1').split('\n')
  let line = 0
  while (left[line] === right[line]) line++
  const show = (mark: string, lines: readonly string[]) =>
    lines.slice(line, line + SHOWN).map(text => `${mark} ${printable(text)}`)
  const before = left.slice(Math.max(0, line - 1), line).map(text => `  ${printable(text)}`)
  return [`line ${line + 1}:`, ...before, ...show('-', left), ...show('+', right)].join('\n')
}

/** Bytes of UTF-8 are shown as text; control characters as escapes; long lines cut. */
function printable(text: string): string {
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  const escaped = JSON.stringify(decoded).slice(1, -1).replaceAll('\\"', '"')
  return escaped.length > 160 ? `${escaped.slice(0, 160)}…` : escaped
}
