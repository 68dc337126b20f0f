/**
 * The region under translation as parallel arrays: one slot an instruction, in the order of the blocks. Instructions name guest
 * registers (it is not SSA): the register convention gives most of them a host register anyway.
 *
 * | field | meaning |
 * | --- | --- |
 * | op | number of the operation (ops.ts) |
 * | rd rs1 rs2 rs3 | guest registers, of the file that the operation says |
 * | imm, hi | immediate; `li` has a 64-bit constant in hi:imm |
 * | rm | rounding mode, aq/rl, or a shift count of fused operations |
 * | pc | guest address, relative to the region's base |
 * | length | 2 or 4 bytes |
 * | index | loads and stores: a guest register added to the address, or NONE |
 * | scale | shift of `index`; +SCALE_ZEXT when only its low 32 bits count |
 */
export const NONE = 255
export const SCALE_ZEXT = 4

const COLUMNS = ['op', 'rd', 'rs1', 'rs2', 'rs3', 'rm', 'length', 'index', 'scale', 'imm', 'hi', 'pc'] as const

export class Ir {
  /** Guest address that `pc` is relative to. */
  base = 0
  count = 0
  op = new Uint16Array(0)
  rd = new Uint8Array(0)
  rs1 = new Uint8Array(0)
  rs2 = new Uint8Array(0)
  rs3 = new Uint8Array(0)
  rm = new Uint8Array(0)
  length = new Uint8Array(0)
  index = new Uint8Array(0)
  scale = new Uint8Array(0)
  imm = new Int32Array(0)
  hi = new Int32Array(0)
  pc = new Int32Array(0)
  readonly blocks: Block[] = []
  /** Whose columns take the next arrangement. */
  private other: Ir | undefined

  constructor(capacity = 1024) {
    this.allocate(capacity)
  }

  private allocate(capacity: number): void {
    const bytes = (old: Uint8Array) => {
      const grown = new Uint8Array(capacity)
      grown.set(old)
      return grown
    }
    const words = (old: Int32Array) => {
      const grown = new Int32Array(capacity)
      grown.set(old)
      return grown
    }
    const op = new Uint16Array(capacity)
    op.set(this.op)
    this.op = op
    for (const name of ['rd', 'rs1', 'rs2', 'rs3', 'rm', 'length', 'index', 'scale'] as const)
      this[name] = bytes(this[name])
    for (const name of ['imm', 'hi', 'pc'] as const) this[name] = words(this[name])
  }

  reset(base: number): void {
    this.base = base
    this.count = 0
    this.blocks.length = 0
  }

  /** Takes the next slot; the caller fills it. */
  append(): number {
    if (this.count === this.op.length) this.allocate(this.count * 2)
    const i = this.count++
    this.index[i] = NONE
    this.scale[i] = 0
    this.hi[i] = 0
    return i
  }

  /** Slot k becomes a copy of slot order[k], for the first `length` of them: slots may be left out, and be there more than once. */
  arrange(order: ArrayLike<number>, length: number = order.length): void {
    let k = length === this.count ? 0 : -1
    while (k >= 0 && k < length && order[k] === k) k++
    if (k === length) return
    this.other ??= new Ir(this.op.length)
    const to = this.other
    while (to.op.length < length) to.allocate(to.op.length * 2)
    const { op, rd, rs1, rs2, rs3, rm, length: bytes, index, scale, imm, hi, pc } = this
    for (let k = 0; k < length; k++) {
      const i = order[k]!
      to.op[k] = op[i]!
      to.rd[k] = rd[i]!
      to.rs1[k] = rs1[i]!
      to.rs2[k] = rs2[i]!
      to.rs3[k] = rs3[i]!
      to.rm[k] = rm[i]!
      to.length[k] = bytes[i]!
      to.index[k] = index[i]!
      to.scale[k] = scale[i]!
      to.imm[k] = imm[i]!
      to.hi[k] = hi[i]!
      to.pc[k] = pc[i]!
    }
    this.count = length
    for (const name of COLUMNS) swap(this, to, name)
  }

  /** Absolute guest address of instruction `i`. */
  address(i: number): number {
    return this.base + this.pc[i]!
  }
}

function swap<Name extends (typeof COLUMNS)[number]>(one: Ir, other: Ir, name: Name): void {
  const column = one[name]
  one[name] = other[name]
  other[name] = column
}

/** A basic block: instructions `start` to `end` - 1, and where control goes behind them. */
export interface Block {
  readonly pc: number
  start: number
  end: number
  /** What ends it. `fall`: the next instruction begins another block. */
  kind: 'fall' | 'branch' | 'jump' | 'call' | 'callr' | 'ret' | 'jumpr' | 'resume' | 'trap'
  /** Index of the block that a taken branch or a jump goes to, or -1 when it is outside: then at `takenPc`. */
  taken: number
  takenPc: number
  /** Index of the block behind this one (not-taken branch, fall-through, return point of a call), or -1: then at `nextPc`. */
  next: number
  nextPc: number
  /** Other code may come here through the dispatch table: the region's entry and the return points of calls. */
  entry: boolean
  /** Target of a backward jump inside the region. */
  loop: boolean
  /** Nesting depth of loops around it, 0 outside. */
  depth: number
}
