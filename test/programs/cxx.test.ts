/**
 * C++ under `ferry c++`: what may leave the guest does, what exceptions keep there says so, and programs do the same in every
 * mode. The oracle is qemu-riscv64.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkRequirements } from '../../cli/requirements.ts'
import { bin, ferry, here, SYSROOT, work } from './cc-workshop.ts'

const MODES = ['none', 'auto', 'all']

const present = new Set(
  checkRequirements(join(here, '../..'))
    .filter(({ found }) => found)
    .map(({ id }) => id),
)

async function output(
  command: string,
  words: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const { cwd = work, env = {} } = options
  const { stdout } = await execa(command, words, { cwd, timeout: 200_000, env: { FERRY_CC_OPTIONS: '', ...env } })
  return stdout
}

const cxx = (...words: string[]) => output(ferry, ['c++', '-O2', ...words])
const run = (...words: string[]) => output(ferry, ['run', '-L', SYSROOT, ...words])
const qemu = (...words: string[]) => output('qemu-riscv64', ['-L', SYSROOT, ...words])

interface Verdict {
  readonly name: string
  readonly sourceName: string
  readonly verdict: string
  readonly rule?: string
  readonly reason: string
}

function verdicts(path: string): Map<string, Verdict> {
  const { analysis } = JSON.parse(readFileSync(join(work, path), 'utf8'))
  return new Map(analysis.functions.map((f: Verdict) => [f.sourceName, f]))
}

describe.runIf(present.has('guest-c++'))('C++', () => {
  const PROGRAM = `
    #include <cstdio>
    #include <stdexcept>
    #include <string>
    #include <vector>
    struct Counter { int &n; ~Counter() { n++; } };
    int destroyed = 0;
    __attribute__((noinline)) int refuses(int a) {
      if (a > 3) throw std::runtime_error("more than " + std::to_string(a - 1));
      return a;
    }
    __attribute__((noinline)) int passes(int a) { return refuses(a) * 2 + refuses(a + 1); }
    __attribute__((noinline)) int through(int (*f)(int), int a) { return f(a) + 1; }
    __attribute__((noinline)) int cleans(int a) { Counter counter{destroyed}; return passes(a); }
    __attribute__((noinline)) int catches(int a) {
      try { return through(cleans, a); } catch (const std::exception &e) { return e.what()[10] - '0'; }
    }
    template <typename T> __attribute__((noinline)) T sums(const T *p, long n) { T s = 0; for (long i = 0; i < n; i++) s += p[i] * p[i]; return s; }
    __attribute__((noinline)) int silent(int a) noexcept { return catches(a) * 3; }
    int main(int argc, char **) {
      std::vector<double> v;
      for (int i = 0; i < 100; i++) v.push_back(i * 0.5);
      std::printf("%g %d\\n", sums(v.data(), (long)v.size()), silent(argc));
      std::printf("%d %d %d\\n", silent(argc + 2), catches(argc + 3), destroyed);
      try { passes(argc + 5); } catch (const std::runtime_error &e) { std::printf("caught %s\\n", e.what()); }
    }
  `
  beforeAll(() => writeFileSync(join(work, 'throws.cpp'), PROGRAM))

  test.each(MODES)('exceptions find their handlers: --offload=%s', async mode => {
    const program = `throws-${mode}`
    await cxx('throws.cpp', '-o', program, `--ferry-offload=${mode}`)
    const expected = ['82087.5 15', '9 3 3', 'caught more than 5']
    expect((await qemu(program)).split('\n')).toEqual(expected)
    expect((await run(program)).split('\n')).toEqual(expected)
  })

  test('what exceptions keep on the guest says so', async () => {
    await cxx('throws.cpp', '-o', 'verdicts', '--ferry-offload=all', '--ferry-json=verdicts.json')
    const found = verdicts('verdicts.json')
    expect(found.get('refuses')).toMatchObject({ verdict: 'stays', rule: 'exception-handling' })
    expect(found.get('cleans')).toMatchObject({ verdict: 'stays', rule: 'exception-handling' })
    expect(found.get('catches')).toMatchObject({ verdict: 'stays', rule: 'exception-handling' })
    expect(found.get('passes')).toMatchObject({
      ...{ verdict: 'stays', rule: 'exception-passes' },
      reason: 'an exception from _Z7refusesi would pass through it',
    })
    expect(found.get('through')?.reason).toBe('an exception from a call through a pointer would pass through it')
    expect(found.get('sums<double>')).toMatchObject({ verdict: 'chosen' })
    // Its noexcept is a handler that ends the program.
    expect(found.get('silent')).toMatchObject({ verdict: 'stays', rule: 'exception-handling' })
  })

  test('without exceptions all may leave', async () => {
    writeFileSync(
      join(work, 'plain.cpp'),
      'struct A { virtual int f(int) const = 0; }; struct B : A { int f(int n) const override { return n * 3; } };\n' +
        'int call(const A &a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a.f(i); return s & 63; }\n' +
        'int main(int argc, char **) { return call(B(), argc * 1000); }\n',
    )
    await cxx('-fno-exceptions', 'plain.cpp', '-o', 'plain', '--ferry-offload=all', '--ferry-json=plain.json')
    expect([...verdicts('plain.json').values()].map(({ verdict }) => verdict)).not.toContain('stays')
    const status = async (command: string, words: string[]) =>
      (await execa(command, [...words, 'plain'], { cwd: work, reject: false })).exitCode
    expect(await status(ferry, ['run', '-L', SYSROOT])).toBe(await status('qemu-riscv64', ['-L', SYSROOT]))
  })

  test('an inline function that stays, and that only host code calls, is there', async () => {
    writeFileSync(
      join(work, 'inline.cpp'),
      '#include <cstdio>\n' +
        'struct Log { int lines = 0; __attribute__((annotate("ferry.guest"))) int add(int n) { lines++; return n + 1; } };\n' +
        'int work(Log &log, int n) { int s = 0; for (int i = 0; i < n; i++) s += log.add(i); return s; }\n' +
        'int main(int argc, char **) { Log log; std::printf("%d ", work(log, argc * 10)); std::printf("%d\\n", log.lines); }\n',
    )
    await cxx('inline.cpp', '-o', 'inline', '--ferry-offload=all')
    expect(await run('inline')).toBe('55 10')
  })

  describe.runIf(present.has('cmake'))('a project of C and C++ with CMake', () => {
    test.each(MODES)('--offload=%s', async mode => {
      const source = join(work, `mixed-${mode}`)
      cpSync(join(here, 'cc/mixed'), source, { recursive: true })
      const env = { FERRY_CC_OPTIONS: `--offload=${mode} --summary=${join(source, 'links')}` }
      const system = ['-DCMAKE_SYSTEM_NAME=Linux', '-DCMAKE_SYSTEM_PROCESSOR=riscv64', '-DCMAKE_BUILD_TYPE=Release']
      const compilers = [`-DCMAKE_C_COMPILER=${bin}/ferry-cc`, `-DCMAKE_CXX_COMPILER=${bin}/ferry-c++`]
      await output('cmake', ['-S', source, '-B', source, ...system, ...compilers], { env })
      await output('cmake', ['--build', source], { env })
      const program = join(source, 'mixed')
      const expected = await qemu(program)
      expect(expected.split('\n').slice(0, 2)).toEqual(['invalid: negative disc', 'other: cone'])
      expect(await run(program)).toBe(expected)
      const links = join(source, 'links')
      const summary = existsSync(links) ? readFileSync(links, 'utf8') : ''
      expect(/^mixed: .* functions run natively/m.test(summary)).toBe(mode !== 'none')
      if (mode === 'all') expect(summary).toMatch(/^libshapes\.so: .* functions run natively/m)
    })
  })
})
