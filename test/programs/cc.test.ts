/**
 * `ferry cc` in place of a compiler. The oracle is clang for the same target, and qemu-riscv64 for what the programs do; clang
 * and the linker also say how a compilation ends that fails.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseElf } from '../../base/elf/read.ts'
import { SECTIONS } from '../../base/manifest.ts'
import {
  cc,
  clang,
  ferry,
  here,
  native,
  outcome,
  qemu,
  run,
  SYSROOT,
  sections,
  TOOLS,
  work,
  write,
} from './cc-workshop.ts'

describe('a project with a Makefile', () => {
  let folder = ''
  const make = (...words: string[]) => outcome('make', [...TOOLS, ...words], { cwd: folder })
  beforeAll(async () => {
    folder = join(work, 'project')
    cpSync(join(here, 'cc/project'), folder, { recursive: true })
    expect(await make('LDFLAGS=--ferry-offload=all')).toMatchObject({ status: 0, stderr: '' })
  })

  test('objects have bitcode, and what is linked has none of it', async () => {
    expect(sections(join(folder, 'mix.o'))).toContain('.llvmbc')
    expect(sections(join(folder, 'start.o'))).not.toContain('.llvmbc')
    expect(sections(join(folder, 'program'))).not.toContain('.llvmbc')
    expect(readFileSync(join(folder, 'mix.d'), 'utf8')).toMatch(/^mix\.o: mix\.c \\?\s*mix\.h/)
  })

  test('the program runs natively and emulated as under qemu', async () => {
    const program = join(folder, 'program')
    const expected = await qemu(program)
    expect(expected).toMatchObject({ status: 3, stderr: '' })
    expect(await run(program)).toEqual(expected)
    expect(await run('--offload=off', program)).toEqual(expected)
  })

  test('members of the archive are part of it, and both of two static functions of one name', async () => {
    const names = native(join(folder, 'program'))
    expect(names).toEqual(expect.arrayContaining(['main', 'mix', 'each', 'next', 'step', 'step.1']))
    expect(names).not.toContain('unused')
    expect(names).not.toContain('twice')
  })

  test('an archive is one that the cross compiler links', async () => {
    const program = join(folder, 'by-gcc')
    const sources = ['main.c', 'start.S', 'libmix.a'].map(name => join(folder, name))
    execFileSync('riscv64-linux-gnu-gcc', ['-O1', ...sources, '-o', program])
    expect(await qemu(program)).toEqual(await qemu(join(folder, 'program')))
  })

  describe('its library, in a program that ferry did not build', () => {
    let program = ''
    beforeAll(async () => {
      expect(await make('-B', 'libmix.so', 'CC=ferry cc --ferry-offload=all')).toMatchObject({ status: 0, stderr: '' })
      program = join(work, 'load')
      execFileSync('riscv64-linux-gnu-gcc', ['-O1', join(here, 'cc/load.c'), '-o', program])
    })

    test('runs natively: loaded, unloaded, in threads and children', async () => {
      const library = join(folder, 'libmix.so')
      expect(native(library)).toEqual(expect.arrayContaining(['mix', 'each']))
      const expected = await qemu(program, library)
      expect(expected.stdout.split('\n')).toHaveLength(9)
      expect(await run(program, library)).toEqual(expected)
      expect(await run('--offload=off', program, library)).toEqual(expected)
    })

    test('is not translated', async () => {
      const library = join(folder, 'libmix.so')
      const path = join(work, 'log')
      const log = async (...options: string[]) => {
        await run('--log=asm-in', '-D', path, ...options, program, library)
        return readFileSync(path, 'utf8')
      }
      expect(await log('--offload=off')).toMatch(/^region .*<mix/m)
      expect(await log()).not.toMatch(/^region .*<mix/m)
    })

    test('is found by the guest loader', async () => {
      const linked = join(work, 'linked')
      const sources = ['main.c', 'start.S'].map(name => join(folder, name))
      execFileSync('riscv64-linux-gnu-gcc', ['-O1', ...sources, `-L${folder}`, '-lmix', '-o', linked])
      const path = ['-E', `LD_LIBRARY_PATH=${folder}`]
      const expected = await qemu(...path, linked)
      expect(expected.status).toBe(3)
      expect(await run(...path, linked)).toEqual(expected)
    })

    test.each([
      ['there from the start', '0'],
      ['started late', '64'],
    ])('has a corrupt host part: it runs emulated, with a translator %s', async (_, heat) => {
      const broken = join(work, 'libbroken.so')
      const bytes = readFileSync(join(folder, 'libmix.so'))
      const host = parseElf(bytes, broken).section(SECTIONS.host)!
      bytes[host.offset + host.size - 1]! ^= 1
      writeFileSync(broken, bytes)
      const late = { env: { FERRY_HEAT: heat } }
      const { stdout, stderr, status } = await outcome(ferry, ['run', '-L', SYSROOT, program, broken], late)
      expect({ stdout, status }).toEqual({ stdout: (await qemu(program, broken)).stdout, status: 0 })
      expect(stderr).toMatch(/libbroken\.so: its hybrid part is damaged/)
    })
  })
})

describe('inputs', () => {
  const MAIN = 'int puts(const char *);\nint work(int);\nint main(void) { puts("main"); return work(20); }\n'
  const WORK = 'int work(int n) { int sum = 0; for (int i = 0; i < n; i++) sum += i % 3; return sum; }\n'
  beforeAll(() => {
    write('main.c', MAIN)
    write('work.c', WORK)
  })

  const check = async (program: string) => {
    const expected = await qemu(join(work, program))
    expect(expected).toEqual({ stdout: 'main\n', stderr: '', status: 19 })
    expect(await run(join(work, program))).toEqual(expected)
  }

  test.each([
    ['several sources in one step', ['main.c', 'work.c']],
    ['static', ['-static', 'main.c', 'work.c']],
    ['without PIE', ['-no-pie', 'main.c', 'work.c']],
    [
      'sections that are collected, and no symbols',
      ['-ffunction-sections', '-Wl,--gc-sections', '-s', 'main.c', 'work.c'],
    ],
    ['with debug information', ['-g', 'main.c', 'work.c']],
    ['link-time optimisation that was asked for', ['-flto=auto', 'main.c', 'work.c']],
    ['another linker that was asked for', ['-fuse-ld=bfd', 'main.c', 'work.c']],
  ])('%s', async (name, words) => {
    const program = name.replaceAll(/[ ,]+/g, '-')
    expect(await cc(['-O2', '--ferry-offload=all', ...words, '-o', program])).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
    })
    expect(native(join(work, program))).toEqual(expect.arrayContaining(['main', 'work']))
    await check(program)
  })

  test('standard input, a language that is named, and a response file', async () => {
    expect(await cc(['-O2', '-x', 'c', '-c', '-', '-o', 'stdin.o'], { input: WORK })).toMatchObject({
      status: 0,
      stderr: '',
    })
    cpSync(join(work, 'main.c'), join(work, 'main.text'))
    write(
      'response',
      '-O2 -x c "main.text" -x none stdin.o\n--ferry-unknown-to-clang -o of-response\n'.replace(/--ferry\S+/, ''),
    )
    expect(await cc(['--ferry-offload=all', '@response'])).toMatchObject({ status: 0, stderr: '' })
    expect(native(join(work, 'of-response'))).toContain('work')
    await check('of-response')
  })

  test('objects of other compilers stay as they are', async () => {
    execFileSync('riscv64-linux-gnu-gcc', ['-O2', '-c', 'work.c', '-o', 'gcc.o'], { cwd: work })
    expect(await cc(['-O2', '--ferry-offload=all', 'main.c', 'gcc.o', '-o', 'mixed'])).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(native(join(work, 'mixed'))).toEqual(['main'])
    await check('mixed')
  })

  test('a partial link stays on the guest', async () => {
    expect(await cc(['-O2', '-c', 'work.c', '-o', 'whole.o'])).toMatchObject({ status: 0 })
    expect(await cc(['-r', 'whole.o', '-o', 'part.o'])).toMatchObject({ status: 0, stderr: '' })
    expect(sections(join(work, 'part.o'))).not.toContain('.llvmbc')
    expect(await cc(['-O2', '--ferry-offload=all', 'main.c', 'part.o', '-o', 'partial'])).toMatchObject({
      status: 0,
      stderr: '',
    })
    await check('partial')
  })

  test('--wrap: what is called in place of a function is that also natively', async () => {
    write('wrap.c', 'int __real_work(int);\nint __wrap_work(int n) { return __real_work(n) + 1; }\n')
    const words = ['-O2', '--ferry-offload=all', '-Wl,--wrap=work', 'main.c', 'work.c', 'wrap.c', '-o', 'wrapped']
    expect(await cc(words)).toMatchObject({ status: 0, stderr: '' })
    expect(await run(join(work, 'wrapped'))).toEqual(await qemu(join(work, 'wrapped')))
    expect((await qemu(join(work, 'wrapped'))).status).toBe(20)
  })

  test.each([
    ['-E', ['-E', 'work.c']],
    ['-S', ['-S', 'work.c', '-o', '-']],
    ['-M', ['-M', 'main.c']],
    ['-dumpmachine', ['-dumpmachine']],
    ['-print-file-name', ['-print-file-name=libc.a']],
    ['--version', ['--version']],
    ['a source that is wrong', ['-c', '-x', 'c', '-']],
    ['a file that is missing', ['-c', 'none.c']],
    ['no input', []],
    ['an option that there is none of', ['-fno-such-option', '-c', 'work.c']],
    ['an undefined symbol', ['main.c', '-o', 'undefined']],
    ['a library that is missing', ['main.c', 'work.c', '-lnone', '-o', 'missing']],
  ])("%s: clang's answer and exit status", async (_, words) => {
    const input = 'int f(void) { return undeclared; }\n'
    const plain = (text: string) =>
      text.replaceAll(/\S*(ferry-ld|ld\.lld(-22)?)\b/g, 'ld').replaceAll(/\/tmp\/\S+\.o/g, 'x.o')
    const [ours, theirs] = [await cc(words, { input }), await clang(words, { input })]
    expect(ours.status).toBe(theirs.status)
    expect(plain(ours.stdout)).toBe(plain(theirs.stdout))
    expect(plain(ours.stderr)).toBe(plain(theirs.stderr))
  })

  test('the linker says what it is', async () => {
    expect(await cc(['-Wl,--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/LLD 22/) })
  })
})

describe('names that are local to several objects', () => {
  test('constants that simplification makes', async () => {
    for (const name of ['one', 'two'])
      write(
        `${name}.c`,
        `#include <stdio.h>\nint ${name}(int n) { int s = 0; printf("${name}\\n"); for (int i = 0; i < n; i++) s += i; return s; }\n`,
      )
    write('both.c', 'int one(int), two(int);\nint main(int n, char **v) { return one(n + 4) + two(n + 2); }\n')
    const words = ['-O2', '--ferry-offload=all', 'one.c', 'two.c', 'both.c', '-o', 'both']
    expect(await cc(words)).toEqual({ stdout: '', stderr: '', status: 0 })
    expect(native(join(work, 'both'))).toEqual(['one', 'two', 'main'])
    expect(await run(join(work, 'both'))).toMatchObject({ stdout: 'one\ntwo\n', status: 13 })
  })
})
