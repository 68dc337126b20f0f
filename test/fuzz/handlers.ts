/** Assembly of the signal handlers: of the faults that programs make, and of interruptions between any two instructions. */
import { ALL_F, ALL_X } from '../diff/registers.ts'
import type { Program } from './program.ts'
import { DUMP_WORDS, place } from './record.ts'

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
export function faultRoutine({ changed }: Program, prefix: string): string[] {
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
export const INTERRUPTED = [
  '.section .text',
  'interrupted:',
  ...ALL_X.filter(name => name !== 'x1' && name !== 'x2').map(name => `  li ${name}, ${leftBehind(name)}`),
  ...ALL_F.map(name => `  fmv.d.x ${name}, x30`),
  `  fscsr x${HANDLER_FCSR.register}`,
  '  ret',
]
