/** A program of two threads that does nothing by itself: what the stub asks of it is recorded. */
import { CPU_STATE } from '../../../../base/layout.ts'
import type { Action, Target } from '../../../../runtime/gdb/target.ts'

export const MEMORY_START = 0x10000

export class FakeTarget implements Target {
  stopped = true
  readonly pid = 100
  readonly path = '/usr/bin/prögram'
  readonly bias = 0x2000
  readonly states = new Map([100, 101].map(id => [id, new DataView(new ArrayBuffer(CPU_STATE.size))]))
  readonly memory = new Uint8Array(64)
  readonly points: string[] = []
  readonly calls: string[] = []
  actions: readonly Action[] = []
  passed: ReadonlySet<number> = new Set()

  threads(): { id: number; name: string }[] {
    return [
      { id: 100, name: 'main' },
      { id: 101, name: 'a<b>&"c"' },
    ]
  }
  state(thread: number): DataView | undefined {
    return this.states.get(thread)
  }
  readMemory(address: number, length: number): Uint8Array {
    const start = address - MEMORY_START
    return start < 0 ? new Uint8Array() : this.memory.slice(start, start + length)
  }
  writeMemory(address: number, bytes: Uint8Array): boolean {
    const start = address - MEMORY_START
    if (start < 0 || start + bytes.length > this.memory.length) return false
    this.memory.set(bytes, start)
    return true
  }
  auxiliaryVector(): Uint8Array {
    return Uint8Array.of(1, 0x80, 0xff)
  }
  signalInfo(thread: number): Uint8Array | undefined {
    return thread === 100 ? Uint8Array.of(11, 0xff) : undefined
  }
  insert(kind: number, address: number, length: number): boolean {
    if (kind > 1) return false
    this.points.push(`${kind} ${address.toString(16)} ${length}`)
    return true
  }
  remove(kind: number, address: number, length: number): void {
    this.points.splice(this.points.indexOf(`${kind} ${address.toString(16)} ${length}`), 1)
  }
  resume(actions: readonly Action[]): void {
    this.actions = actions
    this.calls.push('resume')
  }
  passSignals(signals: ReadonlySet<number>): void {
    this.passed = signals
  }
  interrupt(): void {
    this.calls.push('interrupt')
  }
  kill(): void {
    this.calls.push('kill')
  }
  detach(): void {
    this.calls.push('detach')
  }
  hostPath(path: string): string {
    return path.replace(/^\/guest\//, '/')
  }
}
