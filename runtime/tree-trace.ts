/** `--log=strace` of a process tree: as `strace -f` has it, lines name their thread once there are several. */
import type { GuestProcess } from './process.ts'
import { SystemCallTrace } from './syscalls/trace.ts'
import type { ThreadSlot } from './thread-slot.ts'

export class TreeTrace {
  readonly #traces = new Map<GuestProcess, SystemCallTrace>()

  /**
   * One REQUEST.TRACE: the line when the call is over.
   * @param many there are or were several threads
   */
  event(process: GuestProcess, slot: ThreadSlot, words: readonly bigint[], many: boolean): string | undefined {
    let trace = this.#traces.get(process)
    if (trace === undefined) {
      trace = new SystemCallTrace((address, length) => process.memory.read(address, length))
      this.#traces.set(process, trace)
    }
    const line = trace.event(slot.owner, words)
    return line === undefined ? undefined : `${many ? `[pid ${slot.owner}] ` : ''}${line}`
  }

  /** The process has ended. What it left unfinished is told by {@link unfinished}. */
  gone(process: GuestProcess): void {
    const trace = this.#traces.get(process)
    if (trace) this.#left.push(...trace.unfinished())
    this.#traces.delete(process)
  }

  readonly #left: string[] = []

  /** Lines of calls that have not returned, for the end of the guest by a signal. */
  unfinished(): string[] {
    return [...this.#left.splice(0), ...[...this.#traces.values()].flatMap(trace => trace.unfinished())]
  }
}
