/** Places that system calls read and write, against what their manual pages say. */
import { describe, expect, test } from 'vitest'
import { noteBefore } from '../../../../runtime/syscalls/arguments.ts'
import { contentOf, type GuestCall, inputs, outputs, rooms } from '../../../../runtime/syscalls/effects.ts'
import { SYSTEM_CALLS } from '../../../../runtime/syscalls/table.ts'

/** Memory from 0x1000 on. */
const BASE = 0x1000
const SIZE = 0x1000

/** @param words 64-bit values by their addresses */
function call(
  name: string,
  args: readonly (number | bigint)[],
  words: Readonly<Record<number, number>> = {},
): GuestCall {
  const memory = new DataView(new ArrayBuffer(SIZE))
  for (const [address, value] of Object.entries(words)) memory.setBigUint64(Number(address) - BASE, BigInt(value), true)
  const read = (address: number, length: number): Uint8Array =>
    new Uint8Array(memory.buffer.slice(Math.max(address - BASE, 0), Math.max(address - BASE + length, 0)))
  const row = SYSTEM_CALLS.find(row => row.name === name)!
  const all = Array.from({ length: 6 }, (_, i) => BigInt.asUintN(64, BigInt(args[i] ?? 0)))
  return { row, args: all, read, before: row.args.map((word, i) => noteBefore(word, all[i]!, read)) }
}

const at = (address: number, length: number) => ({ address: BigInt(address), length })

/** Two buffers of 5 and 7 bytes at 0x1100 and 0x1200. */
const VECTORS = { 4096: 0x1100, 4104: 5, 4112: 0x1200, 4120: 7 }
/** A message with a name of 16 bytes, 32 bytes of control data and these buffers. */
const MESSAGE = { 4224: 0x1300, 4232: 16, 4240: 0x1000, 4248: 2, 4256: 0x1400, 4264: 32, ...VECTORS }

describe('what a call writes', () => {
  test.each([
    ['read', call('read', [0, 0x1100, 100]), 9n, [at(0x1100, 9)]],
    ['read, which fails', call('read', [0, 0x1100, 100]), -14n, []],
    ['getxattr that asks for the size', call('getxattr', [0x1000, 0x1000, 0, 0]), 20n, []],
    ['readv', call('readv', [0, 0x1000, 2], VECTORS), 8n, [at(0x1100, 5), at(0x1200, 3)]],
    ['fstat', call('fstat', [1, 0x1100]), 0n, [at(0x1100, 128)]],
    ['pipe2', call('pipe2', [0x1100, 0]), 0n, [at(0x1100, 8)]],
    ['ppoll', call('ppoll', [0x1100, 2, 0, 0, 8]), 1n, [at(0x1100, 16)]],
    ['pselect6', call('pselect6', [65, 0x1100, 0, 0x1200, 0, 0]), 1n, [at(0x1100, 16), at(0x1200, 16)]],
    ['getgroups', call('getgroups', [8, 0x1100]), 3n, [at(0x1100, 12)]],
    ['getgroups that asks for the number', call('getgroups', [0, 0x1100]), 3n, [at(0x1100, 0)]],
    ['nanosleep', call('nanosleep', [0x1100, 0x1200]), 0n, []],
    ['nanosleep, interrupted', call('nanosleep', [0x1100, 0x1200]), -4n, [at(0x1200, 16)]],
    ['ioctl TCGETS', call('ioctl', [0, 0x5401, 0x1100]), 0n, [at(0x1100, 36)]],
    ['ioctl TCSETS', call('ioctl', [0, 0x5402, 0x1100]), 0n, [at(0x1100, 0)]],
    ['ioctl by its number', call('ioctl', [0, 0x8018aa01, 0x1100]), 0n, [at(0x1100, 24)]],
    ['ioctl without a direction', call('ioctl', [0, 0x4c05, 0x1100]), 0n, undefined],
    ['fcntl F_GETLK', call('fcntl', [0, 5, 0x1100]), 0n, [at(0x1100, 32)]],
    ['fcntl F_SETFL', call('fcntl', [0, 4, 0x1100]), 0n, [at(0x1100, 0)]],
    ['getsockname', call('getsockname', [0, 0x1100, 0x1200], { 4608: 16 }), 0n, [at(0x1100, 16), at(0x1200, 4)]],
    ['prctl PR_GET_NAME', call('prctl', [16, 0x1100]), 0n, [at(0x1100, 16)]],
    [
      'recvmsg',
      call('recvmsg', [0, 0x1080, 0], MESSAGE),
      8n,
      [at(0x1088, 4), at(0x10a8, 8), at(0x10b0, 4), at(0x1300, 16), at(0x1400, 32), at(0x1100, 5), at(0x1200, 3)],
    ],
    ['recvmmsg', call('recvmmsg', [0, 0x1080, 1, 0, 0], MESSAGE), 1n, undefined],
    ['sendmmsg', call('sendmmsg', [0, 0x1080, 1, 0], MESSAGE), 1n, [at(0x10b8, 4)]],
    ['sched_getaffinity', call('sched_getaffinity', [0, 128, 0x1100]), 8n, [at(0x1100, 8)]],
  ])('%s', (_, made, result, places) => {
    expect(outputs(made, BigInt.asUintN(64, result))).toEqual(places)
  })
})

describe('what a call reads', () => {
  test.each([
    ['write', call('write', [1, 0x1100, 12]), [at(0x1100, 12)]],
    ['writev', call('writev', [1, 0x1000, 2], VECTORS), [at(0x1100, 5), at(0x1200, 7)]],
    ['sendmsg', call('sendmsg', [1, 0x1080, 0], MESSAGE), [at(0x1100, 5), at(0x1200, 7)]],
    ['sendmmsg', call('sendmmsg', [1, 0x1080, 1, 0], MESSAGE), [at(0x1100, 5), at(0x1200, 7)]],
    ['setsockopt', call('setsockopt', [1, 1, 2, 0x1100, 4]), [at(0x1100, 4)]],
    ['msgsnd', call('msgsnd', [1, 0x1100, 10, 0]), [at(0x1100, 18)]],
    ['read', call('read', [0, 0x1100, 100]), []],
  ])('%s', (_, made, places) => {
    expect(inputs(made)).toEqual(places)
  })

  test('buffers that may be filled have their lengths', () => {
    expect(rooms(call('readv', [0, 0x1000, 2], VECTORS))).toEqual([5, 7])
    expect(rooms(call('recvmsg', [0, 0x1080, 0], MESSAGE))).toEqual([5, 7])
  })
})

test('every call can be looked at whatever its arguments are', () => {
  const wild = [0n, 1n, 0x1100n, 0x1ff8n, 2n ** 31n, 2n ** 47n, 2n ** 63n, 2n ** 64n - 1n]
  for (const { name } of SYSTEM_CALLS)
    for (const word of wild) {
      const made = call(name, Array<bigint>(6).fill(word), MESSAGE)
      for (const result of [0n, 3n, 2n ** 64n - 4n])
        for (const place of [...inputs(made), ...(outputs(made, result) ?? [])])
          expect(contentOf(made.read, place).length, name).toBeLessThanOrEqual(place.length)
    }
})
