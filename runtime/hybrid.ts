/** Reads what a hybrid ELF says of itself (base/manifest.ts) and checks that this machine can run its host object. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import type { ElfImage } from '../base/elf/read.ts'
import { MANIFEST_VERSION, type Manifest, REFS_SYMBOL, SECTIONS } from '../base/manifest.ts'
import { parseSignature } from '../base/signature.ts'

export interface Hybrid {
  readonly manifest: Manifest
  readonly hostObject: Uint8Array
  /** Guest address of the reference table, as in the file. */
  readonly references: number
}

/** @throws FerryError `hybrid-corrupt`. Undefined for a program that ferry did not build. */
export function readHybrid(elf: ElfImage): Hybrid | undefined {
  const text = elf.sectionBytes(SECTIONS.manifest)
  const hostObject = elf.sectionBytes(SECTIONS.host)
  if (text === undefined && hostObject === undefined) return undefined
  const corrupt = (reason: string): FerryError => new FerryError('hybrid-corrupt', { path: elf.path, reason })
  if (text === undefined || hostObject === undefined) {
    throw corrupt(`section ${text === undefined ? SECTIONS.manifest : SECTIONS.host} is missing`)
  }
  let manifest: Manifest
  try {
    manifest = JSON.parse(Buffer.from(text).toString()) as Manifest
  } catch {
    throw corrupt(`section ${SECTIONS.manifest} is not JSON`)
  }
  if (manifest.version !== MANIFEST_VERSION)
    throw corrupt(`its version is ${manifest.version}, not ${MANIFEST_VERSION}`)
  const { functions, thunks } = manifest
  if (!Array.isArray(functions) || !Array.isArray(thunks)) throw corrupt(`section ${SECTIONS.manifest} lacks its lists`)
  try {
    for (const { signature } of functions) parseSignature(signature)
    for (const signature of thunks) parseSignature(signature)
  } catch (error) {
    throw corrupt((error as Error).message)
  }
  if (createHash('sha256').update(hostObject).digest('hex') !== manifest.hostDigest) {
    throw corrupt(`section ${SECTIONS.host} does not match its digest`)
  }
  const references = elf.symbol(REFS_SYMBOL)?.address ?? elf.section(SECTIONS.refs)?.address
  if (references === undefined) throw corrupt(`the reference table ${REFS_SYMBOL} is missing`)
  return { manifest, hostObject, references }
}

/** @throws FerryError `host-cpu-lacks` when this CPU lacks a feature that the host object was compiled for. */
export function checkHostCpu(path: string, { hostCpu, hostFeatures }: Manifest): void {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [])
  const missing = hostFeatures.filter(feature => !flags.has(feature))
  if (missing.length > 0) throw new FerryError('host-cpu-lacks', { path, cpu: hostCpu, missing: missing.join(' ') })
}
