/**
 * Where the functions of the C library that have native ones (emulator/native) stand in guest memory.
 *
 * A file is taken for a C library when it defines `__libc_start_main`: libc.so.6 of glibc, the one of musl, and every program linked
 * statically with either. So neither a program's own memcpy nor a library that is loaded in front of the C library loses its calls. In a
 * program linked statically a function of the program's own comes before those of the C library, of which `__libc_start_main` is
 * the first to be linked: what stands before it is not taken.
 *
 * Names are those of global symbols. What a symbol of an indirect function (STT_GNU_IFUNC) chooses from is in no symbol table of a
 * stripped library: it is the code whose address the function makes (auipc and addi of one register).
 */
import { statSync } from 'node:fs'
import type { ElfImage } from '../base/elf/image.ts'
import { definesSymbol, symbolsNamed } from '../base/elf/named.ts'
import { type ElfSymbol, SEGMENT_FLAG, SEGMENT_TYPE } from '../base/elf/types.ts'
import { NATIVE_NAMES, type NativeFunction, nativeFunctionOf } from '../emulator/native/functions.ts'
import { Decoded, decode } from '../emulator/riscv/decode.ts'
import { Op } from '../emulator/riscv/table.ts'
import { identityWords, PRIVATE } from './facts.ts'
import type { GuestProcess } from './process.ts'
import { imageOf } from './symbols.ts'

/** By guest pc. */
export type NativeEntries = ReadonlyMap<number, NativeFunction>

const START = '__libc_start_main'
const UNDEFINED = 0

/** What is known of the code of files, by identity and place of the mapping (facts.ts). */
export class NativeLibc {
  readonly #known = new Map<string, NativeEntries | undefined>()

  /** The functions of the mapped file that the code at `pc` is from; undefined when it has none. */
  at(process: GuestProcess, pc: number): NativeEntries | undefined {
    const identity = process.facts.at(pc)?.identity
    if (identity === undefined || identity === PRIVATE) return undefined
    if (!this.#known.has(identity)) this.#known.set(identity, find(process, pc, identity))
    return this.#known.get(identity)
  }
}

function find(process: GuestProcess, pc: number, identity: string): NativeEntries | undefined {
  const { device, inode, changed, distance } = identityWords(identity)
  const path = process.files.pathAt(pc)
  const stat = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true })
  if (stat?.dev !== device || stat.ino !== inode || stat.ctimeNs !== changed) return undefined
  // nearly every file is none, and need not be read
  const image = definesSymbol(path!, START) ? imageOf(path!) : undefined
  if (image === undefined) return undefined
  const entries = new Map<number, NativeFunction>()
  for (const [address, name] of nativeFunctionsOf(image)) {
    const segment = image.segments.find(
      ({ type, address: start, fileSize }) =>
        type === SEGMENT_TYPE.LOAD && address >= start && address < start + fileSize,
    )!
    entries.set(address - segment.address + segment.offset - Number(distance), name)
  }
  return entries.size > 0 ? entries : undefined
}

/** The functions of a file that have native ones, by their addresses in it. */
export function nativeFunctionsOf(image: ElfImage): NativeEntries {
  const symbols = symbolsNamed(image, [START, ...NATIVE_NAMES]).filter(
    ({ global, section }) => global && section !== UNDEFINED,
  )
  const start = symbols.find(({ name, kind }) => name === START && kind === 'function')
  if (start === undefined) return new Map()
  const first = isExported(image, START) ? 0 : start.address
  const found = new Map<number, NativeFunction>()
  const take = (address: number, name: NativeFunction): void => {
    if (address >= first && isCode(image, address)) found.set(address, name)
  }
  for (const symbol of symbols) {
    const name = nativeFunctionOf(symbol.name)
    if (name === undefined) continue
    if (symbol.kind === 'function') take(symbol.address, name)
    else if (symbol.kind === 'indirect') for (const address of choicesOf(image, symbol)) take(address, name)
  }
  return found
}

/** Whether it is a library: other files may bind to the symbol. */
function isExported(image: ElfImage, name: string): boolean {
  return Buffer.from(image.sectionBytes('.dynstr') ?? []).includes(`\0${name}\0`)
}

function isCode({ segments }: ElfImage, address: number): boolean {
  return segments.some(
    ({ type, flags, address: start, fileSize }) =>
      type === SEGMENT_TYPE.LOAD &&
      (flags & SEGMENT_FLAG.EXECUTE) !== 0 &&
      address >= start &&
      address < start + fileSize,
  )
}

/** The addresses that a function makes, as far as they are fixed. */
function choicesOf(image: ElfImage, { address, size }: ElfSymbol): number[] {
  const bytes = image.bytesAt(address, size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoded = new Decoded()
  const choices: number[] = []
  let upper: { readonly rd: number; readonly value: number } | undefined
  for (let at = 0; at + 2 <= bytes.length; at += decoded.length) {
    const word = view.getUint16(at, true) | (at + 4 <= bytes.length ? view.getUint16(at + 2, true) << 16 : 0)
    if (!decode(word >>> 0, decoded)) break
    const { op, rd, rs1, imm } = decoded
    if (op === Op.addi && upper?.rd === rs1) choices.push(upper.value + imm)
    upper = op === Op.auipc ? { rd, value: address + at + imm } : undefined
  }
  return choices
}
