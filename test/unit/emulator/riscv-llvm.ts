/** The independent oracle of the decoder tests: LLVM's disassembler over a batch of instructions. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXTENSIONS } from '../../../emulator/riscv/extensions.ts'

const MATTR = EXTENSIONS.map(({ name }) => `+${name}`).join()

/**
 * Disassembles `bytes` as if loaded at `base`; one text for each instruction, mnemonic and operands separated by a tab,
 * `null` where LLVM knows none. The bytes must hold whole instructions of 2 and 4 bytes.
 */
export function disassemble(bytes: Uint8Array, base: number): (string | null)[] {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-llvm-'))
  try {
    const raw = join(folder, 'words.bin')
    const object = join(folder, 'words.o')
    writeFileSync(raw, bytes)
    execFileSync('llvm-objcopy-22', ['-I', 'binary', '-O', 'elf64-littleriscv', raw, object])
    const text = execFileSync(
      'llvm-objdump-22',
      [
        '-D',
        '-z',
        '-j',
        '.data',
        '--no-print-imm-hex',
        `--mattr=${MATTR}`,
        '-M',
        'no-aliases',
        `--adjust-vma=${base}`,
        object,
      ],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    )
    const found: (string | null)[] = []
    for (const line of text.split('\n')) {
      const match = /^ *[0-9a-f]+: [0-9a-f ]+\t(.*)$/.exec(line)
      if (!match) continue
      const instruction = match[1]!.replace(/ <.*>$/, '').trim()
      found.push(instruction === '<unknown>' ? null : instruction)
    }
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}
