/**
 * What the host's flags say of guest registers: a comparison with zero that they have the result of already is left out.
 * It holds as long as nothing is emitted behind the instruction that set them.
 */
import { type Assembler, Cond } from '../x86/assembler.ts'

export class Flags {
  private readonly asm: Assembler
  /** Position at which they say whether guest register `of` is zero: it is not when `condition` holds. */
  private at = -1
  private of = 0
  private condition: number = Cond.ne
  /** They are those of a comparison of it with zero, so that they tell its sign too. */
  private sign = false

  constructor(asm: Assembler) {
    this.asm = asm
  }

  /** They are those of a comparison of guest `r` with zero (without overflow). */
  compared(r: number): void {
    this.at = this.asm.pos
    this.of = r
    this.condition = Cond.ne
    this.sign = true
  }

  /** Guest `r` has just become 1 where `condition` holds and 0 where not. */
  decided(r: number, condition: number): void {
    this.at = this.asm.pos
    this.of = r
    this.condition = condition
    this.sign = false
  }

  /** What was emitted since {@link nonzero} told a condition has changed neither the flags nor that register. */
  stay(): void {
    this.at = this.asm.pos
  }

  /** They are those of a comparison of guest `r` with zero. */
  areCompared(r: number): boolean {
    return this.sign && this.nonzero(r) >= 0
  }

  /** The condition under which guest `r` is not zero, when they say it; else -1. */
  nonzero(r: number): number {
    return this.at === this.asm.pos && this.of === r ? this.condition : -1
  }

  /** Control may come here from elsewhere, or the register is another one though nothing was emitted. */
  forget(): void {
    this.at = -1
  }
}
