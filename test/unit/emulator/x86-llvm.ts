/** LLVM's assembler and disassembler as the oracle of the x86-64 assembler, one process a batch. */
import { execFileSync } from 'node:child_process'

/** An instruction as LLVM prints it, and LLVM's encoding of it in hexadecimal. */
export interface Line {
  readonly text: string
  readonly hex: string
}

const PRINTED = /^\t(.*?)\s*# encoding: \[(.*)\]$/

function run(input: string, options: readonly string[]): Line[] {
  const output = execFileSync(
    'llvm-mc-22',
    ['-triple=x86_64', '-output-asm-variant=1', '--show-encoding', ...options],
    {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  )
  return output.split('\n').flatMap(line => {
    const match = PRINTED.exec(line)
    if (!match) return []
    const text = match[1]!.replace(/\s+/g, ' ')
    return [{ text, hex: match[2]!.replaceAll('0x', '').replaceAll(',', '') }]
  })
}

/** Assembles one instruction of Intel syntax a line. */
export const assembleAll = (lines: readonly string[]): Line[] => run(`${lines.join('\n')}\n`, ['-x86-asm-syntax=intel'])

/** Disassembles code, given in hexadecimal. The `hex` of a line is LLVM's encoding, which may be another than the one given. */
export function disassemble(hex: string): Line[] {
  return run(hex.replace(/../g, '0x$& '), ['-disassemble'])
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
