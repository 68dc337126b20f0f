/**
 * Benchmarks. Results are printed; complete ones, with their raw runs, are kept in bench/results/. Exit status 1 when
 * outputs differ or a program fails.
 *
 *   npm run bench -- [suite ...] [options]
 *
 * The emulator against native builds and QEMU (default: kernels applications startup):
 *   kernels applications startup   see docs/performance.md
 *   figure5                        the chart of kernels and applications: time of each engine, native = 1
 *   figure7                        gzip of growing files of random text
 *   libc                           memory and string functions of the C library, by size
 *   table6                         what each optimisation of the translator is worth
 * Hybrid programs:
 *   programs debian crossing       native, emulated and hybrid builds; calls over the bridge
 *   builds                         what building costs, against clang
 *   library                        a hybrid libzstd in Debian's dpkg-deb
 *
 * Options:
 *   --quick          one round of a part of the programs
 *   --runs=N         rounds (3)
 *   --only=a,b       only these programs
 *   --engines=a,b    only these engines (native, qemu7, qemu10, cold, warm; hybrid suites: see engines.ts)
 *   --sizes=a,b      figure7: megabytes (10,50,100)
 *   --json=FILE      where the results go, instead of bench/results/
 *   --chart=FILE     where the chart goes; .svg or .html
 *   --from=FILE      figure5: results of an earlier run, instead of a new one
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBuilds } from './builds.ts'
import { runCrossing } from './crossing.ts'
import { debianPrograms } from './debian/programs.ts'
import { makeSysroots } from './debian/sysroot.ts'
import { writeDocument } from './document.ts'
import { runComparison } from './emulation/comparison.ts'
import { runFigure5 } from './emulation/figure5.ts'
import { runFigure7 } from './emulation/figure7.ts'
import { runLibc } from './emulation/libc.ts'
import type { EmulationOptions } from './emulation/options.ts'
import { runTable6 } from './emulation/table6.ts'
import { ENGINES, type EngineName } from './engines.ts'
import { runLibrary } from './library.ts'
import { OFFLOAD_ENGINES, RESULTS, runOffloadSuite, WORK } from './offload.ts'
import { PROGRAMS } from './programs.ts'
import { root } from './workload.ts'

const DEBIAN_FOLDER = join(root, 'build/debian')
/** The lua script then takes about as long as the other programs. */
const LUA_SCALE = 10
const COMPARISONS = ['kernels', 'applications', 'startup'] as const

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    only: { type: 'string' },
    engines: { type: 'string' },
    sizes: { type: 'string', default: '10,50,100' },
    json: { type: 'string' },
    chart: { type: 'string' },
    from: { type: 'string' },
  },
})

const list = (text: string | undefined) => text?.split(',').filter(Boolean)
const only = list(values.only)
const engines = list(values.engines)
const runs = Number(values.runs ?? (values.quick ? 1 : 3))
const options: EmulationOptions = {
  runs,
  quick: values.quick,
  ...(only ? { only } : {}),
  ...(engines ? { engines } : {}),
  ...(values.json ? { json: values.json } : {}),
  ...(values.chart ? { chart: values.chart } : {}),
}
const offload = {
  runs,
  engines: engines ? engines.filter((name): name is EngineName => Object.hasOwn(ENGINES, name)) : OFFLOAD_ENGINES,
  ...(only ? { only } : {}),
}

const SUITES: Readonly<Record<string, () => Promise<void>>> = {
  figure5: () => runFigure5(options, values.from),
  figure7: () => runFigure7(options, list(values.sizes)!.map(Number)),
  libc: () => runLibc(options),
  table6: () => runTable6(options),
  programs: () => runOffloadSuite('programs', PROGRAMS, offload),
  debian: async () => runOffloadSuite('debian', await debianPrograms(DEBIAN_FOLDER, LUA_SCALE), offload),
  library: async () => {
    const results = await runLibrary(join(WORK, 'library'), makeSysroots().riscv64, runs)
    writeDocument(join(RESULTS, 'library.json'), 'library', { results })
  },
  builds: async () => {
    const results = await runBuilds(DEBIAN_FOLDER, runs)
    writeDocument(join(RESULTS, 'builds.json'), 'builds', { results })
  },
  crossing: async () => {
    writeDocument(join(RESULTS, 'crossing.json'), 'crossing', { results: await runCrossing(WORK, runs) })
  },
}

const comparisons = COMPARISONS.filter(name => positionals.length === 0 || positionals.includes(name))
const others = positionals.filter(name => !COMPARISONS.includes(name as (typeof COMPARISONS)[number]))
const unknown = others.filter(name => !Object.hasOwn(SUITES, name))
if (unknown.length > 0) {
  console.error(`bench: no suite ${unknown.join(', ')}; known: ${[...COMPARISONS, ...Object.keys(SUITES)].join(', ')}`)
  process.exitCode = 2
} else {
  if (comparisons.length > 0) await runComparison(comparisons, options)
  for (const name of others) await SUITES[name]!()
}
