/** Hybrid binaries whose description, host object or CPU is not what it should be. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Manifest } from '../../base/manifest.ts'
import { Workshop } from './errors/workshop.ts'

const SOURCE = `
#include <stdio.h>
__attribute__((annotate("ferry.offload"), noinline)) long twice(long n) { return n * 2; }
__attribute__((annotate("ferry.offload"), noinline)) long many(long n, long (*f)(long)) {
  long sum = 0;
  for (long i = 0; i < n; i++) sum += f(i);
  return sum;
}
__attribute__((annotate("ferry.guest"), noinline)) long three(long n) { return n * 3; }
int main(void) { printf("%ld %ld\\n", twice(21), many(10, three)); return 0; }
`
const OUTPUT = '42 135\n'

const workshop = new Workshop('hybrid')
let host: Buffer
let manifest: Manifest

function section(name: string): Buffer {
  const file = workshop.path('section')
  execFileSync('llvm-objcopy-22', ['--dump-section', `${name}=${file}`, workshop.path('app'), workshop.path('copy')])
  return readFileSync(file)
}

beforeAll(() => {
  workshop.write('app.c', SOURCE)
  expect(workshop.ferry('build', '-O2', 'app.c', '-o', 'app')).toMatchObject({ stderr: '', status: 0 })
  host = section('.ferry.host')
  manifest = JSON.parse(section('.ferry.manifest').toString()) as Manifest
  expect(manifest.thunks).toHaveLength(1)
})
afterAll(() => workshop.dispose())

interface Change {
  /** What the sections become; null takes one out. */
  readonly manifest?: string | null
  readonly host?: Uint8Array | null
}

/** The hybrid program with other sections. */
function changed(change: Change): string {
  const options = Object.entries(change).flatMap(([name, content]) => {
    if (content === null) return ['--remove-section', `.ferry.${name}`]
    return ['--update-section', `.ferry.${name}=${workshop.write(`new.${name}`, content)}`]
  })
  execFileSync('llvm-objcopy-22', [...options, workshop.path('app'), workshop.path('changed')])
  return 'changed'
}

const described = (change: object): string => JSON.stringify({ ...manifest, ...change })

/** Another host object, with the digest that belongs to it. */
function replaced(object: Uint8Array): Change {
  return { host: object, manifest: described({ hostDigest: createHash('sha256').update(object).digest('hex') }) }
}

function sharedObject(source: string): Buffer {
  const file = workshop.write('object.c', source)
  execFileSync('clang-22', ['-shared', '-fPIC', file, '-o', workshop.path('object.so')])
  return readFileSync(workshop.path('object.so'))
}

function flipped(): Buffer {
  const copy = Buffer.from(host)
  copy[copy.length >> 1]! ^= 1
  return copy
}

describe('a damaged hybrid part', () => {
  const functions = () => manifest.functions
  test.each<[string, () => Change, ...words: string[]]>([
    ['a flipped bit of the host object', () => ({ host: flipped() }), 'section .ferry.host does not match its digest'],
    ['a host object cut short', () => ({ host: host.subarray(0, 1000) }), 'does not match its digest'],
    ['no JSON', () => ({ manifest: '{"version": 1,' }), 'section .ferry.manifest is not JSON'],
    ['nothing in the manifest', () => ({ manifest: '' }), 'section .ferry.manifest is not JSON'],
    ['null', () => ({ manifest: 'null' }), 'its version is missing, not 3'],
    ['another version', () => ({ manifest: described({ version: 99 }) }), 'its version is 99, not 3'],
    ['no manifest', () => ({ manifest: null }), 'section .ferry.manifest is missing'],
    ['no host object', () => ({ host: null }), 'section .ferry.host is missing'],
    ['no functions', () => ({ manifest: described({ functions: undefined }) }), 'section .ferry.manifest lacks a part'],
    ['a function that is null', () => ({ manifest: described({ functions: [null] }) }), 'lacks a part'],
    ['no features', () => ({ manifest: described({ hostFeatures: null }) }), 'lacks a part'],
    ['a signature of another kind', () => ({ manifest: described({ thunks: ['i:x'] }) }), "not a signature: 'i:x'"],
    [
      'more functions than references',
      () => ({ manifest: described({ functions: Array(99).fill(functions()[0]) }) }),
      'the table ferry_functions of section .ferry.host is too short',
    ],
    ['more thunks than places', () => ({ manifest: described({ thunks: Array(99).fill('i:i') }) }), 'ferry_thunks'],
    [
      'more references',
      () => ({ manifest: described({ references: 999 }) }),
      'reference table __ferry_refs is too short',
    ],
    ['a host object that is no ELF', () => replaced(Buffer.from('no object')), 'not an ELF file'],
    ['one for another machine', () => replaced(readFileSync(workshop.path('app'))), 'no shared object for x86-64'],
    ['one without the tables', () => replaced(sharedObject('int x;')), 'the table ferry_functions', 'is missing'],
    [
      'one that the dynamic linker refuses',
      () =>
        replaced(sharedObject('void absent(void); void *const ferry_functions[9] = {absent}; void *ferry_thunks[9];')),
      'the host object can not be loaded',
      'undefined symbol: absent',
    ],
  ])('%s', (_, change, ...words) => {
    const program = changed(change())
    const result = workshop.ferry('run', program)
    const advice = 'Build it again, or run it with --offload=off.'
    workshop.expectFailure(result, 1, 'changed: its hybrid part is damaged', ...words, advice)
  })

  test('is left alone with --offload=off, and by qemu', () => {
    const program = changed({ host: flipped(), manifest: '{' })
    expect(workshop.ferry('run', '--offload=off', program)).toMatchObject({ stdout: OUTPUT, status: 0 })
    expect(workshop.run('qemu-riscv64', [`./${program}`])).toMatchObject({ stdout: OUTPUT, status: 0 })
  })

  test('is refused by a report too', () => {
    const program = changed({ host: flipped() })
    workshop.expectFailure(workshop.ferry('report', program), 1, 'its hybrid part is damaged', 'Build it again')
  })
})

describe('a CPU that lacks what the host object needs', () => {
  const other = () => changed({ manifest: described({ hostCpu: 'future', hostFeatures: ['avx', 'avx9000', 'sse99'] }) })
  test.each(['run', 'report'])('is named by ferry %s, with the ways out', command => {
    const advice = 'Run it with --offload=off, or build it with --host-cpu=x86-64-v3.'
    const result = workshop.ferry(command, other())
    workshop.expectFailure(result, 1, 'compiled for future, and this CPU lacks avx9000 sse99', advice)
  })

  test('runs the program emulated', () => {
    for (const choice of ['off', 'none'])
      expect(workshop.ferry('run', `--offload=${choice}`, other())).toMatchObject({ stdout: OUTPUT, status: 0 })
  })
})

describe('names of functions', () => {
  test('that are not offloaded are refused before the program runs', () => {
    const result = workshop.ferry('run', '--offload=twice,main', 'app')
    workshop.expectFailure(result, 2, 'app has no offloaded function named main. It has: twice, many.')
  })

  test('choose what runs natively', () => {
    for (const choice of ['twice', 'many', 'many,twice'])
      expect(workshop.ferry('run', `--offload=${choice}`, 'app')).toMatchObject({ stdout: OUTPUT, status: 0 })
  })
})
