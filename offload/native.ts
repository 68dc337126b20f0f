/** The native program that a report compares with: the same sources and options, for this machine. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { ELF_MACHINE, parseElf } from '../base/elf/read.ts'
import type { Manifest } from '../base/manifest.ts'
import { CLANG, runTool } from './tools.ts'

/** Options that speak of the guest. */
const GUEST_ONLY = /^(-march=|-mabi=|-mtune=|-mcpu=|-mcmodel=|--target=|-mno-relax|-mrelax|-static$)/
/** Objects and archives of the guest can not be linked natively. */
const GUEST_FILE = /^[^-].*\.(o|a|lo|obj)$/

/**
 * @param build the part of the manifest that names sources and options
 * @param output path of the native program
 * @throws FerryError `source-missing`, `native-sources`, `native-objects`, `tool-failed`, `tool-missing`
 */
export async function buildNative(build: Manifest['build'], output: string): Promise<void> {
  const missing = build.sources.find(path => !existsSync(path))
  if (missing !== undefined) throw new FerryError('source-missing', { path: missing })
  const object = build.options.find(option => GUEST_FILE.test(option))
  if (object !== undefined) throw new FerryError('native-objects', { path: object })
  if (build.sources.length === 0) throw new FerryError('native-sources', {})
  const options = build.options.filter(option => !GUEST_ONLY.test(option))
  const compile = options.filter(option => !/^-(l|L|Wl,)/.test(option))
  const link = options.filter(option => /^-(l|L|Wl,)/.test(option))
  const args = ['--target=x86_64-linux-gnu', '-fuse-ld=lld', '-w', ...compile, ...build.sources, '-o', output, ...link]
  await runTool(CLANG, args, { directory: build.directory, step: 'building the native program' })
}

/**
 * Takes a program that was built already, with what it loads from beside it.
 * @param path the program
 * @throws FerryError `native-program`, `elf-…`
 */
export function useNative(path: string): (build: Manifest['build'], output: string) => Promise<void> {
  return async (_, output) => {
    if (!existsSync(path)) throw new FerryError('native-program', { path, reason: 'no such file' })
    const { machine } = parseElf(readFileSync(path), path).header
    if (machine !== ELF_MACHINE.X86_64) throw new FerryError('native-program', { path, reason: 'it is not for x86-64' })
    symlinkSync(resolve(path), output)
  }
}
