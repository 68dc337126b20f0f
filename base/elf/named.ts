/** Looks for a few symbols, without making objects of all of them; some files have a hundred thousand. */
import { askFile, type Part } from './file.ts'
import type { ElfImage } from './image.ts'
import { symbolTable, traitsOf } from './parse.ts'
import type { ElfSymbol } from './types.ts'

/** Bytes of a symbol (System V gABI, ELF-64). */
const SYMBOL_SIZE = 24
const UNDEFINED = 0

/**
 * Whether a file defines a symbol: in its symbol table, or in the dynamic one when there is no other. False for what is no ELF
 * file.
 */
export function definesSymbol(path: string, name: string): boolean {
  return askFile(
    path,
    ({ sections, read }) => {
      const table = symbolTable(sections)
      const strings = table && sections[table.link]
      if (strings === undefined) return false
      const places = placesOf(read(strings), `${name}\0`)
      return places.size > 0 && hasDefinition(read(table!), places)
    },
    false,
  )
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
  const table = symbolTable(sections)
  const strings = table && sections[table.link]
  if (strings === undefined) return []
  const part = ({ offset, size }: Part): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset + offset, size)
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
