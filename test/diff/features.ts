import { EXTENSIONS } from '../../emulator/riscv/extensions.ts'

/** What LLVM's assembler must know, as -mattr has it: `c` is switched by the texts themselves. */
export const ASSEMBLER_FEATURES: string = EXTENSIONS.map(({ name }) => `+${name}`).join()
