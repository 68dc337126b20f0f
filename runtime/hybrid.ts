/** Reads what a hybrid ELF says of itself (base/manifest.ts) and checks that this machine can run its host object. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import { ELF_MACHINE, ELF_TYPE, type ElfImage, parseElf } from '../base/elf/read.ts'
import { MANIFEST_VERSION, type Manifest, REFS_SYMBOL, SECTIONS, THREAD_POINTER } from '../base/manifest.ts'
import { parseSignature } from '../base/signature.ts'

/** Bytes of an entry of the tables. */
const WORD = 8

export interface Hybrid {
  readonly manifest: Manifest
  readonly hostObject: Uint8Array
  /** Where it begins in the file. */
  readonly hostOffset: number
  /** Guest address of the reference table, as in the file. */
  readonly references: number
  /** Bytes from `ferry_thunks` to `ferry_entries` in the host object, when it has them. */
  readonly entries: number | undefined
}

/** @throws FerryError `hybrid-corrupt`. Undefined for a program that ferry did not build. */
export function readHybrid(elf: ElfImage): Hybrid | undefined {
  const text = elf.sectionBytes(SECTIONS.manifest)
  const hostObject = elf.sectionBytes(SECTIONS.host)
  if (text === undefined && hostObject === undefined) return undefined
  const corrupt: Corrupt = reason => new FerryError('hybrid-corrupt', { path: elf.path, reason })
  if (text === undefined || hostObject === undefined) {
    throw corrupt(`section ${text === undefined ? SECTIONS.manifest : SECTIONS.host} is missing`)
  }
  const manifest = parseManifest(text, corrupt)
  if (createHash('sha256').update(hostObject).digest('hex') !== manifest.hostDigest) {
    throw corrupt(`section ${SECTIONS.host} does not match its digest`)
  }
  const image = checkHostObject(hostObject, manifest, corrupt)
  const table = elf.symbol(REFS_SYMBOL) ?? elf.section(SECTIONS.refs)
  if (table === undefined) throw corrupt(`the reference table ${REFS_SYMBOL} is missing`)
  if (table.size < manifest.references * WORD || manifest.references < manifest.functions.length)
    throw corrupt(`the reference table ${REFS_SYMBOL} is too short`)
  const entries = image.symbol('ferry_entries')
  const distance = entries && entries.address - image.symbol('ferry_thunks')!.address
  const hostOffset = elf.section(SECTIONS.host)!.offset
  return { manifest, hostObject, hostOffset, references: table.address, entries: distance }
}

/**
 * Names of functions of the host object for addresses in a process.
 * @param functions where its `ferry_functions` is in the process; 0 when it is not loaded
 */
export function hostNames({ hostObject }: Hybrid, functions: number): (address: number) => string | undefined {
  const image = parseElf(hostObject, `section ${SECTIONS.host}`)
  const bias = functions - image.symbol('ferry_functions')!.address
  return address => image.symbolAt(address - bias)?.name.replace(/^ferry\.entry\./, '')
}

type Corrupt = (reason: string) => FerryError

function parseManifest(text: Uint8Array, corrupt: Corrupt): Manifest {
  let manifest: Manifest | null
  try {
    manifest = JSON.parse(Buffer.from(text).toString()) as Manifest | null
  } catch {
    throw corrupt(`section ${SECTIONS.manifest} is not JSON`)
  }
  if (manifest?.version !== MANIFEST_VERSION) {
    throw corrupt(`its version is ${manifest?.version ?? 'missing'}, not ${MANIFEST_VERSION}`)
  }
  const { functions, thunks, hostFeatures, references } = manifest
  const texts = (list: unknown): boolean => Array.isArray(list) && list.every(item => typeof item === 'string')
  const whole =
    Array.isArray(functions) &&
    texts(functions.map(row => row?.name)) &&
    texts(functions.map(row => row?.signature)) &&
    functions.every(row => Number.isInteger(row?.address)) &&
    [thunks, hostFeatures].every(texts) &&
    Number.isInteger(references)
  if (!whole) throw corrupt(`section ${SECTIONS.manifest} lacks a part`)
  try {
    for (const { signature } of functions) parseSignature(signature)
    for (const signature of thunks) if (signature !== THREAD_POINTER) parseSignature(signature)
  } catch (error) {
    throw corrupt((error as Error).message)
  }
  return manifest
}

/** The bridge reads and writes the tables of the host object by the numbers of the manifest. */
function checkHostObject(hostObject: Uint8Array, { functions, thunks }: Manifest, corrupt: Corrupt): ElfImage {
  let image: ElfImage
  try {
    image = parseElf(hostObject, `section ${SECTIONS.host}`)
  } catch (error) {
    throw corrupt((error as Error).message.replace(/\.( .*)?$/, ''))
  }
  if (image.header.machine !== ELF_MACHINE.X86_64 || image.header.type !== ELF_TYPE.DYNAMIC)
    throw corrupt(`section ${SECTIONS.host} is no shared object for x86-64`)
  for (const [name, rows] of [
    ['ferry_functions', functions],
    ['ferry_thunks', thunks],
  ] as const) {
    const table = image.symbol(name)
    if (table === undefined || table.size < rows.length * WORD)
      throw corrupt(`the table ${name} of section ${SECTIONS.host} is ${table ? 'too short' : 'missing'}`)
  }
  return image
}

/** @throws FerryError `host-cpu-lacks` when this CPU lacks a feature that the host object was compiled for. */
export function checkHostCpu(path: string, { hostCpu, hostFeatures }: Manifest): void {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [])
  const missing = hostFeatures.filter(feature => !flags.has(feature))
  if (missing.length > 0) throw new FerryError('host-cpu-lacks', { path, cpu: hostCpu, missing: missing.join(' ') })
}
