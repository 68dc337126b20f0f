/** One run of a command, measured by measure.c. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { root } from '../workload.ts'

/** What measure.c reports: seconds, KiB. */
interface Report {
  readonly wall: number
  readonly user: number
  readonly system: number
  readonly memory: number
  readonly processes: number
  readonly status: number | null
  readonly signal: number | null
}

export interface Outcome extends Report {
  /** User and system time of all processes. */
  readonly cpu: number
  /** SHA-256 of standard output, without the parts that do not count. */
  readonly digest: string
}

export interface Command {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
  /** File for standard input; nothing without it. */
  readonly input?: string
  /** Parts of standard output that do not count. */
  readonly varying?: RegExp
}

const SOURCE = join(root, 'bench/emulation/measure.c')

export class Meter {
  readonly #program: string
  readonly #output: string
  readonly #report: string
  readonly #errors: string
  /** Seconds. */
  readonly #limit: number

  private constructor(program: string, folder: string, limit: number) {
    this.#program = program
    this.#output = join(folder, 'output')
    this.#report = join(folder, 'report')
    this.#errors = join(folder, 'errors')
    this.#limit = limit
  }

  /**
   * @param program where the compiled measure.c is or will be
   * @param folder for what runs write; no other meter's
   * @param limit seconds after which a run is ended
   */
  static async open(program: string, folder: string, limit: number): Promise<Meter> {
    mkdirSync(folder, { recursive: true })
    mkdirSync(dirname(program), { recursive: true })
    if (!existsSync(program) || statSync(program).mtimeMs < statSync(SOURCE).mtimeMs) {
      await execa('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE])
    }
    return new Meter(program, folder, limit)
  }

  /**
   * Output goes to a file: nothing else runs while it is measured.
   * @throws Error when the run does not end by itself with status 0
   */
  async run({ words, environment, folder, input, varying }: Command): Promise<Outcome> {
    rmSync(this.#report, { force: true })
    const files = [openSync(input ?? '/dev/null', 'r'), openSync(this.#output, 'w'), openSync(this.#errors, 'w')]
    const child = spawn(this.#program, [this.#report, ...words], {
      cwd: folder,
      env: environment,
      stdio: files,
      detached: true,
    })
    let late = false
    const timer = setTimeout(() => {
      late = true
      process.kill(-child.pid!, 'SIGKILL')
    }, this.#limit * 1000)
    await once(child, 'close')
    clearTimeout(timer)
    for (const file of files) closeSync(file)
    const line = words.join(' ')
    if (late) throw new Error(`${line}: still running after ${this.#limit} s`)
    const report = JSON.parse(readFileSync(this.#report, 'utf8')) as Report
    if (report.status !== 0) {
      const errors = readFileSync(this.#errors, 'utf8').trim().split('\n').slice(-5).join('\n')
      throw new Error(`${line}: status ${report.status}, signal ${report.signal}\n${errors}`)
    }
    const output = readFileSync(this.#output)
    const counting = varying ? output.toString('latin1').replace(varying, '') : output
    const digest = createHash('sha256').update(counting).digest('hex')
    return { ...report, cpu: report.user + report.system, digest }
  }
}
