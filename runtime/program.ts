/** Guest programs by their files. What takes time is read when it is asked for. */
import { statSync } from 'node:fs'
import { askFile } from '../base/elf/file.ts'
import type { ElfImage } from '../base/elf/read.ts'
import { readElfFile } from '../base/elf/read.ts'
import { SECTIONS } from '../base/manifest.ts'
import { type Hybrid, readHybrid } from './hybrid.ts'

export class Program {
  readonly path: string
  #elf: ElfImage | undefined
  #unreadable = false
  #hybrid: Hybrid | null | undefined

  constructor(path: string, elf?: ElfImage) {
    this.path = path
    this.#elf = elf
  }

  /** @throws FerryError when it is no program that ferry runs. */
  get elf(): ElfImage {
    return (this.#elf ??= readElfFile(this.path))
  }

  /** What it says of its host functions; undefined for a program that ferry did not build. @throws FerryError `hybrid-corrupt` */
  get hybrid(): Hybrid | undefined {
    if (this.#hybrid === undefined) {
      const whole = this.#elf !== undefined || namesManifest(this.path)
      this.#hybrid = (whole ? readHybrid(this.elf) : undefined) ?? null
    }
    return this.#hybrid ?? undefined
  }

  /** The symbol at an address of the file. */
  symbolAt(address: number): { readonly name: string; readonly offset: number } | undefined {
    if (this.#unreadable) return undefined
    try {
      return this.elf.symbolAt(address)
    } catch {
      this.#unreadable = true
      return undefined
    }
  }
}

/** Programs whose files were read and may be started again. */
const REMEMBERED = 16

/** The programs of a process tree. */
export class Programs {
  #first: Program | undefined
  /** By path and the state of the file, the one used last at the end. */
  readonly #known = new Map<string, Program>()

  /** @param first undefined when it has begun already */
  constructor(first?: Program) {
    this.#first = first
  }

  /** The program at `path` as process `pid` sees it. The first call opens the first program. */
  open(path: string, pid: number): Program {
    const first = this.#first
    this.#first = undefined
    if (first) return first
    const file = path.replace(/^\/proc\/self\//, `/proc/${pid}/`)
    const key = fileKey(file)
    const program = this.#known.get(key) ?? new Program(file)
    this.#known.delete(key)
    this.#known.set(key, program)
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    return program
  }
}

function fileKey(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return `${path}\0${stat?.dev}:${stat?.ino}:${stat?.mtimeNs}:${stat?.size}`
}

/** Whether an ELF file has a manifest of ferry's: without reading all of it. False for what is no such file. */
export function namesManifest(path: string): boolean {
  return askFile(
    path,
    ({ names, read }) => names !== undefined && read(names).includes(`\0${SECTIONS.manifest}\0`),
    false,
  )
}
