/** bin/ferry as a user meets it: from any folder, with the guest's streams, statuses and signals, and with wrong input. */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildWorkload, root } from '../../bench/workload.ts'

const WORK = join(root, 'test/work/command-line')
const FERRY = join(root, 'bin/ferry')

/** What the guest does with its arguments: shows them, its streams, or ends in the way that the first one names. */
const GUEST = `
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  if (!strcmp(how, "status")) return atoi(argv[2]);
  if (!strcmp(how, "signal")) return raise(atoi(argv[2]));
  if (!strcmp(how, "abort")) abort();
  if (!strcmp(how, "wild")) *(volatile int *)16 = 1;
  if (!strcmp(how, "cat")) { for (int c; (c = getchar()) != EOF;) putchar(c); return 0; }
  if (!strcmp(how, "environment")) return puts(getenv("FERRY_TEST")) < 0;
  for (int i = 1; i < argc; i++) printf("[%s]\\n", argv[i]);
  fprintf(stderr, "to stderr\\n");
  return 0;
}
`

interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  readonly signal: string | null
}

function command(file: string, args: readonly string[], options: object = {}): Result {
  const { stdout, stderr, status, signal } = spawnSync(file, args, {
    cwd: WORK,
    encoding: 'utf8',
    input: '',
    ...options,
  })
  return { stdout, stderr, status, signal }
}

const ferry = (...args: string[]): Result => command(FERRY, args)

beforeAll(async () => {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  writeFileSync(join(WORK, 'guest.c'), GUEST)
  const workload = { name: 'guest', directory: WORK, sources: ['guest.c'], options: ['-O1'], runs: [] }
  copyFileSync(await buildWorkload(workload, 'guest', WORK), join(WORK, 'app'))
  symlinkSync(FERRY, join(WORK, 'linked'))
})

describe('ferry run', () => {
  it('gives the guest its arguments and streams', () => {
    expect(ferry('run', './app', '-a', '', 'b c', '--', '--offload=x')).toEqual({
      stdout: '[-a]\n[]\n[b c]\n[--]\n[--offload=x]\n',
      stderr: 'to stderr\n',
      status: 0,
      signal: null,
    })
  })

  it('works through a link from another folder', () => {
    expect(command('./linked', ['run', './app', 'x']).stdout).toBe('[x]\n')
    expect(command(FERRY, ['run', join(WORK, 'app'), 'x'], { cwd: '/' }).stdout).toBe('[x]\n')
  })

  it('gives the guest standard input and the environment', () => {
    const text = 'line\n'.repeat(50_000)
    expect(command(FERRY, ['run', './app', 'cat'], { input: text }).stdout).toBe(text)
    const env = { ...process.env, FERRY_TEST: 'passed on' }
    expect(command(FERRY, ['run', './app', 'environment'], { env }).stdout).toBe('passed on\n')
  })

  it.each([0, 1, 2, 42, 125, 255])('ends with the status %i of the guest', status => {
    expect(ferry('run', './app', 'status', String(status)).status).toBe(status)
  })

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGUSR1', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGXFSZ'] as const)(
    'ends by %s as the guest does',
    signal => {
      expect(ferry('run', './app', 'signal', String(constants.signals[signal])).signal).toBe(signal)
    },
  )

  it('ends by SIGABRT when the guest aborts; a core file has no sparse memory of ours', () => {
    const { signal, stdout } = command('/bin/sh', ['-c', `ulimit -c unlimited; exec ${FERRY} run ./app abort`])
    expect([signal, stdout]).toEqual(['SIGABRT', ''])
    const cores = readdirSync(WORK).filter(name => name.startsWith('core'))
    for (const core of cores) expect(statSync(join(WORK, core)).blocks * 512).toBeLessThan(100 << 20)
    for (const core of cores) rmSync(join(WORK, core))
  })

  it('names signal, place and symbol of a wild store in one line', () => {
    const { signal, stderr } = ferry('run', './app', 'wild')
    expect(signal).toBe('SIGSEGV')
    expect(stderr).toMatch(/^ferry: SIGSEGV \(wild store to 0x10\) at guest pc 0x[0-9a-f]+ \(main\+0x[0-9a-f]+\)\n$/)
  })

  it('prints times on stderr under --benchmark', () => {
    const { stdout, stderr } = ferry('run', '--benchmark', './app', 'x')
    expect(stdout).toBe('[x]\n')
    expect(stderr).toMatch(/^ferry: translation +[\d.]+ ms for [1-9]\d* regions/m)
  })

  it.each(['asm-in', 'asm-out', 'ir', 'strace'])('logs %s on stderr and nothing on stdout', category => {
    const { stdout, stderr } = ferry('run', `--log=${category}`, './app', 'x')
    expect(stdout).toBe('[x]\n')
    expect(stderr.split('\n').length).toBeGreaterThan(10)
  })

  it.each(['no-ras', 'no-chain', 'no-jump', 'no-fusion', 'no-ras,no-jump', 'none'])(
    'works with --optimize=%s',
    names => {
      expect(ferry('run', `--optimize=${names}`, './app', 'x')).toMatchObject({ stdout: '[x]\n', status: 0 })
    },
  )

  it('ends quietly when nobody reads its output', () => {
    const { stdout, stderr } = command('/bin/bash', ['-c', `${FERRY} run ./app cat < app | head -c 4 | tail -c 3`])
    expect([stdout, stderr]).toEqual(['ELF', ''])
  })
})

