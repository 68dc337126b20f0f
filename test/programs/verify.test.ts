/** `ferry run --verify`: programs that do the same emulated and hybrid, and one whose host functions come from another source. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCE = fileURLToPath(new URL('./verify/calls.c', import.meta.url))
/** Debian's package of the C library for cross compilers. */
const SYSROOT = '/usr/riscv64-linux-gnu'
const OTHER = '-DFACTOR=1000007'
const SAME = /^ferry: \d+ system calls, no difference\n$/

let folder: string
const at = (name: string): string => join(folder, name)

/** All that can leave does. */
function build(name: string, ...options: string[]): string {
  execFileSync(FERRY_COMMAND, ['build', '-O2', '-g', '--offload=all', ...options, SOURCE, '-o', at(name)])
  return at(name)
}

function run(words: readonly string[], input = '') {
  const { stdout, stderr, status, signal } = spawnSync(FERRY_COMMAND, ['run', ...words], {
    encoding: 'utf8',
    timeout: 60_000,
    input,
  })
  return { stdout, stderr, status, signal }
}

let program: string
let mixed: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-verify-'))
  program = build('same')
  mixed = build('mixed')
  const other = build('other', OTHER)
  const sections = (action: string) => ['manifest', 'host'].flatMap(part => [action, `.ferry.${part}=${at(part)}`])
  execFileSync('llvm-objcopy-22', [...sections('--dump-section'), other])
  execFileSync('llvm-objcopy-22', [...sections('--update-section'), mixed])
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a program that does the same', () => {
  const verify = (words: readonly string[], input?: string) => run(['--verify', program, ...words], input)

  test.each([
    ['the clock', ['clocks'], /^\d+ \d+\n\d+\n$/],
    ['random bytes and process numbers', ['chance'], /^\d+ \d+\n\d+\n$/],
    ['pipes, sockets and messages', ['channels'], /^\d+\n$/],
    ['a signal to itself', ['signals'], /^\d+\n$/],
  ])('%s', (_, words, expected) => {
    const { stdout, stderr, status } = verify(words)
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(SAME), status: 0 })
    expect(stdout).toMatch(expected)
  })

  test('standard input, from a pipe', () => {
    const input = 'a line\n'.repeat(20_000)
    const { stdout } = run([program, 'input'], input)
    expect(verify(['input'], input)).toMatchObject({ stdout, stderr: expect.stringMatching(SAME), status: 0 })
  })

  test('a folder', () => {
    mkdirSync(at('names'))
    for (const name of 'abcdefg') writeFileSync(join(at('names'), name), name)
    const { stdout } = run([program, 'folders', at('names')])
    expect(verify(['folders', at('names')])).toMatchObject({
      stdout,
      stderr: expect.stringMatching(SAME),
      status: 0,
    })
  })

  test('files that it writes, maps and renames, once', () => {
    mkdirSync(at('files'))
    const { stdout, stderr, status } = verify(['files', at('files')])
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(SAME), status: 0 })
    expect(stdout).toMatch(/^(\d+) \1\n\d+\n$/)
    expect(readdirSync(at('files'))).toEqual(['file.old'])
  })

  test('temporary files, whose names the C library makes up', () => {
    mkdirSync(at('temporary'))
    const { stdout, stderr, status } = verify(['temporary', at('temporary')])
    expect({ stderr, status }).toEqual({ stderr: expect.stringMatching(SAME), status: 0 })
    expect(stdout).toMatch(/^\/\S+\/one\w{6}\.txt \/\S+\/two\w{6}\n\d+\n$/)
    expect(readdirSync(at('temporary'))).toEqual([])
  })

  test.each([
    ['an exit status', ['status'], { status: 43, signal: null }],
    ['abort', ['abort'], { status: null, signal: 'SIGABRT' }],
    ['a broken pipe', ['broken'], { status: null, signal: 'SIGPIPE' }],
    ['a fault', ['crash'], { status: null, signal: 'SIGSEGV' }],
  ])('ends as it does: %s', (_, words, end) => {
    const result = verify(words)
    expect(result).toMatchObject(end)
    const lines = result.stderr.split('\n')
    expect(lines.at(-2)).toMatch(/^ferry: \d+ system calls, no difference$/)
    expect(lines.length).toBe(end.signal === 'SIGSEGV' ? 3 : 2)
  })
})

