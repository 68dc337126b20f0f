import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FerryError } from '../../../base/diagnostics.ts'
import { ElfImage } from '../../../base/elf/image.ts'
import type { ElfSection, ElfSymbol } from '../../../base/elf/types.ts'
import { MANIFEST_VERSION, type Manifest, REFS_SYMBOL, SECTIONS } from '../../../base/manifest.ts'
import { checkHostCpu, readHybrid } from '../../../runtime/hybrid.ts'

/** What clang makes of a source, for this machine. */
function compile(source: string, ...options: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-hybrid-'))
  try {
    const path = join(folder, 'host')
    execFileSync('clang-22', [...options, '-fuse-ld=lld', '-x', 'c', '-', '-o', path], { input: source })
    return new Uint8Array(readFileSync(path))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const shared = (source: string): Uint8Array => compile(source, '-shared', '-nostdlib', '-fPIC')
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const HOST = shared('void *const ferry_functions[1] = {0}; void *ferry_thunks[1];')
const REFS = 0x12340
const MANIFEST: Manifest = {
  version: MANIFEST_VERSION,
  hostCpu: 'x86-64-v3',
  hostFeatures: ['sse2'],
  functions: [{ name: 'f', signature: 'iid:i', address: 0x1000 }],
  thunks: ['i.id:i'],
  references: 1,
  hostDigest: digest(HOST),
  build: { sources: [], options: [], directory: '/' },
}

interface Parts {
  readonly manifest?: unknown
  readonly host?: Uint8Array
  readonly refs?: 'symbol' | 'section'
  /** Bytes of the reference table. */
  readonly size?: number
}

/** A program with the given sections; `manifest` is JSON unless it is a text. */
function image({ manifest, host, refs, size = 8 }: Parts): ElfImage {
  const contents: (readonly [name: string, bytes: Uint8Array, address: number])[] = []
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
  if (manifest !== undefined) contents.push([SECTIONS.manifest, new TextEncoder().encode(text), 0])
  if (host) contents.push([SECTIONS.host, host, 0])
  if (refs === 'section') contents.push([SECTIONS.refs, new Uint8Array(size), REFS])
  let offset = 0
  const sections = contents.map(([name, bytes, address]): ElfSection => {
    const section = { name, type: 1, flags: 0, address, offset, size: bytes.length, link: 0 }
    offset += bytes.length
    return section
  })
  const symbol: ElfSymbol = { name: REFS_SYMBOL, address: REFS, size, kind: 'object', global: true, section: 1 }
  const fields = {
    path: 'app',
    bytes: new Uint8Array(Buffer.concat(contents.map(([, bytes]) => bytes))),
    header: { type: 2, machine: 243, entry: 0x10000, flags: 0 },
    segments: [],
    sections,
  }
  return new ElfImage(fields, () => (refs === 'symbol' ? [symbol] : []))
}
const whole = { manifest: MANIFEST, host: HOST, refs: 'symbol' } as const

describe('a hybrid program', () => {
  test('has a manifest, a host object and a reference table', () => {
    const elf = image(whole)
    const hostOffset = elf.section(SECTIONS.host)!.offset
    expect(readHybrid(elf)).toEqual({ manifest: MANIFEST, hostObject: HOST, hostOffset, references: REFS })
  })

  test('may be stripped of its symbols', () => {
    expect(readHybrid(image({ ...whole, refs: 'section' }))?.references).toBe(REFS)
  })

  test('is not every program', () => {
    expect(readHybrid(image({}))).toBeUndefined()
    expect(readHybrid(image({ refs: 'section' }))).toBeUndefined()
  })
})

describe('a damaged one says so', () => {
  /** With another host object, whose digest is right. */
  const hosting = (host: Uint8Array): Parts => ({ ...whole, host, manifest: { ...MANIFEST, hostDigest: digest(host) } })
  const changed = (change: object): Parts => ({ ...whole, manifest: { ...MANIFEST, ...change } })
  test.each<readonly [string, Parts, string]>([
    ['without its manifest', { ...whole, manifest: undefined }, 'section .ferry.manifest is missing'],
    ['without its host object', { manifest: MANIFEST, refs: 'symbol' }, 'section .ferry.host is missing'],
    ['without its reference table', { manifest: MANIFEST, host: HOST }, 'the reference table __ferry_refs is missing'],
    ['with a manifest that is no JSON', { ...whole, manifest: '{"version": 1' }, 'section .ferry.manifest is not JSON'],
    ['with an empty manifest', { ...whole, manifest: '' }, 'section .ferry.manifest is not JSON'],
    ['with a manifest that is no object', { ...whole, manifest: 'null' }, 'its version is missing, not 3'],
    ['of another version', changed({ version: 99 }), 'its version is 99, not 3'],
    ['without a version', { ...whole, manifest: '[]' }, 'its version is missing, not 3'],
    ['without functions', changed({ functions: undefined }), 'section .ferry.manifest lacks a part'],
    ['without thunks', changed({ thunks: {} }), 'section .ferry.manifest lacks a part'],
    ['without processor features', changed({ hostFeatures: 'avx2' }), 'section .ferry.manifest lacks a part'],
    [
      'with a function of no signature',
      changed({ functions: [{ name: 'f' }] }),
      'section .ferry.manifest lacks a part',
    ],
    ['with a function that is none', changed({ functions: [null] }), 'section .ferry.manifest lacks a part'],
    [
      'with a wrong signature',
      changed({ functions: [{ name: 'f', signature: 'ix:i', address: 0x1000 }] }),
      "not a signature: 'ix:i'",
    ],
    ['with a wrong thunk', changed({ thunks: ['i:iii'] }), "not a signature: 'i:iii'"],
    [
      'with a changed host object',
      { ...whole, host: HOST.map(byte => byte ^ 1) },
      'section .ferry.host does not match its digest',
    ],
    ['with a cut host object', { ...whole, host: HOST.subarray(1) }, 'section .ferry.host does not match its digest'],
    ['without the number of references', changed({ references: '1' }), 'section .ferry.manifest lacks a part'],
    [
      'with fewer references than functions',
      changed({ references: 0 }),
      `the reference table ${REFS_SYMBOL} is too short`,
    ],
    ['with a cut reference table', { ...whole, size: 7 }, `the reference table ${REFS_SYMBOL} is too short`],
    [
      'with a host object without functions',
      hosting(shared('void *ferry_thunks[1];')),
      'the table ferry_functions of section .ferry.host is missing',
    ],
    [
      'with a host object of fewer thunks',
      hosting(shared('void *const ferry_functions[1] = {0}; char ferry_thunks[4];')),
      'the table ferry_thunks of section .ferry.host is too short',
    ],
    [
      'with a host object that is a program',
      hosting(compile('int main(void) { return 0; }', '-no-pie')),
      'section .ferry.host is no shared object for x86-64',
    ],
    [
      'with a host object for the guest',
      hosting(compile('void f(void) {}', '--target=riscv64-linux-gnu', '-shared', '-nostdlib')),
      'section .ferry.host is no shared object for x86-64',
    ],
  ])('%s', (_, parts, reason) => {
    const error = (() => {
      try {
        return readHybrid(image(parts))
      } catch (error) {
        return error
      }
    })()
    expect(error).toBeInstanceOf(FerryError)
    expect(error).toMatchObject({ id: 'hybrid-corrupt', status: 1 })
    expect((error as FerryError).message).toBe(
      `app: its hybrid part is damaged: ${reason}. Build it again, or run it with --offload=off.`,
    )
  })
})

describe('the processor', () => {
  const [feature] = /^flags\s*:\s*(\S+)/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))!.slice(1)

  test('is right when it has every feature', () => {
    expect(() => checkHostCpu('app', { ...MANIFEST, hostFeatures: [] })).not.toThrow()
    expect(() => checkHostCpu('app', { ...MANIFEST, hostFeatures: [feature!] })).not.toThrow()
  })

  test('that lacks some is named with them', () => {
    const features = ['no-such-feature', feature!, 'nor-this']
    expect(() => checkHostCpu('app', { ...MANIFEST, hostFeatures: features })).toThrow(
      /^app: its host functions are compiled for x86-64-v3, and this CPU lacks no-such-feature nor-this\. /,
    )
  })
})
