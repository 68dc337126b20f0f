/** Dynamically linked programs and unusual layouts. The oracle is qemu-riscv64, or what the text here says. */
import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { CROSS, SOURCES, Workspace } from './dynamic/workspace.ts'

const work = new Workspace('dynamic')
beforeAll(() => work.make(), 60_000)

describe('a program with a library and plug-ins', () => {
  beforeAll(() => {
    work.build('libshared.so', 'shared.c', '-shared', '-fPIC')
    work.build('plugin.so', 'plugin.c', '-shared', '-fPIC')
    work.build('other.so', 'plugin.c', '-shared', '-fPIC', '-DNAME="another"', '-Wl,-z,now')
  })

  test.each([
    ['position-independent', ['-fPIE', '-pie']],
    ['at fixed addresses', ['-no-pie', '-fno-pie']],
    ['bound at its start', ['-Wl,-z,now']],
    ['bound on use', ['-Wl,-z,lazy', '-Wl,--hash-style=sysv']],
  ])('%s', (name, options) => {
    const program = work.build(
      name.replaceAll(' ', '-'),
      'linking.c',
      ...options,
      '-rdynamic',
      '-L.',
      `-L${work.folder}`,
      '-lshared',
      '-Wl,-rpath,$ORIGIN',
    )
    const expected = work.qemu(CROSS, program, work.folder)
    expect(expected.status).toBe(3)
    expect(expected.stdout).toContain('another ends after 1 calls')
    expect(work.ferry(CROSS, program, work.folder)).toEqual(expected)
  })

  test('LD_LIBRARY_PATH and LD_PRELOAD are for the guest', () => {
    const program = work.build('preload', 'linking.c', '-rdynamic', `-L${work.folder}`, '-lshared')
    const env = { LD_LIBRARY_PATH: work.folder, LD_PRELOAD: work.path('plugin.so') }
    const preloaded = work.outcome([FERRY_COMMAND, 'run', '-L', CROSS, ...settings(env), program, work.folder])
    expect(preloaded.stderr).toBe('')
    expect(preloaded.status).toBe(3)
    expect(preloaded.stdout).toMatch(/^library starts, counter 40\nplug-in starts\n/)
  })

  test('relocations in code', () => {
    const program = work.build('textrel', 'textrel.c', '-pie', '-Wl,-z,notext')
    expect(execFileSync('riscv64-linux-gnu-readelf', ['-d', program], { encoding: 'utf8' })).toContain('TEXTREL')
    expect(work.ferry(CROSS, program)).toEqual({ stdout: 'one two\n', stderr: '', status: 0 })
  })
})

/** The options that set variables of the guest only. */
const settings = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => ['-E', `${name}=${value}`])

describe('a layout', () => {
  test.each([
    ['usual', ['-pie']],
    ['static', ['-static']],
    ['large-pages', ['-pie', '-Wl,-z,max-page-size=0x200000']],
    ['large-pages-fixed', ['-static', '-Wl,-z,max-page-size=0x200000,-Ttext-segment=0x400000']],
    ['large-bss', ['-pie', '-DLARGE=1500000000', '-mcmodel=medany']],
    // more than all places that the translator gives
    ['larger-bss', ['-pie', '-DLARGE=4400000000', '-mcmodel=medany']],
    ['large-bss-static', ['-static', '-DLARGE=1500000000', '-mcmodel=medany']],
    ['executable-stack', ['-pie', '-z', 'execstack']],
  ])('%s', (name, options) => {
    const program = work.build(name, 'layout.c', ...options)
    const lines = [
      'bss 1, data 1 3 1, constants 4 1',
      'wrong 0',
      'segments are aligned: 1',
      'brk grows',
      'malloc 1, brk apart from the stack: 1',
    ]
    expect(work.ferry(CROSS, program)).toEqual({ stdout: `${lines.join('\n')}\n`, stderr: '', status: 0 })
  })

  test.each([
    ['bare', ['-static']],
    ['bare-pie', ['-static-pie', '-fPIE']],
    ['bare-pie-huge-pages', ['-static-pie', '-fPIE', '-Wl,-z,max-page-size=0x2000000']],
    ['bare-shared-pages', ['-static-pie', '-fPIE', '-Wl,-z,max-page-size=16,-z,noseparate-code']],
    ['bare-one-segment', ['-static', '-Wl,--omagic,--build-id=none,-Ttext=0x100e8']],
    ['bare-constant-bss', ['-static', `-Wl,-T,${SOURCES}bare.ld,--build-id=none`]],
    ['bare-far', ['-static', '-mcmodel=medany', '-Wl,-Ttext-segment=0x700000000']],
  ])('%s', (name, options) => {
    const program = work.build(name, 'bare.c', '-nostdlib', '-ffreestanding', '-mno-relax', ...options)
    expect(work.ferry(CROSS, program)).toEqual({ stdout: 'as it should be\n', stderr: '', status: 0 })
  })
})
