/** `--gdb`: the debugger of a run and the place where gdb connects to it, made one. */
import { constants } from 'node:os'
import type { Death } from '../death.ts'
import type { SessionResult } from '../handlers.ts'
import type { ControlBlock } from '../mailbox.ts'
import type { GuestProcess } from '../process.ts'
import { toStandardError } from '../standard-error.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { Debugger } from './debugger.ts'
import { type GdbAddress, GdbServer } from './server.ts'

/** What ends a program that waits for gdb: nobody else could. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export class Gdb {
  readonly #debugger: Debugger
  readonly #server: GdbServer
  #endedBy: NodeJS.Signals | undefined
  readonly #end = (signal: NodeJS.Signals): void => {
    if (this.#server.connected) return
    this.#endedBy = signal
    this.#debugger.kill()
  }

  private constructor(instance: Debugger, server: GdbServer) {
    this.#debugger = instance
    this.#server = server
    instance.onEvent = event => {
      this.#server.report(event)
      if (event.kind === 'stop') this.#tellWaiting()
    }
    server.onLost = () => this.#tellWaiting()
    for (const signal of ENDING) process.on(signal, this.#end)
  }

  /**
   * @param sysroot where absolute guest paths are looked for first, or ''
   * @throws FerryError `gdb-listen`
   */
  static async open(address: GdbAddress, control: ControlBlock, sysroot: string): Promise<Gdb> {
    const instance = new Debugger(control, sysroot)
    control.shared = true
    return new Gdb(instance, await GdbServer.listen(address, instance))
  }

  /** Whether the process is debugged: it needs a private space. */
  owns(process: GuestProcess): boolean {
    return this.#debugger.owns(process)
  }

  program(process: GuestProcess): void {
    this.#debugger.program(process)
  }

  request(process: GuestProcess, slot: ThreadSlot): void {
    this.#debugger.request(process, slot)
  }

  exited(process: GuestProcess, status: number): void {
    if (this.owns(process)) this.#debugger.ended({ kind: 'exited', value: status })
  }

  died(process: GuestProcess, { signal }: Death): void {
    if (this.owns(process)) this.#debugger.ended({ kind: 'killed', value: signalNumber(signal) })
  }

  /** The run is over. The result, with the signal that ended the program while it waited for gdb. */
  ended(result: SessionResult): SessionResult {
    const { status, signal } = result
    this.#debugger.ended(
      signal ? { kind: 'killed', value: signalNumber(signal) } : { kind: 'exited', value: status ?? 0 },
    )
    return this.#endedBy ? { ...result, signal: this.#endedBy } : result
  }

  /** It was gdb, or a signal while the program waited for it, that ended the program. */
  get killed(): boolean {
    return this.#debugger.killed
  }

  async close(): Promise<void> {
    for (const signal of ENDING) process.off(signal, this.#end)
    await this.#server.close()
  }

  #tellWaiting(): void {
    if (this.#server.connected || !this.#debugger.stopped || this.killed) return
    toStandardError(`ferry: the program waits for gdb: target remote ${this.#server.address}\n`)
  }
}

function signalNumber(name: string): number {
  return constants.signals[name as NodeJS.Signals] ?? Number(/\d+/.exec(name)?.[0] ?? 0)
}
