/** What the tests of `ferry cc` share: a folder, and the commands in it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll } from 'vitest'
import { parseElf } from '../../base/elf/read.ts'
import { SECTIONS } from '../../base/manifest.ts'

export const here = dirname(fileURLToPath(import.meta.url))
export const bin = join(here, '../../bin')
export const ferry = join(bin, 'ferry')
export const SYSROOT = '/usr/riscv64-linux-gnu'
const GUEST = ['--target=riscv64-linux-gnu', '--start-no-unused-arguments', '-fuse-ld=lld', '--end-no-unused-arguments']
export const TOOLS = ['CC=ferry cc', 'AR=ferry ar', 'RANLIB=ferry ranlib']

export const work = mkdtempSync(join(tmpdir(), 'ferry-cc-'))
afterAll(() => rmSync(work, { recursive: true }))

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

interface Where {
  readonly cwd?: string
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
}

const environment = { ...process.env, PATH: `${bin}:${process.env.PATH}`, FERRY_CC_OPTIONS: '' }

export async function outcome(command: string, args: readonly string[], where: Where = {}): Promise<Outcome> {
  const { cwd = work, input = '', env = {} } = where
  const options = { cwd, input, timeout: 100_000, reject: false, stripFinalNewline: false } as const
  const { stdout, stderr, exitCode } = await execa(command, args, { ...options, env: { ...environment, ...env } })
  return { stdout, stderr, status: exitCode ?? null }
}

export const cc = (args: readonly string[], where?: Where) => outcome(ferry, ['cc', ...args], where)
export const clang = (args: readonly string[], where?: Where) => outcome('clang-22', [...GUEST, ...args], where)
export const qemu = (...args: string[]) => outcome('qemu-riscv64', ['-L', SYSROOT, ...args])
export const run = (...args: string[]) => outcome(ferry, ['run', '-L', SYSROOT, ...args])

export function write(name: string, text: string): string {
  writeFileSync(join(work, name), text)
  return name
}

export function sections(path: string): string[] {
  return parseElf(readFileSync(path), path).sections.map(({ name }) => name)
}

/** Names of the functions that run natively; none for what is no hybrid. */
export function native(path: string): string[] {
  const manifest = parseElf(readFileSync(path), path).sectionBytes(SECTIONS.manifest)
  if (manifest === undefined) return []
  return JSON.parse(Buffer.from(manifest).toString()).functions.map(({ name }: { name: string }) => name)
}
