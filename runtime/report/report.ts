/**
 * Measures what offloading gains. First one emulated and one hybrid run with measuring stubs, for the functions; then, in
 * turn and without them, rounds of all kinds of runs for the times of the whole program. Every run is a process of its
 * own with the same arguments, environment and standard input, and must end and print as the first one did.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { readElfFile } from '../../base/elf/read.ts'
import type { Manifest } from '../../base/manifest.ts'
import { decodeVerdicts, VERDICTS_SECTION, type Verdicts } from '../../base/verdicts.ts'
import { checkHostCpu, readHybrid } from '../hybrid.ts'
import { type CommandOptions, commandOf, type Kind, QEMU } from './commands.ts'
import type { Crossing } from './crossings.ts'
import { describeEnvironment, type Environment } from './environment.ts'
import { WorkFolder } from './folder.ts'
import { type FunctionReport, functionReports } from './functions.ts'
import { type MeasuredRun, readMeasured } from './measure.ts'
import { describeEnding, difference, type Outcome } from './outcome.ts'
import { type Ending, runProcess, type Timing } from './process.ts'
import { type NativeDifference, type ProgramReport, programReports } from './programs.ts'

export interface ReportOptions extends CommandOptions {
  /** Timed runs of each kind; at least 1. */
  readonly runs: number
  /** Rounds before them that are not timed. */
  readonly warmup: number
  /** Builds the native program, which is then run too. The offload build knows how: offload/native.ts. */
  readonly buildNative?: (build: Manifest['build'], output: string) => Promise<void>
  /** Also run qemu-riscv64. */
  readonly qemu?: boolean
  /** File that every run reads as its standard input; /dev/null without it. */
  readonly stdin?: string
  /** Versions of what takes part, for the environment. */
  readonly versions?: Readonly<Record<string, string>>
  /** What is being done now. */
  readonly onProgress?: (text: string) => void
}

export interface Report {
  readonly program: string
  readonly arguments: readonly string[]
  readonly stdin: string
  readonly runs: number
  readonly warmup: number
  /** Words of --optimize. */
  readonly optimize: string
  /** Bytes of the guest stack, 0 for the limit of the process. */
  readonly stackSize: number
  /** How every run ended, and the bytes that it wrote to stdout. */
  readonly outcome: Ending & { readonly stdoutBytes: number }
  /** Most time emulated first. */
  readonly functions: readonly FunctionReport[]
  /** Calls over the bridge in the hybrid run, most first. */
  readonly crossings: readonly Crossing[]
  /** What the build decided; undefined for a program that does not say. */
  readonly verdicts?: Verdicts
  /** Emulated, hybrid, then native and qemu where asked for. */
  readonly programs: readonly ProgramReport[]
  /** Times of the two runs with measuring stubs: how much these slow the program down. */
  readonly measured: { readonly emulated: Timing; readonly hybrid: Timing }
  readonly ticksPerSecond: number
  readonly environment: Environment
}

/** A run, and the name of its files in the work folder. */
type Run = Outcome & Timing & { readonly name: string }

/**
 * @throws FerryError `report-not-hybrid`, `report-differs` and `report-unstable` (the outputs are kept), `report-failed`,
 * `tool-missing` without qemu, those of reading the program and of `buildNative`.
 */
export async function report(options: ReportOptions): Promise<Report> {
  const { manifest, verdicts } = readProgram(options.program)
  const versions = { ...options.versions, ...(options.qemu ? { [QEMU]: qemuVersion() } : {}) }
  const environment = describeEnvironment(manifest.hostCpu, versions)
  const folder = new WorkFolder()
  try {
    if (options.buildNative) {
      options.onProgress?.('building the native program')
      await options.buildNative(manifest.build, folder.file(NATIVE))
    }
    return await new Reporter(options, folder).report(environment, verdicts)
  } finally {
    folder.close()
  }
}

class Reporter {
  readonly #options: ReportOptions
  readonly #folder: WorkFolder
  readonly #kinds: readonly Kind[]
  #done = 0

  constructor(options: ReportOptions, folder: WorkFolder) {
    this.#options = options
    this.#folder = folder
    const wanted = { emulated: true, hybrid: true, native: options.buildNative, qemu: options.qemu }
    this.#kinds = (Object.keys(wanted) as Kind[]).filter(kind => wanted[kind])
  }

