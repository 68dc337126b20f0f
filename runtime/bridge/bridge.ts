/**
 * Sets up the bridge of a process in a space once the executor has loaded the guest and the host object: stubs at the guest
 * addresses of the marked functions, a thunk for every signature that host code calls the guest with.
 */
import { PLACES } from '../../base/layout.ts'
import { type Manifest, THREAD_POINTER } from '../../base/manifest.ts'
import { parseSignature } from '../../base/signature.ts'
import { Assembler } from '../../emulator/x86/assembler.ts'
import type { GuestProcess } from '../process.ts'
import type { Space } from '../space.ts'
import type { CodeRange, Translation } from '../translation.ts'
import type { Site } from './code.ts'
import { emitEdgeCounter } from './edges.ts'
import { entryWords } from './entries.ts'
import { place } from './placement.ts'
import { emitEmulatedStub, emitStub } from './stub.ts'
import { type EntryTable, emitThreadPointer, emitThunk } from './thunk.ts'

export interface BridgeOptions {
  readonly manifest: Manifest
  /** Bytes from `ferry_thunks` to `ferry_entries`; undefined when host code does not look entries up. */
  readonly entries: number | undefined
  /** Which functions run on the host. */
  readonly enabled: (name: string) => boolean
  /** Count calls and time in the session's counters (index = place in the manifest), emulated functions too. */
  readonly measure: boolean
  /** What is added to the addresses in the file. */
  readonly bias: number
  /** Addresses of the host object's arrays in the executor, 0 without one. */
  readonly functions: number
  readonly thunks: number
  /** Offset from fs of the executor's pointer to the CPU state. */
  readonly tlsOffset: bigint
}

/** What stands at the guest address of a function that runs on the host. */
export type Stub = readonly [pc: number, offset: number]

export class Bridge {
  readonly #translation: Translation
  readonly #space: Space
  readonly #process: GuestProcess

  constructor(translation: Translation, space: Space, process: GuestProcess) {
    this.#translation = translation
    this.#space = space
    this.#process = process
  }

  /**
   * Places stubs and thunks, and tells the host object of the thunks. The stubs are the caller's to publish: pairs of guest pc and
   * offset. `codeRange` is the executable range of the guest that holds `pc`: the program's mapping, for the measuring wrappers.
   */
  install(options: BridgeOptions, codeRange: (pc: number) => CodeRange): readonly Stub[] {
    const { manifest, bias, functions, thunks, enabled, measure, entries: lookup } = options
    const count = manifest.functions.length
    const guestAddresses = manifest.functions.map(({ address }) => address + bias)
    const hostAddresses = functions === 0 ? [] : this.#words(functions, count)
    const { gates } = this.#translation.translator
    const edges = measure ? this.#edgeCounter() : undefined
    const direct: (readonly [pc: number, host: bigint])[] = []
    const emulated: number[] = []
    const stubs: Stub[] = []
    for (const [index, { name, signature }] of manifest.functions.entries()) {
      const pc = guestAddresses[index]!
      if (!enabled(name) || hostAddresses.length === 0) {
        emulated.push(index)
        continue
      }
      const host = hostAddresses[index]!
      const site = newSite()
      emitStub(site, gates, signature, host, edges === undefined ? undefined : { index, pc, edges })
      stubs.push([pc, this.#place(site)])
      if (place(parseSignature(signature)).identical) direct.push([pc, host])
    }
    if (measure) {
      // bodies first: their entries must not be published over the wrappers
      for (const index of emulated) {
        const pc = guestAddresses[index]!
        const body = this.#translation.body(this.#space, this.#process, pc, codeRange(pc))
        if (body < 0) continue
        const site = newSite()
        emitEmulatedStub(site, gates, body, index)
        this.#space.cache.publish(pc, this.#place(site))
      }
    }
    if (thunks === 0) return stubs
    const entries = this.#entryTable(direct)
    if (lookup !== undefined) this.#write(thunks + lookup, [PLACES.CODE_CACHE + entries.offset, entries.mask * 2])
    const addresses = manifest.thunks.map(signature => {
      const site = newSite()
      if (signature === THREAD_POINTER) emitThreadPointer(site, options.tlsOffset)
      else emitThunk(site, gates, signature, options.tlsOffset, entries, edges)
      return PLACES.CODE_CACHE + this.#place(site)
    })
    this.#write(thunks, addresses)
    return stubs
  }

  #write(address: number, words: readonly number[]): void {
    this.#process.memory.write(address, new Uint8Array(BigUint64Array.from(words, BigInt).buffer))
  }

  #edgeCounter(): number {
    const site = newSite()
    emitEdgeCounter(site)
    return this.#place(site)
  }

  #words(address: number, count: number): bigint[] {
    const bytes = this.#process.memory.read(address, count * 8)
    return [...new BigUint64Array(bytes.slice().buffer, 0, bytes.length >> 3)]
  }

  #place({ asm, references }: Site): number {
    return this.#space.cache.placeFixed(asm.finish(), references)
  }

  #entryTable(direct: readonly (readonly [number, bigint])[]): EntryTable {
    const { words, mask } = entryWords(direct)
    return { offset: this.#space.cache.placeFixed(new Uint8Array(words.buffer)), mask }
  }
}

function newSite(): Site {
  return { asm: new Assembler({ capacity: 1024 }), references: [] }
}
