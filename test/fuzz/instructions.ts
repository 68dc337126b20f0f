import { AMO_OPS, ORDERINGS } from '../diff/families/atomic.ts'
import { BIT_REGISTER_OPS, BIT_SHIFT_OPS, BIT_SHIFT_WORD_OPS, BIT_UNARY_OPS } from '../diff/families/bits.ts'
import { BRANCHES } from '../diff/families/control.ts'
import { INTEGER_FORMATS } from '../diff/families/convert.ts'
import { ARITHMETIC_OPS, COMPARE_OPS, EXACT_OPS, FUSED_OPS, ROUNDING } from '../diff/families/float.ts'
import { instantiate } from '../diff/families/instantiate.ts'
import { IMMEDIATE_OPS, REGISTER_OPS, SHIFT_OPS, SHIFT_WORD_OPS } from '../diff/families/integer.ts'
import { FLOAT_LOADS, FLOAT_STORES, LOADS, STORES } from '../diff/families/memory.ts'
import { CONDITIONAL_OPS, EXTREME_OPS, FLI_OPERANDS, INTEGRAL_OPS, QUIET_COMPARE_OPS } from '../diff/families/newer.ts'
import { PATTERNS } from '../diff/families/patterns.ts'
import type { Random } from '../diff/random.ts'
import { doubleValue, integerValue } from '../diff/values.ts'
import type { Branch } from './program.ts'

/** Random straight-line instructions over given registers. */

/** Registers that hold data, and the base of the buffer (its middle). */
export interface Pool {
  readonly integers: readonly string[]
  readonly floats: readonly string[]
  readonly base: string
}

/** How often each kind of instruction is taken. */
const WEIGHTS = {
  arithmetic: 26,
  immediate: 16,
  word: 10,
  constant: 6,
  load: 9,
  store: 8,
  indexed: 4,
  float: 14,
  compare: 4,
  convert: 6,
  move: 3,
  floatMemory: 5,
  atomic: 3,
  reservation: 1,
  rounding: 2,
  flags: 1,
  pattern: 12,
  bits: 14,
  half: 3,
  newer: 16,
} as const
type Kind = keyof typeof WEIGHTS
const KINDS: readonly Kind[] = (Object.keys(WEIGHTS) as Kind[]).flatMap(kind => Array<Kind>(WEIGHTS[kind]).fill(kind))

const REACH = 960

export class InstructionSource {
  constructor(
    private readonly random: Random,
    private readonly pool: Pool,
    /** Weight of floating point: 0 keeps it out. */
    private readonly floating: boolean,
    /** With what QEMU 7.2 lacks. */
    private readonly newest: boolean,
  ) {}

  /** Instructions that belong together, most often one. */
  next(): string[] {
    for (;;) {
      const kind = this.random.pick(KINDS)
      const float = ['float', 'compare', 'convert', 'floatMemory', 'half'].includes(kind)
      if ((float && !this.floating) || (kind === 'newer' && !this.newest)) continue
      return this[kind]()
    }
  }

  /** An instruction that can not be executed: nothing is mapped at address 0. */
  fault(): string {
    const { random } = this
    const offset = random.between(0, 2047)
    const aligned = random.pick(['w', 'd'])
    return random.pick([
      `${random.pick(LOADS)} ${this.destination()}, ${offset}(x0)`,
      `${random.pick(STORES)} ${this.source()}, ${offset}(x0)`,
      `${random.pick([...FLOAT_LOADS, ...FLOAT_STORES])} ${this.float_()}, ${offset}(x0)`,
      `${random.pick(AMO_OPS)}.${aligned} ${this.destination()}, ${this.source()}, (x0)`,
      `lr.${aligned} ${this.destination()}, (x0)`,
      '.word 0xffffffff',
      '.half 0',
      'ebreak',
    ])
  }

  branch(): Branch {
    const { random } = this
    const [a, b] = [this.source(), this.source()]
    if (random.chance(0.3)) return `${random.pick(['beqz', 'bnez', 'bltz', 'bgez', 'blez', 'bgtz'])} ${this.integer()}`
    return `${random.pick(BRANCHES)} ${a}, ${b}`
  }

  /** A data register; those at the front of the pool are taken more often, so that values meet. */
  integer(taken: readonly string[] = []): string {
    const free = this.pool.integers.filter(name => !taken.includes(name))
    return this.random.chance(0.6) ? this.random.pick(free.slice(0, 8)) : this.random.pick(free)
  }

