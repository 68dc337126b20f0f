import { ALL_F, ALL_X } from '../diff/registers.ts'
import { WINDOW } from '../diff/snippet.ts'
import { BUFFER_SIZE, type Item, type Program, type Routine } from './program.ts'

/**
 * Assembly of a batch of programs. The output of the whole is, for each program, its record: 8-byte words
 * `number of bytes behind this word`, then dumps of {@link DUMP_WORDS} words, one for each checkpoint that was executed,
 * then the buffer.
 */

/** x1–x31, f0–f31, fcsr, and the number of the checkpoint in the text. */
export const DUMP_NAMES: readonly string[] = [...ALL_X, ...ALL_F, 'fcsr', 'checkpoint']
export const DUMP_WORDS = DUMP_NAMES.length
export const BUFFER_WORDS = BUFFER_SIZE / 8

/** Dumps of one program, and how often it may go back by a throw. */
const MAXIMUM_DUMPS = 40
const THROWS = 12
const FRAME = 48

/** SIGILL, SIGTRAP, SIGBUS, SIGSEGV. */
const FAULT_SIGNALS = [4, 5, 7, 11]

class Emitter {
  private readonly lines: string[] = []
  private readonly tables: string[] = []
  private labels = 0
  private checkpoints = 0

  constructor(
    private readonly program: Program,
    private readonly prefix: string,
  ) {}

  private label(): string {
    return `${this.prefix}_${this.labels++}`
  }

  text(): string[] {
    this.program.routines.forEach((routine, index) => {
      this.routine(routine, index)
    })
    const { compressed, newest } = this.program
    const options = compressed ? ['.option rvc', ...(newest ? ['.option arch, +zcb'] : [])] : ['.option norvc']
    return ['.section .text', '.option push', ...options, ...this.lines, ...this.tables, '.option pop']
  }

  private routine({ body, tail, returnBy }: Routine, index: number): void {
    const { counters } = this.program.reserved
    const saved = ['x1', ...counters]
    const moves = (op: string): string[] => saved.map((name, place) => `  ${op} ${name}, ${8 * place}(sp)`)
    this.lines.push(`${this.prefix}_r${index}:`, `  addi sp, sp, -${FRAME}`, ...moves('sd'))
    this.items(body, 0)
    this.lines.push(...moves('ld'), `  addi sp, sp, ${FRAME}`)
    if (tail !== undefined) this.lines.push(`  j ${this.prefix}_r${tail}`)
    else if (returnBy) this.lines.push(`  mv ${returnBy}, ra`, `  jr ${returnBy}`)
    else this.lines.push('  ret')
  }

  private items(items: readonly Item[], depth: number): void {
    for (const item of items) this.item(item, depth)
  }

