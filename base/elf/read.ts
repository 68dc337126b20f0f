/** Reads guest programs: an ELF file that ferry can run, or an error that says why it can not. */
import { readFileSync, statSync } from 'node:fs'
import { FerryError } from '../diagnostics.ts'
import { PLACES } from '../layout.ts'
import type { ElfImage } from './image.ts'
import { parseElf } from './parse.ts'
import { ELF_MACHINE, ELF_TYPE, MACHINE_NAMES, SEGMENT_TYPE, TYPE_NAMES } from './types.ts'

export { ElfImage, type SymbolPlace } from './image.ts'
export { parseElf } from './parse.ts'
export * from './types.ts'

/**
 * Parses a RISC-V program.
 * @param path names the file in messages
 * @throws FerryError one of the `elf-…` diagnostics
 */
export function readElf(bytes: Uint8Array, path: string): ElfImage {
  const image = parseElf(bytes, path)
  requireGuestProgram(image)
  return image
}

/** As {@link readElf}, from the file. */
export function readElfFile(path: string): ElfImage {
  return readElf(readFile(path), path)
}

/** @throws FerryError unless the image is a static RISC-V program for the guest's addresses. */
export function requireGuestProgram({ path, header, segments, interpreter }: ElfImage): void {
  const { type, machine } = header
  if (machine !== ELF_MACHINE.RISCV) {
    throw new FerryError('elf-machine', { path, found: MACHINE_NAMES[machine] ?? `machine ${machine}` })
  }
  if (type !== ELF_TYPE.EXECUTABLE && type !== ELF_TYPE.DYNAMIC) {
    throw new FerryError('elf-type', { path, found: TYPE_NAMES[type] ?? `file of type ${type}` })
  }
  if (interpreter !== undefined) throw new FerryError('elf-dynamic', { path, interpreter })
  const loaded = segments.filter(segment => segment.type === SEGMENT_TYPE.LOAD && segment.memorySize > 0)
  if (loaded.length === 0) throw new FerryError('elf-no-segments', { path })
  // A shared library is ET_DYN like a static PIE, but has no entry point.
  if (type === ELF_TYPE.DYNAMIC && header.entry === 0)
    throw new FerryError('elf-type', { path, found: TYPE_NAMES[type]! })
  const outside = loaded.find(({ address, memorySize }) => address + memorySize > PLACES.CALL_STACK)
  if (outside) throw new FerryError('elf-range', { path, address: `0x${outside.address.toString(16)}` })
}

function readFile(path: string): Uint8Array {
  try {
    if (statSync(path).isDirectory()) throw new FerryError('elf-unreadable', { path, reason: 'it is a folder' })
    return readFileSync(path)
  } catch (error) {
    if (error instanceof FerryError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FerryError('elf-missing', { path })
    throw new FerryError('elf-unreadable', { path, reason: code === 'EACCES' ? 'permission denied' : message })
  }
}
