/**
 * Writes the hybrid ELF: the guest program with the host object, the manifest (base/manifest.ts) and the verdicts
 * (base/verdicts.ts) in non-loaded sections. The output appears under its name complete or not at all.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { type Manifest, SECTIONS } from '../base/manifest.ts'
import { describeSystemError } from '../base/system-error.ts'
import { encodeVerdicts, VERDICTS_SECTION, type Verdicts } from '../base/verdicts.ts'
import { OBJCOPY, runTool } from './tools.ts'

/** SHA-256 in hex, as the manifest has it. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Adds the sections to the guest program at `guest`, in place. `work` is a directory for temporary files.
 * @param removed names of sections that go
 */
export async function addSections(
  guest: string,
  host: Uint8Array,
  manifest: Manifest,
  verdicts: Verdicts,
  work: string,
  removed: readonly string[] = [],
): Promise<void> {
  const hostPath = join(work, 'host.section')
  const manifestPath = join(work, 'manifest.section')
  writeFileSync(hostPath, host)
  writeFileSync(manifestPath, JSON.stringify(manifest))
  const verdictsPath = join(work, 'verdicts.section')
  writeFileSync(verdictsPath, encodeVerdicts(verdicts))
  const add = (section: string, path: string) => ['--add-section', `${section}=${path}`]
  const sections = [
    ...add(SECTIONS.host, hostPath),
    ...add(SECTIONS.manifest, manifestPath),
    ...add(VERDICTS_SECTION, verdictsPath),
  ]
  const others = removed.flatMap(name => ['--remove-section', name])
  await runTool(OBJCOPY, [...sections, ...others, guest], { step: 'adding the host object to the program' })
}

/**
 * Refuses an output that can not be written before the work of a build starts, and one that would replace an input.
 * @param inputs absolute paths, of files that need not exist
 * @throws FerryError `output-unwritable`, `output-is-input`
 */
export function checkOutput(output: string, inputs: readonly string[] = []): void {
  const directory = dirname(resolve(output))
  let old: Stats | undefined
  try {
    old = statSync(output, { throwIfNoEntry: false })
    if (old?.isDirectory()) throw new Error('it is a directory')
    accessSync(isSpecial(old) ? output : directory, constants.W_OK)
  } catch (error) {
    throw unwritable(output, error)
  }
  if (old && inputs.some(path => isSame(old, statSync(path, { throwIfNoEntry: false })))) {
    throw new FerryError('output-is-input', { path: output })
  }
}

/** A device or a pipe, which is written to and never replaced: `-o /dev/null`. */
const isSpecial = (file: Stats | undefined): boolean => file !== undefined && !file.isFile() && !file.isDirectory()

const isSame = (a: Stats, b: Stats | undefined): boolean => b !== undefined && a.dev === b.dev && a.ino === b.ino

/**
 * Puts a finished program in its place with mode 755: copied beside it first, so that the rename is atomic.
 * @throws FerryError `output-unwritable`, `disk-full`
 */
export function place(program: string, output: string): void {
  const beside = join(dirname(resolve(output)), `.${basename(output)}.${randomBytes(6).toString('hex')}`)
  try {
    if (isSpecial(statSync(output, { throwIfNoEntry: false }))) {
      writeFileSync(output, readFileSync(program))
      return
    }
    copyFileSync(program, beside, constants.COPYFILE_EXCL)
    chmodSync(beside, 0o755)
    renameSync(beside, resolve(output))
  } catch (error) {
    rmSync(beside, { force: true })
    throw unwritable(output, error)
  }
}

function unwritable(output: string, error: unknown): FerryError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FerryError('disk-full', { step: `writing ${output}` })
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'the directory does not exist',
    ENOTDIR: 'its parent is not a directory',
  }
  return new FerryError('output-unwritable', {
    path: output,
    reason: reasons[code ?? ''] ?? describeSystemError(error),
  })
}
