/** `--log=asm-in,asm-out,ir`: what the translator reads and writes, to stderr. */

import type { Region } from '../emulator/region.ts'
import { Decoded, decode } from '../emulator/riscv/decode.ts'
import { printInstruction } from '../emulator/riscv/print.ts'
import type { Translator } from '../emulator/translate.ts'
import type { GuestMemory } from './guest-memory.ts'

export const LOG_CATEGORIES = ['asm-in', 'asm-out', 'ir', 'strace'] as const
export type LogCategory = (typeof LOG_CATEGORIES)[number]

export class TranslationLog {
  readonly #categories: ReadonlySet<string>
  readonly #memory: GuestMemory
  readonly #write: (text: string) => void

  constructor(categories: ReadonlySet<string>, memory: GuestMemory, write: (text: string) => void) {
    this.#categories = categories
    this.#memory = memory
    this.#write = write
  }

  region(region: Region, offset: number, translator: Translator): void {
    const lines = [
      `region 0x${region.pc.toString(16)}: ${region.bytes.length} bytes at offset 0x${offset.toString(16)}`,
    ]
    if (this.#categories.has('asm-in')) lines.push(...this.#guest(region))
    if (this.#categories.has('ir')) lines.push(...translator.dump())
    if (this.#categories.has('asm-out')) lines.push(`  host ${Buffer.from(region.bytes).toString('hex')}`)
    this.#write(`${lines.join('\n')}\n`)
  }

  #guest(region: Region): string[] {
    const lines = []
    const decoded = new Decoded()
    for (const [start, end] of region.ranges) {
      for (let pc = start; pc < end; ) {
        const low = this.#memory.codeHalf(pc)
        const word = (low & 3) === 3 ? (low | (this.#memory.codeHalf(pc + 2) << 16)) >>> 0 : low
        const known = decode(word, decoded)
        lines.push(`  ${pc.toString(16)}: ${known ? printInstruction(decoded, pc) : `.word 0x${word.toString(16)}`}`)
        pc += known ? decoded.length : 4
      }
    }
    return lines
  }
}
