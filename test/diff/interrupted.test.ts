import { expect, test } from 'vitest'
import { assemble, WORK } from './build.ts'
import { execute, FERRY, QEMU } from './engines.ts'

/** Loops without end or accesses to memory: a signal gets in, as under qemu-riscv64. */

const long = Array.from({ length: 400 }, (_, k) => `addi t${1 + (k % 2)}, t${2 - (k % 2)}, ${k}`).join('\n')

const LOOPS = {
  'a jump to itself': '1: j 1b',
  'an indirect jump': 'la t0, 1f\n1: addi t1, t1, 1\njr t0',
  'an indirect jump to a known place': '1: addi t1, t1, 1\n2: auipc t0, %pcrel_hi(1b)\njr %pcrel_lo(2b)(t0)',
  'indirect jumps to and fro': 'la t2, 3f\nla t0, 1f\n1: addi t1, t1, 1\njr t2\n3: jr t0',
  'a branch back and a known place farther back':
    '1: li t3, 3\n4: addi t3, t3, -1\nbnez t3, 4b\nadd s5, s5, s6\n2: auipc t0, %pcrel_hi(1b)\njr %pcrel_lo(2b)(t0)',
  'more than a region': `1: ${long}\nj 1b`,
  'more than a region, from a place that is called': `jal x0, 2f\n1: ${long}\nj 1b\n2: jal ra, 1b`,
  'calls and returns': '1: jal ra, 2f\nj 1b\n2: ret',
}

const program = (loop: string): string => `
.option norvc
.globl _start
_start:
  la a1, action
  li a0, 14
  li a2, 0
  li a3, 8
  li a7, 134
  ecall
  la a1, interval
  li a0, 0
  li a2, 0
  li a7, 103
  ecall
${loop}
handler:
  li a0, 42
  li a7, 94
  ecall
.data
.balign 8
action: .quad handler, 0, 0
interval: .quad 0, 0, 0, 100000
`

test.each(Object.entries(LOOPS))('%s', async (name, loop) => {
  const path = await assemble(`${WORK}interrupted`, name.replaceAll(/\W+/g, '-'), program(loop))
  expect((await execute(QEMU, path)).status).toBe(42)
  expect(await execute(FERRY, path)).toMatchObject({ status: 42, stderr: '' })
})
