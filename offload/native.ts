/** Builds the native program that a report compares with: the same sources and options, for this machine. */
import { existsSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import type { Manifest } from '../base/manifest.ts'
import { CLANG, runTool } from './tools.ts'

/** Options that speak of the guest. */
const GUEST_ONLY = /^(-march=|-mabi=|-mtune=|-mcpu=|-mcmodel=|--target=|-mno-relax|-mrelax|-static$)/
/** Objects and archives of the guest can not be linked natively. */
const GUEST_FILE = /^[^-].*\.(o|a|lo|obj)$/

/**
 * @param build the part of the manifest that names sources and options
 * @param output path of the native program
 * @throws FerryError `source-missing`, `native-objects`, `tool-failed`, `tool-missing`
 */
export async function buildNative(build: Manifest['build'], output: string): Promise<void> {
  const missing = build.sources.find(path => !existsSync(path))
  if (missing !== undefined) throw new FerryError('source-missing', { path: missing })
  const object = build.options.find(option => GUEST_FILE.test(option))
  if (object !== undefined) throw new FerryError('native-objects', { path: object })
  const options = build.options.filter(option => !GUEST_ONLY.test(option))
  const compile = options.filter(option => !/^-(l|L|Wl,)/.test(option))
  const link = options.filter(option => /^-(l|L|Wl,)/.test(option))
  const args = ['--target=x86_64-linux-gnu', '-fuse-ld=lld', '-w', ...compile, ...build.sources, '-o', output, ...link]
  await runTool(CLANG, args, { directory: build.directory, step: 'building the native program' })
}