  private item(item: Item, depth: number): void {
    const { reserved } = this.program
    const counter = reserved.counters[depth]!
    const emit = (...lines: string[]): void => {
      this.lines.push(...lines)
    }
    switch (item.kind) {
      case 'code':
        emit(...item.lines.map(line => `  ${line}`))
        break
      case 'loop':
        this.loop(item, counter, depth)
        break
      case 'if': {
        const [then, end] = [this.label(), this.label()]
        emit(`  ${item.branch}, ${then}`)
        this.items(item.otherwise, depth)
        emit(`  j ${end}`, `${then}:`)
        this.items(item.body, depth)
        emit(`${end}:`)
        break
      }
      case 'switch': {
        const [index, table] = item.temporaries
        const [place, end] = [this.label(), this.label()]
        const arms = item.arms.map(() => this.label())
        emit(
          `  andi ${index}, ${item.on}, ${item.arms.length - 1}`,
          `  slli ${index}, ${index}, 3`,
          `  la ${table}, ${place}`,
        )
        emit(`  add ${table}, ${table}, ${index}`, `  ld ${table}, 0(${table})`, `  jr ${table}`)
        item.arms.forEach((arm, number) => {
          emit(`${arms[number]}:`)
          this.items(arm, depth)
          emit(`  j ${end}`)
        })
        this.tables.push('.balign 8', `${place}:`, ...arms.map(arm => `  .quad ${arm}`))
        emit(`${end}:`)
        break
      }
      case 'tangle': {
        const places = [...item.blocks.map(() => this.label()), this.label()]
        const end = places.at(-1)!
        emit(`  li ${counter}, ${item.fuel}`)
        item.blocks.forEach((block, number) => {
          emit(`${places[number]}:`, `  addi ${counter}, ${counter}, -1`, `  bltz ${counter}, ${end}`)
          this.items(block.body, depth + 1)
          emit(`  ${block.branch}, ${places[block.taken] ?? end}`)
          if (block.fallThrough !== number + 1) emit(`  j ${places[block.fallThrough] ?? end}`)
        })
        emit(`${end}:`)
        break
      }
      case 'call': {
        const target = `${this.prefix}_r${item.routine}`
        if (item.how === 'direct') emit(`  jal ra, ${target}`)
        else emit(`  la ${item.temporary}, ${target}`, `  jalr ra, 0(${item.temporary})`)
        break
      }
      case 'fault':
        emit(`  ${item.line}`)
        break
      case 'checkpoint':
        emit(`  li ${reserved.scratch}, ${this.checkpoints++}`, `  jal ${reserved.link}, ${this.prefix}_checkpoint`)
        break
      case 'catch': {
        const { scratch, link } = reserved
        const place = this.label()
        const keep = ['sp', ...reserved.counters].map((name, index) => `  sd ${name}, ${8 * (index + 1)}(${scratch})`)
        emit(`  la ${scratch}, catch`, `  la ${link}, ${place}`, `  sd ${link}, 0(${scratch})`, ...keep, `${place}:`)
        this.items(item.body, depth)
        break
      }
      case 'throw': {
        const { scratch, link } = reserved
        const [go, end] = [this.label(), this.label()]
        const back = ['sp', ...reserved.counters].map((name, index) => `  ld ${name}, ${8 * (index + 1)}(${scratch})`)
        emit(`  ${item.branch}, ${go}`, `  j ${end}`, `${go}:`)
        emit(
          `  la ${scratch}, throws`,
          `  ld ${link}, 0(${scratch})`,
          `  addi ${link}, ${link}, -1`,
          `  bltz ${link}, ${end}`,
        )
        emit(
          `  sd ${link}, 0(${scratch})`,
          `  la ${scratch}, catch`,
          `  ld ${link}, 0(${scratch})`,
          ...back,
          `  jr ${link}`,
        )
        emit(`${end}:`)
        break
      }
    }
  }

  private loop({ count, shape, body }: Extract<Item, { kind: 'loop' }>, counter: string, depth: number): void {
    const [start, end] = [this.label(), this.label()]
    const { scratch } = this.program.reserved
    if (shape === 'down') {
      this.lines.push(`  li ${counter}, ${count}`, `${start}:`)
      this.items(body, depth + 1)
      this.lines.push(`  addi ${counter}, ${counter}, -1`, `  bnez ${counter}, ${start}`)
    } else if (shape === 'up') {
      this.lines.push(`  li ${counter}, 0`, `${start}:`)
      this.items(body, depth + 1)
      this.lines.push(
        `  addiw ${counter}, ${counter}, 1`,
        `  li ${scratch}, ${count}`,
        `  blt ${counter}, ${scratch}, ${start}`,
      )
    } else {
      this.lines.push(
        `  li ${counter}, ${count}`,
        `${start}:`,
        `  beqz ${counter}, ${end}`,
        `  addi ${counter}, ${counter}, -1`,
      )
      this.items(body, depth + 1)
      this.lines.push(`  j ${start}`)
    }
    this.lines.push(`${end}:`)
  }
}

