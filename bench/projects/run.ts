/**
 * Builds real projects under `ferry cc` with their own build systems, runs their own tests, and compares what they do natively
 * with what they do emulated. Exit status 1 when one fails.
 *
 *   npm run projects -- [NAME...] [--json=FILE]
 *
 * Results go into the file (bench/results/projects.json), where they take the places of earlier ones of the same projects.
 * Sources, builds and logs are below bench/work/projects/. Needs dpkg-dev, autoconf, automake, libtool, tclsh, and a kernel with
 * namespaces of binfmt_misc (6.7).
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from '../../cli/table.ts'
import { fetchSources } from '../debian/sources.ts'
import { writeDocument } from '../document.ts'
import { textFile } from '../emulation/inputs.ts'
import { root } from '../workload.ts'
import { buildProject, type ProjectResult } from './build.ts'
import { PROJECTS } from './projects.ts'

const WORK = join(root, 'bench/work/projects')
const INPUT_SIZE = 4 << 20
const HEADER = ['project', 'lines', 'build s', 'links', 'native', 'tests', 'hybrid s', 'emulated s', 'qemu s', 'result']
const ALIGN = HEADER.map((_, i) => (i === 0 ? ('left' as const) : ('right' as const)))

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } })
const unknown = positionals.filter(name => !PROJECTS.some(project => project.name === name))
if (unknown.length > 0) {
  console.error(`projects: no project ${unknown.join(', ')}; known: ${PROJECTS.map(({ name }) => name).join(', ')}`)
  process.exitCode = 2
} else {
  await main()
}

async function main(): Promise<void> {
  const named = PROJECTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const chosen = PROJECTS.filter(
    project => named.includes(project) || named.some(({ needs }) => needs?.includes(project.name)),
  )
  const sources = join(WORK, 'sources')
  mkdirSync(sources, { recursive: true })
  await fetchSources(
    chosen.map(({ source }) => source),
    sources,
  )
  const folders = { sources, done: join(WORK, 'done'), input: textFile(WORK, INPUT_SIZE) }
  const results: ProjectResult[] = []
  for (const project of chosen) {
    const result = await buildProject(project, folders)
    results.push(result)
    console.log(line(result).join('  '))
  }
  console.log(`\n${formatTable(HEADER, results.map(line), ALIGN)}`)
  keep(values.json ?? join(root, 'bench/results/projects.json'), results)
  if (results.some(({ passed }) => !passed)) process.exitCode = 1
}

/** Each result says when it was made. */
function keep(path: string, results: readonly ProjectResult[]): void {
  const date = new Date().toISOString()
  const earlier: ProjectResult[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).results : []
  const known = new Map(earlier.map(result => [result.name, result]))
  for (const result of results) known.set(result.name, { ...result, date })
  writeDocument(path, 'projects', { results: PROJECTS.flatMap(({ name }) => known.get(name) ?? []) })
}

function line({ name, lines, steps, links, workload, passed }: ProjectResult): string[] {
  const seconds = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1))
  const failed = Object.entries(steps).find(([, { ok }]) => !ok)?.[0]
  return [
    name,
    String(lines),
    seconds(steps.build?.cpu),
    `${links.hybrid}/${links.outputs}`,
    `${links.native}/${links.functions}`,
    steps.test ? (steps.test.ok ? 'pass' : 'FAIL') : '-',
    ...['hybrid', 'emulated', 'qemu'].map(engine => seconds(workload?.[engine]?.cpu)),
    passed ? 'pass' : `FAIL${failed ? ` (${failed})` : ''}`,
  ]
}
