/** The ways to run a program: natively, under two releases of QEMU, and under ferry with and without kept translations. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ferry } from '../workload.ts'
import type { Command } from './measure.ts'
import type { Program, Run, Side } from './subject.ts'

export interface Engine {
  readonly name: string
  readonly side: Side
  /** For ferry: `cold` starts with no kept translations, `warm` with those of the last cold run and one behind it, `primed` with those of an own run. */
  readonly cache?: 'cold' | 'warm' | 'primed'
  /** Words before the program and its arguments. */
  readonly emulator: (program: Program) => readonly string[]
}

const sysroot = ({ root }: Program): string[] => (root === undefined ? [] : ['-L', root])

/** @param root of an amd64 system with the qemu-user of Debian trixie, which is linked statically */
export function qemuOfRoot(root: string): string[] {
  return [join(root, 'usr/bin/qemu-riscv64'), '-cpu', 'rv64']
}

/** Starts a program of an amd64 system with the libraries of that system. */
function loader(root: string): string[] {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  // The second one is in a library's own search path, which would lead to this machine's.
  return [join(root, 'lib64/ld-linux-x86-64.so.2'), '--library-path', `${libraries}:${join(libraries, 'pulseaudio')}`]
}

/** @param qemu10 command line of QEMU 10, without the program */
export function standardEngines(qemu10: readonly string[]): Engine[] {
  return [
    { name: 'native', side: 'native', emulator: ({ root }) => (root === undefined ? [] : loader(root)) },
    { name: 'qemu7', side: 'guest', emulator: program => ['qemu-riscv64', ...sysroot(program)] },
    { name: 'qemu10', side: 'guest', emulator: program => [...qemu10, ...sysroot(program)] },
    ferryEngine('cold', 'cold'),
    ferryEngine('warm', 'warm'),
  ]
}

/** @param options of `ferry run` */
export function ferryEngine(name: string, cache: Engine['cache'], options: readonly string[] = []): Engine {
  const emulator = (program: Program) => [ferry, 'run', ...options, ...sysroot(program)]
  return cache === undefined ? { name, side: 'guest', emulator } : { name, side: 'guest', cache, emulator }
}

/** @param folder for kept translations */
export function commandOf(engine: Engine, program: Program, run: Run, folder: string, varying?: RegExp): Command {
  mkdirSync(cacheFolder(engine, folder), { recursive: true })
  const environment = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    FERRY_CACHE_DIR: cacheFolder(engine, folder),
    ...program.environment,
  }
  return {
    words: [...engine.emulator(program), program.path, ...run.arguments],
    environment,
    folder,
    ...(run.input === undefined ? {} : { input: run.input }),
    ...(varying ? { varying } : {}),
  }
}

export function emptyCache(engine: Engine, folder: string): void {
  rmSync(cacheFolder(engine, folder), { recursive: true, force: true })
}

/** A warm run reads what a cold one wrote. */
function cacheFolder({ name, cache }: Engine, folder: string): string {
  return join(folder, cache === 'primed' ? `cache-${name}` : 'cache')
}
