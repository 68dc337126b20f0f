/** The folder for what the runs write. Goes away with the report, and when a signal ends it; kept files stay. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'
import type { Streams } from './process.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export class WorkFolder {
  readonly #path: string
  readonly #kept = new Set<string>()
  #child: ChildProcess | undefined

  /** @throws FerryError `temporary-folder` */
  constructor() {
    try {
      this.#path = mkdtempSync(join(tmpdir(), 'ferry-report-'))
    } catch (error) {
      throw new FerryError('temporary-folder', { path: tmpdir(), reason: describeSystemError(error) })
    }
    for (const signal of SIGNALS) process.on(signal, this.#end)
  }

  file(name: string): string {
    return join(this.#path, name)
  }

  /** Standard streams of a run of this name. */
  streams(name: string, stdin: string): Streams {
    return { stdin, stdout: this.file(`${name}.stdout`), stderr: this.file(`${name}.stderr`) }
  }

  /** What these runs wrote is not removed. */
  keep(...names: readonly string[]): void {
    for (const name of names) for (const stream of ['stdout', 'stderr']) this.#kept.add(`${name}.${stream}`)
  }

  /** The process that a signal must end before the folder can go. */
  readonly watch = (child: ChildProcess): void => {
    this.#child = child
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#end)
    for (const name of readdirSync(this.#path)) if (!this.#kept.has(name)) rmSync(this.file(name), { force: true })
    if (this.#kept.size === 0) rmdirSync(this.#path)
  }

  /** The executor ends with the `ferry run` that started it. */
  readonly #end = (signal: NodeJS.Signals): void => {
    this.#child?.kill('SIGKILL')
    this.close()
    process.kill(process.pid, signal)
  }
}
