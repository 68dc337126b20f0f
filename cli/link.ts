/**
 * Entry of the bundle for links under `ferry cc`: clang starts it in place of the linker, with the linker's command line.
 * Options of ferry's come in FERRY_CC_OPTIONS (runtime/executor/toolchain.c).
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mode } from '../analyzer/index.ts'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'
import { link } from '../offload/link/link.ts'
import { splitWords } from '../offload/link/words.ts'
import { buildSummary } from './build-text.ts'
import { reportError } from './errors.ts'
import { COMMANDS, longFlag, type OptionRow } from './options.ts'
import { readRunProfile } from './profile-file.ts'
import { ferryRoot } from './root.ts'
import { readValue } from './values.ts'

/** @param words the linker's command line. Sets process.exitCode. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(words)
  } catch (error) {
    process.exitCode = reportError(error)
  }
}

async function run(words: readonly string[]): Promise<number> {
  const options = readOptions(process.env.FERRY_CC_OPTIONS ?? '')
  const { status, stdout, stderr, linked, failure } = await link({
    words,
    script: join(ferryRoot(), 'bin/ferry.ld'),
    offload: options.offload as Mode | undefined,
    ...(options.profile === undefined ? {} : { profile: readRunProfile(options.profile as string) }),
    hostCpu: options.hostCpu as string | undefined,
    hostLibm: options.hostLibm === true,
  })
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  if (failure) process.stderr.write(`ferry: nothing is offloaded: ${failure.message}\n`)
  if (linked && options.summary !== undefined) write(options.summary as string, buildSummary(linked), 'a')
  if (linked && options.json !== undefined)
    write(options.json as string, `${JSON.stringify(linked, undefined, 2)}\n`, 'w')
  return status
}

/** @throws FerryError `option-value` */
function readOptions(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const word of splitWords(text)) {
    const [, flag, value] = /^(--[^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
    const row = COMMANDS.cc.options.find(({ flags }) => flags.split(/[ ,=]+/).includes(`--ferry-${flag?.slice(2)}`))
    const takesValue = row?.flags.includes('<') === true
    if (row === undefined || takesValue !== (value !== undefined)) {
      const advice = 'see `ferry help cc` for the options of ferry'
      throw new FerryError('option-value', { option: 'FERRY_CC_OPTIONS', value: word, advice })
    }
    values[shortKey(row)] = takesValue ? readValue(row, value!) : true
  }
  return values
}

/** The name that the option has in other commands. */
function shortKey(row: OptionRow): string {
  return longFlag(row)
    .replace('--ferry-', '')
    .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

function write(path: string, text: string, flag: 'w' | 'a'): void {
  try {
    writeFileSync(path, text, { flag })
  } catch (error) {
    throw new FerryError('output-unwritable', { path, reason: describeSystemError(error) })
  }
}
