import { frame, OUTPUT, ROWS, RowTable } from './frame.ts'
import type { Random } from './random.ts'
import { ALL_F, ALL_X } from './registers.ts'
import { type Case, type Group, registersOf, WINDOW } from './snippet.ts'

/**
 * A complete program that runs groups one after the other and writes their records to standard output.
 */
export interface Program {
  readonly name: string
  readonly text: string
  /** Contents of the file that the text includes as `rows.bin`. */
  readonly rows: Uint8Array
  readonly groups: readonly Group[]
}

/** What a register holds when a group starts, unless the group sets it. */
const sentinel = (index: number): bigint => 0x5eed000000000000n + BigInt(index) * 0x0101_0101n

/** The driver: for each group sets all registers, jumps to it, writes its record. Both ends of a call are used: the
 *  group is called, and comes back by a return or (so that the return address stays unused) by a jump. */
const DRIVER = `
.option norelax
.option norvc
.section .text
.globl _start
_start:
  la t0, groups
  la t1, cursor
  sd t0, 0(t1)
next:
  la t1, cursor
  ld t0, 0(t1)
  ld t2, 0(t0)
  beqz t2, finish
  addi t0, t0, 8
  sd t0, 0(t1)
  la t0, target
  sd t2, 0(t0)
  csrw fcsr, zero
  la x31, sentinels
${ALL_F.map((name, index) => `  fld ${name}, ${8 * (32 + index)}(x31)`).join('\n')}
${ALL_X.slice(0, -1)
  .map((name, index) => `  ld ${name}, ${8 * (index + 1)}(x31)`)
  .join('\n')}
  la x31, target
  ld x31, 0(x31)
  jalr ra, 0(x31)
back:
  la t0, record_end
  ld a2, 0(t0)
  li a1, ${OUTPUT}
  sub a2, a2, a1
write:
  beqz a2, next
  li a0, 1
  li a7, 64
  ecall
  blez a0, failed
  add a1, a1, a0
  sub a2, a2, a0
  j write
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
target: .quad 0
record_end: .quad 0
sentinels: .quad ${Array.from({ length: 64 }, (_, index) => sentinel(index)).join(', ')}
.section .window, "aw", @progbits
.quad ${Array.from({ length: 16 }, (_, index) => BigInt.asUintN(64, 0x8192a3b4c5d6e7f8n * BigInt(2 * index + 1))).join(', ')}
.zero ${WINDOW.size - 128}
.section .output, "aw", @nobits
.zero 0x100000
.section .rows, "a", @progbits
.incbin "rows.bin"
.section .text
`

/** Addresses of the sections, as options of the linker. */
export const LINK_OPTIONS: readonly string[] = [
  '--section-start=.text=0x100000',
  '--section-start=.data=0x8000000',
  `--section-start=.window=0x${WINDOW.address.toString(16)}`,
  `--section-start=.output=0x${OUTPUT.toString(16)}`,
  `--section-start=.rows=0x${ROWS.toString(16)}`,
  '-z',
  'norelro',
  '--no-relax',
]

export function program(name: string, groups: readonly Group[], random: Random): Program {
  const table = new RowTable()
  const lines: string[] = [DRIVER]
  groups.forEach((group, index) => {
    // Half of the groups let the assembler compress what it can.
    lines.push(index % 2 ? '.option rvc' : '.option norvc', `g${index}:`, ...frame(group, random, table))
    lines.push(...(random.chance(0.5) ? ['la ra, back', 'ret'] : ['tail back']))
  })
  lines.push('.section .data', 'groups:')
  for (let index = 0; index < groups.length; index++) lines.push(`.quad g${index}`)
  lines.push('.quad 0', '')
  return { name, text: lines.join('\n'), rows: table.bytes(), groups }
}

/** Frames need this many registers for themselves. */
const FRAME_REGISTERS = 4

/**
 * Places every case in a table and, where `constant` and `rotate` (probabilities) say so, also in a straight line
 * with known operands and in a rotating loop. Up to `share` cases stand in one block.
 */
export function arrange(
  cases: readonly Case[],
  random: Random,
  { constant = 0.6, rotate = 0.3, share = 5, dump = 0.25 } = {},
): Group[] {
  const single = (item: Case): Case => ({ snippet: item.snippet, rows: [random.pick(item.rows)] })
  const groups: Group[] = []
  const flush = (placement: Group['placement'], list: readonly Case[]): void => {
    let open: Case[] = []
    let limit = random.between(1, share)
    const close = (): void => {
      if (open.length > 0) groups.push({ placement, cases: open, dump: random.chance(dump) })
      open = []
      limit = random.between(1, share)
    }
    for (const item of list) {
      const used = new Set(
        [...open, item].flatMap(({ snippet }) => registersOf(snippet)).filter(r => r.startsWith('x')),
      )
      const fits = used.size <= ALL_X.length - FRAME_REGISTERS && open.length < limit
      if (open.length > 0 && (!fits || open[0]!.rows.length !== item.rows.length)) close()
      open.push(item)
    }
    close()
  }
  flush('table', cases)
  flush('constant', cases.filter(() => random.chance(constant)).map(single))
  flush('rotate', cases.filter(({ snippet }) => !snippet.still && random.chance(rotate)).map(single))
  return groups
}
