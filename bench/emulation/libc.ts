/** bench/programs/libc.c: what a call of a function of the C library costs, natively and emulated. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { formatTable } from '../../cli/table.ts'
import { median } from '../../runtime/report/statistics.ts'
import { writeDocument } from '../document.ts'
import { RESULTS } from '../offload.ts'
import { root } from '../workload.ts'
import { type Engine, ferryEngine } from './engines.ts'
import { Laboratory } from './laboratory.ts'
import { type EmulationOptions, isComplete } from './options.ts'
import type { Side } from './subject.ts'

const NAME = 'libc'
const WORK = 10
const COMPILERS: Readonly<Record<Side, string>> = { native: 'gcc', guest: 'riscv64-linux-gnu-gcc' }

/** Nanoseconds of each run, by function and size, and by engine. */
type Times = Map<string, Map<string, number[]>>

/** Prints a table: a row a function and size, a column an engine. */
export async function runLibc(options: EmulationOptions): Promise<void> {
  const laboratory = await Laboratory.open(options)
  const roots = laboratory.roots()
  const engines = [
    ...laboratory.engines().filter(({ name }) => name === 'native' || name.startsWith('qemu')),
    ferryEngine('translated', undefined, ['--native-libc=off']),
    ferryEngine('ferry', undefined),
  ]
  const programs = {
    native: { path: await build('native', laboratory.folder), root: roots.amd64 },
    guest: { path: await build('guest', laboratory.folder), root: roots.riscv64 },
  }
  const times: Times = new Map()
  for (let run = 0; run < options.runs; run++) {
    for (const engine of engines) await measure(engine, programs[engine.side], times)
  }
  const names = engines.map(({ name }) => name)
  const cells = [...times].map(([name, measured]) => [
    name,
    ...names.map(engine => median(measured.get(engine)!).toFixed(1)),
  ])
  const align = ['left' as const, ...names.map(() => 'right' as const)]
  console.log(`\nC library: nanoseconds of a call\n\n${formatTable(['', ...names], cells, align)}`)
  const json = options.json ?? (isComplete(options) ? join(RESULTS, 'libc.json') : undefined)
  const results = [...times].map(([name, measured]) => ({ name, nanoseconds: Object.fromEntries(measured) }))
  if (json) writeDocument(json, NAME, { results })
}

async function measure(engine: Engine, program: { path: string; root: string }, times: Times): Promise<void> {
  const [command, ...words] = [...engine.emulator(program), program.path, String(WORK)]
  const { stdout } = await execa(command!, words)
  for (const [, name, nanoseconds] of stdout.matchAll(/^(\S+ \d+) ([\d.]+) ns$/gm)) {
    const row = times.get(name!) ?? new Map<string, number[]>()
    times.set(name!, row.set(engine.name, [...(row.get(engine.name) ?? []), Number(nanoseconds)]))
  }
}

/** Dynamically linked: the C library is that of the root. */
async function build(side: Side, folder: string): Promise<string> {
  const program = join(folder, 'build', side, `${NAME}-dynamic`)
  if (existsSync(program)) return program
  mkdirSync(dirname(program), { recursive: true })
  const source = join(root, 'bench/programs', `${NAME}.c`)
  await execa(COMPILERS[side], ['-O2', '-fno-builtin', source, '-o', program])
  return program
}
