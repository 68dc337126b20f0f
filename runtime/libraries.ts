/**
 * Hybrid libraries of a process: shared objects with host functions (base/manifest.ts) that the guest's own loader maps. When
 * executable code of one is mapped, the executor loads its host object, and the stubs of its functions are published
 * in the process's space, which is a private one from then on. A library that was unmapped keeps its bridge, for when it comes
 * back to the same place: host code of it may be on the stack.
 */
import { readFileSync, statSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import { parseElf } from '../base/elf/read.ts'
import { SEGMENT_FLAG, SEGMENT_TYPE } from '../base/elf/types.ts'
import type { Stub } from './bridge/template.ts'
import type { Mapped } from './handlers.ts'
import { checkHostCpu, type Hybrid } from './hybrid.ts'
import type { GuestProcess } from './process.ts'
import { namesManifest, Program } from './program.ts'

/** A library in a process, as plain data. */
export interface Library {
  readonly path: string
  /** Device, inode and time of the last change: another file may be at the path later. */
  readonly file: string
  /** What is added to the addresses in the file. */
  readonly bias: number
  /** Addresses of the host object's arrays in the executor. */
  functions: number
  thunks: number
  /** Bytes of the code cache in front of which its bridge was placed: there in every space. */
  top: number
  /** Of its functions, once they are placed. */
  stubs: readonly Stub[]
}

const PAGE = 4096

/** What is known of the files of a tree that were mapped as code; undefined for what is no hybrid library. */
export class LibraryFiles {
  readonly #known = new Map<string, Program | undefined>()
  readonly #say: (text: string) => void

  /** @param say is told why a library runs emulated */
  constructor(say: (text: string) => void) {
    this.#say = say
  }

  /** The library that a new mapping belongs to, if it is not the process's program. */
  find(process: GuestProcess, mapped: Mapped): Library | undefined {
    if (mapped.inode === 0n) return undefined
    const file = fileOf(mapped)
    if (!this.#known.has(file)) this.#known.set(file, this.#open(process, mapped, file))
    const program = this.#known.get(file)
    if (program === undefined || isProgram(process, program)) return undefined
    const bias = biasOf(program, mapped)
    const known = process.libraries.find(library => library.file === file && library.bias === bias)
    return known ?? { path: program.path, file, bias, functions: 0, thunks: 0, top: 0, stubs: [] }
  }

  /** What a library says of itself; undefined when its file is another one now. */
  hybrid({ path, file }: Library): Hybrid | undefined {
    if (!this.#known.has(file)) {
      const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
      const same = stat && file === fileOf({ device: stat.dev, inode: stat.ino, time: stat.ctimeNs })
      this.#known.set(file, same ? this.#read(path) : undefined)
    }
    return this.#known.get(file)?.hybrid
  }

  #open(process: GuestProcess, mapped: Mapped, file: string): Program | undefined {
    const path = process.files.pathAt(mapped.start)
    const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true })
    const same = stat && file === fileOf({ device: stat.dev, inode: stat.ino, time: stat.ctimeNs })
    return same ? this.#read(path!) : undefined
  }

  /** A library whose host object can not be used runs emulated. */
  #read(path: string): Program | undefined {
    if (!namesManifest(path)) return undefined
    try {
      const program = new Program(path, parseElf(readFileSync(path), path))
      if (program.hybrid) checkHostCpu(path, program.hybrid.manifest)
      return program.hybrid && program
    } catch (error) {
      if (!(error instanceof FerryError)) throw error
      this.#say(`ferry: ${error.message}`)
      return undefined
    }
  }
}

function fileOf({ device, inode, time }: Pick<Mapped, 'device' | 'inode' | 'time'>): string {
  return `${device}:${inode}:${time}`
}

function isProgram({ program }: GuestProcess, library: Program): boolean {
  if (program === undefined) return false
  const [own, other] = [program.path, library.path].map(path => statSync(path, { throwIfNoEntry: false }))
  return own !== undefined && own.dev === other?.dev && own.ino === other.ino
}

/** From where the part of the file that is mapped stands in its segments. */
function biasOf({ elf }: Program, { start, offset }: Mapped): number {
  const at = Number(offset)
  const here = elf.segments.filter(
    ({ type, offset: from, fileSize }) =>
      type === SEGMENT_TYPE.LOAD && at >= from - (from % PAGE) && at < from + fileSize,
  )
  const segment = here.find(({ flags }) => (flags & SEGMENT_FLAG.EXECUTE) !== 0) ?? here[0]
  return segment === undefined ? start - at : start - (segment.address + at - segment.offset)
}
