/** The whole build: what it writes, and what it says when it can not. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Manifest } from '../../../base/manifest.ts'
import { digest } from '../../../offload/hybrid.ts'
import { type BuildOptions, build, buildNative, type Stage } from '../../../offload/index.ts'

const MAIN = `#include <stdio.h>
#include <stdlib.h>
#include "kernel.h"
int main(int argc, char **argv) {
  int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 10;
  printf("%ld %s\\n", sum_of_squares(n), WORD);
  return n & 63;
}
`
const KERNEL = `#include "kernel.h"
#ifndef ANNOTATION
#define ANNOTATION
#endif
static long square(long n) { return n * n; }
ANNOTATION long sum_of_squares(int n) {
  long total = 0;
  for (int i = 1; i <= n; i++) total += square(i) % 1000003;
  return total;
}
`
let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-build-test-'))
  writeFileSync(join(work, 'main.c'), MAIN)
  writeFileSync(join(work, 'kernel.c'), KERNEL)
  writeFileSync(join(work, 'kernel.h'), 'long sum_of_squares(int n);\n')
  writeFileSync(join(work, 'broken.c'), 'int main(void) { return missing; }\n')
  writeFileSync(join(work, 'undefined.c'), 'int missing(void); int main(void) { return missing(); }\n')
  writeFileSync(
    join(work, 'mutual.c'),
    'int main(void) { return 0; }\ntypedef float V __attribute__((vector_size(16)));\nV f(V x) { return __builtin_elementwise_sin(x); }\n',
  )
})
afterAll(() => rmSync(work, { recursive: true }))

const run = (line: string, more: Partial<BuildOptions> = {}) =>
  build({ arguments: line.split(' '), directory: work, hostCpu: 'x86-64-v3', ...more })
const qemu = (program: string, ...args: string[]) => {
  const { stdout, status } = spawnSync('qemu-riscv64', [join(work, program), ...args], { encoding: 'utf8' })
  return { stdout, status }
}

/** The bytes of a section, out of the file. */
function section(program: string, name: string): Buffer {
  const out = join(work, 'section')
  execFileSync('llvm-objcopy-22', ['--dump-section', `${name}=${out}`, join(work, program), '/dev/null'])
  return readFileSync(out)
}
const sections = (program: string) =>
  execFileSync('llvm-readelf-22', ['-SW', join(work, program)], { encoding: 'utf8' })

