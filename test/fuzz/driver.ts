/** Assembly of what runs the programs of a batch and writes their records. */
import { WINDOW } from '../diff/snippet.ts'
import { BUFFER_SIZE } from './program.ts'
import { BUFFER_WORDS, DUMP_WORDS, MAXIMUM_DUMPS } from './record.ts'

/** How often one program may go back by a throw. */
const THROWS = 12

/** Programs whose records are the same however often they are interrupted. */
export interface Interruptions {
  /** Microseconds between two. */
  readonly interval: number
  /** How often each program runs; the last time gives its record. */
  readonly rounds: number
}

/** Runs the entries one after the other, each on a fresh buffer, and writes the records. */
export function driver(count: number, { interval, rounds }: Interruptions): string {
  return `
.option norelax
.option norvc
.section .text
.globl _start
_start:
  la a0, alternate_stack
  li a1, 0
  li a7, 132
  ecall
  la t0, timer
  ld t0, 24(t0)
  beqz t0, 2f
  li a0, 14
  la a1, interruption
  li a2, 0
  li a3, 8
  li a7, 134
  ecall
  li a0, 0
  la a1, timer
  li a2, 0
  li a7, 103
  ecall
2:
  la t0, entries
  la t1, cursor
  sd t0, 0(t1)
next_program:
  la t0, record
  addi t0, t0, 8
  la t1, record_end
  sd t0, 0(t1)
  li t0, ${MAXIMUM_DUMPS}
  la t1, dumps_left
  sd t0, 0(t1)
  li t0, ${THROWS}
  la t1, throws
  sd t0, 0(t1)
  la t0, template
  li t1, ${WINDOW.middle - BUFFER_SIZE / 2}
  li t2, ${BUFFER_WORDS}
1:
  ld t3, 0(t0)
  sd t3, 0(t1)
  addi t0, t0, 8
  addi t1, t1, 8
  addi t2, t2, -1
  bnez t2, 1b
  la t1, cursor
  ld t0, 0(t1)
  ld t2, 0(t0)
  beqz t2, finish
  addi t0, t0, 8
  sd t0, 0(t1)
  csrw fcsr, x0
  jr t2
program_done:
  la t0, rounds
  ld t1, 0(t0)
  addi t1, t1, -1
  sd t1, 0(t0)
  beqz t1, 2f
  la t0, cursor
  ld t1, 0(t0)
  addi t1, t1, -8
  sd t1, 0(t0)
  j next_program
2:
  la t1, timer
  ld t1, 32(t1)
  sd t1, 0(t0)
  la t0, record_end
  ld t1, 0(t0)
  li t0, ${WINDOW.middle - BUFFER_SIZE / 2}
  li t2, ${BUFFER_WORDS}
1:
  ld t3, 0(t0)
  sd t3, 0(t1)
  addi t0, t0, 8
  addi t1, t1, 8
  addi t2, t2, -1
  bnez t2, 1b
  la a1, record
  sub a2, t1, a1
  addi t0, a2, -8
  sd t0, 0(a1)
write:
  li a0, 1
  li a7, 64
  ecall
  blez a0, failed
  add a1, a1, a0
  sub a2, a2, a0
  bnez a2, write
  j next_program
finish:
  li a0, 0
  li a7, 94
  ecall
failed:
  li a0, 99
  li a7, 94
  ecall
.section .data
.balign 8
cursor: .quad 0
record_end: .quad 0
dumps_left: .quad 0
throws: .quad 0
catch: .quad 0, 0, 0, 0, 0
# struct sigaction: handler, SA_SIGINFO | SA_ONSTACK, mask; stack_t: address, flags, size
action: .quad 0, 0x08000004, 0
# SA_ONSTACK | SA_RESTART; struct itimerval, and the rounds of each program
interruption: .quad interrupted, 0x18000000, 0
timer: .quad 0, ${interval}, 0, ${interval}, ${rounds}
rounds: .quad ${rounds}
alternate_stack: .quad handler_stack, 0, 65536
sentinels: .quad 0x123456789abcdef0
entries: .quad ${Array.from({ length: count }, (_, index) => `p${index}_entry`).join(', ')}, 0
template: .quad ${Array.from({ length: BUFFER_WORDS }, (_, index) => templateWord(index)).join(', ')}
.section .window, "aw", @nobits
.zero ${WINDOW.size}
.section .bss, "aw", @nobits
.balign 16
.zero 65536
stack_end:
handler_stack: .zero 65536
record: .zero ${8 * (1 + MAXIMUM_DUMPS * DUMP_WORDS + BUFFER_WORDS)}
`
}

/** What the buffer holds at first: integers, doubles and small numbers by turns. */
function templateWord(index: number): string {
  const mixed = BigInt.asUintN(64, 0x9e3779b97f4a7c15n * BigInt(index + 1))
  if (index % 3 === 0) return `0x${mixed.toString(16)}`
  if (index % 3 === 1) return `0x${((mixed & 0x803fffffffffffffn) | 0x3fc0000000000000n).toString(16)}`
  return `0x${(mixed >> 50n).toString(16)}`
}
