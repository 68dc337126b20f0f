/**
 * `ferry cc` in place of a compiler. The oracle is clang for the same target, and qemu-riscv64 for what the programs do; clang
 * and the linker also say how a compilation ends that fails.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseElf } from '../../base/elf/read.ts'
import { SECTIONS } from '../../base/manifest.ts'

const here = dirname(fileURLToPath(import.meta.url))
const bin = join(here, '../../bin')
const ferry = join(bin, 'ferry')
const SYSROOT = '/usr/riscv64-linux-gnu'
const GUEST = ['--target=riscv64-linux-gnu', '--start-no-unused-arguments', '-fuse-ld=lld', '--end-no-unused-arguments']
const TOOLS = ['CC=ferry cc', 'AR=ferry ar', 'RANLIB=ferry ranlib']

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-cc-'))
})
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

async function outcome(command: string, args: readonly string[], where: Where = {}): Promise<Outcome> {
  const { cwd = work, input = '', env = {} } = where
  const options = { cwd, input, timeout: 100_000, reject: false, stripFinalNewline: false } as const
  const { stdout, stderr, exitCode } = await execa(command, args, { ...options, env: { ...environment, ...env } })
  return { stdout, stderr, status: exitCode ?? null }
}

const cc = (args: readonly string[], where?: Where) => outcome(ferry, ['cc', ...args], where)
const clang = (args: readonly string[], where?: Where) => outcome('clang-22', [...GUEST, ...args], where)
const qemu = (...args: string[]) => outcome('qemu-riscv64', ['-L', SYSROOT, ...args])
const run = (...args: string[]) => outcome(ferry, ['run', '-L', SYSROOT, ...args])

function write(name: string, text: string): string {
  writeFileSync(join(work, name), text)
  return name
}

function sections(path: string): string[] {
  return parseElf(readFileSync(path), path).sections.map(({ name }) => name)
}

/** Names of the functions that run natively; none for what is no hybrid. */
function native(path: string): string[] {
  const manifest = parseElf(readFileSync(path), path).sectionBytes(SECTIONS.manifest)
  if (manifest === undefined) return []
  return JSON.parse(Buffer.from(manifest).toString()).functions.map(({ name }: { name: string }) => name)
}

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

describe('several hybrid libraries in one program', () => {
  test('have host parts of their own', async () => {
    const words = ['-O2', '-fPIC', '-shared', '--ferry-offload=all']
    for (const [name, factor] of Object.entries({ first: 2, second: 3, third: 5 })) {
      write(
        `${name}.c`,
        `long ${name}(int n) { long s = 0; for (int i = 0; i < n; i++) s += i * ${factor}; return s; }\n`,
      )
      expect(await cc([...words, `${name}.c`, '-o', `lib${name}.so`])).toMatchObject({ status: 0, stderr: '' })
    }
    write(
      'three.c',
      '#include <stdio.h>\nlong first(int), second(int), third(int);\n' +
        'int main(void) { printf("%ld %ld %ld\\n", first(10), second(10), third(10)); }\n',
    )
    execFileSync('riscv64-linux-gnu-gcc', ['three.c', '-L.', '-lfirst', '-lsecond', '-lthird', '-o', 'three'], {
      cwd: work,
    })
    const { stdout } = await run('-E', `LD_LIBRARY_PATH=${work}`, join(work, 'three'))
    expect(stdout).toBe('90 135 225\n')
  })
})

