/** Names of the ELF file format (System V ABI, chapters 4 and 5; RISC-V ELF psABI). */

export const ELF_TYPE = { NONE: 0, RELOCATABLE: 1, EXECUTABLE: 2, DYNAMIC: 3, CORE: 4 } as const
export const ELF_MACHINE = { X86_64: 62, RISCV: 243 } as const
export const SEGMENT_TYPE = { LOAD: 1, DYNAMIC: 2, INTERPRETER: 3, NOTE: 4, TLS: 7 } as const
export const SEGMENT_FLAG = { EXECUTE: 1, WRITE: 2, READ: 4 } as const
export const SECTION_TYPE = { NULL: 0, PROGBITS: 1, SYMBOLS: 2, STRINGS: 3, NOBITS: 8, DYNAMIC_SYMBOLS: 11 } as const

/** What to call a file for another machine. */
export const MACHINE_NAMES: Readonly<Record<number, string>> = {
  0: 'no machine',
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  247: 'BPF',
  258: 'LoongArch',
}

export const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'file without a type',
  1: 'relocatable object',
  2: 'executable',
  3: 'shared object',
  4: 'core dump',
}

export interface ElfHeader {
  readonly type: number
  readonly machine: number
  readonly entry: number
  readonly flags: number
}

export interface ElfSegment {
  readonly type: number
  /** SEGMENT_FLAG bits. */
  readonly flags: number
  readonly offset: number
  readonly address: number
  readonly fileSize: number
  readonly memorySize: number
}

export interface ElfSection {
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly address: number
  readonly offset: number
  readonly size: number
  readonly link: number
}

export type SymbolKind = 'none' | 'object' | 'function' | 'section' | 'file' | 'common' | 'tls' | 'indirect' | 'other'

export interface ElfSymbol {
  readonly name: string
  readonly address: number
  readonly size: number
  readonly kind: SymbolKind
  /** Global or weak. */
  readonly global: boolean
  /** Index of its section, 0 = undefined. */
  readonly section: number
}
