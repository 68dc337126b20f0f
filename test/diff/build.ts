import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ASSEMBLER_FEATURES } from './features.ts'
import { LINK_OPTIONS, type Program } from './program.ts'

const run = promisify(execFile)

/** Folder of generated programs and their outputs; git ignores it. */
export const WORK = fileURLToPath(new URL('../work/', import.meta.url))

/**
 * Assembles and links a text without a libc.
 * @returns the path of the ELF program, `folder`/`name`.elf
 */
export async function assemble(
  folder: string,
  name: string,
  text: string,
  linkOptions: readonly string[] = [],
): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const base = `${folder}/${name}`
  writeFileSync(`${base}.s`, text)
  await run('llvm-mc-22', [
    '-triple=riscv64',
    `-mattr=${ASSEMBLER_FEATURES}`,
    '-filetype=obj',
    `-I${folder}/${name}`,
    `${base}.s`,
    '-o',
    `${base}.o`,
  ])
  await run('ld.lld-22', ['-static', '--no-dynamic-linker', ...linkOptions, `${base}.o`, '-o', `${base}.elf`])
  return `${base}.elf`
}

/** Builds a generated program; its rows lie in a folder of its own because the text names them without a path. */
export async function build(program: Program, folder: string): Promise<string> {
  mkdirSync(`${folder}/${program.name}`, { recursive: true })
  writeFileSync(`${folder}/${program.name}/rows.bin`, program.rows)
  return assemble(folder, program.name, program.text, LINK_OPTIONS)
}
