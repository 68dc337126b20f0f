/** A few questions to ELF files, of which not all is read. */
import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes of the ELF header and of a section header (System V gABI, ELF-64). */
const HEADER_SIZE = 64
const SECTION_SIZE = 64
const MAGIC = 0x464c457f

/** Bytes of a file. */
export interface Part {
  readonly offset: number
  readonly size: number
}

/** Of a section header. */
export interface FileSection extends Part {
  readonly type: number
  readonly link: number
}

export interface SectionsOfFile {
  readonly sections: readonly FileSection[]
  /** The section with the names of the sections; none when the table of sections is cut off. */
  readonly names: FileSection | undefined
  read(part: Part): Buffer
}

/** The answer of `ask`; `otherwise` for a file that can not be read or is no ELF file. */
export function askFile<T>(path: string, ask: (file: SectionsOfFile) => T, otherwise: T): T {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return otherwise
  }
  try {
    const read = ({ offset, size }: Part): Buffer => {
      const bytes = Buffer.alloc(size)
      return bytes.subarray(0, readSync(fd, bytes, 0, size, offset))
    }
    const header = read({ offset: 0, size: HEADER_SIZE })
    if (header.length < HEADER_SIZE || header.readUInt32LE(0) !== MAGIC) return otherwise
    const [place, count, names] = [Number(header.readBigUInt64LE(40)), header.readUInt16LE(60), header.readUInt16LE(62)]
    const sections = sectionsIn(read({ offset: place, size: count * SECTION_SIZE }))
    return ask({ sections, names: sections.length === count ? sections[names] : undefined, read })
  } catch {
    return otherwise
  } finally {
    closeSync(fd)
  }
}

function sectionsIn(table: Buffer): FileSection[] {
  return Array.from({ length: Math.floor(table.length / SECTION_SIZE) }, (_, index) => {
    const at = index * SECTION_SIZE
    return {
      type: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 24)),
      size: Number(table.readBigUInt64LE(at + 32)),
      link: table.readUInt32LE(at + 40),
    }
  })
}
