/** Code that waits for the end of the region, and what of it the cache has to fill in. */
import { TEMP } from '../convention.ts'
import type { Gates } from '../gates.ts'
import { FloatState } from '../ir/float-state.ts'
import type { ChainSite, GateReference } from '../region.ts'
import { IntegerRegisters } from './integer-registers.ts'

export class ColdCode extends IntegerRegisters {
  gates!: Gates
  /** What is owed to floating-point registers at this point. */
  readonly float = new FloatState()
  chains: ChainSite[] = []
  gateReferences: GateReference[] = []
  private cold: (() => void)[] = []
  /** Fields that wait for the stub of each guest pc. */
  private waiting = new Map<number, number[]>()

  protected forgetCold(): void {
    this.chains = []
    this.gateReferences = []
    this.cold = []
    this.waiting = new Map()
  }

  /** Runs `emit` with the debts of this point, and comes back to them: for code beside the straight line. */
  aside(emit: () => void): void {
    const lazy = this.lazy
    const saved = new FloatState().copy(this.float)
    emit()
    this.lazy = lazy
    this.float.copy(saved)
  }

  /** Code that is rarely run: emitted behind the region, with the debts of this point. */
  later(emit: () => void): void {
    const lazy = this.lazy
    const narrow = this.narrow
    const borrowed = this.borrowed.length > 0 ? this.borrowed.slice() : undefined
    const saved = this.float.isClear() ? undefined : new FloatState().copy(this.float)
    this.cold.push(() => {
      this.lazy = lazy
      this.narrow = narrow
      this.borrowed = borrowed ?? []
      if (saved) this.float.copy(saved)
      else this.float.clear()
      emit()
    })
  }

  flushCold(): void {
    for (let k = 0; k < this.cold.length; k++) this.cold[k]!()
    for (const [pc, fields] of this.waiting) {
      const stub = this.asm.pos
      this.asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
      this.jumpGate(this.gates.miss)
      for (let k = 0; k < fields.length; k++) this.chains.push({ field: fields[k]!, pc, stub })
    }
  }

  /** Records a rel32 field that goes to guest `pc`. */
  chain(field: number, pc: number): void {
    const fields = this.waiting.get(pc)
    if (fields === undefined) this.waiting.set(pc, [field])
    else fields.push(field)
  }

  jumpGate(gate: number): void {
    this.gateReferences.push({ field: this.asm.jmpRel32(), gate })
  }
  callGate(gate: number): void {
    this.gateReferences.push({ field: this.asm.callRel32(), gate })
  }

  /** Emits an instruction whose last four bytes are a rip-relative displacement, of a constant in the gates' pool. */
  pool(name: keyof Gates['pool'], emit: () => void): void {
    emit()
    this.gateReferences.push({ field: this.asm.pos - 4, gate: this.gates.pool[name] })
  }
}
