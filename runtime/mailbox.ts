/**
 * The translator's side of the mailboxes (ARCHITECTURE.md): typed views of the control block's fields and thread slots,
 * which the threads of all guest processes share, and the loop that answers requests. Between two requests it spins, then sleeps for a few milliseconds (the guest runs
 * on its own and a wake costs least this way), then waits on another thread so that the event loop is free.
 */
import { ALONE, CONTROL, PLACES } from '../base/layout.ts'
import { futexWait, futexWaitAsync, futexWake, type Mapping } from './shared-memory.ts'
import { ThreadSlot } from './thread-slot.ts'
import { TreeMemory } from './tree-memory.ts'

const SPINS = 300
const SHORT_WAIT = 2
const LONG_WAIT = 60_000
/** Longest time without a turn of the event loop while requests keep coming, in milliseconds. */
const SERVING_SLICE = 20

/** What answers requests, and makes translations that are wanted. */
export interface Server {
  handle(slot: ThreadSlot): void
  want(slot: ThreadSlot): void
}

type ControlField = keyof typeof CONTROL.at

/** The control block, as the translator sees it. */
export class ControlBlock {
  /** What it is the beginning of. */
  readonly memory: TreeMemory
  readonly #mapping: Mapping
  readonly #view: DataView
  readonly #words: Int32Array
  readonly #slots: ThreadSlot[] = []
  #stopped = false
  #endTold = false
  /** Others wait for the event loop too (a debugger): it is never kept waiting for the next request. */
  shared = false

  /** @param inherited the memory of a translator that this one takes the place of */
  constructor(inherited?: TreeMemory) {
    this.memory = inherited ?? new TreeMemory()
    this.#mapping = this.memory.mapControl()
    const { buffer, byteOffset } = this.#mapping.bytes
    this.#view = new DataView(buffer, byteOffset)
    this.#words = new Int32Array(buffer, byteOffset, CONTROL.size / 4)
    this.set('magic', PLACES.CONTROL_MAGIC)
    this.set('translator_pid', process.pid)
  }

  /** Sets a field; 64-bit ones take safe integers. */
  set(field: ControlField, value: number): void {
    const { type, offset } = CONTROL.fields.find(({ name }) => name === field)!
    if (type === 'u64') this.#view.setBigUint64(offset, BigInt(value), true)
    else this.#view.setUint32(offset, value, true)
  }

  /** Sets a text field. @throws RangeError when the text does not fit. */
  setText(field: ControlField, value: string): void {
    const { offset, count } = CONTROL.fields.find(({ name }) => name === field)!
    const bytes = Buffer.from(`${value}\0`)
    if (bytes.length > count) throw new RangeError(`${field} is longer than ${count - 1} bytes`)
    this.#mapping.bytes.set(bytes, offset)
  }

  setBytes(field: ControlField, bytes: Uint8Array): void {
    this.#mapping.bytes.set(bytes, CONTROL.at[field])
  }

