/** Makes objects of changed modules again, with the options that they were compiled with. */

import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { findClang } from '../../analyzer/toolchain.ts'
import { FerryError } from '../../base/diagnostics.ts'
import type { LinkModule } from './modules.ts'

/** Options of clang's compiler proper that are not for a module: those of `ferry cc`, and of what the front end did. */
const FRONT_END = /^(-fembed-bitcode=.*|-disable-O0-optnone|-Rpass=.*|-disable-llvm-verifier)$/
/** Options that allow other floating-point results than the operations have: taken out of both sides. */
const RELAXED_FLOAT =
  /^-(ffast-math|menable-no-nans|menable-no-infs|funsafe-math-optimizations|fno-signed-zeros|mreassociate|freciprocal-math|fapprox-func|ffinite-math-only|ffp-contract=.*)$/

export interface GuestObjects {
  /** Paths of the objects, in the order of the modules. */
  readonly paths: readonly string[]
  /** @throws FerryError `tool-failed` */
  readonly done: Promise<void>
}

/** Starts as many compilers as there are processors, each of which takes its share of the modules one after the other. */
export function compileModules(modules: readonly LinkModule[], work: string): GuestObjects {
  const clang = findClang()
  const paths = modules.map((_, i) => join(work, `module${i}.o`))
  const shares = Array.from(
    { length: Math.min(availableParallelism(), modules.length) },
    (): Share => ({ size: 0, lines: [] }),
  )
  const jobs = modules.map(({ module, object }, i) => {
    const bitcode = module.bitcode()
    const source = join(work, `module${i}.bc`)
    writeFileSync(source, bitcode)
    const options = object.command.filter(word => !FRONT_END.test(word) && !RELAXED_FLOAT.test(word))
    const words = [clang, ...options, '-ffp-contract=on', '-w', '-x', 'ir', source, '-o', paths[i]!]
    return { size: bitcode.length, line: words.map(shellWord).join(' ') }
  })
  for (const { size, line } of jobs.sort((a, b) => b.size - a.size)) {
    const share = shares.reduce((least, other) => (other.size < least.size ? other : least))
    share.size += size
    share.lines.push(line)
  }
  return { paths, done: Promise.all(shares.map(run)).then(() => {}) }
}

interface Share {
  size: number
  readonly lines: string[]
}

async function run({ lines }: Share): Promise<void> {
  const result = await execa('sh', ['-e'], { input: lines.join('\n'), reject: false })
  if (result.failed) {
    const output = result.stderr.trim() || (result.shortMessage ?? '')
    throw new FerryError('tool-failed', { step: 'generating code for the guest', tool: 'clang-22', output })
  }
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
