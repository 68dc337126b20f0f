/**
 * What a batch of programs writes: for each program its record, 8-byte words `number of bytes behind this word`, then dumps of
 * {@link DUMP_WORDS} words, one for each checkpoint that was executed, then the buffer.
 */
import { ALL_F, ALL_X } from '../diff/registers.ts'
import { BUFFER_SIZE, type Program } from './program.ts'

/** x1–x31, f0–f31, fcsr, and the number of the checkpoint in the text. */
export const DUMP_NAMES: readonly string[] = [...ALL_X, ...ALL_F, 'fcsr', 'checkpoint']
export const DUMP_WORDS = DUMP_NAMES.length
export const BUFFER_WORDS = BUFFER_SIZE / 8

/** Of one program. */
export const MAXIMUM_DUMPS = 40

/** The byte of a register in a dump. */
export const place = (name: string): number => 8 * DUMP_NAMES.indexOf(name)

/** Writes all registers behind the last dump. Clobbers only the scratch register. */
export function checkpointRoutine({ reserved: { link, scratch } }: Program, prefix: string): string[] {
  const spare = ALL_X.filter(name => name !== link && name !== scratch && name !== 'x2')[0]!
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
