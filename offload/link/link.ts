/**
 * A link under `ferry cc`. First the linker links what it was given, as it is: that is the output when nothing is offloaded,
 * and it tells which objects take part. Then the bitcode of those is analysed as one program; modules with chosen functions
 * become objects again, in which calls of these functions can be seen from outside, and are linked in place of the old ones.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Analysis, analyzeModule, type Mode, outlineLoops } from '../../analyzer/index.ts'
import { Context, isDeclaration, valueName } from '../../analyzer/llvm/index.ts'
import { FerryError } from '../../base/diagnostics.ts'
import { parseElf } from '../../base/elf/read.ts'
import { type Manifest, SECTIONS } from '../../base/manifest.ts'
import type { RunProfile } from '../../base/run-profile.ts'
import { addAddressFunctions, keepCalls } from '../guest.ts'
import { describeCpu } from '../host/cpu.ts'
import { compileHost, lowerHost, type Refused } from '../host/lower.ts'
import { hostMachine, linkHost } from '../host/object.ts'
import { addSections, place } from '../hybrid.ts'
import { addressWords, makeManifest } from '../manifest.ts'
import { prepareShared } from '../shared/prepare.ts'
import { programVerdicts } from '../verdicts.ts'
import { WorkFolder } from '../work-folder.ts'
import { compileModules } from './guest.ts'
import { type LinkerRun, runLinker } from './linker.ts'
import {
  type Exported,
  exportSymbols,
  type LinkModule,
  markRedirected,
  merge,
  parseModules,
  separateLocals,
  withModuleNames,
} from './modules.ts'
import { type TakenObjects, takenObjects } from './objects.ts'
import { replaceableFunctions } from './replaceable.ts'
import { replaceable, type Substitution, substitute } from './substitutes.ts'
import { ENTRIES_SECTION, tableObject } from './table.ts'
import { type LinkWords, readWords, withOutput } from './words.ts'

export interface LinkOptions {
  /** The linker's command line. */
  readonly words: readonly string[]
  /** Linker script that keeps bitcode out of the output. */
  readonly script: string
  /** Default `auto`. */
  readonly offload?: Mode
  /** What a run of the output has counted, to choose by. */
  readonly profile?: RunProfile
  /** A name that clang's -march takes; default `native`, this machine. */
  readonly hostCpu?: string
  /** Take libm functions from the host. */
  readonly hostLibm?: boolean
}

export interface Linked {
  /** Absolute path of the program or library. */
  readonly output: string
  readonly analysis: Analysis
  /** What the output carries; undefined when nothing was offloaded. */
  readonly manifest?: Manifest
  readonly refused: readonly Refused[]
}

export interface LinkResult extends LinkerRun {
  /** Undefined when no bitcode took part. */
  readonly linked?: Linked
  /** Why the output stayed as the linker made it, although bitcode took part. */
  readonly failure?: FerryError
}

/** What the linker says and how it ends is the result: an object that can not be made hybrid fails no link. */
export async function link(options: LinkOptions): Promise<LinkResult> {
  const given = readWords(options.words)
  const run = await runLinker([...OPTIONS, ...given.words, options.script, '--trace'])
  const result = given.traces ? run : { ...run, stdout: '' }
  if (run.status !== 0 || !given.whole) return result
  const taken = takenObjects(run.stdout.split('\n').filter(Boolean))
  const objects = replaceable(taken.objects, given)
  if (objects.length === 0) return result
  const folder = new WorkFolder()
  let context: Context | undefined
  let modules: LinkModule[] = []
  try {
    context = new Context()
    modules = parseModules(context, objects)
    if (modules.length === 0) return result
    const linked = await linkHybrid({ options, link: given, taken, modules, work: folder.path })
    return { ...result, linked }
  } catch (error) {
    const failure = folder.explain(error)
    if (!(failure instanceof FerryError)) throw failure
    return { ...result, failure }
  } finally {
    for (const { module } of modules) module.dispose()
    context?.dispose()
    folder.close()
  }
}

/** A version script may name symbols that there are none of, as GNU's linker has it. */
const OPTIONS = ['--undefined-version']

interface Job {
  readonly options: LinkOptions
  readonly link: LinkWords
  readonly taken: TakenObjects
  readonly modules: readonly LinkModule[]
  readonly work: string
}