describe('ferry build', () => {
  test.each(['auto', 'all', 'none'] as const)('--offload=%s gives a program that runs anywhere', async offload => {
    const { output } = await run(`-O2 -DWORD="ok" main.c kernel.c -o ${offload}`, { offload })
    expect(output).toBe(join(work, offload))
    expect(qemu(offload, '1000')).toEqual({ stdout: expect.stringMatching(/^\d+ ok\n$/), status: 1000 & 63 })
    expect(statSync(output).mode & 0o777).toBe(0o755)
  })

  test('describes what it carries', async () => {
    const { manifest, refused } = await run('-O2 -I . -DWORD="ok" main.c kernel.c -o described -lm', { offload: 'all' })
    expect(refused).toEqual([])
    const stored = JSON.parse(section('described', '.ferry.manifest').toString()) as Manifest
    expect(stored).toEqual(manifest)
    expect(stored.functions.map(({ name, signature }) => [name, signature])).toEqual([
      ['main', 'ii:i'],
      ['sum_of_squares', 'i:i'],
      ['square', 'i:i'],
    ])
    expect(stored.functions[1]!.source).toMatch(/kernel\.c:6$/)
    expect(stored.thunks).toEqual(expect.arrayContaining(['i.ii:i']))
    expect(stored.build).toEqual({
      sources: [join(work, 'main.c'), join(work, 'kernel.c')],
      options: ['-O2', '-I', '.', '-DWORD="ok"', '-lm'],
      directory: work,
    })
    expect(stored.hostCpu).toBe('x86-64-v3')
    expect(stored.hostFeatures).toContain('avx2')
    const host = section('described', '.ferry.host')
    expect(digest(host)).toBe(stored.hostDigest)
    expect(host.subarray(0, 4).toString('latin1')).toBe('\x7fELF')
    expect(host.readUInt16LE(18)).toBe(62)
  })

  test('the reference table is loaded, the other sections are not', async () => {
    await run('-O2 -DWORD="ok" main.c kernel.c -o sections', { offload: 'all' })
    const table = sections('sections')
    const row = (name: string) => table.split('\n').find(line => line.includes(name))!
    expect(row('.ferry.refs')).toMatch(/ 00 +AR +0/)
    expect(row('.ferry.host')).toMatch(/PROGBITS\s+0000000000000000/)
    expect(row('.ferry.manifest')).toMatch(/PROGBITS\s+0000000000000000/)
  })

  test('host code has no relocation of code and needs only the C library', async () => {
    await run('-O2 -DWORD="ok" main.c kernel.c -o object', { offload: 'all' })
    const host = join(work, 'host.so')
    writeFileSync(host, section('object', '.ferry.host'))
    const text = execFileSync('llvm-readelf-22', ['-d', '--dyn-syms', host], { encoding: 'utf8' })
    expect(text).not.toContain('TEXTREL')
    expect(text.match(/Shared library: \[[^\]]*\]/g) ?? []).not.toContainEqual(expect.stringContaining('ferry'))
    for (const name of ['ferry_functions', 'ferry_thunks', 'ferry_refs']) expect(text).toContain(name)
  })

  test('nothing to offload: an ordinary program', async () => {
    const { manifest } = await run('-O2 -DWORD="ok" main.c kernel.c -o ordinary', { offload: 'none' })
    expect(manifest).toBeUndefined()
    expect(sections('ordinary')).not.toContain('.ferry')
  })

  test('auto leaves a static helper to its caller', async () => {
    const annotation = '-DANNOTATION=__attribute__((annotate("ferry.offload")))'
    const { manifest } = await run(`-O2 -DWORD="ok" ${annotation} main.c kernel.c -o helper`, { offload: 'auto' })
    expect(manifest!.functions.map(f => f.name)).toEqual(['sum_of_squares'])
  })

  test.each(['-O0', '-O1', '-O3', '-Os', '-Oz', '-Ofast'])('%s', async level => {
    await run(`${level} -DWORD="ok" main.c kernel.c -o level`, { offload: 'all' })
    expect(qemu('level', '100').stdout).toBe('338350 ok\n')
  })

  test('objects and archives are linked on the guest side', async () => {
    const object = join(work, 'kernel.o')
    const target = ['--target=riscv64-linux-gnu', '--gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12']
    execFileSync('clang-22', [...target, '-O1', '-c', join(work, 'kernel.c'), '-o', object])
    const { manifest } = await run('-O2 -DWORD="ok" main.c kernel.o -o linked', { offload: 'all' })
    expect(manifest!.functions.map(f => f.name)).toEqual(['main'])
    expect(qemu('linked', '100').stdout).toBe('338350 ok\n')
  })

  test('a function that can not be carried stays, with the reason', async () => {
    const { manifest, analysis, refused } = await run('-O2 mutual.c -lm -o mutual', { offload: 'all' })
    const stays = [
      ...refused.map(r => r.name),
      ...analysis.functions.filter(f => f.verdict === 'stays').map(f => f.name),
    ]
    expect(stays).toEqual(['f'])
    expect(manifest!.functions.map(f => f.name)).toEqual(['main'])
    expect(qemu('mutual').status).toBe(0)
  })

  test('a function that is only mentioned where code never gets to need not exist', async () => {
    const text =
      'void undefined_function(void);\nstatic int g(int n) { if (!__builtin_constant_p(n)) undefined_function(); return n; }\n'
    writeFileSync(join(work, 'dead.c'), `${text}int main(void) { return g(7); }\n`)
    await run('-O2 dead.c -o dead', { offload: 'all' })
    expect(qemu('dead').status).toBe(7)
  })

  test('an inline definition without an external one is the program’s own', async () => {
    writeFileSync(
      join(work, 'inline.c'),
      'inline int twice(int n) { return 2 * n; }\nint main(int argc, char **argv) { return twice(argc); }\n',
    )
    const { manifest } = await run('-O2 inline.c -o inline', { offload: 'all' })
    expect(manifest!.functions.map(f => f.name)).toEqual(['main', 'twice'])
    expect(qemu('inline').status).toBe(2)
  })

  test('an int that is passed on is not extended again, and the call stays the last thing', async () => {
    writeFileSync(
      join(work, 'pass.c'),
      'int (*volatile way)(int, int);\nint pass(int a, int b) { return way(b, a); }\nint main(void) { return 0; }\n',
    )
    let optimised = ''
    await run('-O2 pass.c -o pass', {
      offload: 'all',
      onStage: (stage, print) => {
        if (stage === 'optimised') optimised = print()
      },
    })
    const entry = /^define[^\n]*@ferry\.entry\.pass\([\s\S]*?^}/m.exec(optimised)![0]
    expect(entry).toMatch(/(%\d+) = tail call i64 %\d+\(ptr nest %\d+, i64 %1, i64 %0\)[^\n]*\n\s*ret i64 \1\n/)
    expect(entry).not.toMatch(/sext|ashr/)
  })

  test('shows its stages and its progress', async () => {
    const stages = new Map<Stage, string>()
    const steps: string[] = []
    await run('-O2 -DWORD="ok" main.c kernel.c -o stages', {
      offload: 'all',
      onStage: (stage, print) => stages.set(stage, print()),
      onProgress: step => steps.push(step),
    })
    expect([...stages.keys()]).toEqual(['shared', 'guest', 'host', 'optimised'])
    expect(stages.get('guest')).toMatch(/@__ferry_refs = constant \[\d+ x ptr\] \[ptr @main, /)
    expect(stages.get('guest')).toMatch(/noinline/)
    expect(steps[0]).toBe('compiling 2 sources')
    expect(steps.at(-1)).toBe('writing the program')
  })
})

