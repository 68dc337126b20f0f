/**
 * The files of translations that are kept between runs: one for each first program, build of ferry, and set of options
 * that change host code. A program is known by its file (device, inode, time of the last change), which is in the name; the
 * executor reads the same file when it runs without a translator (executor/kept.c). A file is written beside its name and renamed, so
 * that a reader sees all of it or none; one that is damaged, or that another user could have written, is ignored.
 *
 *     header (KEPT in base/kept-layout.ts) · places · groups · code · entries and regions, group after group · bridge
 *
 * FERRY_CACHE=off turns it off, FERRY_CACHE_DIR chooses the folder (default: ferry in XDG_CACHE_HOME or ~/.cache).
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Layout } from '../base/fields.ts'
import { KEPT, KEPT_BRIDGE, KEPT_GROUP, KEPT_MAGIC, KEPT_PLACE } from '../base/kept-layout.ts'
import type { Gates } from '../emulator/gates.ts'
import { type Fact, identityWords } from './facts.ts'
import type { KeptBridge } from './kept-bridge.ts'
import type { PlaceRow } from './places.ts'

/** Bytes of the folder above which the files that were used longest ago are removed. */
const LARGEST_FOLDER = 256 << 20

/** The regions that were made from one range of one file. */
export interface KeptGroup extends Fact {
  /** As CodeCache.adopt takes them. */
  readonly regions: Int32Array
  /** As {@link Snapshot} of the cache has them. */
  readonly entries: Uint32Array
}

/** What one run leaves for the next: a space, and where files were mapped. */
export interface Kept {
  /** As CodeCache.load takes it. */
  readonly code: Uint8Array
  readonly groups: readonly KeptGroup[]
  readonly places: readonly PlaceRow[]
  /** Of a first program that has host functions. */
  readonly bridge?: KeptBridge
}

/** What an earlier run kept. Its bridge is put in place by an executor that starts alone; a translator makes a new one. */
export interface LoadedKept extends Omit<Kept, 'bridge'> {
  readonly bridged: boolean
}

/** In place of options: no host functions. An executor finds that file too (executor/launch.c). */
export const EMULATED = 'off'

/** What translations must be for. */
export interface KeptFor {
  /** Bytes of the code cache. */
  readonly codeSize: number
  readonly gates: Gates
  /** CONTROL.cpu */
  readonly cpu: () => bigint
}

type Identity = Readonly<Record<'device' | 'inode' | 'changed', bigint>>

export class KeptTranslations {
  readonly #path: string
  /** Where to read. */
  readonly #from: string
  readonly #program: Identity
  readonly #for: KeptFor
  /** What was read already. */
  #kept: LoadedKept | undefined

  private constructor(path: string, from: string, program: Identity, purpose: KeptFor) {
    this.#path = path
    this.#from = from
    this.#program = program
    this.#for = purpose
  }

  /**
   * Undefined when nothing is kept: turned off, or not the built ferry.
   * @param options what changes translations, '' for nothing, {@link EMULATED}
   */
  static open(program: string, options: string, purpose: KeptFor): KeptTranslations | undefined {
    const build = buildName()
    if (process.env.FERRY_CACHE === 'off' || build === undefined) return undefined
    const { dev, ino, ctimeNs } = statSync(program, { bigint: true })
    const identity = { device: dev, inode: ino, changed: ctimeNs }
    const words = [build, ...Object.values(identity).map(word => word.toString(16))]
    if (options === EMULATED) words.push(options)
    else if (options !== '') words.push(createHash('sha256').update(options).digest('hex').slice(0, 16))
    const path = join(folder(), `${words.join('.')}.kept`)
    return new KeptTranslations(path, path, identity, purpose)
  }

  /** What an executor started with: its content under a descriptor, to be saved at the path, if any. Undefined when there is none. */
  static inherited(descriptor: number, path: string, purpose: KeptFor): KeptTranslations | undefined {
    const from = `/proc/self/fd/${descriptor}`
    try {
      const { device, inode, changed } = readRow(KEPT, readFileSync(from), 0)
      const store = new KeptTranslations(path, from, { device, inode, changed }, purpose)
      store.#kept = store.load()
      return store.#kept && store
    } catch {
      return undefined
    }
  }

