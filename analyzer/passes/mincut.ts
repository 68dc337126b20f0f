/** A flow network with integer capacities (below 2^53), for minimum cuts by Dinic's algorithm. */
export class FlowNetwork {
  readonly #heads: number[][] = []
  readonly #to: number[] = []
  readonly #capacity: number[] = []

  constructor(nodes: number) {
    this.#heads = Array.from({ length: nodes }, () => [])
  }

  /** Adds an edge; a zero capacity adds nothing. */
  connect(from: number, to: number, capacity: number): void {
    if (capacity <= 0 || from === to) return
    this.#heads[from]!.push(this.#to.length)
    this.#to.push(to)
    this.#capacity.push(capacity)
    this.#heads[to]!.push(this.#to.length)
    this.#to.push(from)
    this.#capacity.push(0)
  }

  /** The source's side of a minimum cut; of several the one with the fewest nodes. Uses the capacities up. */
  minimumCut(source: number, sink: number): Set<number> {
    for (let levels = this.#levels(source); levels[sink]! >= 0; levels = this.#levels(source)) {
      const next = new Int32Array(this.#heads.length)
      while (this.#augment(source, sink, levels, next)) {}
    }
    const levels = this.#levels(source)
    return new Set([...levels.keys()].filter(node => levels[node]! >= 0))
  }

  /** Distance of each node from the source along edges with capacity left, or -1. */
  #levels(source: number): Int32Array {
    const levels = new Int32Array(this.#heads.length).fill(-1)
    levels[source] = 0
    const queue = [source]
    for (const node of queue)
      for (const edge of this.#heads[node]!) {
        const to = this.#to[edge]!
        if (this.#capacity[edge]! > 0 && levels[to]! < 0) {
          levels[to] = levels[node]! + 1
          queue.push(to)
        }
      }
    return levels
  }

  /** Pushes flow along one path of the level graph; false when there is none left. */
  #augment(source: number, sink: number, levels: Int32Array, next: Int32Array): boolean {
    const path: number[] = []
    let node = source
    while (node !== sink) {
      const edge = this.#heads[node]![next[node]!]
      if (edge === undefined) {
        const back = path.pop()
        if (back === undefined) return false
        node = this.#to[back ^ 1]!
        next[node] = next[node]! + 1
      } else if (this.#capacity[edge]! > 0 && levels[this.#to[edge]!] === levels[node]! + 1) {
        path.push(edge)
        node = this.#to[edge]!
      } else {
        next[node] = next[node]! + 1
      }
    }
    const flow = Math.min(...path.map(edge => this.#capacity[edge]!))
    for (const edge of path) {
      this.#capacity[edge] = this.#capacity[edge]! - flow
      this.#capacity[edge ^ 1] = this.#capacity[edge ^ 1]! + flow
    }
    return true
  }
}
