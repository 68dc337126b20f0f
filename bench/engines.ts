/** Ways to run a built program, and one timed run. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Build, ferry, type WorkloadRun } from './workload.ts'

export interface Engine {
  readonly name: string
  readonly build: Build
  /** Words before the program. */
  readonly command: readonly string[]
}

/** Whether an engine keeps translations for the next run of a program. */
export const keepsTranslations = ({ command }: Engine): boolean => command[0] === ferry

export const ENGINES = {
  native: { name: 'native', build: 'native', command: [] },
  qemu: { name: 'qemu', build: 'guest', command: ['qemu-riscv64'] },
  emulated: { name: 'emulated', build: 'guest', command: [ferry, 'run'] },
  hybrid: { name: 'hybrid', build: 'hybrid', command: [ferry, 'run'] },
  'qemu-gcc': { name: 'qemu-gcc', build: 'guest-gcc', command: ['qemu-riscv64'] },
  'emulated-gcc': { name: 'emulated-gcc', build: 'guest-gcc', command: [ferry, 'run'] },
  'hybrid-qemu': { name: 'hybrid-qemu', build: 'hybrid', command: ['qemu-riscv64'] },
  'hybrid-off': { name: 'hybrid-off', build: 'hybrid', command: [ferry, 'run', '--offload=off'] },
  'hybrid-all': { name: 'hybrid-all', build: 'hybrid-all', command: [ferry, 'run'] },
} as const satisfies Record<string, Engine>

export type EngineName = keyof typeof ENGINES

export interface Outcome {
  readonly seconds: number
  /** What the program says that its kernel took. */
  readonly kernelSeconds?: number
  readonly status: number | null
  readonly signal: string | null
  /** SHA-256 of standard output, and its length in bytes. */
  readonly digest: string
  readonly length: number
  readonly stderr: string
}

/** Runs a program as `./name` in its folder, so that argv[0] is the same for every build. */
export async function runOnce(
  engine: Engine,
  program: string,
  run: WorkloadRun,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const [command, ...args] = [...engine.command, `./${basename(program)}`, ...run.arguments]
  const input = run.input === undefined ? 'ignore' : openSync(run.input, 'r')
  const hash = createHash('sha256')
  let length = 0
  let stderr = ''
  const start = performance.now()
  const child = spawn(command!, args, {
    cwd: dirname(program),
    env: { ...process.env, ...env },
    stdio: [input, 'pipe', 'pipe'],
  })
  child.stdout!.on('data', (chunk: Uint8Array) => {
    hash.update(chunk)
    length += chunk.length
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null]
  const seconds = (performance.now() - start) / 1000
  if (typeof input === 'number') closeSync(input)
  const kernel = /^kernel ([\d.]+) s$/m.exec(stderr)?.[1]
  const times = kernel === undefined ? { seconds } : { seconds, kernelSeconds: Number(kernel) }
  return { ...times, status, signal, digest: hash.digest('hex'), length, stderr }
}
