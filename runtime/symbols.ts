/** Names for guest addresses of a process: from the symbol tables of the files that are mapped there. */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { parseElf } from '../base/elf/parse.ts'
import type { ElfImage } from '../base/elf/read.ts'
import { SEGMENT_TYPE } from '../base/elf/types.ts'

export interface GuestPlace {
  /** A function or label; the file's name when no symbol is known. */
  readonly name: string
  /** Bytes from it; from the file's first address without a symbol. */
  readonly offset: number
  /** Name of the shared library, undefined for the program itself. */
  readonly file?: string
}

/** A part of a file in memory (proc(5), /proc/pid/maps). */
interface MappedFile {
  readonly start: number
  readonly end: number
  readonly offset: number
  readonly path: string
}

/** By path and state of the file: many processes map the same ones. Undefined for what is no ELF file. */
const images = new Map<string, ElfImage | undefined>()

/** The files that a process has mapped, as of the last look. */
export class MappedFiles {
  readonly #pid: number
  #files: readonly MappedFile[] = []

  constructor(pid: number) {
    this.#pid = pid
  }

  /** The place of `pc` in a mapped file, undefined when none is mapped there. Looks at the process when it is not known. */
  placeAt(pc: number): GuestPlace | undefined {
    const found = this.#find(pc) ?? this.#look(pc)
    if (found === undefined) return undefined
    const image = imageOf(found.path)
    const inFile = pc - found.start + found.offset
    const segment = image?.segments.find(
      ({ type, offset, fileSize }) => type === SEGMENT_TYPE.LOAD && inFile >= offset && inFile < offset + fileSize,
    )
    if (image === undefined || segment === undefined) return undefined
    const address = segment.address + inFile - segment.offset
    const file = basename(found.path)
    const symbol = image.symbolAt(address)
    return symbol ? { name: symbol.name, offset: symbol.offset, file } : { name: file, offset: address, file }
  }

  /** Path of the file that is mapped at an address, as ferry sees it. */
  pathAt(address: number): string | undefined {
    return (this.#find(address) ?? this.#look(address))?.path
  }

  /** What was known is not so any more. */
  forget(): void {
    this.#files = []
  }

  #find(pc: number): MappedFile | undefined {
    return this.#files.find(({ start, end }) => pc >= start && pc < end)
  }

  #look(pc: number): MappedFile | undefined {
    try {
      this.#files = readFileSync(`/proc/${this.#pid}/maps`, 'utf8').split('\n').flatMap(parseLine)
    } catch {
      // the process is gone
    }
    return this.#find(pc)
  }
}

function parseLine(line: string): MappedFile[] {
  const [, start, end, offset, path] = /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+ +(\/.*)$/.exec(line) ?? []
  if (path === undefined) return []
  const number = (digits: string | undefined): number => Number.parseInt(digits!, 16)
  return [{ start: number(start), end: number(end), offset: number(offset), path }]
}

/** The ELF file at a path; undefined when it is none. */
export function imageOf(path: string): ElfImage | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) return undefined
  const key = `${path}\0${stat.dev}:${stat.ino}:${stat.mtimeMs}`
  if (!images.has(key)) images.set(key, readImage(path))
  return images.get(key)
}

function readImage(path: string): ElfImage | undefined {
  try {
    return parseElf(readFileSync(path), path)
  } catch {
    return undefined
  }
}
