import { describe, expect, it } from 'vitest'
import {
  encodePacket,
  fromHex,
  LARGEST_PACKET,
  PacketReader,
  toHex,
  valueFromHex,
  valueToHex,
} from '../../../../runtime/gdb/packet.ts'
import { fromGdbSignal, toGdbSignal } from '../../../../runtime/gdb/signals.ts'

const packet = (payload: string) => ({ kind: 'packet', payload })

describe('encodePacket', () => {
  it.each([
    ['', '$#00'],
    ['OK', '$OK#9a'],
    ['a$b#c}d*e', '$a}\x04b}\x03c}\x5dd}\x0ae#51'],
  ])('%j', (payload, text) => {
    const [, body, sum] = /^\$(.*)#(..)$/s.exec(text)!
    expect(encodePacket(payload)).toBe(text)
    expect([...body!].reduce((total, character) => total + character.charCodeAt(0), 0) % 256).toBe(
      Number.parseInt(sum!, 16),
    )
  })
})

describe('PacketReader', () => {
  it('finds packets, acknowledgements and interrupts', () => {
    expect(new PacketReader().read('+$g#67\x03-$OK#9A')).toEqual([
      ...[{ kind: 'ack' }, packet('g'), { kind: 'interrupt' }, { kind: 'nak' }, packet('OK')],
    ])
  })

  it('reads what it wrote, cut anywhere', () => {
    const payloads = ['', 'X10,3:a#b', '\x00\x03}$*', 'mé'.replace('é', '\xe9')]
    const stream = payloads.map(encodePacket).join('+')
    for (let size = 1; size < stream.length; size++) {
      const reader = new PacketReader()
      const found = []
      for (let at = 0; at < stream.length; at += size) found.push(...reader.read(stream.slice(at, at + size)))
      expect(found.filter(({ kind }) => kind !== 'ack')).toEqual(payloads.map(packet))
    }
  })

  it('tells of a wrong checksum, and goes on behind it', () => {
    expect(new PacketReader().read('$OK#9b$g#67')).toEqual([{ kind: 'corrupt' }, packet('g')])
  })

  it('skips what is no packet', () => {
    expect(new PacketReader().read('noise\r\n$g#67 more')).toEqual([packet('g')])
  })

  it('gives up a packet that never ends', () => {
    const reader = new PacketReader()
    expect(reader.read(`$${'x'.repeat(3 * LARGEST_PACKET)}`)).toEqual([])
    expect(reader.read('$g#67')).toEqual([packet('g')])
  })
})

describe('values', () => {
  it('are little-endian', () => {
    expect(valueToHex(0x1122334455667788n, 8)).toBe('8877665544332211')
    expect(valueFromHex('8877665544332211')).toBe(0x1122334455667788n)
    expect(valueToHex(-1n, 4)).toBe('ffffffff')
  })

  it('bytes', () => {
    expect(toHex(Uint8Array.of(0, 171))).toBe('00ab')
    expect([...fromHex('00ab')]).toEqual([0, 171])
  })
})

describe('signals', () => {
  it.each([
    ['SIGINT', 2, 2],
    ['SIGTRAP', 5, 5],
    ['SIGBUS', 7, 10],
    ['SIGFPE', 8, 8],
    ['SIGKILL', 9, 9],
    ['SIGUSR1', 10, 30],
    ['SIGSEGV', 11, 11],
    ['SIGUSR2', 12, 31],
    ['SIGCHLD', 17, 20],
    ['SIGCONT', 18, 19],
    ['SIGSTOP', 19, 17],
    ['SIGURG', 23, 16],
    ['SIGIO', 29, 23],
    ['SIGPWR', 30, 32],
    ['SIGSYS', 31, 12],
    ['SIGRTMIN', 32, 77],
    ['SIGRTMIN+2', 34, 46],
    ['SIGRTMAX', 64, 78],
  ])('%s is %i here and %i in gdb', (_, linux, gdb) => {
    expect(toGdbSignal(linux)).toBe(gdb)
    expect(fromGdbSignal(gdb)).toBe(linux)
  })

  it('that the other side does not have', () => {
    expect(toGdbSignal(16)).toBe(143)
    expect([0, 7, 29, 143].map(fromGdbSignal)).toEqual([0, 0, 0, 0])
  })
})
