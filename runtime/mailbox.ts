/**
 * The translator's side of the mailbox (ARCHITECTURE.md): typed views of the control block's fields and thread slots,
 * and the loop that answers requests. Between two requests it spins, then sleeps for a few milliseconds (the guest runs
 * on its own and a wake costs least this way), then waits on another thread so that the event loop is free.
 */
import { CONTROL, CPU_STATE, MAILBOX, PLACES } from '../base/layout.ts'
import { futexWait, futexWaitAsync, futexWake, type Mapping, SharedMemory } from './shared-memory.ts'

const TURN = { IDLE: 0, POSTED: 1, ANSWERED: 2 } as const
const HIGH = 2 ** 32
const SPINS = 300
const SHORT_WAIT = 2
const LONG_WAIT = 60_000
/** Longest time without a turn of the event loop while requests keep coming, in milliseconds. */
const SERVING_SLICE = 20

type ControlField = keyof typeof CONTROL.at

/** The mailbox and CPU state of one guest thread. */
export class ThreadSlot {
  readonly number: number
  /** The bytes of the CPU state (base/layout.ts CPU_STATE). */
  readonly state: DataView
  readonly #words: Int32Array
  readonly #unsigned: Uint32Array
  readonly #text: Uint8Array
  readonly #turnAddress: bigint

  constructor(block: Mapping, number: number) {
    const offset = PLACES.THREADS + number * PLACES.THREAD_SIZE
    const mailbox = offset + PLACES.MAILBOX
    this.number = number
    this.state = new DataView(block.buffer, offset, CPU_STATE.size)
    this.#words = new Int32Array(block.buffer, mailbox, MAILBOX.at.text / 4)
    this.#unsigned = new Uint32Array(block.buffer, mailbox, MAILBOX.at.text / 4)
    this.#text = new Uint8Array(block.buffer, mailbox + MAILBOX.at.text, MAILBOX.size - MAILBOX.at.text)
    this.#turnAddress = block.address + BigInt(mailbox + MAILBOX.at.turn)
  }

