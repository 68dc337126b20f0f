/** The host functions of the hybrid programs of a run: which are wanted, and their bridge in a space. */
import { FerryError } from '../base/diagnostics.ts'
import type { ElfImage } from '../base/elf/read.ts'
import { SEGMENT_FLAG } from '../base/elf/types.ts'
import { Bridge } from './bridge/bridge.ts'
import { checkHostCpu, type Hybrid } from './hybrid.ts'
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

  /**
   * @param first the first program, which is checked, and what it is called in messages; undefined when it has begun already
   * @param measure count calls and time of the first program's marked functions, the emulated ones too
   * @throws FerryError `offload-name`, `hybrid-corrupt`, `host-cpu-lacks`
   */
  constructor(choice: OffloadChoice, first?: { readonly path: string; readonly program: Program }, measure = false) {
    this.#choice = choice
    this.#first = first?.program
    this.#measure = measure
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

  /**
   * Before a program is loaded: gives the process its host object. The address of the reference table (bias not included),
   * or undefined for a program without host functions that are wanted. @throws FerryError as the constructor
   */
  prepare(process: GuestProcess, tree: TreeMemory): number | undefined {
    const hybrid = this.#hybridOf(process.program!)
    if (hybrid === undefined || !this.#onHost(hybrid)) return undefined
    if (process.program !== this.#first) checkHostCpu(process.program!.path, hybrid.manifest)
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

  /** Puts the bridge of a loaded program into a space that holds nothing yet: at the same places every time. */
  install(translation: Translation, space: Space, process: GuestProcess, tlsOffset: bigint): void {
    const { program, info } = process
    if (program === undefined || info === undefined) return
    const hybrid = this.#hybridOf(program)
    const measure = this.#measure && program === this.#first
    if (hybrid === undefined || !(measure || this.#onHost(hybrid))) return
    new Bridge(translation, space, process).install(
      {
        manifest: hybrid.manifest,
        entries: hybrid.entries,
        enabled: this.enabled,
        measure,
        info,
        tlsOffset,
      },
      pc => {
        const [start, end] = codeSegment(program.elf, pc - info.bias)
        return { start: start + info.bias, end: end + info.bias }
      },
    )
  }

  #hybridOf(program: Program): Hybrid | undefined {
    const wanted = this.#choice !== 'off' || (this.#measure && program === this.#first)
    return wanted ? program.hybrid : undefined
  }

  #onHost({ manifest }: Hybrid): boolean {
    return manifest.functions.some(({ name }) => this.enabled(name))
  }
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
