/** Hybrid libraries that `ferry cc -shared` makes, by what the loader of the guest makes of them. The oracle is qemu-riscv64. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { cc, native, qemu, run, work, write } from './cc-workshop.ts'

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
