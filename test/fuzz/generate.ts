import { Random } from '../diff/random.ts'
import { ALL_F, ALL_X } from '../diff/registers.ts'
import { doubleValue, integerValue, singleValue } from '../diff/values.ts'
import { InstructionSource } from './instructions.ts'
import { type Item, MAXIMUM_DEPTH, type Program, type Reserved, type Routine, type TangleBlock } from './program.ts'

/** Instructions that a program may execute, roughly. */
const BUDGET = 30_000

/**
 * Makes a random program.
 * @param size routines and items are more with a bigger one; 1 is usual
 * @param newest with instructions that QEMU 7.2 lacks
 */
export function generate(seed: bigint, size = 1, newest = false): Program {
  const random = new Random(seed)
  const [base, first, second, third, link, scratch] = random.sample(
    ALL_X.filter(name => name !== 'x1' && name !== 'x2'),
    6,
  ) as [string, string, string, string, string, string]
  const reserved: Reserved = { base, counters: [first, second, third], link, scratch }
  const taken = ['x2', base, first, second, third, link, scratch]
  const pool = {
    integers: random.sample(
      ALL_X.filter(name => !taken.includes(name)),
      ALL_X.length - taken.length,
    ),
    floats: random.sample(ALL_F, ALL_F.length),
    base,
  }
  const source = new InstructionSource(random, pool, random.chance(0.7), newest)
  const count = random.between(1, Math.ceil(5 * size))
  // Routines call later ones only, so those are made first and their cost is known.
  const routines: Routine[] = Array<Routine>(count)
  const costs: number[] = Array<number>(count).fill(0)
  for (let index = count - 1; index >= 0; index--) {
    const builder = new RoutineBuilder(random, source, index, costs, size)
    routines[index] = builder.routine()
    costs[index] = builder.cost
  }
  const float = (): bigint => (random.chance(0.7) ? doubleValue(random) : singleValue(random))
  return {
    seed,
    newest,
    reserved,
    changed: { integer: random.pick(pool.integers), float: random.pick(pool.floats) },
    compressed: random.chance(0.5),
    integers: ALL_X.map(() => integerValue(random)),
    floats: ALL_F.map(float),
    routines,
  }
}

class RoutineBuilder {
  /** Instructions executed by the routine so far, its callees included. */
  cost = 20

  constructor(
    private readonly random: Random,
    private readonly source: InstructionSource,
    private readonly index: number,
    private readonly costs: readonly number[],
    private readonly size: number,
  ) {}

  routine(): Routine {
    const { random, index, costs } = this
    const checkpoint: Item[] = random.chance(0.5) ? [{ kind: 'checkpoint' }] : []
    const body = [...this.items(random.between(2, Math.ceil(8 * this.size)), 0, 0, 1), ...checkpoint]
    if (index === 0) return { body: [...body, { kind: 'checkpoint' }] }
    const next = costs.length > index + 1 ? random.between(index + 1, costs.length - 1) : undefined
    if (next !== undefined && random.chance(0.25) && this.fits(costs[next]!)) {
      this.cost += costs[next]!
      return { body, tail: next }
    }
    return random.chance(0.1) ? { body, returnBy: this.source.integer(['x1']) } : { body }
  }

  private fits(cost: number): boolean {
    return this.cost + cost <= BUDGET / (this.index + 1)
  }

  private items(count: number, depth: number, nesting: number, times: number): Item[] {
    const items: Item[] = []
    for (let i = 0; i < count; i++) items.push(...this.item(depth, nesting, times))
    return items
  }

  private code(times: number): Item[] {
    return Array.from({ length: this.random.between(1, 12) }, () => {
      const lines = this.source.next()
      this.cost += lines.length * times
      return { kind: 'code', lines }
    })
  }

  private item(depth: number, nesting: number, times: number): Item[] {
    const { random } = this
    const kind = random.below(21)
    const affordable = this.fits(100 * times) && nesting < 4
    const few = (): number => random.between(1, 3)
    if (!affordable || kind < 8) return this.code(times)
    if (kind < 11 && depth < MAXIMUM_DEPTH) {
      const count = random.between(1, 7)
      const body = this.items(few(), depth + 1, nesting + 1, times * count)
      return [{ kind: 'loop', count, shape: random.pick(['down', 'up', 'head'] as const), body }]
    }
    if (kind < 14) {
      const otherwise = random.chance(0.5) ? this.items(few(), depth, nesting + 1, times) : []
      return [
        { kind: 'if', branch: this.source.branch(), body: this.items(few(), depth, nesting + 1, times), otherwise },
      ]
    }
    if (kind === 14) {
      const arms = Array.from({ length: random.pick([2, 4, 8]) }, () => this.items(1, depth, nesting + 1, times))
      const on = this.source.integer()
      const first = this.source.integer()
      return [{ kind: 'switch', on, temporaries: [first, this.source.integer([first])], arms }]
    }
    if (kind === 15 && depth < MAXIMUM_DEPTH) return [this.tangle(depth, nesting, times)]
    if (kind < 18) return this.call(times)
    if (kind === 18)
      return random.chance(0.5) ? [{ kind: 'checkpoint' }] : [{ kind: 'throw', branch: this.source.branch() }]
    if (kind === 19) return [{ kind: 'fault', line: this.source.fault() }]
    return [{ kind: 'catch', body: this.items(few(), depth, nesting + 1, times) }]
  }

  private tangle(depth: number, nesting: number, times: number): Item {
    const { random } = this
    const size = random.between(2, 6)
    const fuel = random.between(3, 20)
    const block = (): TangleBlock => ({
      body: this.items(1, depth + 1, nesting + 2, (times * fuel) / 2),
      branch: this.source.branch(),
      taken: random.below(size + 1),
      fallThrough: random.chance(0.5) ? -1 : random.below(size + 1),
    })
    const blocks = Array.from({ length: size }, (_, index) => {
      const made = block()
      return { ...made, fallThrough: made.fallThrough < 0 ? index + 1 : made.fallThrough }
    })
    return { kind: 'tangle', fuel, blocks }
  }

  private call(times: number): Item[] {
    const { random, index, costs } = this
    const callable = costs.map((_, other) => other).filter(other => other > index && this.fits(costs[other]! * times))
    if (callable.length === 0) return this.code(times)
    const routine = random.pick(callable)
    this.cost += costs[routine]! * times
    const how = random.pick(['direct', 'direct', 'pointer'] as const)
    return [{ kind: 'call', routine, how, temporary: this.source.integer() }]
  }
}