  private source(): string {
    return this.random.chance(0.04) ? 'x0' : this.integer()
  }

  private destination(): string {
    return this.random.chance(0.02) ? 'x0' : this.integer()
  }

  private float_(): string {
    const { floats } = this.pool
    return this.random.chance(0.6) ? this.random.pick(floats.slice(0, 6)) : this.random.pick(floats)
  }

  private mode(): string {
    return this.random.chance(0.6) ? 'dyn' : this.random.pick(ROUNDING)
  }

  private offset(): number {
    return this.random.between(-REACH, REACH)
  }

  private arithmetic(): string[] {
    return [`${this.random.pick(REGISTER_OPS)} ${this.destination()}, ${this.source()}, ${this.source()}`]
  }

  private word(): string[] {
    const op = this.random.pick(REGISTER_OPS.filter(name => name.endsWith('w')))
    if (this.random.chance(0.6)) return [`${op} ${this.destination()}, ${this.source()}, ${this.source()}`]
    if (this.random.chance(0.5)) return [`sext.w ${this.integer()}, ${this.integer()}`]
    return [`${this.random.pick(SHIFT_WORD_OPS)} ${this.destination()}, ${this.source()}, ${this.random.below(32)}`]
  }

  private immediate(): string[] {
    const { random } = this
    if (random.chance(0.35)) {
      return [`${random.pick(SHIFT_OPS)} ${this.destination()}, ${this.source()}, ${random.below(64)}`]
    }
    const value = random.chance(0.5) ? random.between(-16, 16) : random.between(-2048, 2047)
    const a = this.integer()
    return [`${random.pick(IMMEDIATE_OPS)} ${random.chance(0.4) ? a : this.destination()}, ${a}, ${value}`]
  }

  private constant(): string[] {
    const { random } = this
    if (random.chance(0.2)) return [`lui ${this.destination()}, ${random.below(0x100000)}`]
    if (random.chance(0.1)) return [`auipc ${this.destination()}, ${random.below(0x100000)}`]
    if (random.chance(0.3)) return [`mv ${this.integer()}, ${this.source()}`]
    return [`li ${this.integer()}, ${BigInt.asIntN(64, integerValue(random))}`]
  }

  private load(): string[] {
    return [`${this.random.pick(LOADS)} ${this.destination()}, ${this.offset()}(${this.pool.base})`]
  }

  private store(): string[] {
    return [`${this.random.pick(STORES)} ${this.source()}, ${this.offset()}(${this.pool.base})`]
  }

  private indexed(): string[] {
    const { random } = this
    const address = this.integer()
    const shift = random.below(4)
    const index = [
      `andi ${address}, ${this.integer()}, ${random.pick([63, 31, 15])}`,
      `slli ${address}, ${address}, ${shift}`,
    ]
    const sum = `add ${address}, ${random.chance(0.5) ? `${this.pool.base}, ${address}` : `${address}, ${this.pool.base}`}`
    const access = random.chance(0.6)
      ? `${random.pick(LOADS)} ${this.destination()}, ${random.between(-400, 400)}(${address})`
      : `${random.pick(STORES)} ${this.source()}, ${random.between(-400, 400)}(${address})`
    return [...index, sum, access]
  }

  private float(): string[] {
    const { random } = this
    const precision = random.chance(0.7) ? 'd' : 's'
    const [d, a, b, c] = [this.float_(), this.float_(), this.float_(), this.float_()]
    const kind = random.below(10)
    if (kind < 5) return [`${random.pick(ARITHMETIC_OPS)}.${precision} ${d}, ${a}, ${b}, ${this.mode()}`]
    if (kind < 7) return [`${random.pick(FUSED_OPS)}.${precision} ${d}, ${a}, ${b}, ${c}, ${this.mode()}`]
    if (kind === 7) return [`fsqrt.${precision} ${d}, ${a}, ${this.mode()}`]
    return [`${random.pick(EXACT_OPS)}.${precision} ${d}, ${a}, ${b}`]
  }

  private compare(): string[] {
    const precision = this.random.chance(0.7) ? 'd' : 's'
    const [a, b] = [this.float_(), this.float_()]
    if (this.random.chance(0.2)) return [`fclass.${precision} ${this.destination()}, ${a}`]
    return [`${this.random.pick(COMPARE_OPS)}.${precision} ${this.destination()}, ${a}, ${b}`]
  }

