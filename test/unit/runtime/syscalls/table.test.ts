import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { knownKind } from '../../../../runtime/syscalls/arguments.ts'
import { FLAGS } from '../../../../runtime/syscalls/flags.ts'
import { systemCallTableHeader } from '../../../../runtime/syscalls/generate.ts'
import { kindOf } from '../../../../runtime/syscalls/kinds.ts'
import { SYSTEM_CALLS } from '../../../../runtime/syscalls/table.ts'

const checkedIn = new URL('../../../../runtime/executor/syscall_table.h', import.meta.url)
const kernelHeader = '/usr/riscv64-linux-gnu/include/asm-generic/unistd.h'

/** Kinds whose parameter is the number of an argument. */
const COUNTED = /^(in|iov|iovout|iovoutOf|iovRemote|sockaddr)$/

function known(word: string, count: number): boolean {
  const { name, parameter, struct } = kindOf(word)
  if (name === 'flags') return parameter in FLAGS
  const counted = COUNTED.test(name) || (struct && parameter !== '' && parameter !== '=')
  return knownKind(word) && (!counted || Number(parameter) < count)
}

describe('the table of system calls', () => {
  test('has each number and each name once, in order', () => {
    const numbers = SYSTEM_CALLS.map(call => call.number)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    expect(new Set(SYSTEM_CALLS.map(call => call.name)).size).toBe(numbers.length)
  })

  test('uses kinds, flag tables and structs that exist', () => {
    const wrong = SYSTEM_CALLS.flatMap(({ name, args }) =>
      args.filter(kind => !known(kind, args.length)).map(kind => `${name}: ${kind}`),
    )
    expect(wrong).toEqual([])
  })

  test('has at most six arguments in a row', () => {
    expect(SYSTEM_CALLS.filter(call => call.args.length > 6)).toEqual([])
  })

  test.runIf(existsSync(kernelHeader))('has the numbers and names of the kernel header', () => {
    const rows = new Map(SYSTEM_CALLS.map(({ number, name }) => [number, name]))
    const text = readFileSync(kernelHeader, 'utf8')
    const defined = [...text.matchAll(/#define __NR(?:3264)?_(\w+) (\d+)$/gm)]
      .map(([, name = '', number]) => [Number(number), name === 'fstatat' ? 'newfstatat' : name] as const)
      // Not calls, other architectures' form of a call, and the 64-bit time calls that only 32-bit systems have.
      .filter(
        ([number, name]) =>
          !/^(syscalls|arch_specific_syscall|sync_file_range2)$/.test(name) && !(number >= 403 && number < 424),
      )
    expect(defined.length).toBeGreaterThan(300)
    expect(defined.filter(([number, name]) => rows.get(number) !== name)).toEqual([])
  })

  test('is what the C table was generated from', () => {
    expect(readFileSync(checkedIn, 'utf8')).toBe(systemCallTableHeader())
  })
})
