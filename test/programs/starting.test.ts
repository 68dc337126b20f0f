/** What can not be started, scripts, and what execve answers. */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { Workspace } from './dynamic/workspace.ts'

const work = new Workspace('starting')
beforeAll(() => work.make(), 60_000)

describe('what can not be started', () => {
  beforeAll(() => {
    work.build('plain', 'textrel.c', '-pie')
    work.build('wanting', 'textrel.c', '-pie', '-Wl,--dynamic-linker=/lib/ld-none.so.1')
    work.build('wrong', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${process.execPath}`)
    work.build('broken', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${work.folder}broken.so`)
    writeFileSync(work.path('broken.so'), 'not a loader')
    work.build('libgone.so', 'shared.c', '-shared', '-fPIC')
    work.build('needing', 'linking.c', '-rdynamic', `-L${work.folder}`, '-lgone')
    rmSync(work.path('libgone.so'))
  })

  test.each([
    [
      'an interpreter in neither place',
      [work.root, 'wanting'],
      `wanting: dynamically linked, and its interpreter /lib/ld-none.so.1 is nowhere (looked for ${work.root}/lib/ld-none.so.1 and /lib/ld-none.so.1). Give the root of its system with -L, or with FERRY_SYSROOT.`,
    ],
    [
      'an interpreter without a sysroot',
      ['', 'wanting'],
      'wanting: dynamically linked, and its interpreter /lib/ld-none.so.1 is nowhere (looked for /lib/ld-none.so.1). Give the root of its system with -L, or with FERRY_SYSROOT.',
    ],
    [
      'an interpreter for another machine',
      [work.root, 'wrong'],
      `wrong: its interpreter can not be used: ${process.execPath}: built for x86-64, not for RISC-V. Build it with \`ferry build\` or a riscv64 compiler.`,
    ],
    [
      'an interpreter that is no program',
      [work.root, 'broken'],
      `broken: its interpreter can not be used: ${work.folder}broken.so: not an ELF file (it starts with 'not '). ferry runs RISC-V (rv64gc) Linux programs.`,
    ],
    [
      'a sysroot that is none',
      ['nowhere', 'plain'],
      '-L nowhere: no such file or folder. Give the folder that has the usr, lib and etc of a riscv64 system.',
    ],
    [
      'a sysroot that is a file',
      ['plain', 'plain'],
      '-L plain: not a folder. Give the folder that has the usr, lib and etc of a riscv64 system.',
    ],
  ])('%s', (_, [sysroot, program], message) => {
    expect(work.ferry(sysroot!, program!)).toEqual({ stdout: '', stderr: `ferry: ${message}\n`, status: 1 })
  })

  test('without a library, the loader says so', () => {
    const { stdout, stderr, status } = work.ferry(work.root, 'needing')
    expect({ stdout, status }).toEqual({ stdout: '', status: 127 })
    expect(stderr).toMatch(
      /^needing: error while loading shared libraries: libgone\.so: cannot open shared object file/,
    )
  })

  test('FERRY_SYSROOT is as good as -L, which comes before it', () => {
    const run = (sysroot: string, ...words: string[]) =>
      work.outcome([FERRY_COMMAND, 'run', ...words, 'plain'], { FERRY_SYSROOT: sysroot })
    const good = { stdout: 'one two\n', stderr: '', status: 0 }
    expect(run(work.root)).toEqual(good)
    expect(run('/nowhere', '-L', work.root)).toEqual(good)
    expect(run('').status).toBe(1)
  })

  test('the program of the sysroot, where the host has another one of that name', () => {
    mkdirSync(join(work.root, 'usr/bin'), { recursive: true })
    rmSync(join(work.root, 'usr/bin/env'), { force: true })
    symlinkSync('/usr/bin/true-program', join(work.root, 'usr/bin/env'))
    cpSync(work.path('plain'), join(work.root, 'usr/bin/true-program'))
    expect(work.ferry(work.root, '/usr/bin/env')).toEqual({ stdout: 'one two\n', stderr: '', status: 0 })
  })
})

describe('a script', () => {
  test.each([
    ['with an argument', '#! /bin/words  first second \n', ['/bin/words', 'first second', 'SCRIPT', 'x y', '']],
    ['without one', '#!/bin/words\n', ['/bin/words', 'SCRIPT', 'x y', '']],
    ['of a script', '#!/bin/inner -o\n', ['/bin/words', '-i', '/bin/inner', '-o', 'SCRIPT', 'x y', '']],
  ])('%s', (_, line, expected) => {
    mkdirSync(join(work.root, 'bin'), { recursive: true })
    work.build('root/bin/words', 'words.c')
    writeFileSync(join(work.root, 'bin/inner'), '#!/bin/words -i\n', { mode: 0o755 })
    const script = work.path('script')
    writeFileSync(script, line, { mode: 0o755 })
    const words = expected.map(word => (word === 'SCRIPT' ? script : word))
    const own = [`comm script`, 'exe /bin/words', `execfn ${script}`]
    const stdout = [...own, ...words.map(word => `[${word}]`), ''].join('\n')
    // Once started by ferry itself, once by a guest program.
    expect(work.ferry(work.root, script, 'x y', '')).toEqual({ stdout, stderr: '', status: 0 })
    expect(work.ferry(work.root, '/bin/words', '--exec', script, 'x y', '')).toEqual({ stdout, stderr: '', status: 0 })
  })

  test('of nothing that can run', () => {
    const script = work.path('script')
    writeFileSync(script, '#!/bin/none\n')
    expect(work.ferry(work.root, script).stderr).toBe(
      `ferry: ${script}: its interpreter can not be used: /bin/none: no such file. Give the path of a RISC-V ELF program.\n`,
    )
    writeFileSync(script, `#!${script}\n`)
    expect(work.ferry(work.root, script).stderr).toBe(
      `ferry: ${script}: its interpreter can not be used: scripts interpret each other\n`,
    )
  })
})

describe('execve', () => {
  test('answers what is wrong with a program', () => {
    work.build('root/bin/words', 'words.c')
    work.build('wanting', 'textrel.c', '-pie', '-Wl,--dynamic-linker=/lib/ld-none.so.1')
    work.build('wrong', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${process.execPath}`)
    writeFileSync(work.path('text'), 'text\n', { mode: 0o755 })
    writeFileSync(work.path('short'), readFileSync(work.path('wrong')).subarray(0, 100), { mode: 0o755 })
    const answers = (name: string) =>
      work.ferry(work.root, join(work.root, 'bin/words'), '--exec', work.path(name)).stdout
    expect(['none', 'wanting', 'wrong', 'text', 'short', '.'].map(answers)).toEqual([
      ...['ENOENT\n', 'ENOENT\n', 'ELIBBAD\n', 'ENOEXEC\n', 'ENOEXEC\n', 'EACCES\n'],
    ])
  })
})
