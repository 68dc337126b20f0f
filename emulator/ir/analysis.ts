/**
 * Dataflow over a region, per block, as masks of registers:
 *
 *   narrowIn  integer registers that are known to equal the sign extension of their low 32 bits (must, forward)
 *   wantedIn  registers whose upper halves some path of the region reads before they are written again (may, backward)
 *   lazyIn    registers whose copy may have a wrong upper half: the value is the sign extension of the low half (may, forward)
 *   floatIn   the debts of floating-point registers (float-state.ts)
 *
 * The 32-bit operations leave their sign extension away when nothing in the region wants it; where control leaves the
 * region, or goes to a block that does not expect a lazy register, the emitter settles it. Logic and moves of narrow operands
 * become 32-bit operations when nothing wants the upper half of their result: then they do not want those of their operands.
 * Registers that live in memory are lazy in loops alone, because settling them takes a load and a store. A branch does not settle what
 * its loop makes: it extends a copy, so that a counter does not wait for its own extension in every round.
 */
import { ALL_OPTIMIZATIONS, type Optimizations } from '../options.ts'
import { endOfLoop, isDirect } from './blocks.ts'
import { FloatState } from './float-state.ts'
import type { Block, Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { BRANCH, DEF, DEFF, DEFX, FUSE1, FUSE2, LOGIC, USE, USE1, USE2 } from './traits.ts'

/** But x0, which is never written. */
const ALL = ~1

export class Analysis {
  narrowIn = new Int32Array(64)
  wantedIn = new Int32Array(64)
  lazyIn = new Int32Array(64)
  /** Of each block: registers that nothing but 32-bit operations makes in its innermost loop. */
  private counted = new Int32Array(64)
  readonly floatIn: FloatState[] = []
  /** 1 where the result of instruction i may stay lazy. */
  mayLazy = new Uint8Array(1024)
  /** 1 where instruction i is made in 32 bits, though it is none of the 32-bit operations: its result stays lazy. */
  low = new Uint8Array(1024)
  /** Registers that instruction i reads in full when it is not made in 32 bits. */
  private uses = new Int32Array(1024)
  /** Of each block: what it wants or leaves lazy whatever comes in, and what it lets through. */
  private made = new Int32Array(64)
  private passed = new Int32Array(64)

  /** @param homes host register of each guest integer register, -1 in memory */
  run(
    ir: Ir,
    homes: Int8Array,
    { lazy, narrow, counter }: Pick<Optimizations, 'lazy' | 'narrow' | 'counter'> = ALL_OPTIMIZATIONS,
  ): void {
    const count = ir.blocks.length
    if (this.narrowIn.length < count) {
      for (const name of ['narrowIn', 'wantedIn', 'lazyIn', 'counted', 'made', 'passed'] as const) {
        this[name] = new Int32Array(count * 2)
      }
    }
    if (this.mayLazy.length < ir.count) {
      this.mayLazy = new Uint8Array(ir.op.length)
      this.low = new Uint8Array(ir.op.length)
      this.uses = new Int32Array(ir.op.length)
    }
    while (this.floatIn.length < count) this.floatIn.push(new FloatState())
    this.counted.fill(0, 0, count)
    if (counter) this.findCounted(ir)
    this.findNarrow(ir, lazy && narrow, narrow)
    this.findWanted(ir, lazy, homes)
    this.findLazy(ir)
    this.findFloat(ir)
  }

  /** Outer loops come before inner ones. */
  private findCounted({ blocks, op, rd }: Ir): void {
    for (let head = 0; head < blocks.length; head++) {
      if (!blocks[head]!.loop) continue
      const last = endOfLoop(blocks, head)
      let lazy = 0
      let others = 0
      for (let b = head; b <= last; b++) {
        for (let i = blocks[b]!.start; i < blocks[b]!.end; i++) {
          const kind = DEFX[op[i]!]
          if (kind === DEF.lazy) lazy |= 1 << rd[i]!
          else if (kind !== DEF.none) others |= 1 << rd[i]!
        }
      }
      this.counted.fill(lazy & ~others, head, last + 1)
    }
  }

  /** @param low logic may be made in 32 bits, @param used operations may look at low halves because of what is narrow */
  private findNarrow(ir: Ir, low: boolean, used: boolean): void {
    const { blocks } = ir
    for (let b = 0; b < blocks.length; b++) this.narrowIn[b] = blocks[b]!.entry ? 1 : -1
    for (let changed = true; changed; ) {
      changed = false
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b]!
        let narrow = this.narrowIn[b]!
        for (let i = block.start; i < block.end; i++) {
          const uses = fullUses(ir, i, used ? narrow : 1)
          this.uses[i] = BRANCH[ir.op[i]!] === 1 ? uses & ~this.counted[b]! : uses
          this.low[i] = low && isNarrowLogic(ir, i, narrow) ? 1 : 0
          narrow = stepNarrow(ir, i, narrow)
        }
        // only what was looked at before has to be looked at again
        if (this.meetNarrow(takenOf(block), narrow) && takenOf(block) <= b) changed = true
        if (this.meetNarrow(nextOf(block), narrow) && nextOf(block) <= b) changed = true
      }
    }
  }

  private meetNarrow(target: number, narrow: number): boolean {
    if (target < 0) return false
    const met = this.narrowIn[target]! & narrow
    const changed = met !== this.narrowIn[target]
    this.narrowIn[target] = met
    return changed
  }

  /** Starts from nothing wanted: what is wanted grows, so that what may be lazy shrinks, until both are right. */
  private findWanted(ir: Ir, lazy: boolean, homes: Int8Array): void {
    const { blocks } = ir
    let registers = 0
    for (let r = 1; r < 32; r++) if (homes[r]! >= 0) registers |= 1 << r
    this.wantedIn.fill(0, 0, blocks.length)
    for (let changed = true; changed; ) {
      changed = false
      for (let b = blocks.length - 1; b >= 0; b--) {
        const block = blocks[b]!
        const wanted = this.wantedBefore(ir, block, lazy ? (block.depth > 0 ? ALL : registers) : 0)
        if (wanted === this.wantedIn[b]) continue
        this.wantedIn[b] = wanted
        // blocks before this one are still to come
        if (block.loop) changed = true
      }
    }
  }

  /** What the block wants of the registers that come in; says of each of its instructions what may be lazy, of `places`. */
  private wantedBefore(ir: Ir, block: Block, places: number): number {
    let wanted = this.wantedOut(block)
    for (let i = block.end - 1; i >= block.start; i--) {
      if (DEFX[ir.op[i]!] !== 0) {
        const bit = 1 << ir.rd[i]!
        this.mayLazy[i] = (places & bit & ~wanted) !== 0 ? 1 : 0
        this.low[i]! &= this.mayLazy[i]!
        wanted &= ~bit
      }
      wanted |= this.readInFull(i)
    }
    return wanted
  }

  /** Registers that instruction i reads in full. */
  readInFull(i: number): number {
    return this.low[i] === 1 ? 0 : this.uses[i]!
  }

  private wantedOut(block: Block): number {
    const taken = takenOf(block)
    const next = nextOf(block)
    return (taken >= 0 ? this.wantedIn[taken]! : 0) | (next >= 0 ? this.wantedIn[next]! : 0)
  }

  private findLazy(ir: Ir): void {
    const { blocks } = ir
    for (let b = 0; b < blocks.length; b++) {
      const { start, end } = blocks[b]!
      let made = 0
      let passed = -1
      for (let i = start; i < end; i++) {
        const settled = this.readInFull(i)
        made &= ~settled
        passed &= ~settled
        if (DEFX[ir.op[i]!] === DEF.none) continue
        const bit = 1 << ir.rd[i]!
        passed &= ~bit
        const stays = (DEFX[ir.op[i]!] === DEF.lazy && this.mayLazy[i] === 1) || this.low[i] === 1
        made = stays ? made | bit : made & ~bit
      }
      this.made[b] = made
      this.passed[b] = passed
      this.lazyIn[b] = 0
    }
    for (let changed = true; changed; ) {
      changed = false
      for (let b = 0; b < blocks.length; b++) {
        const lazy = this.made[b]! | (this.lazyIn[b]! & this.passed[b]!)
        const taken = takenOf(blocks[b]!)
        const next = nextOf(blocks[b]!)
        if (this.meetLazy(blocks, taken, lazy) && taken <= b) changed = true
        if (this.meetLazy(blocks, next, lazy) && next <= b) changed = true
      }
    }
  }

  private meetLazy(blocks: readonly Block[], target: number, lazy: number): boolean {
    if (target < 0) return false
    const met = blocks[target]!.entry ? 0 : (this.lazyIn[target]! | lazy) & this.narrowIn[target]!
    const changed = met !== this.lazyIn[target]
    this.lazyIn[target] = met
    return changed
  }

  private findFloat(ir: Ir): void {
    const { blocks } = ir
    if (!usesFloat(ir)) {
      for (let b = 0; b < blocks.length; b++) this.floatIn[b]!.clear()
      return
    }
    for (let b = 0; b < blocks.length; b++) {
      if (blocks[b]!.entry) this.floatIn[b]!.clear()
      else this.floatIn[b]!.top()
    }
    const state = new FloatState()
    for (let changed = true; changed; ) {
      changed = false
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b]!
        state.copy(this.floatIn[b]!)
        for (let i = block.start; i < block.end; i++) state.step(ir, i)
        const taken = takenOf(block)
        const next = nextOf(block)
        if (taken >= 0 && !blocks[taken]!.entry && this.floatIn[taken]!.meet(state) && taken <= b) changed = true
        if (next >= 0 && !blocks[next]!.entry && this.floatIn[next]!.meet(state) && next <= b) changed = true
      }
    }
  }
}

