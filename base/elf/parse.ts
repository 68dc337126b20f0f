/**
 * Parses 64-bit little-endian ELF files (System V ABI, chapters 4 and 5). Every offset of the file is checked before
 * it is used, so that a damaged file gives a message and never an exception of JavaScript's.
 */
import { FerryError } from '../diagnostics.ts'
import { ElfImage } from './image.ts'
import {
  type ElfHeader,
  type ElfSection,
  type ElfSegment,
  type ElfSymbol,
  SECTION_TYPE,
  SEGMENT_TYPE,
  type SymbolKind,
} from './types.ts'

const HEADER_SIZE = 64
const SEGMENT_SIZE = 56
const SECTION_SIZE = 64
const SYMBOL_SIZE = 24
const MAGIC = [0x7f, 0x45, 0x4c, 0x46]
const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const GLOBAL_BINDING = 1
const SYMBOL_KINDS: readonly SymbolKind[] = ['none', 'object', 'function', 'section', 'file', 'common', 'tls']
/** STT_GNU_IFUNC: the symbol of a function that returns the function. */
const INDIRECT = 10

/** Reads fields of a file and knows what to say when they are not there. */
class Reader {
  readonly path: string
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array, path: string) {
    this.path = path
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  need(what: string, offset: number, size: number): void {
    const need = offset + size
    if (need > this.bytes.length) {
      throw new FerryError('elf-truncated', { path: this.path, what, need, have: this.bytes.length })
    }
  }

  malformed(what: string): never {
    throw new FerryError('elf-malformed', { path: this.path, what })
  }

  u16 = (offset: number): number => this.#view.getUint16(offset, true)
  u32 = (offset: number): number => this.#view.getUint32(offset, true)
  /** Exact up to 2^53; what is larger in a damaged file stays too large for any check. */
  u64 = (offset: number): number => this.u32(offset) + this.u32(offset + 4) * 2 ** 32

  /** NUL-terminated text in a string table. */
  text(table: ElfSection | undefined, at: number): string {
    if (!table || at >= table.size) return ''
    const end = this.bytes.indexOf(0, table.offset + at)
    return Buffer.from(this.bytes.subarray(table.offset + at, Math.min(end, table.offset + table.size))).toString()
  }
}

/**
 * Parses an ELF file of any machine and type.
 * @param path names the file in messages
 * @throws FerryError `elf-not-elf`, `elf-truncated`, `elf-class` or `elf-malformed`
 */
export function parseElf(bytes: Uint8Array, path: string): ElfImage {
  const reader = new Reader(bytes, path)
  checkIdentification(reader)
  reader.need('its header', 0, HEADER_SIZE)
  const header: ElfHeader = {
    type: reader.u16(16),
    machine: reader.u16(18),
    entry: reader.u64(24),
    flags: reader.u32(48),
  }
  const segments = parseSegments(reader)
  const sections = parseSections(reader)
  return new ElfImage({ path, bytes, header, segments, sections }, () => parseSymbols(reader, sections))
}

function checkIdentification({ bytes, path }: Reader): void {
  const start = bytes.subarray(0, 4)
  if (!start.every((byte, i) => byte === MAGIC[i])) {
    const text = Buffer.from(start).toString('latin1')
    const found = /^[\x20-\x7e]+$/.test(text)
      ? `'${text}'`
      : [...start].map(b => b.toString(16).padStart(2, '0')).join(' ')
    throw new FerryError('elf-not-elf', { path, found })
  }
  if (bytes.length === 0) throw new FerryError('elf-not-elf', { path, found: 'nothing: it is empty' })
  if (bytes.length < 6)
    throw new FerryError('elf-truncated', { path, what: 'its header', need: HEADER_SIZE, have: bytes.length })
  const bits = bytes[4] === CLASS_64 ? '64-bit' : '32-bit'
  const order = bytes[5] === LITTLE_ENDIAN ? 'little-endian' : 'big-endian'
  if (bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN)
    throw new FerryError('elf-class', { path, found: `${bits} ${order}` })
}

function parseSegments(reader: Reader): ElfSegment[] {
  const [start, entrySize, count] = [reader.u64(32), reader.u16(54), reader.u16(56)]
  if (count === 0) return []
  if (entrySize !== SEGMENT_SIZE) reader.malformed(`program headers of ${entrySize} bytes`)
  reader.need('its program header table', start, count * SEGMENT_SIZE)
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * SEGMENT_SIZE
    const segment = {
      type: reader.u32(at),
      flags: reader.u32(at + 4),
      offset: reader.u64(at + 8),
      address: reader.u64(at + 16),
      fileSize: reader.u64(at + 32),
      memorySize: reader.u64(at + 40),
    }
    const { type, offset, fileSize, memorySize } = segment
    if (type === SEGMENT_TYPE.LOAD || type === SEGMENT_TYPE.INTERPRETER) reader.need(`segment ${i}`, offset, fileSize)
    if (type === SEGMENT_TYPE.LOAD && fileSize > memorySize)
      reader.malformed(`segment ${i} is larger in the file than in memory`)
    return segment
  })
}

function parseSections(reader: Reader): ElfSection[] {
  const start = reader.u64(40)
  const [entrySize, count, namesIndex] = [reader.u16(58), reader.u16(60), reader.u16(62)]
  if (start === 0 || count === 0) return []
  if (entrySize !== SECTION_SIZE) reader.malformed(`section headers of ${entrySize} bytes`)
  reader.need('its section header table', start, count * SECTION_SIZE)
  const unnamed = Array.from({ length: count }, (_, i) => {
    const at = start + i * SECTION_SIZE
    const section = {
      nameAt: reader.u32(at),
      name: '',
      type: reader.u32(at + 4),
      flags: reader.u64(at + 8),
      address: reader.u64(at + 16),
      offset: reader.u64(at + 24),
      size: reader.u64(at + 32),
      link: reader.u32(at + 40),
    }
    const { type, offset, size } = section
    if (type !== SECTION_TYPE.NULL && type !== SECTION_TYPE.NOBITS) reader.need(`section ${i}`, offset, size)
    return section
  })
  const names = unnamed[namesIndex]
  return unnamed.map(({ nameAt, ...section }) => ({ ...section, name: reader.text(names, nameAt) }))
}

function parseSymbols(reader: Reader, sections: readonly ElfSection[]): ElfSymbol[] {
  const table = symbolTable(sections)
  if (!table) return []
  const names = sections[table.link]
  return Array.from({ length: Math.floor(table.size / SYMBOL_SIZE) }, (_, i) => {
    const at = table.offset + i * SYMBOL_SIZE
    return {
      name: reader.text(names, reader.u32(at)),
      ...traitsOf(reader.bytes[at + 4]!),
      section: reader.u16(at + 6),
      address: reader.u64(at + 8),
      size: reader.u64(at + 16),
    }
  })
}

/** The symbol table; the dynamic one of a stripped file. */
export const symbolTable = <Section extends { readonly type: number }>(
  sections: readonly Section[],
): Section | undefined =>
  sections.find(({ type }) => type === SECTION_TYPE.SYMBOLS) ??
  sections.find(({ type }) => type === SECTION_TYPE.DYNAMIC_SYMBOLS)

/** What st_info says of a symbol. */
export function traitsOf(info: number): Pick<ElfSymbol, 'kind' | 'global'> {
  const type = info & 15
  return {
    kind: type === INDIRECT ? 'indirect' : (SYMBOL_KINDS[type] ?? 'other'),
    global: info >> 4 >= GLOBAL_BINDING,
  }
}
