/**
 * The C front end: each source goes once through clang for the guest, to LLVM bitcode before any optimisation
 * (compile once, lower twice), and all of them are linked into one module.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { FerryError } from '../base/diagnostics.ts'
import { keepInlineDefinitions } from './inline.ts'
import { Context, Module } from './llvm/index.ts'
import { findClang, guestOptions } from './toolchain.ts'
import { splitWeakDefinitions } from './weak.ts'

export interface CompileOptions {
  /** C files (.c, .i), or modules for riscv64 that exist already (.bc, .ll). */
  readonly sources: readonly string[]
  /** Options for clang, as on its command line. Those of the link step are ignored. */
  readonly clangOptions: readonly string[]
  /** Folder that relative paths start from; the current one without it. */
  readonly directory?: string
  /** Called when a source is done, in the order of completion. */
  readonly onSource?: (path: string, done: number, total: number) => void
}

export interface Program {
  readonly context: Context
  /** All sources linked, not optimised. */
  readonly module: Module
  /** What clang printed for sources that compiled, one text a source. */
  readonly warnings: readonly string[]
}

/**
 * Options of every compilation. -O2 stands before the user's options, so that theirs wins; at -O0 functions are not
 * marked `optnone`, which would keep them from being optimised for the host. -g1 gives lines, without types.
 */
const FIXED = ['-g1', '-O2', '-Xclang', '-disable-llvm-passes', '-Xclang', '-disable-O0-optnone']

/**
 * Compiles and links all sources. The caller disposes of the module and the context.
 * @throws FerryError `source-none`, `source-missing`, `source-type`, `compile-failed`, `clang-missing`, `sysroot-missing`,
 * `bitcode-invalid`, `llvm-link`, `llvm-missing`
 */
export async function compileProgram(options: CompileOptions): Promise<Program> {
  const paths = options.sources
  if (paths.length === 0) throw new FerryError('source-none', { command: 'analyze' })
  for (const path of paths) {
    if (!/\.(c|i|bc|ll)$/.test(path)) throw new FerryError('source-type', { path })
    if (!existsSync(resolve(options.directory ?? '', path))) throw new FerryError('source-missing', { path })
  }
  let done = 0
  const compiled = await inParallel(paths, async path => {
    const result = await compileSource(path, options)
    options.onSource?.(path, ++done, paths.length)
    return result
  })
  const context = new Context()
  const [module, ...others] = compiled.map(({ bitcode }, i) => parse(context, bitcode, paths[i]!))
  for (const other of others) module!.link(other)
  keepInlineDefinitions(module!)
  splitWeakDefinitions(module!)
  const warnings = compiled.map(({ warnings }) => warnings).filter(text => text !== '')
  return { context, module: module!, warnings }
}

/** One source as bitcode, and clang's warnings; a module file as it is. @throws as {@link compileProgram} */
export async function compileSource(
  path: string,
  options: Pick<CompileOptions, 'clangOptions' | 'directory'>,
): Promise<{ bitcode: Uint8Array; warnings: string }> {
  const directory = resolve(options.directory ?? '')
  if (/\.(bc|ll)$/.test(path)) return { bitcode: await readFile(resolve(directory, path)), warnings: '' }
  const color = process.stderr.isTTY ? ['-fcolor-diagnostics'] : []
  const words = [...guestOptions(), ...FIXED, ...color, ...options.clangOptions, '-Wno-unused-command-line-argument']
  const result = await execa(findClang(), [...words, '-emit-llvm', '-c', path, '-o', '-'], {
    cwd: directory,
    encoding: 'buffer',
    reject: false,
    stdin: 'ignore',
  })
  const output = Buffer.from(result.stderr ?? '')
    .toString()
    .trimEnd()
  if (result.failed) {
    const exit = result.exitCode ?? result.signal ?? 'none'
    throw new FerryError('compile-failed', { path, exit, output: output || (result.shortMessage ?? '') })
  }
  return { bitcode: result.stdout, warnings: output }
}

function parse(context: Context, bytes: Uint8Array, path: string): Module {
  return path.endsWith('.ll')
    ? Module.parseText(context, new TextDecoder().decode(bytes), path)
    : Module.parseBitcode(context, bytes, path)
}

/** Runs a task for every item, as many at a time as there are processors; results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length)
  let next = 0
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await task(items[i]!)
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, worker))
  return results
}