  private convert(): string[] {
    const { random } = this
    const [d, s] = [this.float_(), this.float_()]
    const format = random.pick(INTEGER_FORMATS)
    const precision = random.chance(0.7) ? 'd' : 's'
    const kind = random.below(4)
    if (kind === 0) return [random.chance(0.5) ? `fcvt.s.d ${d}, ${s}, ${this.mode()}` : `fcvt.d.s ${d}, ${s}`]
    if (kind === 1) return [`fcvt.${format}.${precision} ${this.destination()}, ${s}, ${this.mode()}`]
    return [`fcvt.${precision}.${format} ${d}, ${this.source()}, ${this.mode()}`]
  }

  private move(): string[] {
    const width = this.random.pick(['w', 'd'])
    if (this.random.chance(0.4)) return [`fmv.x.${width} ${this.destination()}, ${this.float_()}`]
    if (this.random.chance(0.5)) return [`fmv.${width}.x ${this.float_()}, ${this.source()}`]
    // Numbers of moderate size come from here; computing makes infinities and NaNs of most values soon.
    const t = this.integer()
    return [`li ${t}, ${BigInt.asIntN(64, doubleValue(this.random))}`, `fmv.d.x ${this.float_()}, ${t}`]
  }

  private floatMemory(): string[] {
    const op = this.random.pick([...FLOAT_LOADS, ...FLOAT_STORES])
    return [`${op} ${this.float_()}, ${this.offset()}(${this.pool.base})`]
  }

  private atomic(): string[] {
    const { random } = this
    const address = this.integer()
    const width = random.pick(['w', 'd'])
    const point = [
      `andi ${address}, ${this.integer()}, ${random.pick([0, 8, 56, 248])}`,
      `add ${address}, ${address}, ${this.pool.base}`,
    ]
    return [
      ...point,
      `${random.pick(AMO_OPS)}.${width}${random.pick(ORDERINGS)} ${this.destination()}, ${this.source()}, (${address})`,
    ]
  }

  private reservation(): string[] {
    const { random } = this
    const address = this.integer()
    const loaded = this.integer([address])
    const width = random.pick(['w', 'd'])
    const between = random.chance(0.6)
      ? `addi ${loaded}, ${loaded}, ${random.below(9)}`
      : `xor ${loaded}, ${loaded}, ${this.integer()}`
    return [
      `andi ${address}, ${this.integer()}, 248`,
      `add ${address}, ${address}, ${this.pool.base}`,
      `lr.${width} ${loaded}, (${address})`,
      between,
      `sc.${width} ${this.integer()}, ${loaded}, (${address})`,
    ]
  }

  private rounding(): string[] {
    const { random } = this
    if (random.chance(0.5)) return [`csrrwi ${this.destination()}, frm, ${random.below(5)}`]
    const t = this.integer()
    return [`andi ${t}, ${t}, 3`, `fsrm ${this.destination()}, ${t}`]
  }

  private flags(): string[] {
    const csr = this.random.pick(['frflags', 'frcsr', 'frrm'])
    if (this.random.chance(0.7)) return [`${csr} ${this.destination()}`]
    return [`fsflags ${this.destination()}, ${this.source()}`]
  }

  /** One of the patterns of the fusion cases, its pointer and index set before. */
  private pattern(): string[] {
    const { random } = this
    const pattern = random.pick(PATTERNS.filter(lines => this.floating || !lines.join().includes('{f}')))
    const source = { integer: (taken: readonly string[]) => this.integer(taken), float: () => this.float_() }
    const { code, chosen } = instantiate(pattern, random, source)
    const [pointer, index] = [chosen.get('p'), chosen.get('i')]
    const before: string[] = []
    if (pointer) before.push(`addi ${pointer}, ${this.pool.base}, ${random.between(-8, 8)}`)
    if (index) before.push(`andi ${index}, ${index}, ${random.pick([3, 15, 31])}`)
    return [...before, ...code]
  }

