/**
 * Runs programs in every mode (modes.ts) and compares what they show.
 *
 *   npm run conformance -- [--csmith=N] [--from=FOLDER] [--modes=qemu,all] [--options='-O0'] [--jobs=N] [FILTER...]
 *
 * Without --csmith and --from: the suite of C features. A filter is a part of a program's name. Prints a table of suites, the
 * differences, and the functions that stay on the guest by rule; writes build/conformance.json. Exit status 1 when a program differs.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../../cli/table.ts'
import { csmithSubjects, featureSubjects, subjectsOf, WORK } from './corpus.ts'
import { type Judgement, judge } from './judge.ts'
import { attempt, MODES, type Mode } from './modes.ts'
import type { Subject } from './subject.ts'

const OUTPUT = fileURLToPath(new URL('../../build/conformance.json', import.meta.url))
/** Characters of an outcome that are shown. */
const SHOWN = 300

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    csmith: { type: 'string' },
    from: { type: 'string', multiple: true },
    modes: { type: 'string' },
    options: { type: 'string' },
    jobs: { type: 'string', default: `${availableParallelism()}` },
  },
})

process.env.FERRY_CACHE = 'off'
const extra = values.options?.split(/\s+/) ?? []
const subjects = [
  ...(values.csmith === undefined ? [] : csmithSubjects(Number(values.csmith))),
  ...(values.from ?? []).flatMap(folder => foreign(resolve(folder))),
  ...(values.csmith === undefined && values.from === undefined ? featureSubjects() : []),
].filter(subject => positionals.length === 0 || positionals.some(filter => subject.name.includes(filter)))
const modes = MODES.filter(mode => mode === 'qemu' || (values.modes?.split(',') ?? [...MODES]).includes(mode))

/** Programs that were not written for this: whether they give the same natively is not known. */
function foreign(folder: string): Subject[] {
  return subjectsOf(folder, basename(folder)).map(subject => ({ ...subject, portable: false }))
}

const results: Judgement[] = []
let next = 0
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
results.sort((a, b) => subjects.findIndex(s => s.name === a.name) - subjects.findIndex(s => s.name === b.name))
show(results)
mkdirSync(resolve(OUTPUT, '..'), { recursive: true })
writeFileSync(OUTPUT, `${JSON.stringify({ modes, results }, null, 1)}\n`)
process.exitCode = results.some(r => r.verdict === 'differs') || results.length === 0 ? 1 : 0

async function work(): Promise<void> {
  for (let subject = subjects[next++]; subject !== undefined; subject = subjects[next++]) {
    const own: Mode[] = modes.filter(mode => mode !== 'native' || subject!.portable)
    const folder = join(WORK, 'runs', subject.name)
    rmSync(folder, { recursive: true, force: true })
    const judged = judge(subject, await attempt({ ...subject, options: [...subject.options, ...extra] }, own, folder))
    if (judged.verdict === 'same') rmSync(folder, { recursive: true, force: true })
    results.push(judged)
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${results.length} of ${subjects.length}: ${subject.name}`)
    if (judged.verdict === 'differs') console.log(describe(judged))
  }
}

function describe({ name, differences }: Judgement): string {
  const short = (text: string) => JSON.stringify(text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text)
  const lines = differences.map(d => `  ${d.mode}: ${short(d.got)}`)
  return [name, `  qemu: ${short(differences[0]!.expected)}`, ...lines].join('\n')
}

function show(results: readonly Judgement[]): void {
  const suiteOf = (r: Judgement) => r.name.slice(0, r.name.lastIndexOf('/'))
  const suites = [...new Set(results.map(suiteOf))]
  const cells = (name: string, own: readonly Judgement[]) => [
    name,
    ...(['same', 'differs', 'unusable'] as const).map(v => `${own.filter(r => r.verdict === v).length}`),
    `${sum(own.map(r => r.functions))}`,
    `${sum(own.flatMap(r => Object.values(r.staying)))}`,
  ]
  const ofSuite = (name: string) => results.filter(r => suiteOf(r) === name)
  const rows = [...suites.map(name => cells(name, ofSuite(name))), cells('together', results)]
  const heads = ['suite', 'same', 'differ', 'unusable', 'functions', 'stay']
  console.log(`\n${formatTable(heads, rows, ['left', 'right', 'right', 'right', 'right', 'right'])}`)
  const rules = new Map<string, number>()
  for (const { staying } of results)
    for (const [rule, count] of Object.entries(staying)) rules.set(rule, (rules.get(rule) ?? 0) + count)
  if (rules.size === 0) return
  const byCount = [...rules].sort((a, b) => b[1] - a[1]).map(([rule, count]) => [rule, `${count}`])
  console.log(`\n${formatTable(['rule', 'functions that stay'], byCount, ['left', 'right'])}`)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
