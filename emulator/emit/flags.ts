/**
 * What the host's flags say of guest registers: a comparison that they have the result of already is left out. It holds as long as
 * nothing is emitted behind the instruction that set them but what {@link Flags.stay} is told of.
 */
import type { Ir } from '../ir/ir.ts'
import { IR_NAMES, type IrName, IrOp } from '../ir/ops.ts'
import { ADDRESSED } from '../ir/traits.ts'
import type { Optimizations } from '../options.ts'
import { type Assembler, Cond } from '../x86/assembler.ts'

/** compared: of a register with zero · decided: a register is 1 where a condition holds · sum: of two registers · difference: of two registers */
type Kind = 'compared' | 'decided' | 'sum' | 'difference'

export class Flags {
  /** Otherwise they say nothing. */
  enabled = true
  private readonly asm: Assembler
  /** Position at which they say what follows. */
  private at = -1
  private kind: Kind = 'compared'
  private of = 0
  private first = 0
  private second = 0
  private condition: number = Cond.ne

  constructor(asm: Assembler) {
    this.asm = asm
  }

  private set(kind: Kind, of: number, first: number, second: number, condition: number): void {
    this.at = this.asm.pos
    this.kind = kind
    this.of = of
    this.first = first
    this.second = second
    this.condition = condition
  }

  /** They are those of a comparison of guest `r` with zero (without overflow). */
  compared(r: number): void {
    this.set('compared', r, r, r, Cond.ne)
  }

  /** Guest `r` has just become 1 where `condition` holds and 0 where not. */
  decided(r: number, condition: number): void {
    this.set('decided', r, r, r, condition)
  }

  /** Guest `r` has just become the 64-bit sum of guests `a` and `b`, one of which it may have been. */
  added(r: number, a: number, b: number): void {
    this.set('sum', r, a, b, Cond.b)
  }

  /** They are those of a comparison of guests `a` and `b`. */
  subtracted(a: number, b: number): void {
    this.set('difference', a, a, b, Cond.ne)
  }

  /** They say something. */
  get known(): boolean {
    return this.enabled && this.at === this.asm.pos
  }

  /** What they say is about the value of guest `r`. */
  isAbout(r: number): boolean {
    return this.of === r || this.first === r || this.second === r
  }

  /** What was emitted since they were {@link known} has changed neither them nor the registers that they are about. */
  stay(): void {
    this.at = this.asm.pos
  }

  /** They are those of a comparison of guest `r` with zero. */
  areCompared(r: number): boolean {
    return this.known && this.kind === 'compared' && this.of === r
  }

  /** They are those of a comparison of guests `a` and `b`. */
  areDifference(a: number, b: number): boolean {
    return this.known && this.kind === 'difference' && this.first === a && this.second === b
  }

  /** Carry says whether guest `r` is less than `other` without sign, because it is the sum of that and another one. */
  areCarry(r: number, other: number): boolean {
    if (!this.known || this.kind !== 'sum' || this.of !== r || other === r) return false
    return this.first === other || this.second === other
  }

  /** The condition under which guest `r` is not zero, when they say it; else -1. */
  nonzero(r: number): number {
    const says = this.kind === 'compared' || this.kind === 'decided'
    return says && this.known && this.of === r ? this.condition : -1
  }

  /** Control may come here from elsewhere, or the register is another one though nothing was emitted. */
  forget(): void {
    this.at = -1
  }
}

/** When the host code of an operation changes no flags: never, always, when it is a move, when neither operand is x0. */
const KEEPS = { never: 0, always: 1, move: 2, ofTwo: 3, constant: 4 } as const
const KEPT = new Uint8Array(IR_NAMES.length)

const keep = (kept: number, ...names: IrName[]): void => {
  for (const name of names) KEPT[IrOp[name]] = kept
}
for (const name of IR_NAMES) if (ADDRESSED[IrOp[name]] === 1) keep(KEEPS.always, name)
keep(KEEPS.always, 'nop', 'implied')
// (its box is put on with a logical operation)
keep(KEEPS.never, 'flh')
keep(KEEPS.move, 'addi', 'addiw')
// shifts and multiplication of BMI2
keep(KEEPS.ofTwo, 'sll', 'srl', 'sra', 'sllw', 'srlw', 'sraw', 'mulhu')
keep(KEEPS.constant, 'li')

/** The host code of instruction i changes no flags. */
export function keepsFlags({ op, rs1, rs2, imm, hi }: Ir, i: number, { mulx }: Optimizations): boolean {
  switch (KEPT[op[i]!]) {
    case KEEPS.always:
      return true
    case KEEPS.move:
      return imm[i] === 0 && rs1[i] !== 0
    case KEEPS.ofTwo:
      return rs1[i] !== 0 && rs2[i] !== 0 && (mulx || op[i] !== IrOp.mulhu)
    case KEEPS.constant:
      return imm[i] !== 0 || hi[i] !== 0
    default:
      return false
  }
}
