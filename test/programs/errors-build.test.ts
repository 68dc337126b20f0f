/** Builds and analyses that can not be made: the message, the status, and an older output as it was. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ended, FERRY, isRoot, mayMount, NOBODY, poll, Workshop } from './errors/workshop.ts'

const PROGRAM = `
#include <stdio.h>
__attribute__((annotate("ferry.offload"), noinline)) long twice(long n) { return n * 2; }
int main(void) { printf("%ld\\n", twice(21)); return 0; }
`
const workshop = new Workshop('build')

/** A folder with node alone, and what else is named, for PATH. */
function toolFolder(name: string, ...tools: string[]): string {
  const folder = workshop.path(name)
  mkdirSync(folder)
  symlinkSync(process.execPath, join(folder, 'node'))
  for (const tool of tools)
    symlinkSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(), join(folder, tool))
  return folder
}

beforeAll(() => {
  workshop.write('good.c', PROGRAM)
  workshop.write('wrong.c', 'int main(void) {\n  return undeclared;\n}\n')
  workshop.write('unlinked.c', 'void nowhere(void);\nint main(void) { nowhere(); }\n')
  workshop.write('twice.c', 'int main(void) { return 1; }\n')
  workshop.write('binary.c', readFileSync(process.execPath).subarray(0, 200))
  workshop.write('empty.c', '')
  mkdirSync(workshop.path('folder.c'))
  workshop.write('old', 'an older program')
})
afterAll(() => workshop.dispose())

const OLD = 'an older program'

/** Nothing may have happened to the output, and nothing may lie beside it. */
function expectOld(): void {
  expect(readFileSync(workshop.path('old'), 'utf8')).toBe(OLD)
  expect(readdirSync(workshop.folder).filter(name => name.startsWith('.'))).toEqual([])
}

describe('wrong sources', () => {
  test.each<[line: string, status: number, ...words: (string | RegExp)[]]>([
    ['build good.c absent.c -o old', 1, 'absent.c: no such file'],
    ['build module.ll -o old', 1, 'module.ll: not C source'],
    ['build folder.c -o old', 1, 'folder.c: clang reported errors', 'Is a directory'],
    ['build binary.c -o old', 1, 'binary.c: clang reported errors'],
    [
      'build wrong.c -o old',
      1,
      'clang reported errors',
      /wrong\.c:2:10: error: use of undeclared identifier/,
      'return undec',
    ],
    ['build unlinked.c -o old', 1, 'linking the guest program failed', 'undefined symbol: nowhere', 'unlinked.c'],
    ['build empty.c -o old', 1, 'linking the guest program failed', 'undefined symbol: main'],
    ['build good.c twice.c -o old', 1, 'main'],
    ['build good.c -lnosuch -o old', 1, 'linking the guest program failed', 'nosuch'],
    ['build good.c absent.o -o old', 1, 'absent.o'],
    ['build -std=c5 good.c -o old', 1, "invalid value 'c5'"],
    ['analyze absent.c', 1, 'absent.c: no such file'],
    ['analyze old', 1, 'old: not C source'],
    ['analyze --offload=most good.c', 2, '--offload=most: choose from'],
  ])('ferry %s', (line, status, ...words) => {
    workshop.expectFailure(workshop.ferry(...line.split(' ')), status, ...words)
    expectOld()
  })
})