  /** What an earlier run kept, or undefined. */
  load(): LoadedKept | undefined {
    if (this.#kept) return this.#kept
    let bytes: Uint8Array
    try {
      const { uid, mode } = statSync(this.#from)
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined
      bytes = readFileSync(this.#from)
    } catch {
      return undefined
    }
    return unpack(bytes, this.#program, this.#for)
  }

  /** Failing to is no error of the program that ran. */
  save(kept: Kept): void {
    if (this.#path === '') return
    const directory = dirname(this.#path)
    const unfinished = `${this.#path}.${process.pid}`
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeFileSync(unfinished, pack(kept, this.#program, this.#for), { mode: 0o600 })
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
    if (this.#path === '') return
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

/** The words of a row, whose fields are 64 bits wide each. */
function row<Name extends string>({ fields }: Layout<Name>, values: Readonly<Record<Name, bigint | number>>): bigint[] {
  return fields.map(({ name }) => BigInt.asUintN(64, BigInt(values[name as Name])))
}

function readRow<Name extends string>({ fields, size }: Layout<Name>, bytes: Uint8Array, at: number) {
  const words = new BigUint64Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size))
  return Object.fromEntries(fields.map(({ name }, index) => [name, words[index]!])) as Record<Name, bigint>
}

const aligned = (length: number): number => Math.ceil(length / 8) * 8
const MAGIC = new BigUint64Array(Uint8Array.from(Buffer.from(KEPT_MAGIC)).buffer)[0]!

/** KEPT.checksum of a file of whole words. */
function checksum(bytes: Uint8Array): bigint {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  let sum = 0
  let sums = 0
  for (let at = KEPT.at.size >> 2; at < words.length; at++) {
    sum = (sum + words[at]!) | 0
    sums = (sums + sum) | 0
  }
  return (BigInt(sums >>> 0) << 32n) | BigInt(sum >>> 0)
}

function pack(
  { code, groups, places, bridge }: Kept,
  program: Identity,
  { codeSize, gates, cpu }: KeptFor,
): Uint8Array {
  const placesAt = KEPT.size
  const groupsAt = placesAt + places.length * KEPT_PLACE.size
  const codeAt = groupsAt + groups.length * KEPT_GROUP.size
  let size = codeAt + aligned(code.length)
  const take = (words: { readonly byteLength: number }): number => {
    const at = size
    size += aligned(words.byteLength)
    return at
  }
  const arrays = groups.map(({ entries, regions }) => ({ entriesAt: take(entries), regionsAt: take(regions) }))
  const bridgeAt = bridge ? take({ byteLength: KEPT_BRIDGE.size }) : 0
  const bridgeArrays = bridge && [bridge.code, bridge.thunks, bridge.stubs].map(array => ({ array, at: take(array) }))
  const rows = [
    row(KEPT, {
      ...{ magic: MAGIC, checksum: 0, size, cpu: cpu(), ...program, code_size: codeSize },
      ...{ gate_enter: gates.enter, gate_resume: gates.resume, gate_trap: gates.resume, gate_leave: gates.leave },
      ...{ gate_call: gates.call, gate_return: gates.return, gate_ecall: gates.ecall },
      ...{ native_start: gates.native.start, native_end: gates.native.end, native_stop: gates.native.stop },
      ...{ code_at: codeAt, code_length: code.length },
      ...{ places_at: placesAt, places: places.length, groups_at: groupsAt, groups: groups.length },
      bridge_at: bridgeAt,
    }),
    ...places.map(([key, address, end]) => {
      const [device, inode, changed, length] = key.split(':').map(BigInt) as [bigint, bigint, bigint, bigint]
      return row(KEPT_PLACE, { device, inode, changed, length, address, end })
    }),
    ...groups.map(({ start, end, identity, entries, regions }, index) =>
      row(KEPT_GROUP, {
        ...{ start, end, ...identityWords(identity) },
        ...{ entries_at: arrays[index]!.entriesAt, entries: entries.length / 2 },
        ...{ regions_at: arrays[index]!.regionsAt, regions: regions.length },
      }),
    ),
  ]
  const bytes = new Uint8Array(size)
  new BigUint64Array(bytes.buffer, 0, codeAt / 8).set(rows.flat())
  bytes.set(code, codeAt)
  for (const [index, { entries, regions }] of groups.entries()) {
    new Uint32Array(bytes.buffer, arrays[index]!.entriesAt).set(entries)
    new Int32Array(bytes.buffer, arrays[index]!.regionsAt).set(regions)
  }
  if (bridge && bridgeArrays) {
    const [codeRow, thunks, stubs] = bridgeArrays
    const words = row(KEPT_BRIDGE, {
      ...bridge.numbers,
      ...{ code_at: codeRow!.at, code_length: bridge.code.length },
      ...{ thunks_at: thunks!.at, thunks: bridge.thunks.length, stubs_at: stubs!.at, stubs: bridge.stubs.length / 2 },
    })
    new BigUint64Array(bytes.buffer, bridgeAt).set(words)
    for (const { array, at } of bridgeArrays)
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
  }
  new BigUint64Array(bytes.buffer)[KEPT.at.checksum / 8] = checksum(bytes)
  return bytes
}

/** Undefined for what is damaged, or for something else. */
function unpack(given: Uint8Array, program: Identity, { codeSize, cpu }: KeptFor): LoadedKept | undefined {
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice()
  if (bytes.length < KEPT.size || bytes.length % 8 !== 0) return undefined
  const header = readRow(KEPT, bytes, 0)
  if (header.magic !== MAGIC || header.size !== BigInt(bytes.length) || header.checksum !== checksum(bytes))
    return undefined
  const { device, inode, changed } = program
  if (header.device !== device || header.inode !== inode || header.changed !== changed) return undefined
  if (header.cpu !== cpu() || header.code_size !== BigInt(codeSize)) return undefined
  const table = <Name extends string>(layout: Layout<Name>, at: bigint, count: bigint) =>
    Array.from({ length: Number(count) }, (_, index) => readRow(layout, bytes, Number(at) + index * layout.size))
  const words = (at: bigint, count: bigint): ArrayBuffer =>
    bytes.buffer.slice(bytes.byteOffset + Number(at), bytes.byteOffset + Number(at) + Number(count) * 4) as ArrayBuffer
  return {
    code: bytes.subarray(Number(header.code_at), Number(header.code_at + header.code_length)),
    places: table(KEPT_PLACE, header.places_at, header.places).map(place => [
      `${place.device}:${place.inode}:${place.changed}:${place.length}`,
      Number(place.address),
      Number(place.end),
    ]),
    groups: table(KEPT_GROUP, header.groups_at, header.groups).map(group => ({
      start: Number(group.start),
      end: Number(group.end),
      identity: `${group.device}:${group.inode}:${group.changed}@${BigInt.asIntN(64, group.distance)}`,
      entries: new Uint32Array(words(group.entries_at, group.entries * 2n)),
      regions: new Int32Array(words(group.regions_at, group.regions)),
    })),
    bridged: header.bridge_at !== 0n,
  }
}

/** A file with the gates and nothing else (dist/nothing.kept), for every program: the executor fills in which. */
export function nothingKept(codeSize: number, gates: Gates): Uint8Array {
  const nobody = { device: 0n, inode: 0n, changed: 0n }
  return pack({ code: gates.bytes, groups: [], places: [] }, nobody, { codeSize, gates, cpu: () => 0n })
}

function folder(): string {
  const { FERRY_CACHE_DIR, XDG_CACHE_HOME } = process.env
  return FERRY_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ferry')
}

/** A name for this build of ferry, which scripts/build.mjs has made of its content. Undefined when run from the sources. */
function buildName(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url))
  if (!here.endsWith('dist')) return undefined
  try {
    return readFileSync(join(here, 'build'), 'latin1')
  } catch {
    return undefined
  }
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
