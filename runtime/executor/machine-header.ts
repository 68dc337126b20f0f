/** Prints `machine.h`: what the guest's machine says of itself, from the table of extensions. */
import { BLOCK_SIZE, HWCAP, ISA_STRING, PROBE_BITS } from '../../emulator/riscv/extensions.ts'

/** The text of `runtime/executor/machine.h`. */
export function machineHeader(): string {
  return `${[
    '/* Generated from emulator/riscv/extensions.ts by `npm run generate`: do not edit. */',
    '#pragma once',
    '#include <stdint.h>',
    '',
    '/* The isa line of /proc/cpuinfo. */',
    `#define MACHINE_ISA "${ISA_STRING}"`,
    '/* AT_HWCAP. */',
    `#define MACHINE_HWCAP UINT64_C(0x${HWCAP.toString(16)})`,
    '/* RISCV_HWPROBE_KEY_IMA_EXT_0. */',
    `#define MACHINE_EXTENSIONS UINT64_C(0x${PROBE_BITS.toString(16)})`,
    '/* Bytes of a cache block, for Zicbom, Zicbop and Zicboz. */',
    `#define MACHINE_BLOCK_SIZE ${BLOCK_SIZE}`,
  ].join('\n')}\n`
}
