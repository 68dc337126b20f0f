import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { WORK } from '../diff/build.ts'
import type { Engine } from '../diff/engines.ts'
import { type Failure, runBatch } from './batch.ts'
import type { Interruptions } from './driver.ts'
import { emit } from './emit.ts'
import { generate } from './generate.ts'
import { minimise } from './minimise.ts'
import type { Program } from './program.ts'

/** Folder of the failing programs that were found, each made as small as possible; the tests run them again. */
export const FOUND = fileURLToPath(new URL('./found/', import.meta.url))

/** Programs in one ELF: starting an engine costs more than running one. */
export const BATCH = 20

/** Milliseconds spent on making one failing program smaller. */
const PATIENCE = 120_000

export interface Hunt {
  readonly seed: number
  /** Stops after this many programs. */
  readonly count: number
  /** Stops after this many seconds. */
  readonly seconds: number
  readonly engine: Engine
  /** Write failing programs to {@link FOUND}. */
  readonly keep: boolean
  readonly size?: number
  /** With instructions that QEMU 7.2 lacks. */
  readonly newest?: boolean
  /** Interrupt the programs, which makes no difference. */
  readonly interruptions?: Interruptions | undefined
  readonly progress?: (programs: number, failures: number) => void
}

export interface Finding {
  readonly seed: bigint
  readonly text: string
  /** Where the small program was written. */
  readonly path?: string
}

/** Generates and compares programs until the bound is reached; program i has the seed `seed + i`. */
export async function hunt({
  seed,
  count,
  seconds,
  engine,
  keep,
  size = 1,
  newest,
  interruptions,
  progress,
}: Hunt): Promise<Finding[]> {
  const end = Date.now() + seconds * 1000
  const findings: Finding[] = []
  const folder = `${WORK}fuzz`
  for (let done = 0; done < count && Date.now() < end; done += BATCH) {
    const length = Math.min(BATCH, count - done)
    const programs = Array.from({ length }, (_, index) => generate(BigInt(seed + done + index), size, newest))
    for (const failure of await runBatch(programs, engine, folder, `batch-${seed}`, interruptions)) {
      findings.push(await keepFinding(programs[failure.index]!, failure, { engine, keep, interruptions }))
    }
    progress?.(done + length, findings.length)
  }
  return findings
}

async function keepFinding(
  program: Program,
  failure: Failure,
  { engine, keep, interruptions }: Pick<Hunt, 'engine' | 'keep' | 'interruptions'>,
): Promise<Finding> {
  const { seed } = program
  if (!keep) return { seed, text: failure.text }
  const folder = `${WORK}fuzz`
  const judge = async (variants: readonly Program[]): Promise<number | undefined> =>
    (await runBatch(variants, engine, folder, `minimise-${seed}`, interruptions))[0]?.index
  const small = await minimise(program, judge, Date.now() + PATIENCE)
  const [alone] = await runBatch([small], engine, folder, `minimise-${seed}`, interruptions)
  const text = alone?.text ?? `${failure.text}\n(only together with other programs)`
  mkdirSync(FOUND, { recursive: true })
  const path = `${FOUND}seed-${seed}.s`
  writeFileSync(path, `${header(seed, text)}${emit([small], interruptions)}`)
  return { seed, text, path }
}

const header = (seed: bigint, text: string): string =>
  `${[`Found by the fuzzer, seed ${seed}; made smaller.`, ...text.split('\n')].map(line => `# ${line}`).join('\n')}\n`
