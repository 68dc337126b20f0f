import { assemble } from '../diff/build.ts'
import { type Engine, execute, type Outcome, QEMU } from '../diff/engines.ts'
import { interpret } from '../diff/interpreter.ts'
import { WINDOW } from '../diff/snippet.ts'
import type { Interruptions } from './driver.ts'
import { emit } from './emit.ts'
import type { Program } from './program.ts'
import { BUFFER_WORDS, DUMP_NAMES, DUMP_WORDS } from './record.ts'

/** Milliseconds that an engine may take for a batch, and for one with interruptions. */
const LIMIT = 30_000
const LIMIT_INTERRUPTED = 120_000

/** Where the sections of a batch lie, as options of the linker. */
export const LINK_OPTIONS: readonly string[] = [
  '--section-start=.text=0x100000',
  `--section-start=.window=0x${WINDOW.address.toString(16)}`,
  '--no-relax',
]

/** What went wrong with one program of a batch. */
export interface Failure {
  readonly index: number
  readonly text: string
}

/** The records of an output, one for each program that ran to its end. */
function records({ stdout }: Outcome): bigint[][] {
  const all: bigint[][] = []
  let at = 0
  while (at + 8 <= stdout.length) {
    const length = Number(stdout.readBigUInt64LE(at))
    if (at + 8 + length > stdout.length) break
    const words = Array.from({ length: length / 8 }, (_, index) => stdout.readBigUInt64LE(at + 8 + 8 * index))
    all.push(words)
    at += 8 + length
  }
  return all
}

const hex = (value: bigint | undefined): string => (value === undefined ? 'nothing' : `0x${value.toString(16)}`)

/** Which registers differ in the first dump that differs, or which words of the buffer. */
function describe(expected: readonly bigint[], got: readonly bigint[]): string {
  const dumps = (words: readonly bigint[]): number => (words.length - BUFFER_WORDS) / DUMP_WORDS
  const lines: string[] = []
  if (expected.length !== got.length) lines.push(`${dumps(expected)} checkpoints expected, got ${dumps(got)}`)
  for (let dump = 0; dump < dumps(expected) && lines.length < 2; dump++) {
    DUMP_NAMES.forEach((name, index) => {
      const [want, have] = [expected[dump * DUMP_WORDS + index], got[dump * DUMP_WORDS + index]]
      const place = `checkpoint ${expected[dump * DUMP_WORDS + DUMP_WORDS - 1]} (dump ${dump})`
      if (want !== have) lines.push(`${place}: ${name} expected ${hex(want)}, got ${hex(have)}`)
    })
  }
  if (lines.length === 0) {
    const start = expected.length - BUFFER_WORDS
    for (let word = 0; word < BUFFER_WORDS && lines.length < 8; word++) {
      const [want, have] = [expected[start + word], got[start + word]]
      if (want !== have) lines.push(`buffer+${8 * word - 4 * BUFFER_WORDS}: expected ${hex(want)}, got ${hex(have)}`)
    }
  }
  return lines.join('\n')
}

const ending = ({ status, signal, stderr }: Outcome): string =>
  `status ${status}${signal ? ` signal ${signal}` : ''}${stderr ? `: ${stderr.trim()}` : ''}`

/** Compares two runs of a batch; a program that an engine did not finish is the last of the failures. */
export function compare(expected: Outcome, got: Outcome): Failure[] {
  const [want, have] = [records(expected), records(got)]
  const failures: Failure[] = []
  want.forEach((words, index) => {
    const mine = have[index]
    if (mine && (mine.length !== words.length || mine.some((word, place) => word !== words[place]))) {
      failures.push({ index, text: describe(words, mine) })
    }
  })
  if (have.length < want.length || expected.status !== got.status || expected.signal !== got.signal) {
    failures.push({
      index: Math.min(have.length, want.length - 1),
      text: `expected ${ending(expected)}, got ${ending(got)}`,
    })
  }
  return failures
}

/**
 * Runs programs in one ELF under qemu-riscv64, or the interpreter where QEMU 7.2 lacks instructions, and under `engine`.
 * @param interruptions of the engine, not of the oracle
 * @throws Error when the oracle does not end the batch with status 0: the generator is at fault then
 */
export async function runBatch(
  programs: readonly Program[],
  engine: Engine,
  folder: string,
  name: string,
  interruptions?: Interruptions,
): Promise<Failure[]> {
  const path = await assemble(folder, name, emit(programs), LINK_OPTIONS)
  const tried = interruptions
    ? await assemble(folder, `${name}-interrupted`, emit(programs, interruptions), LINK_OPTIONS)
    : path
  const oracle = programs.some(({ newest }) => newest) ? interpret(path) : execute(QEMU, path, { limit: LIMIT })
  const [expected, got] = await Promise.all([
    oracle,
    execute(engine, tried, { limit: interruptions ? LIMIT_INTERRUPTED : LIMIT }),
  ])
  if (expected.status !== 0) throw new Error(`the oracle of ${path}: ${ending(expected)}`)
  return compare(expected, got)
}
