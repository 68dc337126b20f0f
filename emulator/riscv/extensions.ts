/**
 * The extensions of the guest's machine, the one place that says what it has: the decoder's tests hold the decoder to it, and
 * riscv_hwprobe, AT_HWCAP and /proc/cpuinfo answer from it (runtime/executor/layout-header.ts).
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
  { name: 'zicntr', probe: 50 },
  { name: 'zicsr' },
  { name: 'zifencei' },
  { name: 'zaamo', probe: 56 },
  { name: 'zalrsc', probe: 57 },
  { name: 'zca', probe: 43 },
  { name: 'zcd', probe: 45 },
  { name: 'zba', probe: 3 },
  { name: 'zbb', probe: 4 },
  { name: 'zbs', probe: 5 },
]

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
