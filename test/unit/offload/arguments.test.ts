import { describe, expect, test } from 'vitest'
import { optimisationLevel, readArguments, withoutRelaxedFloat } from '../../../offload/arguments.ts'

const read = (line: string) => readArguments(line.split(' '))

describe('readArguments', () => {
  test('sorts sources, options for compiling and the link line, each in order', () => {
    expect(read('-O2 a.c -I inc -DX=1 b.c -lm -L lib x.o -Wl,--gc-sections y.a -include z.h -std=c11 -o app')).toEqual({
      sources: ['a.c', 'b.c'],
      options: ['-O2', '-I', 'inc', '-DX=1', '-include', 'z.h', '-std=c11'],
      link: ['-lm', '-L', 'lib', 'x.o', '-Wl,--gc-sections', 'y.a'],
      output: 'app',
    })
  })

  test('takes -o with the name joined', () => {
    expect(read('a.c -oapp').output).toBe('app')
  })

  test('a value that looks like a source belongs to its option', () => {
    expect(read('a.c -include b.c').sources).toEqual(['a.c'])
  })

  test.each([
    ['-O2 -lm', 'no source files. Give one or more C files, e.g. `ferry build a.c b.c`.'],
    ['-c a.c', '-c: ferry build compiles and links in one step; name all sources and leave -c out.'],
    ['-S a.c', '-S: ferry build writes a program; use clang-22 itself for assembly or preprocessed text.'],
    ['-shared a.c', '-shared: ferry build writes a static program.'],
    ['--target=x86_64-linux-gnu a.c', '--target=x86_64-linux-gnu: the guest is riscv64 with the lp64d ABI.'],
    ['-mabi=lp64 a.c', '-mabi=lp64: the guest is riscv64 with the lp64d ABI.'],
    ['-fsanitize=address a.c', '-fsanitize=address: sanitizers have no run-time library for the guest.'],
    ['-flto a.c', '-flto: ferry links the bitcode of all sources itself; leave -flto out.'],
    ['a.cpp', 'a.cpp: not C source; ferry compiles .c and .i files.'],
    ['a.c -I', '-I: its value is missing. Give it behind the option.'],
  ])('refuses %s', (line, message) => {
    expect(() => read(line)).toThrow(message)
  })
})

test.each([
  ['', '0'],
  ['-O', '1'],
  ['-O0', '0'],
  ['-O2 -O3', '3'],
  ['-Os', 's'],
  ['-Ofast', '3'],
  ['-Og', '1'],
])('the level of "%s" is %s', (line, level) => {
  expect(optimisationLevel(line.split(' '))).toBe(level)
})

test('withoutRelaxedFloat takes out what lets code generators round differently', () => {
  expect(withoutRelaxedFloat(['-Ofast', '-ffast-math', '-ffp-contract=fast', '-fno-strict-aliasing', '-g'])).toEqual([
    '-O3',
    '-fno-strict-aliasing',
    '-g',
    '-ffp-contract=on',
  ])
})
