/** The folder for the temporary files of a build. Goes away with the build, and when a signal ends it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** A tool that is being ended may still make a file while the folder is emptied. */
const PATIENCE = { maxRetries: 10, retryDelay: 20 }

export class WorkFolder {
  readonly path: string

  /** @throws FerryError `temporary-folder` */
  constructor() {
    // before there is anything to clear up
    this.#watch()
    try {
      this.path = mkdtempSync(join(tmpdir(), 'ferry-build-'))
    } catch (error) {
      this.#unwatch()
      throw new FerryError('temporary-folder', { path: tmpdir(), reason: describeSystemError(error) })
    }
  }

  /** What a failed system call on one of its files means for the build; every other error as it is. */
  explain(error: unknown): unknown {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (error instanceof FerryError || syscall === undefined) return error
    if (code === 'ENOSPC' || code === 'EDQUOT') return new FerryError('disk-full', { step: 'writing temporary files' })
    if (code === 'EFBIG') return new FerryError('file-limit', { step: 'writing temporary files' })
    return new FerryError('temporary-folder', { path: this.path, reason: describeSystemError(error) })
  }

  close(): void {
    this.#unwatch()
    rmSync(this.path, { recursive: true, force: true, ...PATIENCE })
  }

  #watch(): void {
    for (const signal of SIGNALS) process.on(signal, this.#end)
    // With a handler, a write beyond ulimit -f fails instead of ending the process.
    process.on('SIGXFSZ', ignore)
  }

  #unwatch(): void {
    for (const signal of SIGNALS) process.off(signal, this.#end)
    process.off('SIGXFSZ', ignore)
  }

  /** Tools that are running end first: they would go on making files. */
  readonly #end = (signal: NodeJS.Signals): void => {
    killDescendants(process.pid)
    this.close()
    process.kill(process.pid, signal)
  }
}

/** Ends what the process started, and what that started (proc(5): /proc/pid/task/tid/children). */
function killDescendants(pid: number): void {
  for (const child of childrenOf(pid)) {
    killDescendants(child)
    try {
      process.kill(child, 'SIGKILL')
    } catch {
      // it ended by itself
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function ignore(): void {}
