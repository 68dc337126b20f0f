/**
 * The extensions of the guest's machine, the one place that says what it has: the decoder's tests hold the decoder to it, and
 * riscv_hwprobe, AT_HWCAP and /proc/cpuinfo answer from it (runtime/executor/machine-header.ts).
 */

export interface Extension {
  /** As in an ISA string (ISA manual, "ISA Extension Naming Conventions"); single letters first, then in canonical order. */
  readonly name: string
  /** Bit of RISCV_HWPROBE_KEY_IMA_EXT_0 (Linux, arch/riscv/include/uapi/asm/hwprobe.h). Some share one, some have none. */
  readonly probe?: number
}

export const EXTENSIONS: readonly Extension[] = [
  { name: 'i' },
  { name: 'm' },
  { name: 'a' },
  { name: 'f', probe: 0 },
  { name: 'd', probe: 0 },
  { name: 'c', probe: 1 },
  { name: 'zicbom', probe: 55 },
  { name: 'zicbop', probe: 60 },
  { name: 'zicboz', probe: 6 },
  { name: 'zicntr', probe: 50 },
  { name: 'zicond', probe: 35 },
  { name: 'zicsr' },
  { name: 'zifencei' },
  { name: 'zihintntl', probe: 29 },
  { name: 'zihintpause', probe: 36 },
  { name: 'zaamo', probe: 56 },
  { name: 'zalrsc', probe: 57 },
  { name: 'zfa', probe: 32 },
  { name: 'zfhmin', probe: 28 },
  { name: 'zca', probe: 43 },
  { name: 'zcb', probe: 44 },
  { name: 'zcd', probe: 45 },
  { name: 'zba', probe: 3 },
  { name: 'zbb', probe: 4 },
  { name: 'zbs', probe: 5 },
]

/** Bytes of a cache block: what cbo.zero clears, and other operations of Zicbom and Zicbop are about. */
export const BLOCK_SIZE = 64

/** `rv64imafdc_zicntr_…`, as /proc/cpuinfo has it. */
export const ISA_STRING: string = `rv64${EXTENSIONS.map(({ name }) => (name.length > 1 ? `_${name}` : name)).join('')}`

/** The value of RISCV_HWPROBE_KEY_IMA_EXT_0. */
export const PROBE_BITS: bigint = EXTENSIONS.reduce(
  (bits, { probe }) => (probe === undefined ? bits : bits | (1n << BigInt(probe))),
  0n,
)

/** AT_HWCAP: a bit for each single letter, A being bit 0. */
export const HWCAP: number = EXTENSIONS.filter(({ name }) => name.length === 1).reduce(
  (bits, { name }) => bits | (1 << (name.charCodeAt(0) - 'a'.charCodeAt(0))),
  0,
)