/** The blocks that control goes to directly: taken and next, -1 when that is outside. */
const takenOf = (block: Block): number => (isDirect(block) ? block.taken : -1)
const nextOf = (block: Block): number => (isDirect(block) ? block.next : -1)

/** Registers that instruction i reads in full, given what is narrow before it. */
export function fullUses(ir: Ir, i: number, narrow: number): number {
  const op = ir.op[i]!
  const rs1 = ir.rs1[i]!
  const rs2 = ir.rs2[i]!
  if (lowIsEnough(ir, i, narrow)) return 0
  let uses = 0
  if (USE1[op] === USE.full) uses |= 1 << rs1
  if (USE2[op] === USE.full) uses |= 1 << rs2
  if (ir.index[i]! < 32 && ir.scale[i]! < 4) uses |= 1 << ir.index[i]!
  return uses & ~1
}

/** Logic whose result is narrow because its operands are. */
function isNarrowLogic(ir: Ir, i: number, narrow: number): boolean {
  const op = ir.op[i]!
  if (LOGIC[op] === 0 || (op === IrOp.addi && ir.imm[i] !== 0)) return false
  if (((narrow >>> ir.rs1[i]!) & 1) === 0) return false
  return USE2[op] === USE.none || ((narrow >>> ir.rs2[i]!) & 1) === 1
}

