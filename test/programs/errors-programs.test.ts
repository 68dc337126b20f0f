/** Files that are no program for ferry, and wrong words on the command line: what `ferry run` says of them. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FerryError } from '../../base/diagnostics.ts'
import { readElf } from '../../base/elf/read.ts'
import { FERRY, isRoot, NOBODY, Workshop } from './errors/workshop.ts'

const SOURCE = `
.globl _start
_start:
  li a0, 0
  li a7, 93
  ecall
.data
value: .quad 1
`
const PROGRAM_HEADERS = 32
const HEADER_SIZE = 56

const workshop = new Workshop('programs')
let bytes: Buffer
/** Indices of the segments that are loaded. */
let loads: number[]

beforeAll(() => {
  bytes = readFileSync(workshop.guest('program.s', SOURCE, ['-nostdlib']))
  loads = readElf(bytes, 'program').segments.flatMap(({ type }, i) => (type === 1 ? [i] : []))
})
afterAll(() => workshop.dispose())

/** Offset in the file of a field of the n-th loaded segment's header. */
const field = (n: number, offset: number) =>
  Number(bytes.readBigUInt64LE(PROGRAM_HEADERS)) + loads[n]! * HEADER_SIZE + offset

function patched(...changes: readonly (readonly [offset: number, value: bigint])[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const [offset, value] of changes) copy.writeBigUInt64LE(value, offset)
  return copy
}

const ADDRESS = 16
const MEMORY_SIZE = 40
const OFFSET = 8

describe('a damaged program', () => {
  test('is run when it is whole', () => {
    expect(workshop.ferry('run', './program')).toEqual({ stdout: '', stderr: '', status: 0, signal: null })
  })

  test.each<[string, () => Uint8Array, ...words: (string | RegExp)[]]>([
    [
      'cut in the program headers',
      () => bytes.subarray(0, 100),
      'its program header table ends at byte',
      'Build or copy',
    ],
    ['cut in the last byte', () => bytes.subarray(0, -1), 'truncated ELF: ', 'Build or copy'],
    ['without segments', () => patched([56, bytes.readBigUInt64LE(56) & ~0xffffn]), 'nothing to load', 'Link it again'],
    ['at address 0', () => patched([field(0, ADDRESS), 0n]), 'linked at 0x0, outside', 'Link it elsewhere'],
    ['above the guest', () => patched([field(0, ADDRESS), 1n << 38n]), 'linked at 0x4000000000, outside'],
    ['far above', () => patched([field(0, ADDRESS), 0xffff_ffff_ffff_0000n]), 'linked at 0x', 'outside'],
    ['too large', () => patched([field(0, MEMORY_SIZE), 1n << 40n]), 'outside of the addresses'],
    ['not in pages', () => patched([field(1, ADDRESS), 0x50001n], [field(1, OFFSET), 0n]), 'is not laid out in pages'],
    ['with a segment on another', () => patched([field(1, OFFSET), 0n], [field(1, ADDRESS), 0x10000n]), 'overlaps'],
  ])('%s', (_, content, ...words) => {
    workshop.write('damaged', content())
    workshop.expectFailure(workshop.ferry('run', 'damaged'), 1, /^ferry: damaged: /, ...words)
  })

  test('with any bytes of its headers changed gives a message of ferry, or is a program', () => {
    let seed = 12345
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return (seed >>> 8) % below
    }
    const outcomes = new Set<string>()
    const end = Number(bytes.readBigUInt64LE(PROGRAM_HEADERS)) + bytes.readUInt16LE(56) * HEADER_SIZE
    const tables = Number(bytes.readBigUInt64LE(40))
    for (let i = 0; i < 3000; i++) {
      const copy = Buffer.from(bytes)
      for (let n = random(4); n >= 0; n--) {
        const at = random(2) ? random(end) : tables + random(bytes.length - tables)
        copy[at] = random(3) ? random(256) : [0, 0xff, 0x7f, 0x80][random(4)]!
      }
      try {
        readElf(copy, 'mutant')
        outcomes.add('program')
      } catch (error) {
        if (!(error instanceof FerryError)) throw error
        outcomes.add(error.id)
      }
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['program', 'elf-truncated', 'elf-malformed', 'elf-range']))
  })
})

describe('a file that is no program', () => {
  test('a shared object', () => {
    workshop.guest('library.s', 'f: ret\n', ['-nostdlib', '-shared', '-Wl,-e,0', '-Wno-unused-command-line-argument'])
    // -static comes with every guest build, and a static library is no shared one.
    const shared = Buffer.from(readFileSync(workshop.path('library')))
    shared.writeUInt16LE(3, 16)
    shared.writeBigUInt64LE(0n, 24)
    workshop.write('shared.so', shared)
    workshop.expectFailure(workshop.ferry('run', 'shared.so'), 1, 'shared.so: an ELF shared object', 'Link it first')
  })

  test('below a file, and with an empty name', () => {
    workshop.expectFailure(workshop.ferry('run', 'program/app'), 1, 'program/app: no such file')
    workshop.expectFailure(workshop.ferry('run', ''), 1, 'no such file. Give the path of a RISC-V ELF program')
  })

  test('a pipe and a device, which are not read', () => {
    workshop.run('mkfifo', ['pipe'])
    for (const name of ['pipe', '/dev/zero'])
      workshop.expectFailure(workshop.ferry('run', name), 1, `${name}: can not be read: it is not a regular file`)
  })

  test.runIf(isRoot)('one that may not be read', () => {
    workshop.write('secret', bytes)
    chmodSync(workshop.path('secret'), 0)
    mkdirSync(workshop.path('closed'), { mode: 0o700 })
    for (const name of ['secret', 'closed/app']) {
      const result = workshop.run('setpriv', [`--reuid=${NOBODY}`, '--clear-groups', FERRY, 'run', name])
      workshop.expectFailure(result, 1, `${name}: can not be read: permission denied. Give`)
    }
  })
})

describe('wrong words', () => {
  test.each<[line: string, ...words: string[]]>([
    ['rnu ./program', "unknown command 'rnu'", 'Did you mean run?'],
    ['run', "missing required argument 'app'"],
    ['report', "missing required argument 'app'"],
    ['run --unknown ./program', "unknown option '--unknown'"],
    ['run --log=everything ./program', '--log=everything: choose from asm-in,'],
    ['run --optimize=no-such ./program', '--optimize=no-such: choose from'],
    ['run --stack-size=5X ./program', '--stack-size=5X: give bytes below 4G, for example 64M'],
    ['run --stack-size=0 ./program', '--stack-size=0: give bytes'],
    ['run --offload= ./program', '--offload=: give on, off, or names'],
    ['run --offload=crc32 ./program', 'no offloaded function named crc32. It has: none.'],
    ['report --runs=many ./program', '--runs=many: give a number from 1 on'],
    ['doctor now', 'too many arguments'],
  ])('ferry %s', (line, ...words) => {
    workshop.expectFailure(workshop.ferry(...line.split(' ')), 2, ...words)
  })

  test.each([[[]], [['help', 'nothing']]])('%j: the help, on stderr', words => {
    const { stdout, stderr, status } = workshop.ferry(...words)
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toMatch(/Usage: ferry[\s\S]*build[\s\S]*run[\s\S]*report/)
  })
})