/** Writes all registers behind the last dump. Clobbers only the scratch register. */
function checkpointRoutine({ reserved: { link, scratch } }: Program, prefix: string): string[] {
  const spare = ALL_X.filter(name => name !== link && name !== scratch && name !== 'x2')[0]!
  const place = (name: string): number => 8 * DUMP_NAMES.indexOf(name)
  const integers = ALL_X.filter(name => name !== scratch && name !== spare)
  return [
    `${prefix}_checkpoint:`,
    `  sd ${spare}, -8(sp)`,
    `  mv ${spare}, ${scratch}`,
    `  la ${scratch}, dumps_left`,
    `  ld ${scratch}, 0(${scratch})`,
    `  beqz ${scratch}, 1f`,
    `  la ${scratch}, record_end`,
    `  ld ${scratch}, 0(${scratch})`,
    `  sd ${spare}, ${place('checkpoint')}(${scratch})`,
    `  ld ${spare}, -8(sp)`,
    `  sd ${spare}, ${place(spare)}(${scratch})`,
    // The scratch register itself holds an address; a constant stands for it.
    `  sd x0, ${place(scratch)}(${scratch})`,
    ...integers.map(name => `  sd ${name}, ${place(name)}(${scratch})`),
    ...ALL_F.map(name => `  fsd ${name}, ${place(name)}(${scratch})`),
    `  frcsr ${spare}`,
    `  sd ${spare}, ${place('fcsr')}(${scratch})`,
    `  addi ${spare}, ${scratch}, ${8 * DUMP_WORDS}`,
    `  la ${scratch}, record_end`,
    `  sd ${spare}, 0(${scratch})`,
    `  la ${scratch}, dumps_left`,
    `  ld ${spare}, 0(${scratch})`,
    `  addi ${spare}, ${spare}, -1`,
    `  sd ${spare}, 0(${scratch})`,
    '1:',
    `  ld ${spare}, -8(sp)`,
    `  jr ${link}`,
  ]
}

/** What handlers leave in fcsr, and by way of which register: rounding upward, some exceptions. */
const HANDLER_FCSR = { register: 3, value: 0x7d } as const

/** What handlers leave in an integer register. */
const leftBehind = (name: string): number => {
  const number = Number(name.slice(1))
  return number === HANDLER_FCSR.register ? HANDLER_FCSR.value : -number
}

/**
 * The handler of faults: copies the registers of the signal frame behind the last dump, with the signal and the low bits
 * of pc in the place of the checkpoint's number, changes two of them and goes on behind the instruction.
 * Layout of the frame: struct ucontext of the kernel's asm/ucontext.h, its registers at byte 176 (pc first), then f0–f31, fcsr.
 */
function faultRoutine({ changed }: Program, prefix: string): string[] {
  const place = (name: string): number => 8 * DUMP_NAMES.indexOf(name)
  const [registers, floats] = [176, 176 + 256]
  const number = (name: string): number => Number(name.slice(1))
  return [
    `${prefix}_fault:`,
    '  la t0, dumps_left',
    '  ld t1, 0(t0)',
    '  beqz t1, 1f',
    '  addi t1, t1, -1',
    '  sd t1, 0(t0)',
    '  la t0, record_end',
    '  ld t1, 0(t0)',
    `  addi t2, t1, ${8 * DUMP_WORDS}`,
    '  sd t2, 0(t0)',
    ...ALL_X.flatMap((name, index) => [`  ld t2, ${registers + 8 * (index + 1)}(a2)`, `  sd t2, ${place(name)}(t1)`]),
    ...ALL_F.flatMap((name, index) => [`  ld t2, ${floats + 8 * index}(a2)`, `  sd t2, ${place(name)}(t1)`]),
    `  lwu t2, ${floats + 256}(a2)`,
    `  sd t2, ${place('fcsr')}(t1)`,
    `  ld t2, ${registers}(a2)`,
    '  slli t0, a0, 56',
    '  or t2, t2, t0',
    `  sd t2, ${place('checkpoint')}(t1)`,
    '1:',
    `  ld t0, ${registers}(a2)`,
    '  lbu t1, 0(t0)',
    '  andi t1, t1, 3',
    '  addi t0, t0, 2',
    '  addi t1, t1, -3',
    '  bnez t1, 2f',
    '  addi t0, t0, 2',
    '2:',
    `  sd t0, ${registers}(a2)`,
    `  ld t0, ${registers + 8 * number(changed.integer)}(a2)`,
    '  xori t0, t0, 0x155',
    `  sd t0, ${registers + 8 * number(changed.integer)}(a2)`,
    `  ld t0, ${floats + 8 * number(changed.float)}(a2)`,
    '  xori t0, t0, 0x155',
    `  sd t0, ${floats + 8 * number(changed.float)}(a2)`,
    // Nothing of what the handler leaves in the registers may be seen behind it.
    ...ALL_X.filter(name => name !== 'x1' && name !== 'x2').map(name => `  li ${name}, ${leftBehind(name)}`),
    ...ALL_F.map(name => `  fmv.d.x ${name}, x31`),
    `  fscsr x${HANDLER_FCSR.register}`,
    '  ret',
  ]
}

