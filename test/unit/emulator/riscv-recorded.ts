/**
 * Results of QEMU 10 for instructions that QEMU 7.2 lacks, or gets wrong, in riscv-recorded.txt. A line is one case:
 *
 *     mnemonic  two words of the routine  fcsr x11 x12 f11 f12 f13 cell  the ten words of RESULT      all hexadecimal
 *
 * `QEMU=…/qemu-riscv64 npx vite-node test/unit/emulator/riscv-record.ts` writes the file anew, with a QEMU of version 10.
 */
import { readFileSync } from 'node:fs'
import type { Case } from './riscv-qemu.ts'

export const RECORDED = new URL('riscv-recorded.txt', import.meta.url)

/** What QEMU 7.2 lacks: Zicond, Zicbom, Zicboz, Zfa; and ctzw, which it lets count into the upper half. */
export const NEWER = /^(czero_|cbo_|fli_|fminm_|fmaxm_|fround|fltq_|fleq_|fcvtmod_|ctzw$)/
/** Illegal in QEMU 10's user mode. */
const PRIVILEGED = /^cbo_(clean|flush)$/
/** The rows that were recorded; the compressed ones are Zcb. */
export const recordable = (name: string): boolean => NEWER.test(name) && !PRIVILEGED.test(name)
export const NEWER_COMPRESSED = /^c_(lbu|lhu?|sb|sh|mul|not|[sz]ext_[bhw])$/

export interface Recorded {
  readonly mnemonic: string
  readonly words: readonly [number, number]
  readonly start: Omit<Case, 'routine'>
  readonly result: readonly bigint[]
}

export function readRecorded(): Recorded[] {
  const lines = readFileSync(RECORDED, 'utf8').trimEnd().split('\n')
  return lines.map(line => {
    const [mnemonic, first, second, fcsr, ...values] = line.split(' ') as [string, string, string, string, ...string[]]
    const [x11, x12, f11, f12, f13, cell, ...result] = values.map(value => BigInt(`0x${value}`))
    return {
      mnemonic,
      words: [Number.parseInt(first, 16), Number.parseInt(second, 16)],
      start: { fcsr: Number.parseInt(fcsr, 16), x11: x11!, x12: x12!, f11: f11!, f12: f12!, f13: f13!, cell: cell! },
      result,
    }
  })
}
