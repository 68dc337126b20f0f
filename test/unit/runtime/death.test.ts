import { describe, expect, it } from 'vitest'
import { type Death, deathMessage, endMessage } from '../../../runtime/death.ts'

const death: Death = { signal: 'SIGSEGV', pc: 0x101c4, address: 0x10n, access: 'STORE', hostPc: 0n, hostSymbol: '' }
const symbols = (pc: number) => {
  if (pc >= 0x28_0002_0000) return { name: 'libz.so.1', offset: pc - 0x28_0000_0000, file: 'libz.so.1' }
  if (pc >= 0x28_0000_0000) return { name: 'strlen', offset: pc - 0x28_0000_0000, file: 'libc.so.6' }
  return pc >= 0x101b0 ? { name: 'main', offset: pc - 0x101b0 } : undefined
}

describe('the line of a guest that a signal ended', () => {
  const lines: readonly (readonly [line: string, change: Partial<Death>])[] = [
    ['SIGSEGV (wild store to 0x10) at guest pc 0x101c4 (main+0x14)', {}],
    [
      'SIGSEGV (wild load from 0xffffffffffffffff) at guest pc 0x101c4 (main+0x14)',
      { access: 'LOAD', address: 2n ** 64n - 1n },
    ],
    ['SIGSEGV (wild store to 0x10) at guest pc 0x2800000014 (strlen+0x14 in libc.so.6)', { pc: 0x28_0000_0014 }],
    ['SIGSEGV (wild store to 0x10) at guest pc 0x2800020014 (libz.so.1+0x20014)', { pc: 0x28_0002_0014 }],
    ['SIGSEGV (jump to 0x10, which is not executable) at guest pc 0x10', { access: 'FETCH', pc: 0x10, address: 0x10n }],
    ['SIGILL (illegal instruction) at guest pc 0x101c4 (main+0x14)', { signal: 'SIGILL', access: 'UNKNOWN' }],
    [
      'SIGILL (illegal instruction 0x02007057) at guest pc 0x101c4 (main+0x14)',
      { signal: 'SIGILL', access: 'UNKNOWN', instruction: Uint8Array.of(0x57, 0x70, 0, 2) },
    ],
    [
      'SIGILL (illegal instruction 0x0000) at guest pc 0x101c4 (main+0x14)',
      { signal: 'SIGILL', access: 'UNKNOWN', instruction: Uint8Array.of(0, 0, 1, 2) },
    ],
    [
      'SIGSEGV (jump to 0xffffffffffffff00, which is not executable) at guest pc 0xffffffffffffff00, return address 0x101b4 (main+0x4)',
      { access: 'FETCH', pc: 2 ** 64, address: 2n ** 64n - 256n, returnAddress: 0x101b4 },
    ],
    [
      'SIGSEGV (jump to 0x0, which is not executable) at guest pc 0x0, return address 0x10',
      { access: 'FETCH', pc: 0, address: 0n, returnAddress: 0x10 },
    ],
    [
      'SIGSEGV (stack overflow: store to 0xffff8; --stack-size gives more) at guest pc 0x101c4 (main+0x14)',
      { address: 0xffff8n, stackPointer: 0xfffe0 },
    ],
    ['SIGSEGV (wild store to 0x10) at guest pc 0x101c4 (main+0x14)', { stackPointer: 0x3f_0000_0000 }],
    ['SIGTRAP (breakpoint) at guest pc 0x101c4 (main+0x14)', { signal: 'SIGTRAP', access: 'UNKNOWN' }],
    ['SIGBUS (address 0x10) at guest pc 0x101c4 (main+0x14)', { signal: 'SIGBUS', access: 'UNKNOWN' }],
    ['SIGSEGV (access to an impossible address) at guest pc 0x101c4 (main+0x14)', { access: 'UNKNOWN' }],
    ['SIGSEGV (wild store to 0x10) at host pc 0x7f00 (sum+0x12)', { pc: 0, hostPc: 0x7f00n, hostSymbol: 'sum+0x12' }],
    ['SIGFPE (in host code) at host pc 0x7f00', { pc: 0, hostPc: 0x7f00n, access: 'UNKNOWN', signal: 'SIGFPE' }],
    [
      'SIGSEGV (overflow of the host call stack) at host pc 0x7f00',
      { pc: 0, hostPc: 0x7f00n, access: 'STACK_OVERFLOW' },
    ],
  ]
  it.each(lines)('ferry: %s', (line, change) => {
    expect(deathMessage({ ...death, ...change }, symbols)).toBe(`ferry: ${line}`)
  })

  it('is there when something else killed the guest', () => {
    expect(endMessage({ signal: 'SIGKILL' })).toMatch(/^ferry: the guest was killed by signal 9 \(SIGKILL\)/)
    expect(endMessage({ signal: 'SIGTERM' })).toBeUndefined()
    expect(endMessage({ signal: null })).toBeUndefined()
    expect(endMessage({ signal: 'SIGSEGV', death })).toBeUndefined()
  })
})

it('source lines stand behind the places on both sides', () => {
  const death: Death = {
    ...{ signal: 'SIGSEGV', pc: 0x1000, address: 0x10n, access: 'STORE', hostPc: 0x7f00n, hostSymbol: '' },
  }
  const lines = { guest: '/src/a.c:7', host: '/src/a.c:3', hostPlace: 'f+0x4' }
  expect(deathMessage(death, () => ({ name: 'main', offset: 4 }), lines)).toBe(
    'ferry: SIGSEGV (wild store to 0x10) at guest pc 0x1000 (main+0x4) in /src/a.c:7, host pc 0x7f00 (f+0x4) in /src/a.c:3',
  )
})
