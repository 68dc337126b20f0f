/**
 * The offload build: C sources to a hybrid ELF. The bitcode of all sources is analysed, then lowered
 * twice: complete to riscv64, and the chosen functions to a host object that travels in the same file.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Analysis, analyzeModule, compileProgram, type Mode, outlineLoops } from '../analyzer/index.ts'
import type { Module } from '../analyzer/llvm/index.ts'
import { parseElf } from '../base/elf/read.ts'
import { type Manifest, SECTIONS } from '../base/manifest.ts'
import type { RunProfile } from '../base/run-profile.ts'
import { type BuildArguments, readArguments } from './arguments.ts'
import { addReferenceTable, buildGuest, dropUnusedReferences, keepCalls } from './guest.ts'
import { describeCpu, type HostCpu } from './host/cpu.ts'
import { compileHost, lowerHost } from './host/lower.ts'
import { hostMachine, linkHost } from './host/object.ts'
import { nameGlobals } from './host/references.ts'
import { addSections, checkOutput, place } from './hybrid.ts'
import { addressWords, makeManifest } from './manifest.ts'
import type { Progress } from './progress.ts'
import { prepareShared } from './shared/prepare.ts'
import { programVerdicts } from './verdicts.ts'
import { WorkFolder } from './work-folder.ts'

export interface BuildOptions {
  /** The part of the command line that is clang's: sources, options, libraries, `-o`. */
  readonly arguments: readonly string[]
  /** The program to write; without it the one of `-o`, or `a.out`. */
  readonly output?: string
  /** Default `auto`. */
  readonly offload?: Mode
  /** What a run has counted, to choose by. */
  readonly profile?: RunProfile
  /** A name that clang's -march takes; default `native`, this machine. */
  readonly hostCpu?: string
  /** Take libm functions from the host. */
  readonly hostLibm?: boolean
  /** Folder that relative paths start from; the current one without it. */
  readonly directory?: string
  readonly onProgress?: Progress
  /** Called with each form of the bitcode, for people and tests that want to see it; `print` gives the IR as text. */
  readonly onStage?: (stage: Stage, print: () => string) => void
}

/**
 * shared      what both sides are lowered from
 * host        the chosen functions, lowered for the host
 * optimised   the same, as code is generated from it
 * guest       the program, as the guest's code is generated from it
 */
export type Stage = 'shared' | 'host' | 'optimised' | 'guest'

export interface BuildResult {
  /** Absolute path of the program. */
  readonly output: string
  readonly analysis: Analysis
  /** What the program carries; undefined when it is an ordinary RISC-V program, because nothing was offloaded. */
  readonly manifest?: Manifest
  /** Functions that were chosen, but that the host lowering could not carry. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  /** What the compiler printed, one text a source. */
  readonly warnings: readonly string[]
}

/** @throws FerryError for every wrong input; the output is complete or not touched. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const directory = resolve(options.directory ?? '')
  const input = readArguments(options.arguments)
  const output = resolve(directory, options.output ?? input.output ?? 'a.out')
  checkOutput(
    output,
    [...input.sources, ...input.link].map(path => resolve(directory, path)),
  )
  const cpu = await describeCpu(options.hostCpu ?? 'native')
  const progress = options.onProgress ?? (() => {})
  const total = input.sources.length
  progress(`compiling ${total === 1 ? input.sources[0] : `${total} sources`}`)
  const { context, module, warnings } = await compileProgram({
    sources: input.sources,
    clangOptions: input.options,
    directory,
    onSource: (path, done) => progress(`compiled ${path} (${done} of ${total})`),
  })
  const folder = new WorkFolder()
  try {
    progress('analysing')
    if (options.offload !== 'none') outlineLoops(module)
    const analysis = analyzeModule(module, options.offload ?? 'auto', options.profile)
    const job: Job = {
      module,
      analysis,
      cpu,
      input,
      directory,
      work: folder.path,
      hostLibm: options.hostLibm ?? false,
      progress,
      onStage: options.onStage ?? (() => {}),
    }
    const { program, manifest, refused } = await lowerTwice(job)
    place(program, output)
    return { output, analysis, refused, warnings, ...(manifest ? { manifest } : {}) }
  } catch (error) {
    throw folder.explain(error)
  } finally {
    folder.close()
    module.dispose()
    context.dispose()
  }
}

interface Job {
  readonly module: Module
  readonly analysis: Analysis
  readonly cpu: HostCpu
  readonly input: BuildArguments
  readonly directory: string
  readonly work: string
  readonly hostLibm: boolean
  readonly progress: Progress
  readonly onStage: NonNullable<BuildOptions['onStage']>
}

interface Lowered {
  readonly program: string
  readonly manifest?: Manifest
  readonly refused: BuildResult['refused']
}

async function lowerTwice(job: Job): Promise<Lowered> {
  const { module, analysis, cpu, input, work, progress } = job
  const guest = (strictFloat: boolean) =>
    buildGuest({ ...input, bitcode: module.bitcode(), strictFloat, directory: job.directory, work })
  if (!analysis.functions.some(f => f.verdict === 'chosen')) {
    progress('generating code for the guest')
    return { program: await guest(false), refused: [] }
  }
  nameGlobals(module.globals())
  prepareShared(module)
  job.onStage('shared', () => module.print())
  const machine = hostMachine(cpu)
  try {
    progress('lowering for the host')
    const { plan, host, clone, refused } = lowerHost(job, machine)
    keepCalls(module, plan.entries)
    if (host.references.length > 0) addReferenceTable(module, host.references)
    progress(`generating code for the guest and ${plan.functions.length} functions for the host`)
    job.onStage('guest', () => module.print())
    const guestProgram = guest(true)
    // Awaited below; a failure in between must not count as unhandled.
    guestProgram.catch(() => {})
    const keepDebugInformation = input.options.some(option => /^-g(?!0)/.test(option))
    const { object, used, pure } = compileHost(clone, machine, {
      keepDebugInformation,
      entries: plan.entries,
      onStage: job.onStage,
    })
    const library = await linkHost(object, work)
    const program = await guestProgram.catch(error => {
      if (used === undefined || !dropUnusedReferences(module, host.references, used)) throw error
      return guest(true)
    })
    if (plan.entries.length === 0) return { program, refused }
    const addresses = addressWords(parseElf(readFileSync(program), program).sectionBytes(SECTIONS.refs)!)
    const build = {
      sources: input.sources.map(path => resolve(job.directory, path)),
      options: [...input.options, ...input.link],
      directory: job.directory,
    }
    const manifest = makeManifest({ analysis, cpu, plan, host, pure, library, addresses, build })
    progress('writing the program')
    const verdicts = programVerdicts(analysis, plan, refused)
    await addSections(program, library, manifest, verdicts, work)
    return { program, manifest, refused }
  } finally {
    machine.dispose()
  }
}