describe('a build that fails', () => {
  // a temporary folder of this test's own, because other builds may be under way
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'ferry-test-'))
  const leftovers = () => readdirSync(tmpdir()).filter(name => /^ferry-build-(?!test)/.test(name)).length

  test.each([
    ['absent.c', {}, 'absent.c: no such file. Give the path of a C source file.'],
    [
      'broken.c',
      {},
      /broken\.c: clang reported errors \(exit status 1\):[\s\S]*use of undeclared identifier 'missing'/,
    ],
    ['undefined.c', {}, /linking the guest program failed[\s\S]*undefined symbol: missing/],
    ['main.c -lnosuchlibrary kernel.c -DWORD="x"', {}, /linking the guest program failed[\s\S]*nosuchlibrary/],
    ['kernel.c', { hostCpu: 'pentium-9' }, '--host-cpu=pentium-9: clang-22 knows no such processor'],
    ['kernel.c', { output: 'main.c/app' }, 'main.c/app: can not be written: its parent is not a directory'],
    ['kernel.c', { output: 'missing/app' }, /missing\/app: can not be written: the directory does not exist/],
  ])('%s %o', async (line, more, message) => {
    const temporary = leftovers()
    await expect(run(`${line} -o failed`, more)).rejects.toThrow(message)
    expect(existsSync(join(work, 'failed'))).toBe(false)
    expect(leftovers()).toBe(temporary)
  })

  test('leaves an older program as it was', async () => {
    writeFileSync(join(work, 'older'), 'older')
    await expect(run('broken.c -o older')).rejects.toThrow('clang reported errors')
    expect(readFileSync(join(work, 'older'), 'utf8')).toBe('older')
  })
})

describe('buildNative', () => {
  test('builds the same sources for this machine', async () => {
    const { manifest } = await run('-O2 -march=rv64gc -DWORD="ok" main.c kernel.c -o both', { offload: 'all' })
    const native = join(work, 'native')
    await buildNative(manifest!.build, native)
    expect(spawnSync(native, ['100'], { encoding: 'utf8' }).stdout).toBe('338350 ok\n')
  })

  test.each([
    [{ sources: ['/missing.c'], options: [] }, '/missing.c: no such file'],
    [{ sources: [], options: ['x.o'] }, 'x.o: an object or archive of the guest can not be linked'],
  ])('%o', async (description, message) => {
    await expect(buildNative({ ...description, directory: work }, join(work, 'n'))).rejects.toThrow(message)
  })
})
