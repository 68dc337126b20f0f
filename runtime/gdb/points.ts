/**
 * Breakpoints and watchpoints of the program that is debugged. gdb takes all back at every stop and sets them again; so those of
 * the process follow only when it goes on, and nothing is translated anew for what comes out the same.
 */
import type { GuestProcess } from '../process.ts'
import type { Watchpoint } from './step.ts'
import { POINT } from './target.ts'

/** What gdb calls the kinds of Z packets that watch data. */
const WATCH: Readonly<Record<number, Watchpoint['kind']>> = {
  [POINT.WRITE]: 'watch',
  [POINT.READ]: 'rwatch',
  [POINT.ACCESS]: 'awatch',
}
/** Bytes of the shortest instruction. */
const HALFWORD = 2

export class Points {
  readonly #breakpoints = new Set<number>()
  #watchpoints: readonly Watchpoint[] = []

  get watchpoints(): readonly Watchpoint[] {
    return this.#watchpoints
  }

  /** gdb wants a breakpoint there. */
  breaksAt(address: number): boolean {
    return this.#breakpoints.has(address)
  }

  /** @param kind a POINT */
  insert(kind: number, address: number, length: number): void {
    const watch = WATCH[kind]
    if (watch) this.#watchpoints = [...this.#watchpoints, { start: address, end: address + length, kind: watch }]
    else this.#breakpoints.add(address)
  }

  remove(kind: number, address: number, length: number): void {
    const watch = WATCH[kind]
    if (watch === undefined) return void this.#breakpoints.delete(address)
    this.#watchpoints = this.#watchpoints.filter(
      ({ start, end, kind }) => start !== address || end !== address + length || kind !== watch,
    )
  }

  clear(): void {
    this.#breakpoints.clear()
    this.#watchpoints = []
  }

  /** Brings the breakpoints of the process in step, while none of its threads runs translated code. */
  apply(process: GuestProcess): void {
    const { breakpoints, space } = process
    const added = [...this.#breakpoints].filter(address => !breakpoints.has(address))
    const removed = [...breakpoints].filter(address => !this.#breakpoints.has(address))
    for (const address of added) breakpoints.add(address)
    for (const address of removed) breakpoints.delete(address)
    for (const address of [...added, ...removed]) codeChanged(process, address, HALFWORD)
    if (space) space.debugged = true
  }
}

/** Guest code in this range may be another now: its translations are void. */
export function codeChanged({ memory, space, next }: GuestProcess, address: number, length: number): void {
  memory.forget(address, length)
  for (const each of [space, next]) each?.cache.invalidate(address, address + length)
}
