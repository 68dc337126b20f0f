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
import { emitCheckedStub } from './checked.ts'
import type { Site } from './code.ts'
import { emitEdgeCounter } from './edges.ts'
import { type EntryRow, entryWords, withAddresses } from './entries.ts'
import { place } from './placement.ts'
import { emitEmulatedStub, emitStub } from './stub.ts'
import type { BridgeTemplate, Stub } from './template.ts'
import { emitThreadPointer, emitThunk } from './thunk.ts'

export interface BridgeOptions {
  readonly manifest: Manifest
  /** Bytes from `ferry_thunks` to `ferry_entries`; undefined when host code does not look entries up. */
  readonly entries: number | undefined
  /** Which functions run on the host. */
  readonly enabled: (name: string) => boolean
  /** Count calls and time in the session's counters (index = place in the manifest), emulated functions too. */
  readonly measure: boolean
  /** Functions without effects run on both sides, and their results are compared; others run emulated. */
  readonly check: boolean
  /** What is added to the addresses in the file. */
  readonly bias: number
  /** Addresses of the host object's arrays in the executor, 0 without one. */
  readonly functions: number
  readonly thunks: number
  /** Offset from fs of the executor's pointer to the CPU state. */
  readonly tlsOffset: bigint
}

/** Bytes of an address in the tables. */
const WORD = 8

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
   * Places stubs and thunks, and tells the host object of the thunks. The stubs are the caller's to publish.
   * `codeRange` is the executable range of the guest that holds `pc`: the program's mapping, for the measuring wrappers and
   * what is checked.
   */
  install(options: BridgeOptions, codeRange: (pc: number) => CodeRange): BridgeTemplate {
    const { manifest, bias, functions, thunks, enabled, measure, check, entries: lookup } = options
    const guestAddresses = manifest.functions.map(({ address }) => address + bias)
    const addresses = functions === 0 ? new BigUint64Array() : this.#words(functions, manifest.functions.length)
    const { gates } = this.#translation.translator
    const edges = measure ? this.#edgeCounter() : undefined
    const hosts = this.#fix(addresses)
    const direct: EntryRow[] = []
    const emulated: number[] = []
    const stubs: Stub[] = []
    for (const [index, { name, signature, pure }] of manifest.functions.entries()) {
      const pc = guestAddresses[index]!
      // what has effects runs emulated: host code would call the others without a look at their results
      if (!enabled(name) || (check && pure !== true) || addresses.length === 0) {
        emulated.push(index)
        continue
      }
      const body = check ? this.#translation.body(this.#space, this.#process, pc, codeRange(pc)) : -1
      const site = newSite()
      if (body >= 0) {
        emitCheckedStub(site, gates, { signature, host: hosts + index * WORD, body, pc })
        stubs.push([pc, this.#place(site)])
        continue
      }
      const counted = edges === undefined ? undefined : { index, pc, edges }
      emitStub(site, gates, signature, hosts + index * WORD, counted)
      stubs.push([pc, this.#place(site)])
      if (place(parseSignature(signature)).identical) direct.push([pc, index])
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
    const { words, mask } = entryWords(direct)
    const entries = { offset: this.#fix(withAddresses(words, addresses)), mask }
    const offsets = manifest.thunks.map(signature => {
      const site = newSite()
      if (signature === THREAD_POINTER) emitThreadPointer(site, options.tlsOffset)
      else emitThunk(site, gates, signature, options.tlsOffset, entries, edges)
      return this.#place(site)
    })
    if (thunks !== 0) {
      const inCache = (offset: number) => PLACES.CODE_CACHE + offset
      if (lookup !== undefined) this.#write(thunks + lookup, [inCache(entries.offset), mask * 2])
      this.#write(thunks, offsets.map(inCache))
    }
    const start = this.#space.cache.fixedStart
    const table = { entries: entries.offset, numbered: words }
    return { stubs, start, hosts, functions: addresses.length, ...table, thunks: offsets }
  }

  #write(address: number, words: readonly number[]): void {
    this.#process.memory.write(address, new Uint8Array(BigUint64Array.from(words, BigInt).buffer))
  }

  #edgeCounter(): number {
    const site = newSite()
    emitEdgeCounter(site)
    return this.#place(site)
  }

  #words(address: number, count: number): BigUint64Array {
    const bytes = this.#process.memory.read(address, count * WORD)
    return new BigUint64Array(bytes.slice().buffer, 0, Math.floor(bytes.length / WORD))
  }

  #place({ asm, references }: Site): number {
    return this.#space.cache.placeFixed(asm.finish(), references)
  }

  #fix({ buffer }: BigUint64Array): number {
    return this.#space.cache.placeFixed(new Uint8Array(buffer))
  }
}

function newSite(): Site {
  return { asm: new Assembler({ capacity: 1024 }), references: [] }
}
