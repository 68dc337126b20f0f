import { expect, test } from 'vitest'
import { assemble, WORK } from './build.ts'
import { execute, FERRY, QEMU } from './engines.ts'

/** Instructions that can not be fetched, or only their first half: si_code, si_addr and pc are as under qemu-riscv64. */

const START = 0x20000000
const BORDER = START + 4096

/** What is done to the second of two pages of code, and what stands before it: a nop of 4 bytes over the border, or one of 2. */
const CASES = {
  'unmapped behind the first half': { call: 'munmap', protection: 0, nop: 0x13 },
  'not executable behind the first half': { call: 'mprotect', protection: 3, nop: 0x13 },
  'no access behind the first half': { call: 'mprotect', protection: 0, nop: 0x13 },
  'executable behind the first half': { call: 'mprotect', protection: 4, nop: 0x13 },
  'unmapped behind the instruction': { call: 'munmap', protection: 0, nop: 1 },
  'not executable behind the instruction': { call: 'mprotect', protection: 1, nop: 1 },
} as const

const program = ({ call, protection, nop }: (typeof CASES)[keyof typeof CASES]): string => `
.globl _start
_start:
  li a0, 11
  lla a1, action
  li a2, 0
  li a3, 8
  li a7, 134
  ecall
  li a0, ${START}
  li a1, 8192
  li a2, 7
  li a3, 0x32
  li a4, -1
  li a5, 0
  li a7, 222
  ecall
  li s0, ${BORDER}
  li t0, 0x00018082
  sw t0, 2(s0)
  li t0, 0x8082
  sh t0, 0(s0)
  li t0, 0x0001
  sh t0, -4(s0)
  li t0, ${nop}
  sh t0, -2(s0)
  ${nop === 0x13 ? 'sh x0, 0(s0)' : ''}
  fence.i
  li a0, ${BORDER}
  li a1, 4096
  li a2, ${protection}
  li a7, ${call === 'munmap' ? 215 : 226}
  ecall
  lla s1, records
  li s2, 3
1:
  addi a0, s0, -4
  jalr a0
  addi a0, s0, -2
  jalr a0
  addi s2, s2, -1
  bnez s2, 1b
  li a0, 1
  lla a1, records
  sub a2, s1, a1
  li a7, 64
  ecall
  li a0, 0
  li a7, 94
  ecall
# si_code, si_addr, pc; goes back to the caller
handler:
  lw t0, 8(a1)
  sd t0, 0(s1)
  ld t0, 16(a1)
  sd t0, 8(s1)
  ld t0, 176(a2)
  sd t0, 16(s1)
  addi s1, s1, 24
  sd s1, 248(a2)
  ld t0, 184(a2)
  sd t0, 176(a2)
  ret
.data
.balign 8
action: .quad handler, 4, 0
records: .zero 256
`

test.each(Object.entries(CASES))('%s', async (name, shape) => {
  const path = await assemble(`${WORK}fetch`, name.replaceAll(' ', '-'), program(shape))
  const expected = await execute(QEMU, path)
  expect(expected).toMatchObject({ status: 0, stderr: '' })
  expect(await execute(FERRY, path)).toEqual(expected)
})