/** The handler of interruptions: leaves other values in all registers. */
const INTERRUPTED = [
  '.section .text',
  'interrupted:',
  ...ALL_X.filter(name => name !== 'x1' && name !== 'x2').map(name => `  li ${name}, ${leftBehind(name)}`),
  ...ALL_F.map(name => `  fmv.d.x ${name}, x30`),
  `  fscsr x${HANDLER_FCSR.register}`,
  '  ret',
]

/** Puts the start values into the registers and enters routine 0; comes back to `${prefix}_done`. */
function entry(program: Program, prefix: string): string[] {
  const { base, counters } = program.reserved
  // Every register but the one that the loads use; that one is the first counter, which needs no value.
  const pointer = counters[0]
  const lines = [`${prefix}_entry:`, `  la t0, ${prefix}_fault`, '  la t1, action', '  sd t0, 0(t1)']
  for (const signal of FAULT_SIGNALS) {
    lines.push(`  li a0, ${signal}`, '  la a1, action', '  li a2, 0', '  li a3, 8', '  li a7, 134', '  ecall')
  }
  lines.push('  csrw fcsr, x0', `  la ${pointer}, ${prefix}_values`)
  ALL_F.forEach((name, index) => {
    lines.push(`  fld ${name}, ${8 * (ALL_X.length + index)}(${pointer})`)
  })
  ALL_X.forEach((name, index) => {
    if (name !== pointer && name !== 'x2') lines.push(`  ld ${name}, ${8 * index}(${pointer})`)
  })
  lines.push('  la sp, stack_end', `  li ${base}, ${WINDOW.middle}`)
  lines.push(`  la ${pointer}, catch`, `  sd sp, 8(${pointer})`)
  lines.push(...counters.map((_, index) => `  sd x0, ${8 * (index + 2)}(${pointer})`))
  // A throw outside every catch ends the program.
  lines.push(`  la ra, ${prefix}_done`, `  sd ra, 0(${pointer})`, `  li ${pointer}, 0`)
  lines.push(`  jal ra, ${prefix}_r0`, `${prefix}_done:`, '  j program_done')
  const values = [...program.integers, ...program.floats].map(value => `0x${value.toString(16)}`)
  return [
    '.section .text',
    ...lines,
    '.section .data',
    '.balign 8',
    `${prefix}_values:`,
    `  .quad ${values.join(', ')}`,
  ]
}

/** Programs whose records are the same however often they are interrupted. */
export interface Interruptions {
  /** Microseconds between two. */
  readonly interval: number
  /** How often each program runs; the last time gives its record. */
  readonly rounds: number
}

/** Runs the entries one after the other, each on a fresh buffer, and writes the records. */
function driver(count: number, { interval, rounds }: Interruptions): string {
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

/** The text of a program that runs all of a batch; code and addresses are the same with and without interruptions. */
export function emit(programs: readonly Program[], interruptions: Interruptions = { interval: 0, rounds: 1 }): string {
  const parts = programs.flatMap((program, index) => {
    const prefix = `p${index}`
    const routines = new Emitter(program, prefix).text()
    return [
      ...routines,
      '.option norvc',
      ...checkpointRoutine(program, prefix),
      ...faultRoutine(program, prefix),
      ...entry(program, prefix),
    ]
  })
  return `${driver(programs.length, interruptions)}${[...INTERRUPTED, ...parts].join('\n')}\n`
}
