import { expect, test } from 'vitest'
import { assemble, WORK } from './build.ts'
import { execute, FERRY, QEMU } from './engines.ts'

/** frm of a mode that the host lacks, as it comes to where code runs that was translated for others. */

/** `round` adds what 2.5 and 2.25 are as integers in the mode of frm to s0, which is the exit status in the end. */
const program = (body: string): string => `
.globl _start
.option norvc
round:
  la t0, numbers
  fld fa0, 0(t0)
  fld fa1, 8(t0)
  fcvt.w.d t1, fa0, dyn
  fcvt.w.d t2, fa1, dyn
  slli s0, s0, 2
  add s0, s0, t1
  add s0, s0, t2
  ret
_start:
  li s0, 0
  call round
${body}
finish:
  mv a0, s0
  li a7, 94
  ecall
handle:
  la a1, action
  li a2, 0
  li a3, 8
  li a7, 134
  ecall
  ret
# SIGTRAP: the frame gets fcsr = s1, and goes on behind the ebreak
change:
  sw s1, 688(a2)
  ld t0, 176(a2)
  addi t0, t0, 4
  sd t0, 176(a2)
  ret
.data
.balign 8
numbers: .double 2.5, 2.25
action: .quad change, 4, 0
`

const CHANGE = 'li a0, 5\ncall handle\n'
const fork = `
  li a0, 17
  li a1, 0
  li a2, 0
  li a3, 0
  li a4, 0
  li a7, 220
  ecall
`

const PROGRAMS = {
  'an instruction': 'fsrmi 4\ncall round\nfsrmi 3\ncall round\nfsrmi 4\ncall round\nfsrmi 0\ncall round',
  'a signal frame': `${CHANGE}li s1, 0x80\nebreak\ncall round\nli s1, 0x60\nebreak\ncall round\nli s1, 0x80\nebreak\ncall round`,
  'a signal frame after an instruction': `${CHANGE}fsrmi 4\ncall round\nli s1, 0x40\nebreak\ncall round\nfsrmi 1\ncall round\nli s1, 0x80\nebreak\ncall round`,
  'a signal frame, a reserved mode': `${CHANGE}li s1, 0xa0\nebreak\ncall round`,
  'a fork': `fsrmi 4${fork}bnez a0, 1f\ncall round\nj finish\n1: li a0, -1\nla a1, numbers\nli a2, 0\nli a3, 0\nli a7, 260\necall\nla a1, numbers\nlbu s0, 1(a1)`,
  'a counter goes on':
    'rdtime t1\nfsrmi 4\nrdtime t2\nfsrmi 0\nrdtime t3\nsltu t4, t1, t2\nsltu t5, t2, t3\nadd s0, t4, t5',
}

test.each(Object.entries(PROGRAMS))('%s', async (name, body) => {
  const path = await assemble(`${WORK}rounding`, name.replaceAll(/\W+/g, '-'), program(body))
  const { status, signal } = await execute(QEMU, path)
  const got = await execute(FERRY, path)
  expect([got.status, got.signal]).toEqual([status, signal])
})
