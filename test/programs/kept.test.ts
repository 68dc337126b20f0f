/** Translations kept between runs: used by the second run, ignored when damaged or not the user's own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { SYSROOT } from './probe.ts'

const COMPILER = 'riscv64-linux-gnu-gcc'
const SOURCE = fileURLToPath(new URL('./basic/recover.c', import.meta.url))
let work: string
let cache: string
let program: string

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-kept-'))
  cache = join(work, 'cache')
  program = join(work, 'program')
  execFileSync(COMPILER, ['-static', '-O2', '-w', SOURCE, '-o', program])
})
beforeEach(() => rmSync(cache, { recursive: true, force: true }))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** What the guest wrote and how it ended, and how many regions were translated for it. */
function run(...options: string[]): { guest: string; regions: number } {
  return runProgram(program, options)
}

function runProgram(path: string, options: readonly string[] = []): { guest: string; regions: number } {
  const env = { ...process.env, FERRY_SYSROOT: SYSROOT, FERRY_CACHE: '', FERRY_CACHE_DIR: cache }
  const { stdout, stderr, status, signal } = spawnSync(FERRY_COMMAND, ['run', '--benchmark', ...options, path], {
    env,
    encoding: 'utf8',
  })
  return { guest: `${stdout}${status}${signal}`, regions: Number(/for (\d+) regions/.exec(stderr)?.[1]) }
}

const files = (): string[] => readdirSync(cache).map(name => join(cache, name))

test('the second run translates nothing and faults at the same places', () => {
  const first = run()
  expect(first.regions).toBeGreaterThan(10)
  expect(files()).toHaveLength(1)
  expect(statSync(files()[0]!).mode & 0o777).toBe(0o600)
  const second = run()
  expect(second.guest).toBe(first.guest)
  // but for the page that signal handlers return through, which is not the program's
  expect(second.regions).toBeLessThanOrEqual(1)
})

test('other options have a file of their own', () => {
  const { guest, regions } = run()
  expect(run('--optimize=no-lazy')).toMatchObject({ guest })
  expect(files()).toHaveLength(2)
  expect(regions).toBeGreaterThan(0)
})

test('a damaged file is ignored and written anew', () => {
  const { guest, regions } = run()
  const [file] = files()
  const whole = readFileSync(file!)
  for (const damaged of [
    whole.subarray(0, whole.length >> 1),
    Buffer.from(whole).fill(0x5a, 1000, 1016),
    Buffer.alloc(0),
  ]) {
    writeFileSync(file!, damaged)
    expect(run()).toEqual({ guest, regions })
    expect(readFileSync(file!).equals(whole)).toBe(true)
  }
})

test('a file that others may write is ignored', () => {
  const { guest, regions } = run()
  chmodSync(files()[0]!, 0o622)
  expect(run()).toEqual({ guest, regions })
})

test('a folder that can not be made is no error', () => {
  writeFileSync(cache, 'a file')
  const { regions } = run()
  expect(regions).toBeGreaterThan(0)
  expect(readFileSync(cache, 'utf8')).toBe('a file')
})

describe('a dynamically linked program', () => {
  const SHARED = 'int twice(int n) { return VALUE * n; }'
  const MAIN = '#include <stdio.h>\nint twice(int); int main(void) { printf("%d\\n", twice(21)); return 0; }'
  const library = (value: number): void =>
    void execFileSync(COMPILER, ['-shared', '-fPIC', `-DVALUE=${value}`, '-xc', '-', '-o', join(work, 'libtwice.so')], {
      input: SHARED,
    })
  const dynamic = (): string => {
    const path = join(work, 'dynamic')
    const options = ['-xc', '-', '-xnone', join(work, 'libtwice.so'), `-Wl,-rpath,${work}`, '-o', path]
    execFileSync(COMPILER, options, { input: MAIN })
    return path
  }

  test('finds the translations of its libraries and of the interpreter', () => {
    library(2)
    const path = dynamic()
    const first = runProgram(path)
    expect(first.guest).toBe('42\n0null')
    expect(first.regions).toBeGreaterThan(100)
    expect(runProgram(path)).toEqual({ guest: first.guest, regions: 0 })
  })

  test('translates a library anew that is another one now, and keeps the others', () => {
    library(2)
    const path = dynamic()
    const first = runProgram(path)
    library(3)
    const second = runProgram(path)
    expect(second.guest).toBe('63\n0null')
    expect(second.regions).toBeGreaterThan(0)
    expect(second.regions).toBeLessThan(first.regions / 2)
    expect(runProgram(path)).toEqual({ guest: '63\n0null', regions: 0 })
  })
})

test('programs that a program starts are kept with it', () => {
  const path = join(work, 'starter')
  const source = `#include <stdio.h>
    #include <sys/wait.h>
    #include <unistd.h>
    int main(int argc, char **argv) {
      if (fork() == 0) { execl(argv[0], argv[0], "child", NULL); _exit(1); }
      int status; if (argc > 1) puts("child"); else wait(&status), puts("parent");
    }`
  execFileSync(COMPILER, ['-static', '-w', '-xc', '-', '-o', path], {
    input: source.replace('if (fork', 'if (argc == 1 && fork'),
  })
  const first = runProgram(path)
  expect(first.guest).toBe('child\nparent\n0null')
  expect(runProgram(path)).toEqual({ guest: first.guest, regions: 0 })
})
