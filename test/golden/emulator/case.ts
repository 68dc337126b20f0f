/**
 * A case: a text of RISC-V assembly with the word of each instruction behind it, so that reading it needs no assembler.
 *
 *     # optimize: all | no-fusion        variants, as --optimize has them; `all` when there is no such line
 *     # translated: 10808                pcs that have a translation already, so that the region ends there
 *     loop:                              labels, directives and comments as usual
 *       addi a0, a0, -1                  # fff50513
 *
 * A new line, or a changed one, is written without its word: then the case is assembled, and `-u` adds the words.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseElf } from '../../../base/elf/parse.ts'
import { EXTENSIONS } from '../../../emulator/riscv/extensions.ts'

/** All that the guest has; compressed instructions where a case says so. */
const FEATURES = EXTENSIONS.filter(({ name }) => name !== 'c' && !name.startsWith('zc'))
  .map(({ name }) => `+${name}`)
  .join()
const WORD = /\s*# (?:[0-9a-f]{8}|[0-9a-f]{4})$/
/** Where the word stands. */
const COLUMN = 40

export interface Case {
  readonly text: string
  readonly bytes: Uint8Array
  readonly variants: readonly string[]
  readonly translated: readonly number[]
}

export function readCase(path: string): Case {
  const text = readFileSync(path, 'utf8')
  const lines = text.split('\n').filter(isInstruction)
  const words = lines.flatMap(line => WORD.exec(line)?.[0].trim().slice(2) ?? [])
  const bytes = words.flatMap(word => [...Buffer.from(word, 'hex').reverse()])
  const setting = (name: string, missing: string): string =>
    new RegExp(`^# ${name}: (.*)$`, 'm').exec(text)?.[1] ?? missing
  return {
    text,
    bytes: words.length === lines.length ? Uint8Array.from(bytes) : assemble(text),
    variants: setting('optimize', 'all').split(' | '),
    translated: setting('translated', '')
      .split(' ')
      .map(pc => Number.parseInt(pc, 16)),
  }
}

const isInstruction = (line: string): boolean => /^\s+[a-z.]/.test(line) && !/^\s+\.(option|balign)/.test(line)

/** The text with the words that LLVM assembles; what stands there now is replaced. */
export function annotate(text: string): string {
  const bytes = assemble(text)
  let at = 0
  const lines = text.split('\n').map(line => {
    const bare = line.replace(WORD, '').trimEnd()
    if (!isInstruction(bare)) return bare
    const length = (bytes[at]! & 3) === 3 ? 4 : 2
    const word = Buffer.from(bytes.subarray(at, at + length))
      .reverse()
      .toString('hex')
    at += length
    return `${bare.padEnd(COLUMN)}# ${word}`
  })
  if (at !== bytes.length) throw new Error(`${bytes.length} bytes for instructions of ${at}: a line has several`)
  return lines.join('\n')
}

function assemble(text: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-golden-'))
  try {
    const object = join(folder, 'case.o')
    const options = ['-triple=riscv64', `-mattr=${FEATURES}`, '-filetype=obj', '-o', object]
    execFileSync('llvm-mc-22', options, { input: text })
    return parseElf(readFileSync(object), object).sectionBytes('.text')!.slice()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** llvm-objdump's lines for x86-64 code at address 0: address and text of each instruction. */
export function disassemble(code: Uint8Array): { address: number; text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-golden-'))
  try {
    const [raw, object] = [join(folder, 'code.bin'), join(folder, 'code.o')]
    writeFileSync(raw, code)
    execFileSync('llvm-objcopy-22', ['-I', 'binary', '-O', 'elf64-x86-64', raw, object])
    const options = ['-D', '-z', '-j', '.data', '-M', 'intel', '--no-show-raw-insn', '--no-print-imm-hex', object]
    const output = execFileSync('llvm-objdump-22', options, { encoding: 'utf8', maxBuffer: 1 << 28 })
    return [...output.matchAll(/^ *([0-9a-f]+):\s+(.*)$/gm)].map(([, address, text]) => ({
      address: Number.parseInt(address!, 16),
      text: text!.replace(/\s+/g, ' ').trim(),
    }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
