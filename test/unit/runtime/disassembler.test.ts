import { afterEach, expect, test, vi } from 'vitest'
import { Disassembler, parseObjdump } from '../../../runtime/disassembler.ts'

/** xor eax,eax; jne to itself; ret */
const CODE = Uint8Array.of(0x31, 0xc0, 0x75, 0xfe, 0xc3)

afterEach(() => vi.unstubAllEnvs())

test('names each instruction with its address', () => {
  expect(new Disassembler().disassemble(CODE, 0x60_0000_0000)).toEqual([
    { address: 0x60_0000_0000, text: 'xor eax,eax' },
    { address: 0x60_0000_0002, text: 'jne 0x6000000002' },
    { address: 0x60_0000_0004, text: 'ret' },
  ])
})

test('says that there is no objdump', () => {
  vi.stubEnv('PATH', '/nowhere')
  const disassembler = new Disassembler()
  expect(disassembler.disassemble(CODE, 0)).toBeUndefined()
  expect(disassembler.disassemble(CODE, 0)).toBeUndefined()
})

test('skips the headings of objdump', () => {
  const output = '\n/proc/self/fd/3:     file format binary\n\n0000000000000010 <.data>:\n  10:\tnop\n  11:\t(bad)  \n'
  expect(parseObjdump(output)).toEqual([
    { address: 0x10, text: 'nop' },
    { address: 0x11, text: '(bad)' },
  ])
})