describe('wrong programs', () => {
  const app = () => readFileSync(join(WORK, 'app'))
  const patched = (offset: number, byte: number) => {
    const bytes = app()
    bytes[offset] = byte
    return bytes
  }
  it.each<[string, () => Uint8Array | string, string]>([
    ['empty', () => '', 'not an ELF file (it starts with nothing: it is empty)'],
    ['a text', () => 'hello\n', "not an ELF file (it starts with 'hell')"],
    ['cut in its header', () => app().subarray(0, 60), 'truncated ELF: its header ends at byte 64, the file has 60'],
    ['cut in a segment', () => app().subarray(0, 2000), 'the file has 2000. Build or copy it again.'],
    ['of 32 bits', () => patched(4, 1), 'a 32-bit little-endian ELF; ferry needs a 64-bit little-endian one'],
    ['big-endian', () => patched(5, 2), 'a 64-bit big-endian ELF'],
    ['for another machine', () => readFileSync('/bin/true'), 'built for x86-64, not for RISC-V'],
    ['an object', () => patched(16, 1), 'an ELF relocatable object, not an executable. Link it first.'],
  ])('%s', (name, content, message) => {
    writeFileSync(join(WORK, name), content())
    const { status, stdout, stderr } = ferry('run', name)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`ferry: ${name}: `)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['missing', 'missing: no such file. Give the path of a RISC-V ELF program.'],
    ['.', '.: can not be read: it is a folder'],
  ])('%s', (name, message) => {
    const { status, stderr } = ferry('run', name)
    expect(status).toBe(1)
    expect(stderr).toContain(`ferry: ${message}`)
  })
})

describe('wrong use of ferry build and ferry analyze', () => {
  beforeAll(() => {
    writeFileSync(join(WORK, 'wrong.c'), 'int main(void) { return undeclared; }\n')
    writeFileSync(join(WORK, 'unlinked.c'), 'void nowhere(void);\nint main(void) { nowhere(); }\n')
  })

  it.each<[string, number, string]>([
    ['build', 2, 'no source files. Give one or more C files, e.g. `ferry build a.c b.c`.'],
    ['analyze', 2, 'no source files. Give one or more C files, e.g. `ferry analyze a.c b.c`.'],
    ['build missing.c', 1, 'missing.c: no such file. Give the path of a C source file.'],
    ['build app', 1, 'app: not C source; ferry compiles .c and .i files'],
    ['build wrong.c', 1, 'wrong.c: clang reported errors (exit status 1):'],
    ['analyze wrong.c', 1, 'wrong.c: clang reported errors (exit status 1):'],
    ['build unlinked.c', 1, 'nowhere'],
    ['build -fno-such-option guest.c', 1, 'no-such-option'],
    ['build -c guest.c', 2, '-c: ferry build compiles and links in one step'],
    ['build --host-cpu=z80 guest.c', 2, '--host-cpu=z80: clang-22 knows no such processor'],
    ['build --offload=some guest.c', 2, '--offload=some: choose from auto, all, none.'],
    ['build guest.c -o missing/app', 1, 'missing/app: can not be written'],
    ['build guest.c -o', 2, "option '-o, --output <file>' argument missing"],
    ['analyze --explain=none guest.c', 2, '--explain=none: no such function in these sources'],
  ])('ferry %s', (line, status, message) => {
    const result = ferry(...line.split(' '))
    expect(result.stderr).toContain(message)
    expect(result.stderr).toMatch(/^ferry: /)
    expect(result.stderr).not.toContain('    at ')
    expect(result).toMatchObject({ status, stdout: '', signal: null })
  })
})

describe('what the other commands print', () => {
  it('ferry build --json names the program, which then runs', () => {
    const { stdout, stderr, status } = ferry('build', '-O2', 'guest.c', '-o', 'built', '--json')
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).output).toBe(join(WORK, 'built'))
    expect(ferry('run', 'built', 'x').stdout).toBe('[x]\n')
  })

  it('ferry analyze prints a table, JSON, and details with the source', () => {
    expect(ferry('analyze', 'guest.c').stdout).toMatch(/^function +place +verdict/)
    const { functions } = JSON.parse(ferry('analyze', '--json', 'guest.c').stdout)
    expect(functions.map((row: { name: string }) => row.name)).toContain('main')
    expect(ferry('analyze', '--explain=main', 'guest.c').stdout).toContain('if (!strcmp(how, "abort")) abort();')
  })

  it('ferry doctor finds everything that is required', () => {
    const { status, stdout } = ferry('doctor', '--json')
    const { ready, requirements } = JSON.parse(stdout)
    const missing = requirements.filter(
      (row: { found: boolean; need: string }) => !row.found && row.need === 'required',
    )
    expect([missing, ready, status]).toEqual([[], true, 0])
  })
})
