/** Which integer registers instructions read and write. */
import type { Ir } from './ir.ts'
import { DEFX, USE1, USE2 } from './traits.ts'

export function reads(ir: Ir, i: number, register: number): boolean {
  const op = ir.op[i]!
  return (
    (USE1[op] !== 0 && ir.rs1[i] === register) || (USE2[op] !== 0 && ir.rs2[i] === register) || ir.index[i] === register
  )
}

export const writes = (ir: Ir, i: number, register: number): boolean => DEFX[ir.op[i]!] !== 0 && ir.rd[i] === register