  get(field: ControlField): number {
    const { type, offset } = CONTROL.fields.find(({ name }) => name === field)!
    return type === 'u64' ? Number(this.#view.getBigUint64(offset, true)) : this.#view.getUint32(offset, true)
  }

  getText(field: ControlField): string {
    const { offset, count } = CONTROL.fields.find(({ name }) => name === field)!
    const bytes = this.#mapping.bytes.subarray(offset, offset + count)
    return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString()
  }

  /** What distinguishes this CPU, once an executor has said it. */
  get cpu(): bigint {
    return this.#view.getBigUint64(CONTROL.at.cpu, true)
  }

  /** Tells an executor that has started this translator that it waits to be told what there is. */
  serveLone(): void {
    Atomics.store(this.#words, CONTROL.at.alone / 4, ALONE.READY)
    futexWake(this.#mapping.address + BigInt(CONTROL.at.alone))
  }

  /** A 64-bit field that may be negative. */
  getSigned(field: ControlField): bigint {
    return this.#view.getBigInt64(CONTROL.at[field], true)
  }

  /** The counters of measured functions (COUNTER entries), as 64-bit words. */
  get counters(): BigUint64Array {
    return this.#longs(PLACES.COUNTERS, PLACES.BLOCK_COUNTERS)
  }

  /** Execution counts of basic blocks, by the numbers that translations give them. */
  get blockCounters(): BigUint64Array {
    const { COUNTERS, COUNTERS_SIZE, BLOCK_COUNTERS } = PLACES
    return this.#longs(COUNTERS + BLOCK_COUNTERS, COUNTERS_SIZE - BLOCK_COUNTERS)
  }

  /** The hash table of counted crossings (EDGE entries). */
  get edges(): BigUint64Array {
    return this.#longs(PLACES.COUNTERS + PLACES.EDGES, PLACES.EDGES_SIZE)
  }

  #longs(offset: number, size: number): BigUint64Array {
    const { buffer, byteOffset } = this.#mapping.bytes
    return new BigUint64Array(buffer, byteOffset + offset, size / 8)
  }

  slot(number: number): ThreadSlot {
    return (this.#slots[number] ??= new ThreadSlot(this.#mapping, number))
  }

  /** The slots that were ever in use. */
  *slots(): Generator<ThreadSlot> {
    for (let i = 0, count = this.#threadCount; i < count; i++) yield this.slot(i)
  }

  /** How many threads of the process have a slot. */
  threadsOf(pid: number): number {
    return [...this.slots()].filter(({ owner, process }) => owner !== 0 && process === pid).length
  }

  /** How the first guest process has ended, as waitpid(2) tells; undefined: it has not. */
  get end(): number | undefined {
    return Atomics.load(this.#words, CONTROL.at.ended / 4) === 0 ? undefined : this.get('end_status')
  }

  /** Ends {@link serve} after the requests that are already posted. */
  stop(): void {
    this.#stopped = true
    Atomics.add(this.#words, CONTROL.at.doorbell / 4, 1)
    futexWake(this.#doorbell)
  }

  /**
   * Answers requests until {@link stop}; one that `handle` holds stays unanswered. What `handle` throws ends the loop
   * unanswered.
   * @param ended is told once when the first guest process has ended
   */
  async serve(server: Server, ended: () => void = () => {}): Promise<void> {
    this.#stopped = false
    this.#endTold = false
    while (!this.#stopped) {
      await this.#idle()
      this.#serveSlice(server)
      if (this.#endTold || this.end === undefined) continue
      this.#endTold = true
      ended()
    }
    this.#answerPosted(server)
  }

  get #doorbell(): bigint {
    return this.#mapping.address + BigInt(CONTROL.at.doorbell)
  }

  get #threadCount(): number {
    return Atomics.load(this.#words, CONTROL.at.thread_count / 4)
  }

  #rung(): number {
    return Atomics.load(this.#words, CONTROL.at.doorbell / 4)
  }

  /** Waits off the event loop until a request is there, or turns the loop once when one is already. */
  async #idle(): Promise<void> {
    const seen = this.#rung()
    Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 1)
    const news = !this.#endTold && this.end !== undefined
    if (this.#stopped || news || this.#anyPosted()) await new Promise(resolve => setImmediate(resolve))
    else await futexWaitAsync(this.#doorbell, seen, LONG_WAIT)
    Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 0)
  }

  /** Answers while requests keep coming, up to SERVING_SLICE. */
  #serveSlice(server: Server): void {
    const end = performance.now() + SERVING_SLICE
    do {
      const seen = this.#rung()
      if (this.#answerPosted(server) || this.#makeWanted(server)) continue
      if (this.shared) return
      if (this.#spin(seen)) continue
      Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 1)
      if (!this.#anyPosted()) futexWait(this.#doorbell, seen, SHORT_WAIT)
      Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 0)
      if (this.#rung() === seen) return
    } while (performance.now() < end)
  }

  #spin(seen: number): boolean {
    for (let i = 0; i < SPINS; i++) if (this.#rung() !== seen) return true
    return false
  }

  #anyPosted(): boolean {
    for (let i = 0, count = this.#threadCount; i < count; i++) {
      const slot = this.slot(i)
      if (slot.posted || slot.wants) return true
    }
    return false
  }

  /** Makes one translation that a thread wants: whoever waits for an answer comes first. */
  #makeWanted(server: Server): boolean {
    for (let i = 0, count = this.#threadCount; i < count; i++) {
      const slot = this.slot(i)
      if (!slot.wants || !slot.take()) continue
      server.want(slot)
      return true
    }
    return false
  }

  #answerPosted(server: Server): boolean {
    let any = false
    for (let i = 0, count = this.#threadCount; i < count; i++) {
      const slot = this.slot(i)
      if (!slot.posted) continue
      server.handle(slot)
      if (!slot.held) slot.answer()
      any = true
    }
    return any
  }
}
