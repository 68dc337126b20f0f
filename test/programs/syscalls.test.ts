/**
 * The guest programs of syscalls/, one for a group of system calls, each built by clang and by gcc: ferry gives the output and the
 * exit status of qemu-riscv64, or of NAME.expected where the kernel's answer is known and qemu's differs from it.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const sources = join(here, 'syscalls')
const work = join(root, 'test/work/syscalls')
const header = join(sources, 'show.h')

const COMPILERS = {
  clang:
    'clang-22 --target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld -static -O2 -w',
  gcc: 'riscv64-linux-gnu-gcc -static -O1 -w',
} as const

const programs = readdirSync(sources)
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))

function build(program: string, compiler: keyof typeof COMPILERS): string {
  const source = join(sources, `${program}.c`)
  const product = join(work, `${program}.${compiler}`)
  const newest = Math.max(statSync(source).mtimeMs, statSync(header).mtimeMs)
  if (existsSync(product) && statSync(product).mtimeMs > newest) return product
  const [command = '', ...options] = COMPILERS[compiler].split(' ')
  execFileSync(command, [...options, source, '-o', product])
  return product
}

/** Standard output and how the program ended: a status, or 128 and the signal's number as shells have it. */
function outcome(command: string, args: readonly string[]): string {
  const { stdout, stderr, status, signal } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, input: '' })
  const end = signal === 'SIGTERM' ? 143 : (signal ?? status)
  return `${stdout}exit ${end}${end === 0 || end === 42 || end === 143 ? '' : `\n${stderr}`}`
}

function expected(program: string, built: string): string {
  const file = join(sources, `${program}.expected`)
  return existsSync(file) ? `${readFileSync(file, 'utf8')}exit 0` : outcome('qemu-riscv64', [built, 'one', 'two'])
}

beforeAll(() => {
  mkdirSync(work, { recursive: true })
})

describe.each(programs)('%s', program => {
  test.each(['clang', 'gcc'] as const)('built by %s', compiler => {
    const built = build(program, compiler)
    expect(outcome(join(root, 'bin/ferry'), ['run', built, 'one', 'two'])).toBe(expected(program, built))
  })
})

test('--log=strace prints a line for each call on standard error', () => {
  const built = build('errors', 'clang')
  const { stdout, stderr, status } = spawnSync(join(root, 'bin/ferry'), ['run', '--log=strace', built], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(status).toBe(0)
  expect(`${stdout}exit 0`).toBe(expected('errors', built))
  const lines = stderr.split('\n')
  expect(lines).toContain('openat(AT_FDCWD, 0xc, O_RDONLY) = -1 EFAULT (Bad address)')
  expect(lines).toContain('close(-1) = -1 EBADF (Bad file descriptor)')
  expect(lines.filter(line => line.startsWith('syscall_0x1388('))).toHaveLength(1)
  expect(lines.filter(line => line.startsWith('pipe2([')).at(0)).toMatch(/^pipe2\(\[\d+, \d+\], 0\) = 0$/)
  expect(lines).toContain('exit_group(0) = ?')
})
