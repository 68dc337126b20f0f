import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FerryError } from '../../../base/diagnostics.ts'
import { type ElfImage, parseElf, readElf, readElfFile } from '../../../base/elf/read.ts'

const SOURCE = `
.globl _start, counter
.type _start, @function
_start:
  li a0, 42
  li a7, 93
local:
  ecall
.size _start, . - _start
.type helper, @function
helper:
  ret
.size helper, . - helper
.data
.type counter, @object
counter: .quad 5
.size counter, 8
.section .note.extra, ""
.ascii "extra bytes"
.bss
.skip 64
`

const folder = mkdtempSync(join(tmpdir(), 'ferry-elf-'))
const at = (name: string): string => join(folder, name)
let bytes: Buffer
let image: ElfImage

beforeAll(() => {
  writeFileSync(at('program.s'), SOURCE)
  const clang = (...options: string[]) =>
    execFileSync('clang-22', ['--target=riscv64-linux-gnu', '-nostdlib', '-fuse-ld=lld', ...options, at('program.s')])
  clang('-static', '-o', at('program'))
  clang('-c', '-o', at('object.o'))
  clang('-shared', '-Wl,-e,0', '-o', at('library.so'))
  clang('-pie', '-Wl,--dynamic-linker=/lib/ld-test.so.1', '-o', at('dynamic'))
  clang('-static-pie', '-o', at('static-pie'))
  bytes = readFileSync(at('program'))
  image = readElf(bytes, 'program')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The diagnostic of what must fail. */
function failure(action: () => unknown): { id: string; message: string } {
  try {
    action()
  } catch (error) {
    if (error instanceof FerryError) return { id: error.id, message: error.message }
    throw error
  }
  throw new Error('did not fail')
}

/** The program with some bytes replaced. */
function patched(offset: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes)
  copy.set(values, offset)
  return copy
}

describe('an ELF program', () => {
  it('has the entry that readelf shows', () => {
    const shown = execFileSync('riscv64-linux-gnu-readelf', ['-h', at('program')], { encoding: 'utf8' })
    expect(`0x${image.header.entry.toString(16)}`).toBe(/Entry point address:\s+(\S+)/.exec(shown)![1])
  })

  it('has the sections that readelf shows', () => {
    const shown = execFileSync('riscv64-linux-gnu-readelf', ['-SW', at('program')], { encoding: 'utf8' })
    const rows = [...shown.matchAll(/^ +\[ *\d+\] (\.\S+) +\S+ +([0-9a-f]{16}) ([0-9a-f]+) ([0-9a-f]+)/gm)]
    const expected = rows.map(([, name, address, offset, size]) => [
      name,
      ...[address, offset, size].map(text => Number.parseInt(text!, 16)),
    ])
    expect(expected.length).toBeGreaterThan(5)
    expect(image.sections.slice(1).map(s => [s.name, s.address, s.offset, s.size])).toEqual(expected)
  })

  it('gives the bytes of a section, and of loaded code', () => {
    expect(Buffer.from(image.sectionBytes('.note.extra')!).toString()).toBe('extra bytes')
    expect(image.sectionBytes('.bss')!.length).toBe(0)
    expect(image.sectionBytes('.absent')).toBeUndefined()
    expect([...image.bytesAt(image.header.entry, 4)]).toEqual([...image.sectionBytes('.text')!.subarray(0, 4)])
    expect(image.bytesAt(16, 4).length).toBe(0)
  })

  it('finds symbols by name and by address', () => {
    const start = image.symbol('_start')!
    expect(start).toMatchObject({ address: image.header.entry, kind: 'function', global: true })
    expect(image.symbol('counter')).toMatchObject({ kind: 'object', size: 8 })
    expect(image.symbol('absent')).toBeUndefined()
    expect(image.symbolAt(start.address)).toMatchObject({ name: '_start', offset: 0 })
    expect(image.symbolAt(start.address + 2)).toMatchObject({ name: '_start', offset: 2 })
    expect(image.symbolAt(image.symbol('helper')!.address)).toMatchObject({ name: 'helper', offset: 0 })
    expect(image.symbolAt(start.address - 4)).toBeUndefined()
    expect(image.symbolAt(image.symbol('helper')!.address + 100)).toBeUndefined()
  })

  it('may be static and position-independent', () => {
    expect(readElfFile(at('static-pie')).header.type).toBe(3)
  })
})

describe('a file that is no guest program', () => {
  it('does not exist', () => {
    expect(failure(() => readElfFile(at('absent')))).toEqual({
      id: 'elf-missing',
      message: `${at('absent')}: no such file. Give the path of a RISC-V ELF program.`,
    })
    expect(failure(() => readElfFile(at('program/below'))).id).toBe('elf-missing')
  })

  it('can not be read', () => {
    expect(failure(() => readElfFile(folder)).message).toContain(`${folder}: can not be read: it is a folder. Give`)
    writeFileSync(at('secret'), bytes)
    chmodSync(at('secret'), 0)
    // The superuser reads it all the same.
    if (process.getuid!() === 0) expect(readElfFile(at('secret')).header.entry).toBe(image.header.entry)
    else expect(failure(() => readElfFile(at('secret'))).message).toMatch(/can not be read: permission denied\. Give/)
  })

  it('is a device or a pipe', () => {
    expect(failure(() => readElfFile('/dev/null')).message).toContain('it is not a regular file')
    execFileSync('mkfifo', [at('pipe')])
    expect(failure(() => readElfFile(at('pipe'))).message).toContain('it is not a regular file')
  })

  it('is not ELF', () => {
    expect(failure(() => readElf(Buffer.from('#!/bin/sh\n'), 'script')).message).toBe(
      "script: not an ELF file (it starts with '#!/b'). ferry runs RISC-V (rv64gc) Linux programs.",
    )
    expect(failure(() => readElf(Buffer.from([0, 1, 2, 3]), 'x')).message).toContain('(it starts with 00 01 02 03)')
    expect(failure(() => readElf(Buffer.alloc(0), 'x')).message).toContain('(it starts with nothing: it is empty)')
  })

  it('is truncated, wherever that is', () => {
    const ids = new Set<string>()
    for (let length = 1; length < bytes.length; length++) {
      const { id, message } = failure(() => readElf(bytes.subarray(0, length), 'cut'))
      ids.add(id)
      if (length >= 4) expect(message).toContain(`the file has ${length}. Build or copy it again.`)
    }
    expect([...ids]).toEqual(['elf-truncated'])
  })

  it('has segments or sections behind its end', () => {
    const segmentTable = Number(bytes.readBigUInt64LE(32))
    const far = failure(() => readElf(patched(32, 0, 0, 0, 0, 0, 0, 0, 0x7f), 'far'))
    expect(far.message).toContain('truncated ELF: its program header table ends at byte')
    const load = image.segments.findIndex(({ type }) => type === 1)
    const offset = segmentTable + load * 56
    expect(failure(() => readElf(patched(offset + 8, 0, 0, 0, 1), 'far')).message).toContain(`segment ${load} ends at`)
    const section = Number(bytes.readBigUInt64LE(40)) + 64
    expect(failure(() => readElf(patched(section + 24, 0, 0, 0, 1), 'far')).message).toContain('section 1 ends at')
  })

  it('is malformed', () => {
    expect(failure(() => readElf(patched(54, 55), 'odd')).message).toBe(
      'odd: malformed ELF: program headers of 55 bytes. Build or copy it again.',
    )
    expect(failure(() => readElf(patched(58, 1), 'odd')).message).toContain('section headers of 1 bytes')
    const load = Number(bytes.readBigUInt64LE(32)) + image.segments.findIndex(({ type }) => type === 1) * 56
    expect(failure(() => readElf(patched(load + 40, 0), 'odd')).message).toContain('larger in the file than in memory')
  })

  it('is a 32-bit or big-endian one', () => {
    expect(failure(() => readElf(patched(4, 1), 'a')).message).toBe(
      'a: a 32-bit little-endian ELF; ferry needs a 64-bit little-endian one.',
    )
    expect(failure(() => readElf(patched(5, 2), 'a')).message).toContain('a 64-bit big-endian ELF')
  })

  it('is for another machine', () => {
    expect(failure(() => readElfFile(process.execPath)).message).toMatch(
      /: built for (x86-64|AArch64), not for RISC-V\./,
    )
    expect(failure(() => readElf(patched(18, 0xee, 0xee), 'a')).message).toContain('built for machine 61166')
  })

  it('is not an executable', () => {
    expect(failure(() => readElfFile(at('object.o'))).message).toMatch(
      /an ELF relocatable object, not an executable\. Link it first\.$/,
    )
    expect(failure(() => readElfFile(at('library.so'))).message).toContain('an ELF shared object, not an executable')
    expect(failure(() => readElf(patched(16, 4), 'a')).message).toContain('an ELF core dump')
  })

  it('loads nothing', () => {
    expect(failure(() => readElf(patched(56, 0, 0), 'a')).id).toBe('elf-no-segments')
  })

  it('is linked too high', () => {
    const load = Number(bytes.readBigUInt64LE(32)) + image.segments.findIndex(({ type }) => type === 1) * 56
    expect(failure(() => readElf(patched(load + 16, 0, 0, 0, 0, 0x50), 'a')).message).toMatch(
      /^a: linked at 0x50\d+, outside of the addresses that a guest can have/,
    )
    expect(failure(() => readElf(patched(load + 16, 0, 0, 0), 'a')).message).toContain('linked at 0x0, outside')
  })

  it('has segments that can not be mapped', () => {
    const loads = image.segments.flatMap(({ type }, i) => (type === 1 ? [i] : []))
    const second = Number(bytes.readBigUInt64LE(32)) + loads[1]! * 56
    expect(failure(() => readElf(patched(second + 16, bytes[second + 16]! ^ 8), 'a')).message).toMatch(
      /^a: malformed ELF: the segment at 0x\w+ is not laid out in pages\./,
    )
    const first = Number(bytes.readBigUInt64LE(32)) + loads[0]! * 56
    const grown = patched(first + 40, 0, 0, 0x10)
    expect(failure(() => readElf(grown, 'a')).message).toContain('overlaps the one below it')
  })

  it('is parsed all the same when any ELF file will do', () => {
    expect(parseElf(readFileSync(process.execPath), 'node').header.machine).not.toBe(243)
  })
})
