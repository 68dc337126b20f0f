import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileProgram, compileSource } from '../../../analyzer/frontend.ts'
import { C, functionLocation, hasAttribute, sourceName, valueName } from '../../../analyzer/llvm/index.ts'
import { findClang, findGccInstall } from '../../../analyzer/toolchain.ts'
import { withProgram } from './program.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ferry-frontend-'))
})
afterAll(() => rm(directory, { recursive: true }))

const compile = (sources: string[], clangOptions: string[] = []) => compileProgram({ sources, clangOptions, directory })

describe('the front end', () => {
  it('compiles for the guest and links, static functions of the same name apart', async () => {
    const files = {
      'a.c': 'static int f(void) { return 1; } int a(void) { return f(); }',
      'b.c': '#ifdef __riscv\nstatic int f(void) { return 2; }\nint b(void) { return f() + (char)-1; }\n#endif',
    }
    await withProgram(files, ({ module, context }) => {
      const names = [...module.definitions()].map(fn => [sourceName(context, fn), functionLocation(fn)?.file])
      expect(names.sort()).toEqual([
        ['a', 'a.c'],
        ['b', 'b.c'],
        ['f', 'a.c'],
        ['f', 'b.c'],
      ])
      expect(new Set([...module.definitions()].map(valueName)).size).toBe(4)
      expect(module.triple).toMatch(/^riscv64-/)
      expect(module.verify()).toBeUndefined()
    })
  })

  it('hands options on, lets the last -O win, and never marks functions optnone', async () => {
    const c = 'int f(int n) { return n * N; }'
    const check = async (options: string[]) =>
      withProgram({ 'a.c': c }, ({ module }) => hasAttribute(module.function('f')!, 'optnone'), options)
    expect(await check(['-DN=3', '-O0'])).toBe(false)
    expect(await check(['-DN=3', '-lm', '-L.', '-static'])).toBe(false)
  })

  it('shows what clang says of an error, and keeps warnings', async () => {
    await writeFile(join(directory, 'bad.c'), 'int f(void) { return x; }\n')
    await expect(compile(['bad.c'])).rejects.toThrow(
      /^bad\.c: clang reported errors \(exit status 1\):\nbad\.c:1:22: error: use of undeclared identifier 'x'/,
    )
    await writeFile(join(directory, 'warns.c'), 'int f(int a) { if (a = 1) return 2; return 3; }\n')
    const { warnings } = await compileSource('warns.c', { clangOptions: ['-Wall'], directory })
    expect(warnings).toContain('using the result of an assignment as a condition')
  })

  it('names a missing source, a file that is none, and no sources at all', async () => {
    await expect(compile(['nowhere.c'])).rejects.toThrow('nowhere.c: no such file. Give the path of a C source file.')
    await expect(compile(['a.cpp'])).rejects.toThrow('a.cpp: not C source')
    await expect(compile([])).rejects.toThrow('no source files')
  })

  it('names the source whose symbol another one defines already', async () => {
    await writeFile(join(directory, 'one.c'), 'int f(void) { return 1; }')
    await writeFile(join(directory, 'two.c'), 'int f(void) { return 2; }')
    await expect(compile(['one.c', 'two.c'])).rejects.toThrow('two.c: can not be linked with the other sources')
  })

  it('reads modules as they are', async () => {
    await writeFile(join(directory, 'm.ll'), 'define i32 @f() { ret i32 1 }')
    const { module, context } = await compile(['m.ll'])
    expect(C.LLVMIsDeclaration(module.function('f')!)).toBe(false)
    module.dispose()
    context.dispose()
    await writeFile(join(directory, 'm.bc'), 'nonsense')
    await expect(compile(['m.bc'])).rejects.toThrow('m.bc: not a module that LLVM 22 reads')
  })
})

describe('the toolchain', () => {
  it('says how to get a C library that is missing', async () => {
    const root = join(directory, 'gcc')
    expect(() => findGccInstall(root)).toThrow(/no RISC-V C library .*gcc: ?|apt install/)
    for (const version of ['9', '12']) {
      await mkdir(join(root, version), { recursive: true })
      await writeFile(join(root, version, 'libgcc.a'), '')
    }
    const header = join(root, 'stdio.h')
    expect(() => findGccInstall(root, header)).toThrow(
      `at ${header}. Install them: apt install gcc-12-riscv64-linux-gnu`,
    )
    await writeFile(header, '')
    expect(findGccInstall(root, header)).toBe(join(root, '12'))
  })

  it('finds clang-22 on PATH first', async () => {
    const path = process.env.PATH
    await writeFile(join(directory, 'clang-22'), '#!/bin/sh\n')
    await chmod(join(directory, 'clang-22'), 0o755)
    try {
      process.env.PATH = directory
      expect(findClang()).toBe(join(directory, 'clang-22'))
      expect(() => findClang([])).not.toThrow()
      process.env.PATH = '/nowhere'
      expect(() => findClang([])).toThrow(/clang-22 not found .*apt install clang-22/)
    } finally {
      process.env.PATH = path
    }
  })
})
