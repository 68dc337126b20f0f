/** `--log=asm-in,asm-out,ir`: what the translator reads and writes, to stderr. */
import { PLACES } from '../base/layout.ts'
import type { Gates } from '../emulator/gates.ts'
import type { Region } from '../emulator/region.ts'
import { Decoded, decode } from '../emulator/riscv/decode.ts'
import { printInstruction } from '../emulator/riscv/print.ts'
import type { Translator } from '../emulator/translate.ts'
import { Disassembler, type HostInstruction } from './disassembler.ts'
import type { GuestMemory } from './guest-memory.ts'
import { placeName, type SymbolLookup } from './profile/profile.ts'

export const LOG_CATEGORIES = ['asm-in', 'asm-out', 'ir', 'strace'] as const
export type LogCategory = (typeof LOG_CATEGORIES)[number]

const GATE_NAMES = ['enter', 'resume', 'miss', 'mismatch', 'syscall', 'trap', 'fence', 'leave'] as const
/** Column of the guest pc behind a host instruction. */
const MARK_COLUMN = 72

export interface LogOptions {
  readonly categories: ReadonlySet<string>
  readonly write: (text: string) => void
}

/** Where a region comes from and where it was placed. */
export interface LogContext {
  readonly memory: GuestMemory
  /** The code cache: what was placed there is printed with the addresses that were patched in. */
  readonly code: Uint8Array
  readonly symbolAt: SymbolLookup
}

export class TranslationLog {
  readonly #options: LogOptions
  readonly #disassembler = new Disassembler()
  #saidMissing = false

  constructor(options: LogOptions) {
    this.#options = options
  }

  /** @param offset of the region in the code cache */
  region(region: Region, offset: number, translator: Translator, context: LogContext): void {
    const { categories, write } = this.#options
    const lines = [
      `region ${placeOf(context, region.pc)}: ${region.instructions} guest instructions, ${region.bytes.length} bytes of host code at 0x${(PLACES.CODE_CACHE + offset).toString(16)}`,
    ]
    if (categories.has('asm-in')) lines.push(...guestLines(region, context))
    if (categories.has('ir')) lines.push(...translator.dump())
    if (categories.has('asm-out')) lines.push(...this.#host(region, offset, translator.gates, context))
    write(`${lines.join('\n')}\n`)
  }

  #host(region: Region, offset: number, gates: Gates, context: LogContext): string[] {
    const address = PLACES.CODE_CACHE + offset
    const bytes = context.code.slice(offset, offset + region.bytes.length)
    const instructions = this.#disassembler.disassemble(bytes, address)
    if (instructions === undefined) {
      const note = this.#saidMissing ? [] : ['  (bytes only: objdump not found; apt install binutils)']
      this.#saidMissing = true
      return [...note, `  host ${Buffer.from(bytes).toString('hex')}`]
    }
    return listing(instructions, address, region, gates, pc => placeOf(context, pc))
  }
}

/** `0x105d4 <main+0x10>` */
function placeOf({ symbolAt }: LogContext, pc: number): string {
  const name = placeName(symbolAt, pc)
  return `0x${pc.toString(16)}${name === undefined ? '' : ` <${name}>`}`
}

function guestLines(region: Region, context: LogContext): string[] {
  const { memory } = context
  const lines = []
  const decoded = new Decoded()
  for (const [start, end] of region.ranges) {
    for (let pc = start; pc < end; ) {
      const low = memory.codeHalf(pc)
      const word = (low & 3) === 3 ? (low | (memory.codeHalf(pc + 2) << 16)) >>> 0 : low
      const known = decode(word, decoded)
      const text = known ? printInstruction(decoded, pc) : `.word 0x${(word >>> 0).toString(16)}`
      lines.push(`  ${placeOf(context, pc)}: ${text}`)
      pc += known ? decoded.length : 4
    }
  }
  return lines
}

/**
 * Host instructions with `entry` lines where other regions come in, the names of the gates that they go to, and the guest
 * pc of each one that may fault.
 */
function listing(
  instructions: readonly HostInstruction[],
  base: number,
  region: Region,
  gates: Gates,
  place: (pc: number) => string,
): string[] {
  const gateAt = new Map(GATE_NAMES.map(name => [PLACES.CODE_CACHE + gates[name], name]))
  const entries = new Map(region.entries.map(({ pc, position }) => [base + position, pc]))
  const sites = new Map(region.sites.list().map(({ pc, position }) => [base + position, pc]))
  return instructions.flatMap(({ address, text }) => {
    const gate = gateAt.get(Number(/^(?:jmp|call|j\w+) (0x[0-9a-f]+)$/.exec(text)?.[1]))
    const line = `  ${address.toString(16)}: ${text}${gate === undefined ? '' : ` <gate ${gate}>`}`
    const pc = sites.get(address)
    const marked = pc === undefined ? line : `${line.padEnd(MARK_COLUMN)} # ${pc.toString(16)}`
    const entry = entries.get(address)
    return entry === undefined ? [marked] : [`entry ${place(entry)}:`, marked]
  })
}
