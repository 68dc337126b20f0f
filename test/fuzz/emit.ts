/** Assembly of a batch of programs, whose output is their records (record.ts). */
import { ALL_F, ALL_X } from '../diff/registers.ts'
import { WINDOW } from '../diff/snippet.ts'
import { driver, type Interruptions } from './driver.ts'
import { faultRoutine, INTERRUPTED } from './handlers.ts'
import type { Program } from './program.ts'
import { checkpointRoutine } from './record.ts'
import { Emitter } from './routines.ts'

/** SIGILL, SIGTRAP, SIGBUS, SIGSEGV. */
const FAULT_SIGNALS = [4, 5, 7, 11]

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
