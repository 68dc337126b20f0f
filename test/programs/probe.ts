/**
 * Guest programs in C whose oracle is the run of the same source built for this machine. The guest's builds are a static one by
 * clang and a dynamic one by gcc, which runs with the cross compiler's library.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Engine, FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = dirname(fileURLToPath(import.meta.url))
export const WORK = join(SOURCES, '../work/probes')
export const SYSROOT = '/usr/riscv64-linux-gnu'

/** The environment variable PROBE_ENGINE names another command to run guest programs: qemu-riscv64. */
export const GUEST_ENGINE: Engine = process.env.PROBE_ENGINE
  ? [process.env.PROBE_ENGINE, '-L', SYSROOT]
  : [FERRY_COMMAND, 'run', '-L', SYSROOT, '--']

const CLANG =
  'clang-22 --target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld'
const OPTIONS = '-w -pthread -ffp-contract=off'
export const BUILDS = {
  native: `gcc -O2 ${OPTIONS}`,
  static: `${CLANG} -static -O2 ${OPTIONS}`,
  dynamic: `riscv64-linux-gnu-gcc -O2 ${OPTIONS}`,
  'static-gcc': `riscv64-linux-gnu-gcc -static -O1 ${OPTIONS}`,
} as const
export type Build = keyof typeof BUILDS

/** Program names of a folder: its C sources. */
export function programs(group: string): string[] {
  return readdirSync(join(SOURCES, group))
    .filter(file => file.endsWith('.c'))
    .map(file => file.slice(0, -2))
}

/** Builds GROUP/NAME.c unless that is done. @returns the path of the program */
export function build(group: string, name: string, kind: Build, options: readonly string[] = []): string {
  const folder = join(WORK, group)
  const product = join(folder, `${name}.${kind}`)
  const source = join(SOURCES, group, `${name}.c`)
  const headers = [SOURCES, join(SOURCES, group), join(SOURCES, 'syscalls')].flatMap(place =>
    readdirSync(place)
      .filter(file => file.endsWith('.h'))
      .map(file => join(place, file)),
  )
  const newest = Math.max(...[source, ...headers].map(file => statSync(file).mtimeMs))
  if (existsSync(product) && statSync(product).mtimeMs > newest) return product
  mkdirSync(folder, { recursive: true })
  const [command = '', ...words] = BUILDS[kind].split(' ')
  // Several runs may build at once: a program appears whole.
  const fresh = `${product}.${process.pid}`
  execFileSync(command, [...words, source, '-o', fresh, ...options, '-lm'])
  renameSync(fresh, product)
  return product
}

export interface ProbeOutcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  readonly signal: string | null
}

export interface ProbeOptions {
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Milliseconds until everything is killed. */
  readonly limit?: number
  readonly cwd?: string
}

/** Runs a program in a session of its own until it and all that hold its output have ended. */
export function run(kind: Build, program: string, options: ProbeOptions = {}): Promise<ProbeOutcome> {
  const { args = [], env = process.env, limit = 100_000, cwd } = options
  const [command = '', ...words] = kind === 'native' ? [program, ...args] : [...GUEST_ENGINE, program, ...args]
  const child = spawn(command, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const timer = setTimeout(() => {
    stdout += `\nkilled after ${limit} ms\n`
    process.kill(-child.pid!, 'SIGKILL')
  }, limit)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      // qemu and ferry tell in a line of their own of the signal that ended the program.
      resolve({ stdout, stderr: stderr.replace(/^(ferry|qemu): .*\n/gm, ''), status, signal })
    })
  })
}
