/** What the tests of failures share: a folder of their own, ferry as a user starts it, guest programs and hybrid binaries. */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { compilerLine, ferry as FERRY, root } from '../../../bench/workload.ts'

export { FERRY, root }

export interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  readonly signal: string | null
}

/** Nobody's user number: for what the superuser is allowed and others are not. */
export const NOBODY = 65534
export const isRoot = process.getuid!() === 0
/** Whether tests may mount file systems, in name spaces of their own that go away with the process. */
export const mayMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0

/** Text for a terminal only: colours, cursor movement, overwritten lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
export const CONTROL_CODES = /[\x00-\x08\x0b-\x1f\x7f]/

export class Workshop {
  readonly folder: string
  /** TMPDIR of every ferry started here: what a test finds there was left behind. */
  readonly temporary: string

  constructor(name: string) {
    mkdirSync(join(root, 'test/work'), { recursive: true })
    this.folder = mkdtempSync(join(root, `test/work/errors-${name}-`))
    this.temporary = join(this.folder, 'tmp')
    mkdirSync(this.temporary)
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content)
    return this.path(name)
  }

  get environment(): Record<string, string | undefined> {
    return { ...process.env, TMPDIR: this.temporary }
  }

  /** A program for the guest, of C source or assembly (by its name's ending). */
  guest(name: string, source: string, options: readonly string[] = ['-O1']): string {
    const file = name.includes('.') ? name : `${name}.c`
    this.write(file, source)
    const output = file.replace(/\.\w+$/, '')
    const workload = { name, directory: this.folder, sources: [file], options: ['-w', ...options], runs: [] }
    const [compiler, ...args] = compilerLine(workload, 'guest')
    execFileSync(compiler!, [...args, '-o', output], { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] })
    return this.path(output)
  }

  run(command: string, args: readonly string[], options: object = {}): Result {
    const { stdout, stderr, status, signal } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: this.environment,
      input: '',
      timeout: 60_000,
      ...options,
    })
    return { stdout, stderr, status, signal }
  }

  ferry(...args: string[]): Result {
    return this.run(FERRY, args)
  }

  /** A line of sh in which $FERRY is ferry. */
  shell(line: string, options: object = {}): Result {
    return this.run('/bin/bash', ['-c', line], { env: { ...this.environment, FERRY }, ...options })
  }

  start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return spawn(FERRY, args, {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    })
  }

  /** One message of ferry's on stderr with all of these words, nothing on stdout, nothing left in TMPDIR. */
  expectFailure(result: Result, status: number, ...words: readonly (string | RegExp)[]): void {
    const { stderr } = result
    expect(stderr).toMatch(/^ferry: /)
    for (const word of words) expect(stderr).toMatch(word)
    expect(stderr).not.toMatch(/internal error|\n +at |node:internal/)
    expect(stderr).not.toMatch(CONTROL_CODES)
    expect({ ...result, stderr: '' }).toEqual({ status, signal: null, stdout: '', stderr: '' })
    this.expectNothingLeft()
  }

  expectNothingLeft(): void {
    expect(readdirSync(this.temporary)).toEqual([])
  }
}

/** Whether the process ends within five seconds. A zombie that nobody has waited for has ended. */
export async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 500; i++) {
    if (!existsSync(`/proc/${pid}`)) return true
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true
    } catch {
      return true
    }
    await sleep(10)
  }
  return false
}

export interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** Collects what a process prints until it ends. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', chunk => {
    stdout += chunk
  })
  child.stderr?.on('data', chunk => {
    stderr += chunk
  })
  return new Promise(resolve => child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr })))
}

/** Asks until there is an answer; the test's own limit ends it. */
export async function poll<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask()
    if (answer !== undefined) return answer
    await sleep(5)
  }
}
