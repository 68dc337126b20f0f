import { EXTENSIONS } from '../../emulator/riscv/extensions.ts'

/**
 * What LLVM's assembler must know, as -mattr has it. The texts themselves switch `c`, and the forms of Zcb, which it would
 * otherwise choose where QEMU 7.2 runs the program.
 */
export const ASSEMBLER_FEATURES: string = EXTENSIONS.filter(({ name }) => name !== 'zcb')
  .map(({ name }) => `+${name}`)
  .join()
