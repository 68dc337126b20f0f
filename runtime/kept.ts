/**
 * The files of translations that are kept between runs: one for each first program, build of ferry, and set of options
 * that change host code. The file is written beside its name and renamed, so that a reader sees all of it or none; a file that is
 * damaged, or that another user could have written, is ignored.
 *
 *     magic "FERRYKEP" · SHA-256 of the rest · u32 bytes of code · u32 bytes of index · index (JSON) · padding to 4 ·
 *     code · padding to 4 · words of the regions (int32), group after group
 *
 * FERRY_CACHE=off turns it off, FERRY_CACHE_DIR chooses the folder (default: ferry in XDG_CACHE_HOME or ~/.cache).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fact } from './facts.ts'
import type { PlaceRow } from './places.ts'

const MAGIC = 'FERRYKEP'
const HEADER = MAGIC.length + 32 + 8
/** Bytes of the folder above which the files that were used longest ago are removed. */
const LARGEST_FOLDER = 256 << 20

/** The regions that were made from one range of one file. */
export interface KeptGroup extends Fact {
  /** As CodeCache.adopt takes them. */
  readonly regions: Int32Array
}

/** What one run leaves for the next: a space, and where files were mapped. */
export interface Kept {
  /** As CodeCache.load takes it. */
  readonly code: Uint8Array
  readonly groups: readonly KeptGroup[]
  readonly places: readonly PlaceRow[]
}

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
  load(): Kept | undefined {
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

  /** Failing to is no error of the program that ran. */
  save(kept: Kept): void {
    const directory = dirname(this.#path)
    const unfinished = `${this.#path}.${process.pid}`
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeFileSync(unfinished, pack(kept), { mode: 0o600 })
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

  /** Most of what is there is of no use any more. */
  remove(): void {
    rmSync(this.#path, { force: true })
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

/** Bytes of a number. */
const WORD = 4
const padded = (length: number): number => Math.ceil(length / WORD) * WORD

interface Index {
  readonly places: readonly PlaceRow[]
  readonly groups: readonly (Fact & { readonly words: number })[]
}

function pack({ code, groups, places }: Kept): Uint8Array {
  const rows = groups.map(({ start, end, identity, regions }) => ({ start, end, identity, words: regions.length }))
  const index = Buffer.from(JSON.stringify({ places, groups: rows } satisfies Index))
  const codeAt = padded(HEADER + index.length)
  let at = codeAt + padded(code.length)
  const bytes = new Uint8Array(at + groups.reduce((sum, { regions }) => sum + regions.byteLength, 0))
  const view = new DataView(bytes.buffer)
  view.setUint32(HEADER - 8, code.length, true)
  view.setUint32(HEADER - 4, index.length, true)
  bytes.set(index, HEADER)
  bytes.set(code, codeAt)
  for (const { regions } of groups) {
    bytes.set(new Uint8Array(regions.buffer, regions.byteOffset, regions.byteLength), at)
    at += regions.byteLength
  }
  bytes.set(Buffer.from(MAGIC), 0)
  bytes.set(digestOf(bytes), MAGIC.length)
  return bytes
}

const digestOf = (bytes: Uint8Array): Buffer =>
  createHash('sha256')
    .update(bytes.subarray(HEADER - 8))
    .digest()

function unpack(bytes: Uint8Array): Kept | undefined {
  if (bytes.length < HEADER || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC)
    return undefined
  if (!digestOf(bytes).equals(bytes.subarray(MAGIC.length, HEADER - 8))) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [codeLength, indexLength] = [view.getUint32(HEADER - 8, true), view.getUint32(HEADER - 4, true)]
  const index = JSON.parse(Buffer.from(bytes.subarray(HEADER, HEADER + indexLength)).toString()) as Index
  const codeAt = padded(HEADER + indexLength)
  let at = codeAt + padded(codeLength)
  const groups = index.groups.map(({ start, end, identity, words }) => {
    // a copy, because words must be aligned
    const copy = bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + words * WORD)
    at += words * WORD
    return { start, end, identity, regions: new Int32Array(copy as ArrayBuffer) }
  })
  return { code: bytes.subarray(codeAt, codeAt + codeLength), groups, places: index.places }
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
