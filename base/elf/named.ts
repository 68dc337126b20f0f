/** Looks for a few symbols, without making objects of all of them; some files have a hundred thousand. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { ElfImage } from './image.ts'
import { traitsOf } from './parse.ts'
import { type ElfSymbol, SECTION_TYPE } from './types.ts'

/** Bytes of the ELF header, of a section header, of a symbol (System V gABI, ELF-64). */
const HEADER_SIZE = 64
const SECTION_SIZE = 64
const SYMBOL_SIZE = 24
const MAGIC = 0x464c457f
const UNDEFINED = 0

interface Table {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

/**
 * Whether a file defines a symbol: in its symbol table, or in the dynamic one when there is no other. Not all of the file is
 * read. False for what is no ELF file.
 */
export function definesSymbol(path: string, name: string): boolean {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    const read = (offset: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset))
    }
    const tables = readSections(read)
    const table =
      tables.find(({ type }) => type === SECTION_TYPE.SYMBOLS) ??
      tables.find(({ type }) => type === SECTION_TYPE.DYNAMIC_SYMBOLS)
    const strings = table && tables[table.link]
    if (strings === undefined) return false
    const places = placesOf(read(strings.offset, strings.size), `${name}\0`)
    return places.size > 0 && hasDefinition(read(table!.offset, table!.size), places)
  } catch {
    return false
  } finally {
    closeSync(fd)
  }
}

function readSections(read: (offset: number, length: number) => Buffer): Table[] {
  const header = read(0, HEADER_SIZE)
  if (header.length < HEADER_SIZE || header.readUInt32LE(0) !== MAGIC) return []
  const count = header.readUInt16LE(60)
  const bytes = read(Number(header.readBigUInt64LE(40)), count * SECTION_SIZE)
  return Array.from({ length: Math.floor(bytes.length / SECTION_SIZE) }, (_, index) => {
    const at = index * SECTION_SIZE
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
    }
  })
}

/** Where a text begins: also inside another one, with which it may share its end. */
function placesOf(strings: Buffer, text: string): Set<number> {
  const places = new Set<number>()
  for (let at = strings.indexOf(text); at >= 0; at = strings.indexOf(text, at + 1)) places.add(at)
  return places
}

function hasDefinition(symbols: Buffer, names: ReadonlySet<number>): boolean {
  for (let at = 0; at + SYMBOL_SIZE <= symbols.length; at += SYMBOL_SIZE)
    if (names.has(symbols.readUInt32LE(at)) && symbols.readUInt16LE(at + 6) !== UNDEFINED) return true
  return false
}

/** The symbols of an image that have these names, as `image.symbols` has them. */
export function symbolsNamed({ bytes, sections }: ElfImage, names: Iterable<string>): ElfSymbol[] {
  const table =
    sections.find(({ type }) => type === SECTION_TYPE.SYMBOLS) ??
    sections.find(({ type }) => type === SECTION_TYPE.DYNAMIC_SYMBOLS)
  const strings = table && sections[table.link]
  if (strings === undefined) return []
  const part = ({ offset, size }: Pick<Table, 'offset' | 'size'>): Buffer =>
    Buffer.from(bytes.buffer, bytes.byteOffset + offset, size)
  const [texts, symbols] = [part(strings), part(table!)]
  const named = new Map<number, string>()
  for (const name of names) for (const place of placesOf(texts, `${name}\0`)) named.set(place, name)
  const found: ElfSymbol[] = []
  for (let at = 0; at + SYMBOL_SIZE <= symbols.length; at += SYMBOL_SIZE) {
    const name = named.get(symbols.readUInt32LE(at))
    if (name === undefined) continue
    found.push({
      name,
      ...traitsOf(symbols[at + 4]!),
      section: symbols.readUInt16LE(at + 6),
      address: Number(symbols.readBigUInt64LE(at + 8)),
      size: Number(symbols.readBigUInt64LE(at + 16)),
    })
  }
  return found
}
