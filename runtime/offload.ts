/** The host functions of the hybrid programs of a run: which are wanted, and their bridge in a space. */
import { FerryError } from '../base/diagnostics.ts'
import type { ElfImage } from '../base/elf/read.ts'
import { SEGMENT_FLAG } from '../base/elf/types.ts'
import { Bridge } from './bridge/bridge.ts'
import type { Hosted, Mapped } from './handlers.ts'
import { checkHostCpu, type Hybrid } from './hybrid.ts'
import { type Library, LibraryFiles } from './libraries.ts'
import type { GuestProcess } from './process.ts'
import type { Program } from './program.ts'
import type { Space } from './space.ts'
import type { Translation } from './translation.ts'
import type { TreeMemory } from './tree-memory.ts'

/** Which marked functions run on the host. */
export type OffloadChoice = 'on' | 'off' | readonly string[]

export class Offload {
  /** Of the first program, when it is wanted. */
  readonly hybrid: Hybrid | undefined = undefined
  readonly #choice: OffloadChoice
  readonly #first: Program | undefined
  readonly #measure: boolean
  readonly #check: boolean
  readonly #files: LibraryFiles
  /** By the address of the reference table: libraries whose host objects the executors load. */
  readonly #loading = new Map<number, Library>()

  /**
   * @param first the first program, which is checked, and what it is called in messages; undefined when it has begun already
   * @param say is told of libraries that can not be used
   * @param measure count calls and time of the first program's marked functions, the emulated ones too
   * @param check call functions of the first program that have no effects on both sides
   * @throws FerryError `offload-name`, `hybrid-corrupt`, `host-cpu-lacks`
   */
  constructor(
    choice: OffloadChoice,
    say: (text: string) => void,
    first?: { readonly path: string; readonly program: Program },
    measure = false,
    check = false,
  ) {
    this.#choice = choice
    this.#files = new LibraryFiles(say)
    this.#first = first?.program
    this.#measure = measure
    this.#check = check
    if (first === undefined) return
    const { path, program } = first
    this.hybrid = this.#hybridOf(program)
    if (typeof choice === 'object') checkNames(choice, path, this.hybrid)
    if (this.hybrid && this.#onHost(this.hybrid)) checkHostCpu(path, this.hybrid.manifest)
  }

  /** Functions of the first program run on the host. */
  get used(): boolean {
    return this.hybrid !== undefined && this.#onHost(this.hybrid)
  }

  readonly enabled = (name: string): boolean =>
    typeof this.#choice === 'string' ? this.#choice === 'on' : this.#choice.includes(name)

  /** The host functions of a program that are wanted, if any. @throws FerryError as the constructor */
  wanted(program: Program): Hybrid | undefined {
    const hybrid = this.#hybridOf(program)
    if (hybrid === undefined || !this.#onHost(hybrid)) return undefined
    if (program !== this.#first) checkHostCpu(program.path, hybrid.manifest)
    return hybrid
  }

  /** Before a program is loaded: gives the process its host object. The address of the reference table (bias not included). */
  prepare(process: GuestProcess, hybrid: Hybrid, tree: TreeMemory): number {
    const memory = tree.take()
    memory.write(hybrid.hostObject)
    process.hostObject = { memory, length: hybrid.hostObject.length }
    return hybrid.references
  }

  /** Reads what the program's file says of host functions, for spaces that are made later. */
  load({ program }: GuestProcess): void {
    try {
      if (program) this.#hybridOf(program)
    } catch {
      // it is another file now
    }
  }

  /** Puts the bridges of a loaded program and its libraries into a space that holds nothing yet: at the same places every time. */
  install(translation: Translation, space: Space, process: GuestProcess, tlsOffset: bigint): void {
    this.installProgram(translation, space, process, tlsOffset)
    for (const library of process.libraries) this.#installLibrary(translation, space, process, library, tlsOffset)
  }

  /** That of a loaded program alone. */
  installProgram(translation: Translation, space: Space, process: GuestProcess, tlsOffset: bigint): void {
    const { program, info } = process
    if (program === undefined || info === undefined) return
    const hybrid = this.#hybridOf(program)
    const measure = this.#measure && program === this.#first
    if (hybrid === undefined || !(measure || this.#onHost(hybrid))) return
    const { bias, functions, thunks } = info
    const check = this.#check && program === this.#first
    const template = new Bridge(translation, space, process).install(
      {
        manifest: hybrid.manifest,
        entries: hybrid.entries,
        bias,
        functions,
        thunks,
        enabled: this.enabled,
        measure,
        check,
        tlsOffset,
      },
      pc => {
        const [start, end] = codeSegment(program.elf, pc - bias)
        return { start: start + bias, end: end + bias }
      },
    )
    for (const [pc, offset] of template.stubs) space.cache.publish(pc, offset)
    if (!measure && !check) space.bridge = { ...template, bias, hybrid }
  }

  #installLibrary(
    translation: Translation,
    space: Space,
    process: GuestProcess,
    library: Library,
    tlsOffset: bigint,
  ): void {
    const hybrid = this.#files.hybrid(library)
    if (hybrid === undefined) return
    if (library.top > 0) space.cache.fixBelow(library.top)
    else library.top = space.cache.fixedStart
    const { bias, functions, thunks } = library
    const { stubs } = new Bridge(translation, space, process).install(
      {
        ...{ manifest: hybrid.manifest, entries: hybrid.entries, bias, functions, thunks },
        ...{ enabled: this.enabled, measure: false, check: false, tlsOffset },
      },
      () => ({ start: 0, end: 0 }),
    )
    library.stubs = stubs
    publish(space, process, library, 0, Number.POSITIVE_INFINITY)
  }

  /**
   * Code of a file was mapped. When that is a hybrid library that is new in the process, its host object is given to the process;
   * the answer is the guest address of the reference table.
   */
  mapped(process: GuestProcess, mapped: Mapped, tree: TreeMemory): number | undefined {
    if (this.#choice === 'off' || process.hostObject) return undefined
    const library = this.#files.find(process, mapped)
    if (library === undefined) return undefined
    const { start, length } = mapped
    if (process.libraries.includes(library)) {
      for (const space of spacesOf(process)) publish(space, process, library, start, start + length)
      return undefined
    }
    const hybrid = this.#files.hybrid(library)!
    if (!this.#onHost(hybrid)) return undefined
    const memory = tree.take()
    memory.write(hybrid.hostObject)
    process.hostObject = { memory, length: hybrid.hostObject.length }
    const references = hybrid.references + library.bias
    this.#loading.set(references, library)
    return references
  }

  /** The host object of a library was loaded: its bridge goes into the space, which is the process's own. */
  hosted(translation: Translation, space: Space, process: GuestProcess, loaded: Hosted, tlsOffset: bigint): void {
    const library = this.#loading.get(loaded.references)
    this.#loading.delete(loaded.references)
    if (library === undefined) return
    library.functions = loaded.functions
    library.thunks = loaded.thunks
    process.libraries.push(library)
    this.#installLibrary(translation, space, process, library, tlsOffset)
  }

  /** Code of the guest in a range is gone or has changed: so are the library functions there. */
  unmapped(process: GuestProcess, start: number, length: number): void {
    for (const { stubs } of process.libraries)
      for (const [pc] of stubs)
        if (pc >= start && pc < start + length) for (const { cache } of spacesOf(process)) cache.withdraw(pc)
  }

  #hybridOf(program: Program): Hybrid | undefined {
    const wanted = this.#choice !== 'off' || (this.#measure && program === this.#first)
    return wanted ? program.hybrid : undefined
  }

  #onHost({ manifest }: Hybrid): boolean {
    return manifest.functions.some(({ name }) => this.enabled(name))
  }
}

function spacesOf({ space, next }: GuestProcess): Space[] {
  return [space, next].filter(space => space !== undefined)
}

/** Makes those functions of a library native whose code is mapped, between two addresses. */
function publish(space: Space, { facts }: GuestProcess, { file, stubs }: Library, start: number, end: number): void {
  for (const [pc, offset] of stubs)
    if (pc >= start && pc < end && facts.at(pc)?.identity.startsWith(`${file}@`)) space.cache.publish(pc, offset)
}

/** @throws FerryError `offload-name` */
function checkNames(names: readonly string[], path: string, hybrid: Hybrid | undefined): void {
  const known = hybrid?.manifest.functions.map(({ name }) => name) ?? []
  const name = names.find(name => !known.includes(name))
  if (name !== undefined) throw new FerryError('offload-name', { path, name, known: known.join(', ') || 'none' })
}

/** The executable segment that holds `address`, as in the file. */
function codeSegment(elf: ElfImage, address: number): readonly [start: number, end: number] {
  const segment = elf.segments.find(
    ({ flags, address: start, memorySize }) =>
      (flags & SEGMENT_FLAG.EXECUTE) !== 0 && address >= start && address < start + memorySize,
  )
  return segment ? [segment.address, segment.address + segment.memorySize] : [0, 0]
}
