/** A seeded generator (xorshift32), so that a failing case can be had again. */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }
  /** 32 random bits, unsigned. */
  next(): number {
    let s = this.#state
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    return (this.#state = s >>> 0)
  }
  /** An integer in 0..limit-1. */
  below(limit: number): number {
    return this.next() % limit
  }
  /** 64 random bits. */
  wide(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next())
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}