  private bits(): string[] {
    const { random } = this
    const [d, a] = [this.destination(), this.source()]
    switch (random.below(5)) {
      case 0:
      case 1:
        return [`${random.pick(BIT_REGISTER_OPS)} ${d}, ${a}, ${this.source()}`]
      case 2:
        return [`${random.pick(BIT_UNARY_OPS.filter(op => op !== 'ctzw' || this.newest))} ${d}, ${a}`]
      case 3:
        if (random.chance(0.2)) return [`${random.pick(BIT_SHIFT_WORD_OPS)} ${d}, ${a}, ${random.below(32)}`]
        return [`${random.pick(BIT_SHIFT_OPS)} ${d}, ${a}, ${random.below(64)}`]
      default: {
        // an address with a scaled index, as compilers make it
        const [index, address] = [this.integer(), this.integer()]
        const op = random.pick(['sh1add', 'sh2add', 'sh3add', 'add.uw', 'sh1add.uw', 'sh2add.uw', 'sh3add.uw'])
        return [
          `andi ${index}, ${this.integer()}, ${random.pick([63, 31, 15])}`,
          `${op} ${address}, ${index}, ${this.pool.base}`,
          `${random.pick(LOADS)} ${random.chance(0.5) ? address : d}, ${random.between(-400, 400)}(${address})`,
        ]
      }
    }
  }

  private half(): string[] {
    const { random } = this
    const [d, s] = [this.float_(), this.float_()]
    switch (random.below(6)) {
      case 0:
        return [`${random.pick(['flh', 'fsh'])} ${d}, ${this.offset()}(${this.pool.base})`]
      case 1:
        return [`fmv.x.h ${this.destination()}, ${s}`]
      case 2:
        return [`fmv.h.x ${d}, ${this.source()}`]
      case 3:
        return [`fcvt.${random.pick(['s', 'd'])}.h ${d}, ${s}`]
      default:
        return [`fcvt.h.${random.pick(['s', 'd'])} ${d}, ${s}, ${this.mode()}`]
    }
  }

  private newer(): string[] {
    const { random } = this
    const precision = random.chance(0.7) ? 'd' : 's'
    const [d, a, b] = [this.float_(), this.float_(), this.float_()]
    const kind = random.below(this.floating ? 12 : 5)
    if (kind < 2) return [`${random.pick(CONDITIONAL_OPS)} ${this.destination()}, ${this.source()}, ${this.source()}`]
    if (kind === 2) return this.selection()
    if (kind === 3) {
      const address = this.integer()
      const op = random.pick(['cbo.zero', 'cbo.clean', 'cbo.flush'])
      return [`addi ${address}, ${this.pool.base}, ${this.offset()}`, `${op} (${address})`]
    }
    if (kind === 4) {
      // what may become forms of Zcb
      const [x, y] = [this.integer(), this.integer()]
      return [random.pick([`mul ${x}, ${x}, ${y}`, `not ${x}, ${x}`, `zext.b ${x}, ${x}`, `sext.h ${x}, ${x}`])]
    }
    if (kind === 5) return [`fli.${precision} ${d}, ${random.pick(FLI_OPERANDS)}`]
    if (kind < 8) return [`${random.pick(EXTREME_OPS)}.${precision} ${d}, ${a}, ${b}`]
    if (kind < 10) return [`${random.pick(INTEGRAL_OPS)}.${precision} ${d}, ${a}, ${this.mode()}`]
    if (kind === 10) return [`${random.pick(QUIET_COMPARE_OPS)}.${precision} ${this.destination()}, ${a}, ${b}`]
    return [`fcvtmod.w.d ${this.destination()}, ${a}, rtz`]
  }

  /** One of two values by a condition that has just been computed. */
  private selection(): string[] {
    const { random } = this
    const [condition, first] = [this.integer(), this.integer()]
    const second = this.integer([condition, first])
    const compute = random.pick([
      `slt ${condition}, ${this.source()}, ${this.source()}`,
      `sltu ${condition}, ${this.source()}, ${this.source()}`,
      `andi ${condition}, ${this.integer()}, ${random.pick([1, 3, -8])}`,
      `xor ${condition}, ${this.integer()}, ${this.integer()}`,
      `slti ${condition}, ${this.integer()}, ${random.between(-9, 9)}`,
      `snez ${condition}, ${this.integer()}`,
    ])
    return [
      compute,
      `czero.eqz ${first}, ${this.source()}, ${condition}`,
      `czero.nez ${second}, ${this.source()}, ${condition}`,
      `${random.pick(['or', 'add', 'xor'])} ${this.destination()}, ${first}, ${second}`,
    ]
  }
}