async function linkHybrid(job: Job): Promise<Linked> {
  const { options, link, modules } = job
  const output = resolve(link.output)
  if (options.offload !== 'none') for (const { module } of modules) outlineLoops(module)
  const analysis = analyse(modules, link.redirected, options)
  const chosen = new Set(analysis.functions.filter(f => f.verdict === 'chosen').map(f => f.name))
  const involved = modules.filter(({ module }) => [...module.definitions()].some(fn => chosen.has(valueName(fn))))
  if (involved.length === 0) return { output, analysis, refused: [] }
  const cpu = await describeCpu(options.hostCpu ?? 'native')
  for (const { module } of involved) prepareShared(module)
  // Simplification makes constants of its own (a string for puts), which have the same names everywhere.
  separateLocals(involved.map(({ module }) => module))
  const machine = hostMachine(cpu)
  const merged = merge(involved)
  try {
    markRedirected(merged, link.redirected)
    const replaceable = replaceableFunctions(link, output)
    const hostJob = { module: merged, analysis, cpu, hostLibm: options.hostLibm ?? false, replaceable }
    const { plan, host, clone, refused } = lowerHost(hostJob, machine)
    if (plan.entries.length === 0) {
      clone.dispose()
      return { output, analysis, refused }
    }
    const exported = exportAll(involved, host.references, plan.entries, link.shared)
    const guest = compileModules(involved, job.work)
    // Awaited below; a failure in between must not count as unhandled.
    guest.done.catch(() => {})
    const { object, used, pure } = compileHost(clone, machine, { keepDebugInformation: true, entries: plan.entries })
    const library = await linkHost(object, job.work)
    const table = join(job.work, 'table.o')
    const parts = { references: host.references, entries: plan.entries.length, used, exported }
    writeFileSync(table, tableObject(merged.context, parts))
    await guest.done
    const substitutions = involved.map(({ object }, i): Substitution => ({ object, path: guest.paths[i]! }))
    const program = join(job.work, 'program')
    await linkAgain(job, substitutions, table, program)
    const addresses = entryAddresses(program)
    const build = { sources: [], options: [], directory: resolve('') }
    const manifest = makeManifest({ analysis, cpu, plan, host, pure, library, addresses, build })
    const verdicts = programVerdicts(analysis, plan, refused)
    await addSections(program, library, manifest, verdicts, job.work, [ENTRIES_SECTION])
    place(program, output)
    return { output, analysis, manifest, refused }
  } finally {
    merged.dispose()
    machine.dispose()
  }
}

function analyse(modules: readonly LinkModule[], redirected: readonly string[], options: LinkOptions): Analysis {
  const merged = merge(modules)
  try {
    markRedirected(merged, redirected)
    return analyzeModule(merged, options.offload ?? 'auto', options.profile && withModuleNames(options.profile))
  } finally {
    merged.dispose()
  }
}

/** Makes the modules' functions and variables visible to the host code as far as it refers to them. */
function exportAll(
  modules: readonly LinkModule[],
  references: readonly string[],
  entries: readonly string[],
  shared: boolean,
): ReadonlyMap<string, Exported> {
  const [names, own] = [new Set(references), new Set(entries)]
  const exported = new Map<string, Exported>()
  for (const { module } of modules) {
    const here = entries.filter(name => {
      const fn = module.function(name)
      return fn !== undefined && !isDeclaration(fn)
    })
    keepCalls(module, here)
    addAddressFunctions(module, remaining(names, exported))
    for (const [name, symbol] of exportSymbols(module, names, own, shared)) exported.set(name, symbol)
  }
  return exported
}

function remaining(names: ReadonlySet<string>, exported: ReadonlyMap<string, Exported>): ReadonlySet<string> {
  return new Set([...names].filter(name => !exported.has(name)))
}

/** @throws FerryError `tool-failed` */
async function linkAgain(
  { options, link, taken, work }: Job,
  substitutions: readonly Substitution[],
  table: string,
  program: string,
): Promise<void> {
  const changed = substitute(link, substitutions, taken.archives, work)
  const { status, stderr } = await runLinker([...OPTIONS, ...withOutput(changed, program), options.script, table])
  if (status !== 0)
    throw new FerryError('tool-failed', { step: 'linking the hybrid', tool: 'ld.lld-22', output: stderr })
}

function entryAddresses(program: string): number[] {
  const image = parseElf(readFileSync(program), program)
  const table = image.section(SECTIONS.refs)!.address
  return addressWords(image.sectionBytes(ENTRIES_SECTION)!).map(distance => table + distance)
}