describe('a program whose host functions are of another source', () => {
  test('the first call that differs is named', () => {
    const { stdout, stderr, status } = run(['--verify', mixed, 'clocks'])
    expect(status).toBe(125)
    // what the emulated run has written
    const total = /^\d+ \d+\n(\d+)\n$/.exec(stdout)![1]!
    expect(stderr).toMatch(
      new RegExp(
        `system call \\d+ differs\\.\\n  emulated: write\\(1, "\\d+ \\d+\\\\n${total}\\\\n", \\d+\\)\\n    at 0x[0-9a-f]+ \\(write\\+.*\\n  hybrid: +write\\(1, "\\d+ \\d+\\\\n\\d+\\\\n", \\d+\\)\\n    at .*called from`,
      ),
    )
  })

  test('bytes that the line does not show', () => {
    const { stderr, status } = run(['--verify', mixed, 'many'])
    expect(status).toBe(125)
    expect(stderr).toMatch(/\n {2}Byte 41 of what it passes is 0x34 emulated and 0x33 hybrid\.\n/)
  })

  test('another exit status', () => {
    expect(run(['--verify', mixed, 'status'])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /emulated: exit_group\(43\)\n.*\n {2}hybrid: +exit_group\(15\)\n.*called from __run_exit_handlers, exit, /,
      ),
      status: 125,
      signal: null,
    })
  })

  test('functions that agree, alone', () => {
    expect(run(['--verify', '--offload=clocks', mixed, 'signals'])).toMatchObject({
      stderr: expect.stringMatching(SAME),
      status: 0,
    })
  })
})

describe('a hybrid library', () => {
  test('in a dynamically linked program', () => {
    const [lib, use] = [at('libsum.so'), at('use')]
    writeFileSync(
      at('sum.c'),
      'long sum(const char *p, int n) { long s = 0; while (n--) s += s * 5 + *p++; return s; }\n',
    )
    writeFileSync(
      at('use.c'),
      '#include <stdio.h>\nlong sum(const char *, int);\nint main(int n, char **v) { printf("%ld\\n", sum(v[0], n)); }\n',
    )
    const shared = ['-O2', '-fPIC', '-shared', '--ferry-offload=all']
    execFileSync(FERRY_COMMAND, ['cc', ...shared, at('sum.c'), '-o', lib])
    execFileSync('riscv64-linux-gnu-gcc', [at('use.c'), `-L${folder}`, '-lsum', '-o', use])
    const words = ['-L', SYSROOT, '-E', `LD_LIBRARY_PATH=${folder}`, use, 'a', 'b']
    const { stdout } = run(words)
    expect(stdout).toMatch(/^\d+\n$/)
    expect(run(['--verify', ...words])).toMatchObject({ stdout, stderr: expect.stringMatching(SAME), status: 0 })
  })
})

describe('what can not be verified says why', () => {
  test.each([
    ['another process', ['fork'], /clone\(flags=.*\(_Fork\+0x[0-9a-f]+\): it makes a thread or a process/],
    ['a thread', ['thread'], /clone3?\(.*: it makes a thread or a process/],
    ['a signal from outside', ['alarm'], /SIGALRM: a signal from outside can not be repeated/],
  ])('%s', (_, words, message) => {
    expect(run(['--verify', program, ...words])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(message),
      status: 1,
      signal: null,
    })
  })

  test('a program without host functions', () => {
    execFileSync('riscv64-linux-gnu-gcc', ['-static', SOURCE, '-o', at('plain')])
    expect(run(['--verify', at('plain'), 'clocks'])).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/plain: no part of it runs natively/),
      status: 1,
    })
  })

  test('other options that watch the run', () => {
    for (const option of ['--check=function', '--profile', '--log=strace'])
      expect(run(['--verify', option, program])).toMatchObject({
        stderr: `ferry: --verify, ${option.replace(/=.*/, '')}: give one of them.\n`,
        status: 2,
      })
  })
})
