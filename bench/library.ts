/**
 * A hybrid library in a program that ferry did not build: Debian's dpkg-deb packs a file with libzstd, Debian's own or the one that
 * `ferry cc` builds from Debian's source. The packages must be the same where the library is; the hybrid one must be three times as
 * fast as QEMU with the same library, or the exit status is 1.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatTable } from '../cli/table.ts'
import { median } from '../runtime/report/statistics.ts'
import { makeCorpus } from './corpus.ts'
import { fetchSources } from './debian/sources.ts'
import { timed } from './timed.ts'
import { ferry, root } from './workload.ts'

const BAR = 3
const SIZE = 16 << 20
/** The libc of Debian's cross compiler. */
const CROSS = '/usr/riscv64-linux-gnu'
const CONTROL =
  'Package: sample\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: one\n'
const PACK = '-Zzstd -z12 --threads-max=1 -b package'.split(' ')
/** dpkg-deb writes the time of its run into the package otherwise. */
const FIXED = { SOURCE_DATE_EPOCH: '1000000000' }

export interface Packing {
  readonly name: string
  /** Seconds of CPU time of each run. */
  readonly cpu: readonly number[]
}

/**
 * @param folder for sources and what is built
 * @param riscv64 root of a Debian riscv64 system
 */
export async function runLibrary(folder: string, riscv64: string, runs: number): Promise<Packing[]> {
  const library = await buildLibrary(folder)
  mkdirSync(join(folder, 'package/DEBIAN'), { recursive: true })
  writeFileSync(join(folder, 'package/DEBIAN/control'), CONTROL)
  makeCorpus(join(folder, 'package/file'), SIZE)
  const program = join(riscv64, 'usr/bin/dpkg-deb')
  const other = ['-E', `LD_LIBRARY_PATH=${library}`]
  const engines = [
    { name: 'qemu, own library', words: ['qemu-riscv64', '-L', riscv64, program] },
    { name: 'qemu', words: ['qemu-riscv64', '-L', riscv64, ...other, program] },
    { name: 'ferry, own library', words: [ferry, 'run', '-L', riscv64, program] },
    { name: 'ferry, hybrid library', words: [ferry, 'run', '-L', riscv64, ...other, program] },
  ] as const
  const results = engines.map(({ name }) => ({ name, cpu: [] as number[] }))
  for (let i = 0; i < runs; i++)
    for (const [k, { name, words }] of engines.entries()) {
      const [command, ...rest] = words
      const run = await timed(command, [...rest, ...PACK, `${name}.deb`], folder, FIXED)
      if (!run.ok) throw new Error(`${name} can not pack:\n${run.output}`)
      results[k]!.cpu.push(run.cpu)
    }
  const [, qemu, , hybrid] = results.map(({ cpu }) => median(cpu)) as [number, number, number, number]
  const rows = results.map(({ name, cpu }) => [name, median(cpu).toFixed(2), `${(qemu / median(cpu)).toFixed(1)}x`])
  console.log(`\ndpkg-deb with libzstd, medians of ${runs} runs\n`)
  console.log(formatTable(['engine', 'CPU s', 'of qemu'], rows, ['left', 'right', 'right']))
  const [expected, given] = ['qemu', 'ferry, hybrid library'].map(name => readFileSync(join(folder, `${name}.deb`)))
  if (!expected!.equals(given!)) console.error('library: the packages differ')
  if (!expected!.equals(given!) || qemu / hybrid < BAR) process.exitCode = 1
  return results
}

/** Builds the shared library; the folder that it is in. */
async function buildLibrary(folder: string): Promise<string> {
  const sources = await fetchSources(['libzstd'], join(folder, 'sources'))
  const directory = join(folder, 'libzstd')
  const library = join(directory, 'lib')
  if (existsSync(join(library, 'libzstd.so.1'))) return library
  rmSync(directory, { recursive: true, force: true })
  cpSync(sources.get('libzstd')!, directory, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const tools = ['CC', 'AR', 'RANLIB'].map(name => `${name}=${join(root, 'bin', `ferry-${name.toLowerCase()}`)}`)
  const environment = { FERRY_SYSROOT: CROSS }
  const made = await timed('make', ['-C', 'lib', ...tools, 'UNAME=Linux', 'libzstd'], directory, environment)
  if (!made.ok) throw new Error(`libzstd can not be built:\n${made.output}`)
  return library
}