describe('a library function that another definition stands for', () => {
  const REPLACED = 'long step(long n) { return n + 1000; }\n'
  beforeAll(() => {
    write('step.c', 'VISIBILITY long step(long n) { return n * 2 + 1; }\n')
    write(
      'steps.c',
      'long step(long);\nextern long other(long) __attribute__((alias("steps")));\n' +
        'long steps(long n) { long s = 0; for (long i = 0; i < n; i++) s ^= step(i + s); return s; }\n' +
        'long twice(long n) { return other(n) + steps(n + 1); }\n',
    )
    write('replaced.c', REPLACED)
    write(
      'calls.c',
      '#include <stdio.h>\nlong steps(long), twice(long), step(long);\n' +
        'int main(void) { printf("%ld %ld %ld\\n", steps(20), twice(10), step(1)); return 0; }\n',
    )
    const gcc = (...words: string[]) => execFileSync('riscv64-linux-gnu-gcc', words, { cwd: work })
    gcc('-shared', '-fPIC', 'replaced.c', '-o', 'libreplaced.so')
    // Linked with a library of the same name and symbols, so that each of those below can take its place.
    gcc('-shared', '-fPIC', '-DVISIBILITY=', 'step.c', 'steps.c', '-o', 'libsteps.so')
    gcc('calls.c', '-L.', '-lsteps', '-o', 'calls')
    gcc('calls.c', 'replaced.c', '-L.', '-lsteps', '-o', 'defines')
  })

  const SYMBOLIC = ['-Wl,-Bsymbolic-functions']
  test.each([
    ['is called', '', [], true],
    ['is not called: -Bsymbolic-functions', '', SYMBOLIC, false],
    ['is not called: protected', '__attribute__((visibility("protected")))', [], false],
  ])('%s', async (name, visibility, options, replaced) => {
    const folder = join(work, name.replaceAll(/\W+/g, '-'))
    mkdirSync(folder)
    const library = join(folder, 'libsteps.so')
    const words = ['-O2', '-fPIC', '-shared', '--ferry-offload=all', `-DVISIBILITY=${visibility}`]
    expect(await cc([...words, ...options, 'step.c', 'steps.c', '-o', library])).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(native(library)).toEqual(expect.arrayContaining(['step', 'steps', 'twice']))
    const path = ['-E', `LD_LIBRARY_PATH=${folder}`]
    const preload = ['-E', `LD_PRELOAD=${join(work, 'libreplaced.so')}`]
    const own = await qemu(...path, join(work, 'calls'))
    expect(own.status).toBe(0)
    expect(await run(...path, join(work, 'calls'))).toEqual(own)
    const other = await qemu(...path, ...preload, join(work, 'calls'))
    expect(other.stdout.split(' ')[0] !== own.stdout.split(' ')[0]).toBe(replaced)
    expect(await run(...path, ...preload, join(work, 'calls'))).toEqual(other)
    expect(await qemu(...path, join(work, 'defines'))).toEqual(other)
    expect(await run(...path, join(work, 'defines'))).toEqual(other)
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

describe('options of ferry', () => {
  const LOOP =
    'int main(int n, char **v) { int s = 0; for (int i = 0; i < n * 1000; i++) s += i % (n + 2); return s & 7; }\n'
  beforeAll(() => {
    write('loop.c', LOOP)
  })

  test('--ferry-summary and --ferry-json say what was offloaded', async () => {
    const words = ['-O2', '--ferry-offload=all', '--ferry-summary=sum', '--ferry-json=json', 'loop.c', '-o', 'loop']
    expect(await cc(words)).toEqual({ stdout: '', stderr: '', status: 0 })
    expect(readFileSync(join(work, 'sum'), 'utf8')).toBe(
      'loop: 1 of 1 functions run natively, entered through 1: main\n',
    )
    const document = JSON.parse(readFileSync(join(work, 'json'), 'utf8'))
    expect(document.analysis.functions).toMatchObject([{ name: 'main', verdict: 'chosen', file: 'loop.c', line: 1 }])
  })

  test('--ferry-profile chooses by what a run of the program has counted', async () => {
    const source = (name: string, factor: number) =>
      `static long mix(long n) { long s = 1; for (long i = 0; i < n; i++) s = s * ${factor} ^ s >> 7; return s; }\n` +
      `long ${name}(long n) { return mix(n) + mix(n + 1); }\n`
    write('often.c', source('often', 3))
    write('hardly.c', source('hardly', 5))
    write(
      'by-profile.c',
      '#include <stdio.h>\nlong often(long), hardly(long);\n' +
        '__attribute__((annotate("ferry.guest"))) int main(int n, char **v) {\n' +
        '  printf("%ld %ld\\n", often(n * 100000), hardly(n)); return 0; }\n',
    )
    const program = join(work, 'by-profile')
    const words = ['-O2', 'by-profile.c', 'often.c', 'hardly.c', '-o', 'by-profile', '--ferry-json=verdicts']
    const chosen = async (...options: string[]) => {
      expect(await cc([...words, ...options])).toMatchObject({ status: 0, stderr: '' })
      const { analysis } = JSON.parse(readFileSync(join(work, 'verdicts'), 'utf8'))
      const functions: { name: string; verdict: string }[] = analysis.functions
      return functions.filter(f => f.verdict === 'chosen').map(({ name }) => name)
    }
    expect(await chosen()).toEqual([])
    const expected = await qemu(program)
    for (const mode of ['none', 'all']) {
      await chosen(`--ferry-offload=${mode}`)
      expect(await run('--offload=off', '--profile=counts', program)).toEqual(expected)
      const byCounts = await chosen('--ferry-profile=counts')
      expect(byCounts).toContain('mix')
      expect(byCounts.filter(name => name === 'hardly' || name === 'mix.1')).toEqual([])
      expect(await run(program)).toEqual(expected)
    }
    const { status, stderr } = await cc([...words, '--ferry-profile=often.c'])
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/^ferry: .*often\.c/)
  })

  test('--offload=none makes an ordinary program of ordinary objects', async () => {
    const env = { FERRY_CC_OPTIONS: '--offload=none' }
    expect(await cc(['-O2', '-c', 'loop.c', '-o', 'none.o'], { env })).toMatchObject({ status: 0 })
    expect(sections(join(work, 'none.o'))).not.toContain('.llvmbc')
  })

  test.each(['--offload=some', '--offload', '--no-such-option', 'word'])(
    'FERRY_CC_OPTIONS=%s is refused',
    async option => {
      const { status, stderr } = await cc(['-O2', 'loop.c', '-o', 'refused'], { env: { FERRY_CC_OPTIONS: option } })
      expect(status).not.toBe(0)
      expect(stderr).toMatch(/^ferry: (FERRY_CC_OPTIONS|--ferry-offload)=/)
    },
  )

  test('without LLVM the program is linked, and says that nothing is offloaded', async () => {
    const env = { FERRY_LIBLLVM: '/none/libLLVM.so' }
    const { status, stderr } = await cc(['-O2', 'loop.c', '-o', 'without'], { env })
    expect(status).toBe(0)
    expect(stderr).toMatch(/^ferry: nothing is offloaded: libLLVM 22 not found/)
    expect((await run(join(work, 'without'))).status).toBe((await qemu(join(work, 'without'))).status)
  })

  test('programs without anything to offload need no Node.js', async () => {
    write('empty.c', 'int main(void) { return 4; }\n')
    const path = join(work, 'path')
    mkdirSync(path)
    for (const tool of ['clang-22', 'ld.lld-22']) symlinkSync(`/usr/bin/${tool}`, join(path, tool))
    expect(await cc(['empty.c', '-o', 'empty'], { env: { PATH: path } })).toEqual({ stdout: '', stderr: '', status: 0 })
    expect((await cc(['loop.c', '-o', 'needs'], { env: { PATH: path } })).stderr).toMatch(/Node\.js can not be started/)
    expect((await qemu(join(work, 'empty'))).status).toBe(4)
  })

  test('an object is one by any name', async () => {
    write(
      'named.c',
      '__attribute__((annotate("ferry.offload"))) int main(int n, char **v) {\n' +
        '  int s = 0; for (int i = 0; i < n * 900; i++) s ^= i * n; return s & 7; }\n',
    )
    for (const name of ['named.lo', 'named']) {
      expect(await cc(['-O2', '-c', 'named.c', '-o', name])).toMatchObject({ status: 0 })
      expect(await cc([name, '-o', `of-${name}`])).toMatchObject({ status: 0, stderr: '' })
      expect(native(join(work, `of-${name}`))).toEqual(['main'])
    }
  })

  test('an annotation is seen without a loop', async () => {
    write(
      'marked.c',
      '__attribute__((annotate("ferry.offload"))) int f(int n) { return n; }\nint main(void) { return 0; }\n',
    )
    expect(await cc(['-O2', 'marked.c', '-o', 'marked'])).toMatchObject({ status: 0 })
    expect(native(join(work, 'marked'))).toEqual(['f'])
  })

  test('--help explains', async () => {
    const { stdout, status } = await cc(['--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/--ferry-offload/)
    expect((await outcome(join(bin, 'ferry-cc'), ['--help'])).stdout).toMatch(/OVERVIEW: clang/)
    expect(existsSync(join(bin, 'ferry-c++'))).toBe(true)
  })
})
