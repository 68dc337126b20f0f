/**
 * `--perf-map`: a file for each guest process that tells perf which guest function a translation belongs to (Linux,
 * tools/perf/Documentation/jit-interface.txt: lines `START SIZE name`, hexadecimal). perf reads it where it finds the
 * samples in memory that is no file's; so the code caches are System V shared memory then, not memfds.
 */
import { appendFileSync, constants, writeFileSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import { PLACES } from '../base/layout.ts'
import { describeSystemError } from '../base/system-error.ts'
import type { GuestProcess } from './process.ts'
import type { Space } from './space.ts'
import { toStandardError } from './standard-error.ts'
import type { GuestPlace } from './symbols.ts'

/** Between two times that new lines are written, in milliseconds. */
const PAUSE = 200
/** A new file, and never one that a link of somebody else's leads to. */
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

/** A translation in the code cache: guest pc, offset and bytes. */
export interface PlacedCode {
  readonly pc: number
  readonly offset: number
  readonly length: number
}

export class PerfMap {
  readonly #folder: string
  /** Lines of each space, in the order of translation. */
  readonly #known = new WeakMap<Space, string[]>()
  /** Not written yet, by pid. */
  readonly #waiting = new Map<number, string[]>()
  readonly #timer = setInterval(() => this.flush(), PAUSE).unref()
  #failed = false

  /** @param folder another one than perf's, for tests */
  constructor(folder = '/tmp') {
    this.#folder = folder
  }

  /** A process runs from this space from now on. */
  attached(process: GuestProcess, space: Space): void {
    this.#write(process.pid, '', CREATE)
    this.#waiting.set(process.pid, [...this.#linesOf(process, space)])
  }

  /** A translation was placed in the space that the process has. */
  placed(process: GuestProcess, space: Space, code: PlacedCode): void {
    const lines = this.#linesOf(process, space)
    const line = lineOf(process, code)
    lines.push(line)
    for (const pid of space.pids) {
      const waiting = this.#waiting.get(pid)
      if (waiting) waiting.push(line)
      else this.#waiting.set(pid, [line])
    }
  }

  /** Writes everything. */
  flush(): void {
    for (const [pid, lines] of this.#waiting) this.#write(pid, lines.join(''))
    this.#waiting.clear()
  }

  close(): void {
    clearInterval(this.#timer)
    this.flush()
  }

  #linesOf(process: GuestProcess, space: Space): string[] {
    let lines = this.#known.get(space)
    if (lines === undefined) {
      lines = [`${range(PLACES.CODE_CACHE, space.cache.gateSize)} ferry: gates\n`]
      for (const placed of space.cache.regions) lines.push(lineOf(process, placed))
      this.#known.set(space, lines)
    }
    return lines
  }

  #write(pid: number, text: string, flag?: number): void {
    if (this.#failed) return
    const path = `${this.#folder}/perf-${pid}.map`
    try {
      if (flag === undefined) appendFileSync(path, text)
      else writeFileSync(path, text, { flag: flag as unknown as string, mode: 0o644 })
    } catch (error) {
      this.#failed = true
      const { message } = new FerryError('perf-map', { path, reason: describeSystemError(error) })
      toStandardError(`ferry: ${message}\n`)
    }
  }
}

const range = (start: number, length: number): string => `${start.toString(16)} ${length.toString(16)}`

/** Names of functions without offsets, because perf adds up what has one name. */
function lineOf(process: GuestProcess, { pc, offset, length }: PlacedCode): string {
  return `${range(PLACES.CODE_CACHE + offset, length)} ${nameOf(process.symbolAt(pc), pc)}\n`
}

function nameOf(place: GuestPlace | undefined, pc: number): string {
  if (place === undefined) return `guest 0x${pc.toString(16)}`
  const { name, offset, file } = place
  if (file === name) return `${name}+0x${offset.toString(16)}`
  return file === undefined ? name : `${name} [${file}]`
}
