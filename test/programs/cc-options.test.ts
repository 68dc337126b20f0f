/** Options of ferry that `ferry cc` knows beside those of clang, and what it leaves to clang. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bin, cc, native, outcome, qemu, run, sections, work, write } from './cc-workshop.ts'

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
