/** The rel32 fields of a code cache that go to guest pcs, patched or waiting: a linked list for each pc in arrays of numbers. */
import { GuestTable } from './guest-table.ts'

export class Links {
  /** Number of the first link of each pc + 1. */
  readonly #first = new GuestTable()
  #fields = new Int32Array(1024)
  #stubs = new Int32Array(1024)
  /** Number of the next link + 1: of the same pc, or that is free. */
  #next = new Int32Array(1024)
  #count = 0
  #free = 0

  /** @param field position of the field in the cache; `stub` is where it goes while pc has no translation */
  add(pc: number, field: number, stub: number): void {
    let link = this.#free - 1
    if (link >= 0) this.#free = this.#next[link]!
    else {
      if (this.#count === this.#fields.length) this.#grow()
      link = this.#count++
    }
    this.#fields[link] = field
    this.#stubs[link] = stub
    this.#next[link] = this.#first.get(pc)
    this.#first.set(pc, link + 1)
  }

  remove(pc: number, field: number): void {
    let before = -1
    for (let link = this.#first.get(pc) - 1; link >= 0; link = this.#next[link]! - 1) {
      if (this.#fields[link] === field) {
        if (before < 0) this.#first.set(pc, this.#next[link]!)
        else this.#next[before] = this.#next[link]!
        this.#next[link] = this.#free
        this.#free = link + 1
        return
      }
      before = link
    }
  }

  /** Calls `see` with every field that goes to `pc`. */
  each(pc: number, see: (field: number, stub: number) => void): void {
    for (let link = this.#first.get(pc) - 1; link >= 0; link = this.#next[link]! - 1)
      see(this.#fields[link]!, this.#stubs[link]!)
  }

  #grow(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2)
      array.set(old)
      return array
    }
    this.#fields = grown(this.#fields)
    this.#stubs = grown(this.#stubs)
    this.#next = grown(this.#next)
  }
}
