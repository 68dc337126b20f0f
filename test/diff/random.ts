/**
 * A seeded generator of random numbers (splitmix64), so that every generated program can be made again from its seed.
 */
export class Random {
  private state: bigint

  constructor(seed: number | bigint) {
    this.state = BigInt.asUintN(64, BigInt(seed))
  }

  /** 64 uniform bits, as an unsigned number. */
  word(): bigint {
    this.state = BigInt.asUintN(64, this.state + 0x9e3779b97f4a7c15n)
    let z = this.state
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Number(this.word() % BigInt(limit))
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return Number(this.word() >> 11n) / 2 ** 53 < probability
  }

  pick<T>(from: readonly T[]): T {
    const element = from[this.below(from.length)]
    if (element === undefined) throw new RangeError('pick from an empty list')
    return element
  }

  /** `count` different elements of `from`, in random order. */
  sample<T>(from: readonly T[], count: number): T[] {
    const rest = [...from]
    const taken: T[] = []
    while (taken.length < count) {
      if (rest.length === 0) throw new RangeError(`sample of ${count} from ${from.length} elements`)
      const [element] = rest.splice(this.below(rest.length), 1)
      taken.push(element!)
    }
    return taken
  }
}
