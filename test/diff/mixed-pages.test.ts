import { expect, test } from 'vitest'
import { assemble, WORK } from './build.ts'
import { execute, QEMU, TIERS } from './engines.ts'
import { interpret } from './interpreter.ts'

/**
 * Every kind of store to the page that it is executed from, and over its borders: what such a page needs (translations
 * are dropped, the store is done for the program) makes no difference to it.
 */

const STORES = ['sb', 'sh', 'sw', 'sd', 'fsh', 'fsw', 'fsd']
const AMOS = ['swap', 'add', 'xor', 'and', 'or', 'min', 'max', 'minu', 'maxu']

/** a0: the address; a1 and fa1: what is stored; a2: a result. */
const ROUTINES: readonly string[] = [
  ...STORES.map(op => `${op} ${op.startsWith('f') ? 'fa1' : 'a1'}, 0(a0)`),
  ...STORES.map(op => `${op} ${op.startsWith('f') ? 'ft9' : 's7'}, -24(a0)`),
  ...['c.sw a1, 4(a0)', 'c.sd a1, 8(a0)', 'c.fsd fa1, 8(a0)'],
  ...['c.swsp a1, 4(sp)', 'c.sdsp a1, 8(sp)', 'c.fsdsp fa1, 16(sp)'].map(
    line => `mv t0, sp; mv sp, a0; ${line}; mv sp, t0`,
  ),
  ...AMOS.flatMap(op => [`amo${op}.w a2, a1, (a0)`, `amo${op}.d a2, a1, (a0)`, `amo${op}.d.aqrl s8, s7, (a0)`]),
  'lr.w a2, (a0); sc.w a2, a1, (a0)',
  'lr.d a2, (a0); sc.d a2, a1, (a0)',
  'lr.d s8, (a0); addi s8, s8, 5; sc.d a2, s8, (a0)',
  'sd a1, 0(a0); ld a2, 0(a0); addi a2, a2, 1; sd a2, 8(a0); lw a2, 12(a0)',
  'addi a1, a1, 3; sd a1, 0(a0); add a2, a1, a1',
]
/** What QEMU 7.2 lacks. */
const NEWER: readonly string[] = [
  ...['c.sb a1, 3(a0)', 'c.sh a1, 2(a0)'].map(line => `.option push; .option arch, +zcb; ${line}; .option pop`),
  'cbo.zero (a0)',
]

const PAGE = 4096

const MIXED_SIZE = 0x10000

const isAtomic = (routine: string): boolean => /^(amo|lr)/.test(routine)

/** Another thread makes that stores to watched pages are done in another way. */
const THREADS = {
  'in one thread': '',
  'beside a thread that waits': 'li a7, 73\n li a0, 0\n li a1, 0\n li a2, 0\n li a3, 0\n ecall',
  'beside a thread that runs': '1: addi t0, t0, 1\n j 1b',
} as const

interface Shape {
  readonly routines: readonly string[]
  /** Whether stores cross into other sections. */
  readonly borders: boolean
  /** What another thread does, if there is one. */
  readonly thread?: string
}

function program({ routines, borders, thread }: Shape): string {
  const calls: string[] = []
  routines.forEach((routine, k) => {
    const offsets = [0, 64, ...(isAtomic(routine) ? [] : [3, 13])]
    const places = offsets.map(offset => `d${k} + ${offset}`)
    if (borders && !isAtomic(routine)) places.push('mixed - 4', 'mixed - 1', 'mixed', 'mixed_end - 12', 'mixed_end - 5')
    for (const place of places) calls.push(`  lla a0, ${place}`, `  call r${k}`, '  call record')
  })
  const bodies = routines.map(
    (routine, k) => `.balign 64\n.zero 64\nd${k}: .zero 192\nr${k}: ${routine.replaceAll('; ', '\n ')}\n ret`,
  )
  const write = (start: string, size: string): string =>
    `  li a0, 1\n  lla a1, ${start}\n  li a2, ${size}\n  li a7, 64\n  ecall`
  // CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
  const clone = `
  li a0, 0x50f00
  lla a1, stack_end
  li a2, 0
  li a3, 0
  li a4, 0
  li a7, 220
  ecall
  beqz a0, thread`
  return `
.option norelax
.globl _start
_start:
  lla sp, stack_end
  lla s11, records
  li s10, 3
  ${thread === undefined ? '' : clone}
1:
  li a1, 0x123456789abcdef
  li s7, -0x70f0d0b090705030
  fmv.d.x fa1, a1
  fmv.d.x ft9, s7
${calls.join('\n')}
  addi s10, s10, -1
  bnez s10, 1b
${write('before', `${PAGE}`)}
${write('mixed', `${MIXED_SIZE}`)}
${write('after', `${PAGE}`)}
${write('records', `${24 * 3 * calls.length}`)}
  li a0, 0
  li a7, 94
  ecall
record:
  sd a1, 0(s11)
  sd a2, 8(s11)
  sd s8, 16(s11)
  addi s11, s11, 24
  addi a1, a1, 0x111
  ret
thread:
  ${thread ?? ''}
.section .before, "aw", @progbits
before: .zero ${PAGE}
.section .mixed, "awx", @progbits
mixed: .zero 128
${bodies.join('\n')}
.org mixed + ${MIXED_SIZE}
mixed_end:
.section .after, "aw", @progbits
after: .zero ${PAGE}
.section .records, "aw", @nobits
.zero 4096
stack_end:
records: .zero ${24 * 3 * calls.length}
`
}

const ADDRESSES = {
  text: 0x100000,
  before: 0x800000 - PAGE,
  mixed: 0x800000,
  after: 0x800000 + MIXED_SIZE,
  records: 0x900000,
}
const LINK = Object.entries(ADDRESSES).map(([name, address]) => `--section-start=.${name}=0x${address.toString(16)}`)

const built = (name: string, shape: Shape): Promise<string> =>
  assemble(`${WORK}mixed-pages`, name, program(shape), LINK)

test.each(TIERS)('%s: stores of every kind, as the interpreter does them', async (_, engine) => {
  const path = await built('interpreted', { routines: [...ROUTINES, ...NEWER], borders: false })
  const expected = interpret(path)
  expect(expected).toMatchObject({ status: 0, stderr: '' })
  expect(await execute(engine, path)).toEqual(expected)
})

test.each(Object.entries(THREADS))('stores over borders %s, as qemu-riscv64 does them', async (name, thread) => {
  const shape = { routines: ROUTINES, borders: true }
  const expected = await execute(QEMU, await built('alone', shape))
  expect(expected).toMatchObject({ status: 0, stderr: '' })
  const path = await built(name.replaceAll(' ', '-'), thread ? { ...shape, thread } : shape)
  for (const [, engine] of TIERS) expect(await execute(engine, path)).toEqual(expected)
})
