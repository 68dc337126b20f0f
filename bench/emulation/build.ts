/** Compiles the kernels for both sides as the papers do: gcc -O3, the guest's static. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { root } from '../workload.ts'
import type { Side } from './subject.ts'

const COMPILERS: Readonly<Record<Side, string>> = { native: 'gcc', guest: 'riscv64-linux-gnu-gcc' }

/**
 * @param options instead of those of the kernels
 * @returns the program's path; one that is newer than its source is left alone
 */
export async function buildKernel(
  name: string,
  side: Side,
  folder: string,
  options: readonly string[] = side === 'guest' ? ['-static'] : [],
): Promise<string> {
  const source = join(root, 'bench/programs', `${name}.c`)
  const program = join(folder, side, [name, ...options].join(''))
  if (existsSync(program) && statSync(program).mtimeMs >= statSync(source).mtimeMs) return program
  mkdirSync(dirname(program), { recursive: true })
  await execa(COMPILERS[side], ['-O3', ...options, source, '-o', program, '-lm'])
  return program
}
