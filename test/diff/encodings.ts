import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Decoded, decode } from '../../emulator/riscv/decode.ts'
import { printInstruction } from '../../emulator/riscv/print.ts'
import { OPCODES } from '../../emulator/riscv/table.ts'
import { WORK } from './build.ts'
import type { Outcome } from './engines.ts'
import type { Random } from './random.ts'

/** Single encodings, legal or not, executed by `encodings.c` with random registers. */

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('./encodings.c', import.meta.url))

/** Major opcodes of 32 bits that have instructions. */
const MAJORS: readonly number[] = [...new Set(OPCODES.map(({ match }) => match & 0x7f))]
const SYSTEM = 0x73
const ECALL = 0x73

const decoded = new Decoded()

/** The instruction as the decoder has it; undefined for illegal ones. */
export function instructionOf(word: number): string | undefined {
  return decode(word, decoded) ? printInstruction(decoded, 0) : undefined
}

/**
 * Whether every run ends, and the same way: not a jump to itself, a system call, a counter, a store whose condition is what was loaded
 * long before, or what is illegal in QEMU's user mode alone.
 */
function isComparable(word: number): boolean {
  if (word === ECALL) return false
  if (!decode(word, decoded)) return true
  const { name, flow, access } = OPCODES[decoded.op]!
  if ((flow === 'branch' || name === 'jal') && decoded.imm === 0) return false
  if (access === 'sc' || access === 'block') return false
  return !(name.startsWith('csr') && decoded.imm >= 0xc00 && decoded.imm <= 0xc02)
}

/** Halfwords that begin no instruction of 32 bits, every `step`th from `first`. */
export function halfwords(first: number, step: number): number[] {
  const list: number[] = []
  for (let half = first; half < 0x10000; half += step) if ((half & 3) !== 3 && isComparable(half)) list.push(half)
  return list
}

/** Random instances of every row of the table, and words near them that may be illegal. */
export function instances(random: Random, each: number): number[] {
  const list: number[] = []
  for (const { match, mask } of OPCODES) {
    for (let i = 0; i < each; i++) {
      const free = Number(random.word() & 0xffffffffn) & ~mask
      list.push((match | free) >>> 0)
      list.push(((match | free) ^ (1 << random.between(7, 31))) >>> 0)
    }
  }
  return list.filter(isComparable)
}

/** Random words of the major opcodes. */
export function words(random: Random, count: number): number[] {
  const list: number[] = []
  while (list.length < count) {
    const major = random.pick(MAJORS.filter(one => one !== SYSTEM || random.chance(0.2)))
    const word = ((Number(random.word() & 0xffffffffn) & ~0x7f) | major) >>> 0
    if (isComparable(word)) list.push(word)
  }
  return list
}

/** Builds the program that executes the encodings; returns its path. */
export async function buildEncodings(name: string, list: readonly number[]): Promise<string> {
  const folder = `${WORK}encodings`
  mkdirSync(folder, { recursive: true })
  const [table, path] = [`${folder}/${name}.s`, `${folder}/${name}.elf`]
  writeFileSync(table, `.globl words\n.section .rodata\n.balign 4\nwords:\n${list.map(w => `.word ${w}`).join('\n')}\n`)
  const target = ['--target=riscv64-linux-gnu', '-march=rv64gc', '-nostdlib', '-static', '-fuse-ld=lld']
  const options = ['-O2', '-ffreestanding', '-fno-builtin', '-mno-relax', '-Wl,--no-relax', '-Wl,-z,norelro']
  await run('clang-22', [...target, ...options, `-DCOUNT=${list.length}`, SOURCE, table, '-o', path])
  return path
}

/** What became of one encoding. */
export interface Executed {
  readonly word: number
  readonly signal: number
  readonly pc: bigint
  readonly digest: bigint
}

const SIZE = 24

export function executed({ stdout }: Outcome): Executed[] {
  return Array.from({ length: Math.floor(stdout.length / SIZE) }, (_, i) => ({
    word: stdout.readUInt32LE(i * SIZE),
    signal: stdout.readUInt32LE(i * SIZE + 4),
    pc: stdout.readBigUInt64LE(i * SIZE + 8),
    digest: stdout.readBigUInt64LE(i * SIZE + 16),
  }))
}

/** The encodings that came out differently, as text. */
export function different(expected: readonly Executed[], got: readonly Executed[]): string[] {
  const told = ({ signal, pc, digest }: Executed): string => `signal ${signal} pc 0x${pc.toString(16)} digest ${digest}`
  return expected.flatMap((one, i) => {
    const other = got[i]
    if (other && one.signal === other.signal && one.pc === other.pc && one.digest === other.digest) return []
    const name = `${i}: 0x${one.word.toString(16)} ${instructionOf(one.word) ?? 'illegal'}`
    return [`${name}\n  expected ${told(one)}\n  got      ${other ? told(other) : 'nothing'}`]
  })
}