/** Operations on full registers for which the low halves decide the result, because of their operands. */
export function lowIsEnough(ir: Ir, i: number, narrow: number): boolean {
  const first = (narrow >>> ir.rs1[i]!) & 1
  switch (ir.op[i]) {
    case IrOp.addi:
      return ir.imm[i] === 0 && first === 1
    case IrOp.andi:
      return ir.imm[i]! >= 0
    case IrOp.slli:
      return ir.imm[i]! >= 32
    case IrOp.beq:
    case IrOp.bne:
    case IrOp.blt:
    case IrOp.bge:
    case IrOp.bltu:
    case IrOp.bgeu:
    case IrOp.slt:
    case IrOp.sltu:
      return (first & (narrow >>> ir.rs2[i]!)) === 1
    case IrOp.slti:
    case IrOp.sltiu:
      return first === 1
    default:
      return false
  }
}

export function stepNarrow(ir: Ir, i: number, narrow: number): number {
  const op = ir.op[i]!
  const kind = DEFX[op]!
  if (kind === DEF.none) return narrow
  const bit = 1 << ir.rd[i]!
  const first = (narrow >>> ir.rs1[i]!) & 1
  let result = kind === DEF.extended || kind === DEF.lazy
  switch (op) {
    case IrOp.li:
      result = ir.hi[i] === ir.imm[i]! >> 31
      break
    case IrOp.addi:
      result = ir.imm[i] === 0 && first === 1
      break
    case IrOp.andi:
      result = ir.imm[i]! >= 0 || first === 1
      break
    case IrOp.ori:
    case IrOp.xori:
    case IrOp.czero_eqz:
    case IrOp.czero_nez:
      result = first === 1
      break
    case IrOp.srai:
      result = ir.imm[i]! >= 32 || first === 1
      break
    case IrOp.srli:
      result = ir.imm[i]! > 32
      break
    case IrOp.and:
    case IrOp.or:
    case IrOp.xor:
    case IrOp.andn:
    case IrOp.orn:
    case IrOp.xnor:
    case IrOp.min:
    case IrOp.minu:
    case IrOp.max:
    case IrOp.maxu:
      result = (first & (narrow >>> ir.rs2[i]!)) === 1
      break
    case IrOp.zext_shift:
      result = ir.imm[i]! > 0
      break
  }
  return (result ? narrow | bit : narrow & ~bit) | 1
}

function usesFloat(ir: Ir): boolean {
  for (let i = 0; i < ir.count; i++) {
    const op = ir.op[i]!
    if (DEFF[op] !== 0 || FUSE1[op] !== 0 || FUSE2[op] !== 0) return true
  }
  return false
}