  async report(environment: Environment, verdicts: Verdicts | undefined): Promise<Report> {
    const { program, arguments: args, stdin = '/dev/null', runs, warmup, optimize = '', stackSize = 0 } = this.#options
    const [emulated, hybrid] = [await this.#measure('emulated'), await this.#measure('hybrid')]
    const reference = emulated.run
    await this.#compare('hybrid', reference, hybrid.run)
    const timings = new Map<Kind, Timing[]>(this.#kinds.map(kind => [kind, []]))
    let native: NativeDifference | undefined
    for (let round = 0; round < warmup + runs; round++) {
      for (const kind of this.#kinds) {
        const run = await this.#run(kind, kind === 'emulated' ? AGAIN : kind)
        if (kind === 'native') native ??= this.#compareNative(reference, run)
        else await this.#compare(kind, reference, run)
        const { wall, user, system } = run
        if (round >= warmup) timings.get(kind)!.push({ wall, user, system })
      }
    }
    return {
      ...{ program, arguments: args, stdin, runs, warmup, optimize, stackSize },
      outcome: {
        status: reference.status,
        signal: reference.signal,
        stdoutBytes: statSync(reference.stdout).size,
      },
      functions: functionReports(emulated.counts, hybrid.counts),
      crossings: hybrid.counts.crossings,
      ...(verdicts ? { verdicts } : {}),
      programs: programReports(timings, native),
      measured: { emulated: timingOf(emulated.run), hybrid: timingOf(hybrid.run) },
      ticksPerSecond: hybrid.counts.ticksPerSecond,
      environment,
    }
  }

  /** @throws FerryError `report-failed` when ferry did not come to running the guest to its end. */
  async #measure(kind: 'emulated' | 'hybrid'): Promise<{ readonly run: Run; readonly counts: MeasuredRun }> {
    const file = this.#folder.file(`${kind}.json`)
    const run = await this.#run(kind, kind, file)
    const counts = readMeasured(file)
    if (counts !== undefined) return { run, counts }
    const said = readFileSync(this.#folder.file(`${kind}.stderr`), 'utf8')
      .trim()
      .split('\n')
      .at(-1)!
    throw new FerryError('report-failed', {
      run: kind,
      reason: said.replace(/^ferry: /, '') || `it ended with ${describeEnding(run)}`,
    })
  }

  async #run(kind: Kind, name: string, measure?: string): Promise<Run> {
    const { stdin = '/dev/null', runs, warmup, onProgress } = this.#options
    const total = MEASURED_RUNS + (warmup + runs) * this.#kinds.length
    onProgress?.(`run ${Math.min(++this.#done, total)} of ${total} (${kind}${measure ? ', measuring functions' : ''})`)
    const streams = this.#folder.streams(name, stdin)
    const files = { native: this.#folder.file(NATIVE), ...(measure === undefined ? {} : { measure }) }
    const result = await runProcess(commandOf(kind, this.#options, files), streams, this.#folder.watch)
    return { ...result, name, stdout: streams.stdout }
  }

  /**
   * When the first of two kinds differs from the reference, the program is emulated once more, to tell a program that never
   * does the same twice from one that offloading changes.
   */
  async #compare(kind: Exclude<Kind, 'native'>, reference: Run, run: Run): Promise<void> {
    const what = difference(reference, run)
    if (what === undefined) return
    if (kind === 'emulated') throw this.#unstable(what, reference, run)
    const again = await this.#run('emulated', AGAIN)
    const alone = difference(reference, again)
    if (alone !== undefined) throw this.#unstable(alone, reference, again)
    this.#folder.keep(reference.name, run.name)
    const { program } = this.#options
    throw new FerryError('report-differs', {
      ...{ path: program, run: kind, what, first: reference.stdout, second: run.stdout },
    })
  }

  #unstable(what: string, first: Run, second: Run): FerryError {
    this.#folder.keep(first.name, second.name)
    const { program } = this.#options
    return new FerryError('report-unstable', { path: program, what, first: first.stdout, second: second.stdout })
  }

  /** Another architecture may print otherwise (`char`, `long double`, fused operations), so that is no failure. */
  #compareNative(reference: Run, run: Run): NativeDifference | undefined {
    const what = difference(reference, run)
    if (what === undefined) return undefined
    this.#folder.keep(reference.name, run.name)
    return { what, emulated: reference.stdout, native: run.stdout }
  }
}

/** Name of the files of emulated runs behind the first, which stay to be compared with. */
const AGAIN = 'emulated-again'
/** Name of the native program in the work folder. */
const NATIVE = 'native'
const MEASURED_RUNS = 2

const timingOf = ({ wall, user, system }: Timing): Timing => ({ wall, user, system })

/** @throws FerryError `report-not-hybrid`, `hybrid-corrupt`, `host-cpu-lacks` and the `elf-…` ones */
function readProgram(path: string): { readonly manifest: Manifest; readonly verdicts: Verdicts | undefined } {
  const elf = readElfFile(path)
  const hybrid = readHybrid(elf)
  if (hybrid === undefined || hybrid.manifest.functions.length === 0)
    throw new FerryError('report-not-hybrid', { path })
  checkHostCpu(path, hybrid.manifest)
  const section = elf.sectionBytes(VERDICTS_SECTION)
  return { manifest: hybrid.manifest, verdicts: section && decodeVerdicts(section) }
}

/** @throws FerryError `tool-missing` */
function qemuVersion(): string {
  const { stdout, error } = spawnSync(QEMU, ['--version'], { encoding: 'utf8' })
  if (error) throw new FerryError('tool-missing', { tool: QEMU, package: 'qemu-user' })
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown'
}
