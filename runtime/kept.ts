/**
 * Translations that are kept on disk between runs: one file for each guest program, build of ferry, and set of options
 * that change host code. The file is written beside its name and renamed, so that a reader sees all of it or none; a file that is
 * damaged, or that another user could have written, is ignored.
 *
 *     magic "FERRYKEP" · SHA-256 of the rest · u32 bytes of code · u32 count of words · code (padded to 8) · words (float64)
 *
 * FERRY_CACHE=off turns it off, FERRY_CACHE_DIR chooses the folder (default: ferry in XDG_CACHE_HOME or ~/.cache).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../emulator/cache.ts'

const MAGIC = 'FERRYKEP'
const HEADER = MAGIC.length + 32 + 8
/** Bytes of the folder above which the files that were used longest ago are removed. */
const LARGEST_FOLDER = 256 << 20

export class KeptTranslations {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Undefined when nothing is kept: turned off, or not the built ferry. */
  static open(program: Uint8Array, options: string): KeptTranslations | undefined {
    const build = buildName()
    if (process.env.FERRY_CACHE === 'off' || build === undefined) return undefined
    const key = createHash('sha256').update(program).update(`\0${build}\0${options}`).digest('hex')
    return new KeptTranslations(join(folder(), `${key}.kept`))
  }

  /** What an earlier run kept, or undefined. */
  load(): Snapshot | undefined {
    let bytes: Uint8Array
    try {
      const { uid, mode } = statSync(this.#path)
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined
      bytes = readFileSync(this.#path)
    } catch {
      return undefined
    }
    return unpack(bytes)
  }

  /** Keeps a snapshot for the next run. Failing to is no error of the program that ran. */
  save(snapshot: Snapshot): void {
    const directory = dirname(this.#path)
    const unfinished = `${this.#path}.${process.pid}`
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeFileSync(unfinished, pack(snapshot), { mode: 0o600 })
      renameSync(unfinished, this.#path)
      prune(directory)
    } catch {
      try {
        rmSync(unfinished, { force: true })
      } catch {
        // its folder is none
      }
    }
  }

  /** Marks the file as used now. */
  touch(): void {
    try {
      utimesSync(this.#path, new Date(), new Date())
    } catch {
      // somebody removed it meanwhile
    }
  }
}

function pack({ code, regions }: Snapshot): Uint8Array {
  const padded = Math.ceil(code.length / 8) * 8
  const bytes = new Uint8Array(HEADER + padded + regions.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(HEADER - 8, code.length, true)
  view.setUint32(HEADER - 4, regions.length, true)
  bytes.set(code, HEADER)
  bytes.set(new Uint8Array(regions.buffer, regions.byteOffset, regions.byteLength), HEADER + padded)
  bytes.set(Buffer.from(MAGIC), 0)
  bytes.set(
    createHash('sha256')
      .update(bytes.subarray(HEADER - 8))
      .digest(),
    MAGIC.length,
  )
  return bytes
}

function unpack(bytes: Uint8Array): Snapshot | undefined {
  if (bytes.length < HEADER || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC)
    return undefined
  const digest = createHash('sha256')
    .update(bytes.subarray(HEADER - 8))
    .digest()
  if (!digest.equals(bytes.subarray(MAGIC.length, MAGIC.length + 32))) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(HEADER - 8, true)
  const count = view.getUint32(HEADER - 4, true)
  const padded = Math.ceil(length / 8) * 8
  if (bytes.length !== HEADER + padded + count * 8) return undefined
  // a copy, because float64 words must be aligned (and Buffer's slice is none)
  const words = Uint8Array.from(bytes.subarray(HEADER + padded))
  return { code: bytes.subarray(HEADER, HEADER + length), regions: new Float64Array(words.buffer, 0, count) }
}

function folder(): string {
  const { FERRY_CACHE_DIR, XDG_CACHE_HOME } = process.env
  return FERRY_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ferry')
}

/** A name for this build of ferry: the bundle's files are named by their content. Undefined when run from the sources. */
function buildName(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url))
  if (!here.endsWith('dist')) return undefined
  return readdirSync(here)
    .filter(name => /^ferry.*\.js$/.test(name))
    .sort()
    .join(' ')
}

function prune(directory: string): void {
  const files = readdirSync(directory)
    .filter(name => name.endsWith('.kept'))
    .map(name => ({ name, ...pickStat(join(directory, name)) }))
    .sort((a, b) => b.used - a.used)
  let total = 0
  for (const { name, size } of files) {
    total += size
    if (total > LARGEST_FOLDER) rmSync(join(directory, name), { force: true })
  }
}

function pickStat(path: string): { size: number; used: number } {
  const stat = statSync(path, { throwIfNoEntry: false })
  return { size: stat?.size ?? 0, used: stat?.mtimeMs ?? 0 }
}