  get posted(): boolean {
    return Atomics.load(this.#words, MAILBOX.at.turn / 4) === TURN.POSTED
  }

  get kind(): number {
    return this.#unsigned[MAILBOX.at.kind / 4]!
  }

  /** Argument `index` as a number: exact below 2^53. */
  arg(index: number): number {
    const word = MAILBOX.at.args / 4 + index * 2
    return this.#unsigned[word]! + this.#unsigned[word + 1]! * HIGH
  }

  argBig(index: number): bigint {
    const word = MAILBOX.at.args / 4 + index * 2
    return BigInt(this.#unsigned[word]!) | (BigInt(this.#unsigned[word + 1]!) << 32n)
  }

  get text(): string {
    return Buffer.from(this.#text.subarray(0, this.#text.indexOf(0))).toString()
  }

  set text(value: string) {
    const bytes = Buffer.from(value).subarray(0, this.#text.length - 1)
    this.#text.set(bytes)
    this.#text[bytes.length] = 0
  }

  /** Writes u32 words over the text; returns how many fit. */
  setWords(words: readonly number[]): number {
    const fit = Math.min(words.length, this.#text.length >> 2)
    const view = new Uint32Array(this.#text.buffer, this.#text.byteOffset, fit)
    for (let i = 0; i < fit; i++) view[i] = words[i]!
    return fit
  }

  /** Sets result `index`: a safe integer, not negative. */
  setResult(index: number, value: number): void {
    const word = MAILBOX.at.results / 4 + index * 2
    this.#unsigned[word] = value >>> 0
    this.#unsigned[word + 1] = Math.floor(value / HIGH)
  }

  /** Hands the turn back to the executor. */
  answer(): void {
    Atomics.store(this.#words, MAILBOX.at.turn / 4, TURN.ANSWERED)
    futexWake(this.#turnAddress)
  }
}

/** The control block, as the translator sees it. */
export class ControlBlock {
  readonly memory = new SharedMemory('ferry-control', PLACES.COUNTERS + PLACES.COUNTERS_SIZE)
  readonly #mapping = this.memory.map()
  readonly #view = new DataView(this.#mapping.buffer)
  readonly #words = new Int32Array(this.#mapping.buffer, 0, CONTROL.size / 4)
  readonly #slots: ThreadSlot[] = []
  #stopped = false

  constructor() {
    this.set('magic', PLACES.CONTROL_MAGIC)
    this.set('thread_count', 1)
    this.set('host_object_fd', 0xffff_ffff)
    this.set('translator_pid', process.pid)
  }

  /** Sets a field; 64-bit ones take safe integers. */
  set(field: ControlField, value: number): void {
    const { type, offset } = CONTROL.fields.find(({ name }) => name === field)!
    if (type === 'u64') this.#view.setBigUint64(offset, BigInt(value), true)
    else this.#view.setUint32(offset, value, true)
  }

  get(field: ControlField): number {
    const { type, offset } = CONTROL.fields.find(({ name }) => name === field)!
    return type === 'u64' ? Number(this.#view.getBigUint64(offset, true)) : this.#view.getUint32(offset, true)
  }

  /** A 64-bit field that may be negative. */
  getSigned(field: ControlField): bigint {
    return this.#view.getBigInt64(CONTROL.at[field], true)
  }

  /** The counters of measured functions (COUNTER entries), as 64-bit words. */
  get counters(): BigUint64Array {
    return new BigUint64Array(this.#mapping.buffer, PLACES.COUNTERS, PLACES.BLOCK_COUNTERS / 8)
  }

  /** Execution counts of basic blocks, by the numbers that translations give them. */
  get blockCounters(): BigUint64Array {
    const { COUNTERS, COUNTERS_SIZE, BLOCK_COUNTERS } = PLACES
    return new BigUint64Array(this.#mapping.buffer, COUNTERS + BLOCK_COUNTERS, (COUNTERS_SIZE - BLOCK_COUNTERS) / 8)
  }

  slot(number: number): ThreadSlot {
    return (this.#slots[number] ??= new ThreadSlot(this.#mapping, number))
  }

  /** Ends {@link serve} after the requests that are already posted. */
  stop(): void {
    this.#stopped = true
    Atomics.add(this.#words, CONTROL.at.doorbell / 4, 1)
    futexWake(this.#doorbell)
  }

  /** Answers requests with `handle` until {@link stop}. What `handle` throws ends the loop unanswered. */
  async serve(handle: (slot: ThreadSlot) => void): Promise<void> {
    while (!this.#stopped) {
      await this.#idle()
      this.#serveSlice(handle)
    }
    this.#answerPosted(handle)
  }

  get #doorbell(): bigint {
    return this.#mapping.address + BigInt(CONTROL.at.doorbell)
  }

  #rung(): number {
    return Atomics.load(this.#words, CONTROL.at.doorbell / 4)
  }

  /** Waits off the event loop until a request is there, or turns the loop once when one is already. */
  async #idle(): Promise<void> {
    const seen = this.#rung()
    Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 1)
    if (this.#stopped || this.#anyPosted()) await new Promise(resolve => setImmediate(resolve))
    else await futexWaitAsync(this.#doorbell, seen, LONG_WAIT)
    Atomics.store(this.#words, CONTROL.at.translator_waits / 4, 0)
  }

  /** Answers while requests keep coming, up to SERVING_SLICE. */
  #serveSlice(handle: (slot: ThreadSlot) => void): void {
    const end = performance.now() + SERVING_SLICE
    do {
      const seen = this.#rung()
      if (this.#answerPosted(handle)) continue
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
    for (let i = 0, count = this.get('thread_count'); i < count; i++) if (this.slot(i).posted) return true
    return false
  }

  #answerPosted(handle: (slot: ThreadSlot) => void): boolean {
    let any = false
    for (let i = 0, count = this.get('thread_count'); i < count; i++) {
      const slot = this.slot(i)
      if (!slot.posted) continue
      handle(slot)
      slot.answer()
      any = true
    }
    return any
  }
}
