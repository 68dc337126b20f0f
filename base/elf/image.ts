/** A parsed ELF file: lookups on what parse.ts read. */
import type { ElfHeader, ElfSection, ElfSegment, ElfSymbol } from './types.ts'
import { SECTION_TYPE, SEGMENT_TYPE } from './types.ts'

export interface SymbolPlace {
  readonly name: string
  /** Bytes from the symbol's start. */
  readonly offset: number
  readonly symbol: ElfSymbol
}

export class ElfImage {
  readonly path: string
  readonly bytes: Uint8Array
  readonly header: ElfHeader
  readonly segments: readonly ElfSegment[]
  readonly sections: readonly ElfSection[]
  readonly #readSymbols: () => readonly ElfSymbol[]
  #symbols: readonly ElfSymbol[] | undefined
  #byName: ReadonlyMap<string, ElfSymbol> | undefined
  #byAddress: readonly ElfSymbol[] | undefined

  /** @param readSymbols reads the symbol table when it is asked for: most runs never do. */
  constructor(
    fields: Pick<ElfImage, 'path' | 'bytes' | 'header' | 'segments' | 'sections'>,
    readSymbols: () => readonly ElfSymbol[],
  ) {
    this.path = fields.path
    this.bytes = fields.bytes
    this.header = fields.header
    this.segments = fields.segments
    this.sections = fields.sections
    this.#readSymbols = readSymbols
  }

  get symbols(): readonly ElfSymbol[] {
    return (this.#symbols ??= this.#readSymbols())
  }

  /** The program interpreter of a dynamically linked program. */
  get interpreter(): string | undefined {
    const segment = this.segments.find(({ type }) => type === SEGMENT_TYPE.INTERPRETER)
    if (!segment) return undefined
    return Buffer.from(this.bytes.subarray(segment.offset, segment.offset + segment.fileSize))
      .toString()
      .replace(/\0.*$/s, '')
  }

  section(name: string): ElfSection | undefined {
    return this.sections.find(section => section.name === name)
  }

  /** Content of a section; empty for one without bytes in the file, undefined when there is none of that name. */
  sectionBytes(name: string): Uint8Array | undefined {
    const section = this.section(name)
    if (!section) return undefined
    const size = section.type === SECTION_TYPE.NOBITS ? 0 : section.size
    return this.bytes.subarray(section.offset, section.offset + size)
  }

  /** A defined symbol; a global one before a local one of the same name. */
  symbol(name: string): ElfSymbol | undefined {
    if (!this.#byName) {
      const map = new Map<string, ElfSymbol>()
      for (const symbol of this.symbols) {
        if (symbol.section !== 0 && (symbol.global || !map.has(symbol.name))) map.set(symbol.name, symbol)
      }
      this.#byName = map
    }
    return this.#byName.get(name)
  }

  /** The function or labelled code that an address (as in the file) belongs to. */
  symbolAt(address: number): SymbolPlace | undefined {
    this.#byAddress ??= this.symbols.filter(isPlace).sort(byAddress)
    const list = this.#byAddress
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (list[middle]!.address <= address) low = middle + 1
      else high = middle
    }
    const symbol = list[low - 1]
    if (!symbol) return undefined
    const section = this.sections[symbol.section]
    // Labels reach to the end of their section: nothing beyond the program belongs to `_end`.
    const end = symbol.size > 0 ? symbol.address + symbol.size : section ? section.address + section.size : address + 1
    if (address >= end) return undefined
    return { name: symbol.name, offset: address - symbol.address, symbol }
  }

  /** Bytes of the file that are loaded at an address: up to `length`, fewer at the end of a segment. */
  bytesAt(address: number, length: number): Uint8Array {
    for (const { type, address: start, fileSize, offset } of this.segments) {
      if (type !== SEGMENT_TYPE.LOAD || address < start || address >= start + fileSize) continue
      const from = offset + address - start
      return this.bytes.subarray(from, Math.min(from + length, offset + fileSize))
    }
    return this.bytes.subarray(0, 0)
  }
}

/** First of the section indices that name no section, such as that of absolute symbols (gABI, section header: SHN_LORESERVE). */
const RESERVED_SECTIONS = 0xff00

/** Mapping symbols ($x, $d of the psABI), local labels and absolute values name no place. */
function isPlace({ name, kind, section }: ElfSymbol): boolean {
  return (
    section !== 0 &&
    section < RESERVED_SECTIONS &&
    name !== '' &&
    (kind === 'function' || kind === 'none') &&
    !/^(\$|\.L)/.test(name)
  )
}

/** At one address, the name to show is the last: functions behind plain labels, global ones behind local ones, `malloc` behind `__malloc`. */
function byAddress(a: ElfSymbol, b: ElfSymbol): number {
  const rank = ({ kind, global, name }: ElfSymbol) =>
    (kind === 'function' ? 4 : 0) + (global ? 2 : 0) + (name.startsWith('_') ? 0 : 1)
  return a.address - b.address || rank(a) - rank(b)
}