describe('an output that can not be written', () => {
  const build = (output: string, command: readonly string[] = [FERRY]) =>
    workshop.run(command[0]!, [...command.slice(1), 'build', 'good.c', '-o', output])

  test('in no folder, below a file, a folder itself', () => {
    workshop.expectFailure(build('absent/app'), 1, 'absent/app: can not be written: the directory does not exist')
    workshop.expectFailure(build('old/app'), 1, 'old/app: can not be written: its parent is not a directory')
    workshop.expectFailure(build('folder.c'), 1, 'folder.c: can not be written: it is a directory')
  })

  test('a source', () => {
    workshop.expectFailure(build('good.c'), 2, 'good.c: is an input as well; nothing was written')
    expect(readFileSync(workshop.path('good.c'), 'utf8')).toBe(PROGRAM)
  })

  test.runIf(isRoot)('without permission', () => {
    chmodSync(workshop.temporary, 0o777)
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, '--clear-groups', FERRY]
    workshop.expectFailure(build('app', asNobody), 1, 'app: can not be written: permission denied. Give a path')
  })

  test('a device is written to and stays one; a full one is a full disk', () => {
    // Links, so that the devices themselves are safe from what is tested here.
    symlinkSync('/dev/null', workshop.path('null'))
    symlinkSync('/dev/full', workshop.path('full'))
    expect(build('null')).toMatchObject({ status: 0, stderr: '' })
    workshop.expectFailure(build('full'), 1, 'full: no space left on the device')
    for (const name of ['null', 'full']) expect(lstatSync(workshop.path(name)).isSymbolicLink()).toBe(true)
  })

  test.runIf(mayMount)('on a full disk, and on one that is read-only', () => {
    mkdirSync(workshop.path('disk'))
    const on = (options: string, line: string) =>
      workshop.run('unshare', [
        '-m',
        'sh',
        '-c',
        `mount -t tmpfs -o ${options} none disk && ${line}; s=$?; ls -A disk; exit $s`,
      ])
    workshop.expectFailure(on('size=64k', `${FERRY} build good.c -o disk/app`), 1, 'writing', 'disk/app: no space left')
    workshop.expectFailure(
      on('ro', `${FERRY} build good.c -o disk/app`),
      1,
      'disk/app: can not be written: the file system',
    )
    for (const size of ['4k', '100k']) {
      const result = on(`size=${size}`, `TMPDIR=$PWD/disk ${FERRY} build good.c -o old`)
      workshop.expectFailure(result, 1, 'no space left on the device. Free some, or set TMPDIR')
    }
    expectOld()
  })

  test('beyond ulimit -f', () => {
    const limited = (blocks: number) => workshop.shell(`ulimit -f ${blocks}; exec $FERRY build good.c -o old`)
    workshop.expectFailure(limited(4), 1, 'larger than ulimit -f allows. Raise the limit.')
    workshop.expectFailure(limited(300), 1, 'linking the guest program: a file would be larger than ulimit -f allows')
    expectOld()
  })

  test('in TMPDIR', () => {
    const env = { ...workshop.environment, TMPDIR: '/nonexistent' }
    const result = workshop.run(FERRY, ['build', 'good.c', '-o', 'old'], { env })
    workshop.expectFailure(result, 1, '/nonexistent: no temporary files can be written there', 'Set TMPDIR')
    expectOld()
  })
})

describe('a machine without', () => {
  const build = (env: object) =>
    workshop.run(FERRY, ['build', 'good.c', '-o', 'old'], { env: { ...workshop.environment, ...env } })

  test('clang', () => {
    const advice = /clang-22 not found.*apt install clang-22/
    workshop.expectFailure(build({ PATH: toolFolder('no-tools') }), 1, advice)
    expectOld()
  })

  test('llvm-objcopy', () => {
    const result = build({ PATH: toolFolder('no-objcopy', 'clang-22') })
    workshop.expectFailure(result, 1, 'llvm-objcopy-22 not found. Install it: apt install llvm-22.')
    expectOld()
  })

  test.each([
    ['/nonexistent/libLLVM.so', 'libLLVM 22 not found', 'apt install libllvm22'],
    ['/lib/x86_64-linux-gnu/libc.so.6', 'libLLVM has no LLVM', 'unset FERRY_LIBLLVM'],
  ])('libLLVM (%s)', (library, ...words) => {
    workshop.expectFailure(build({ FERRY_LIBLLVM: library }), 1, ...words)
    expectOld()
  })

  test.runIf(mayMount)('the C library and run-time objects of the guest', () => {
    for (const folder of ['/usr/lib/gcc-cross', '/usr/riscv64-linux-gnu/include']) {
      const line = `mount -t tmpfs none ${folder} && exec ${FERRY} build good.c -o old`
      const result = workshop.run('unshare', ['-m', 'sh', '-c', line])
      workshop.expectFailure(
        result,
        1,
        `no RISC-V C library and compiler run-time at ${folder}`,
        'apt install gcc-12-riscv64',
      )
    }
    expectOld()
  })

  test('a clang that lives', () => {
    const folder = toolFolder('killed')
    workshop.write('killed/clang-22', '#!/bin/sh\nkill -9 $$\n')
    chmodSync(join(folder, 'clang-22'), 0o755)
    const result = workshop.run(FERRY, ['analyze', 'good.c'], { env: { ...workshop.environment, PATH: folder } })
    workshop.expectFailure(result, 1, 'good.c: clang reported errors (exit status SIGKILL)')
  })
})

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', signal => {
  test('in the middle of a build leaves nothing behind', async () => {
    const child = workshop.start(['build', '-O3', '--offload=all', 'good.c', '-o', 'old'])
    const end = ended(child)
    await poll(() => readdirSync(workshop.temporary)[0])
    child.kill(signal)
    expect(await end).toEqual({ status: null, signal, stdout: '', stderr: '' })
    workshop.expectNothingLeft()
    expectOld()
    expect(existsSync(workshop.path('a.out'))).toBe(false)
  })
})
