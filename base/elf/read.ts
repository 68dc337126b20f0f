/** Reads guest programs: an ELF file that ferry can run, or an error that says why it can not. */
import { readFileSync, statSync } from 'node:fs'
import { FerryError } from '../diagnostics.ts'
import { PLACES } from '../layout.ts'
import { describeSystemError } from '../system-error.ts'
import type { ElfImage } from './image.ts'
import { parseElf } from './parse.ts'
import { ELF_MACHINE, ELF_TYPE, type ElfSegment, MACHINE_NAMES, SEGMENT_TYPE, TYPE_NAMES } from './types.ts'

export { ElfImage, type SymbolPlace } from './image.ts'
export { parseElf } from './parse.ts'
export * from './types.ts'

/** Bytes of a page of the guest. */
const PAGE = 4096
/** No program is loaded at address 0; vm.mmap_min_addr may forbid some more pages, as the executor then says. */
const LOWEST_ADDRESS = PAGE

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

/** @throws FerryError unless the image is a RISC-V program for the guest's addresses. */
export function requireGuestProgram({ path, header, segments }: ElfImage): void {
  const { type, machine } = header
  if (machine !== ELF_MACHINE.RISCV) {
    throw new FerryError('elf-machine', { path, found: MACHINE_NAMES[machine] ?? `machine ${machine}` })
  }
  if (type !== ELF_TYPE.EXECUTABLE && type !== ELF_TYPE.DYNAMIC) {
    throw new FerryError('elf-type', { path, found: TYPE_NAMES[type] ?? `file of type ${type}` })
  }
  const loaded = segments.filter(segment => segment.type === SEGMENT_TYPE.LOAD && segment.memorySize > 0)
  if (loaded.length === 0) throw new FerryError('elf-no-segments', { path })
  // A shared library is ET_DYN like a static PIE, but has no entry point.
  if (type === ELF_TYPE.DYNAMIC && header.entry === 0)
    throw new FerryError('elf-type', { path, found: TYPE_NAMES[type]! })
  const lowest = type === ELF_TYPE.DYNAMIC ? 0 : LOWEST_ADDRESS
  const outside = loaded.find(({ address, memorySize }) => address < lowest || address + memorySize > PLACES.CALL_STACK)
  if (outside) throw new FerryError('elf-range', { path, address: `0x${outside.address.toString(16)}` })
  requirePages(path, loaded)
}

/** Segments are mapped (System V ABI, Program Loading): file and memory agree modulo the page. Two may share a page. */
function requirePages(path: string, loaded: readonly ElfSegment[]): void {
  let end = 0
  for (const { address, memorySize, offset } of [...loaded].sort((a, b) => a.address - b.address)) {
    const place = `the segment at 0x${address.toString(16)}`
    if (address % PAGE !== offset % PAGE) {
      throw new FerryError('elf-malformed', { path, what: `${place} is not laid out in pages` })
    }
    if (address < end) throw new FerryError('elf-malformed', { path, what: `${place} overlaps the one below it` })
    end = address + memorySize
  }
}

function readFile(path: string): Uint8Array {
  try {
    const stat = statSync(path)
    // Reading a pipe or a device may take for ever, and the executor could not read it a second time.
    const reason = stat.isDirectory() ? 'it is a folder' : stat.isFile() ? undefined : 'it is not a regular file'
    if (reason !== undefined) throw new FerryError('elf-unreadable', { path, reason })
    return readFileSync(path)
  } catch (error) {
    if (error instanceof FerryError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FerryError('elf-missing', { path })
    throw new FerryError('elf-unreadable', { path, reason: describeSystemError(error) })
  }
}
