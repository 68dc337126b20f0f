/** Guest code for the translator's tests: bytes at an address, written with the encoder or as words. */
import { Ir } from '../../../emulator/ir/ir.ts'
import { IR_NAMES } from '../../../emulator/ir/ops.ts'
import { formRegion, type GuestCode, type RegionLimits } from '../../../emulator/ir/region.ts'
import { encode, type Fields } from '../../../emulator/riscv/encode.ts'
import { Op, type OpName } from '../../../emulator/riscv/table.ts'
import { DEFAULT_LIMITS } from '../../../emulator/translate.ts'

/** One instruction of four bytes. */
export const i = (name: OpName, fields: Fields = {}): number => encode(Op[name], fields)

export const C_NOP = 0x0001
export const RET = i('jalr', { rs1: 1 })

/** Words of four bytes, and of two where they are compressed instructions. */
export function bytesOf(words: readonly number[]): Uint8Array {
  return Uint8Array.from(
    words.flatMap(word =>
      (word & 3) === 3 ? [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24] : [word & 255, word >> 8],
    ),
  )
}

/** What can be fetched is the bytes from `start` on; `translated` are pcs that have a translation already. */
export function guestCode(start: number, bytes: Uint8Array, translated: readonly number[] = []): GuestCode {
  const half = (pc: number): number => {
    const at = pc - start
    return at >= 0 && at + 1 < bytes.length ? bytes[at]! | (bytes[at + 1]! << 8) : -1
  }
  return {
    fetch(pc) {
      const low = half(pc)
      if (low < 0 || (low & 3) !== 3) return low
      const high = half(pc + 2)
      return high < 0 ? -1 : (low | (high << 16)) >>> 0
    },
    translated: pc => translated.includes(pc),
  }
}

export const BASE = 0x10000

/** The region at `entry` (BASE unless given) of code at BASE. */
export function regionOf(
  code: readonly number[] | Uint8Array,
  limits: Partial<RegionLimits> = {},
  {
    entry = BASE,
    translated = [],
    breakpoints = [],
  }: { entry?: number; translated?: readonly number[]; breakpoints?: readonly number[] } = {},
): Ir {
  const ir = new Ir()
  const bytes = code instanceof Uint8Array ? code : bytesOf(code)
  const guest = { ...guestCode(BASE, bytes, translated), breakpoint: (pc: number) => breakpoints.includes(pc) }
  formRegion(ir, entry, guest, { ...DEFAULT_LIMITS, ...limits })
  return ir
}

/** Names of the operations of each block. */
export const opsOf = (ir: Ir): string[][] =>
  ir.blocks.map(({ start, end }) => Array.from(ir.op.subarray(start, end), op => IR_NAMES[op]!))

/** The fields of instruction `at` that are named. */
export const fieldsOf = <Name extends 'rd' | 'rs1' | 'rs2' | 'rs3' | 'imm' | 'hi' | 'rm' | 'index' | 'scale'>(
  ir: Ir,
  at: number,
  ...names: readonly Name[]
): Record<Name, number> => Object.fromEntries(names.map(name => [name, ir[name][at]!])) as Record<Name, number>
