/** Host code as text, with GNU objdump when the machine has it (Debian: binutils). */
import { spawnSync } from 'node:child_process'
import { SharedMemory } from './shared-memory.ts'

export interface HostInstruction {
  readonly address: number
  /** Intel syntax. */
  readonly text: string
}

const OBJDUMP = 'objdump'
/** The file that the child finds the code in: its first descriptor behind the standard streams. */
const CODE_FILE = '/proc/self/fd/3'
const OPTIONS = ['-D', '-b', 'binary', '-m', 'i386:x86-64', '-M', 'intel', '--no-show-raw-insn', '-w']

export class Disassembler {
  #found = true

  /** False after objdump could not be started. */
  get available(): boolean {
    return this.#found
  }

  /** The instructions of `bytes`, which stand at `address`; undefined when there is no objdump. */
  disassemble(bytes: Uint8Array, address: number): HostInstruction[] | undefined {
    if (!this.#found) return undefined
    const code = SharedMemory.holding('ferry-disassembly', bytes)
    try {
      const { stdout, status } = spawnSync(OBJDUMP, [...OPTIONS, `--adjust-vma=0x${address.toString(16)}`, CODE_FILE], {
        stdio: ['ignore', 'pipe', 'ignore', code.fd],
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      this.#found = status === 0
      return this.#found ? parseObjdump(stdout) : undefined
    } finally {
      code.release()
    }
  }
}

/** Reads the lines `  6000000003:\tret` of objdump's output; the others are headings. */
export function parseObjdump(output: string): HostInstruction[] {
  return output.split('\n').flatMap(line => {
    const match = /^\s*([0-9a-f]+):\t(.*\S)\s*$/.exec(line)
    return match ? [{ address: Number.parseInt(match[1]!, 16), text: match[2]!.replace(/\s+/g, ' ') }] : []
  })
}
