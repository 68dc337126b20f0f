/** The mailbox and the CPU state of one guest thread (base/layout.ts MAILBOX and CPU_STATE), as the translator sees them. */
import { CPU_STATE, MAILBOX, PLACES, WANTED } from '../base/layout.ts'
import { futexWake, type Mapping } from './shared-memory.ts'

const TURN = { IDLE: 0, POSTED: 1, ANSWERED: 2, ASLEEP: 3 } as const
const HIGH = 2 ** 32

/** The mailbox and CPU state of one guest thread. */
export class ThreadSlot {
  readonly number: number
  /** The bytes of the CPU state (base/layout.ts CPU_STATE). */
  readonly state: DataView
  readonly #words: Int32Array
  readonly #unsigned: Uint32Array
  readonly #text: Uint8Array
  readonly #turnAddress: bigint

  constructor({ address, bytes }: Mapping, number: number) {
    const offset = PLACES.THREADS + number * PLACES.THREAD_SIZE
    const { buffer } = bytes
    const mailbox = bytes.byteOffset + offset + PLACES.MAILBOX
    this.number = number
    this.state = new DataView(buffer, bytes.byteOffset + offset, CPU_STATE.size)
    this.#words = new Int32Array(buffer, mailbox, MAILBOX.at.text / 4)
    this.#unsigned = new Uint32Array(buffer, mailbox, MAILBOX.at.text / 4)
    this.#text = new Uint8Array(buffer, mailbox + MAILBOX.at.text, MAILBOX.size - MAILBOX.at.text)
    this.#turnAddress = address + BigInt(offset + PLACES.MAILBOX + MAILBOX.at.turn)
  }

  /** The request is answered later, by {@link answer}. */
  held = false

  /** A request waits for its answer. */
  get posted(): boolean {
    const turn = Atomics.load(this.#words, MAILBOX.at.turn / 4)
    return (turn === TURN.POSTED || turn === TURN.ASLEEP) && !this.held
  }

  /** No request is under way. */
  get idle(): boolean {
    return Atomics.load(this.#words, MAILBOX.at.turn / 4) === TURN.IDLE
  }

  /** Tid of the guest thread that has the slot, 0 when it is free. */
  get owner(): number {
    return Atomics.load(this.#words, MAILBOX.at.owner / 4)
  }

  /** Pid of the guest process that the requests of the slot are about. */
  get process(): number {
    return Atomics.load(this.#words, MAILBOX.at.process / 4)
  }

  /** DEBUG bits that the thread looks at. */
  get debug(): number {
    return Atomics.load(this.#words, MAILBOX.at.debug / 4)
  }

  set debug(bits: number) {
    Atomics.store(this.#words, MAILBOX.at.debug / 4, bits)
  }

  /** A translation is wanted. */
  get wants(): boolean {
    return Atomics.load(this.#words, MAILBOX.at.wanted / 4) === WANTED.POSTED
  }

  /** Takes what is wanted on, unless the thread has withdrawn it. */
  take(): boolean {
    const { POSTED, TAKEN } = WANTED
    return Atomics.compareExchange(this.#words, MAILBOX.at.wanted / 4, POSTED, TAKEN) === POSTED
  }

  /** Word `index` of what is wanted. */
  wanted(index: number): number {
    const word = MAILBOX.at.wanted_code / 4 + index * 2
    return this.#unsigned[word]! + this.#unsigned[word + 1]! * HIGH
  }

  /** Ends what was taken. */
  settle(): void {
    Atomics.store(this.#words, MAILBOX.at.wanted / 4, WANTED.NONE)
  }

  /** Takes the slot from a thread that is gone. */
  free(): void {
    this.held = false
    this.settle()
    Atomics.store(this.#words, MAILBOX.at.turn / 4, TURN.IDLE)
    Atomics.store(this.#words, MAILBOX.at.process / 4, 0)
    Atomics.store(this.#words, MAILBOX.at.owner / 4, 0)
  }

  /** A REQUEST. */
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

  /** A copy of the first bytes of the text. */
  bytes(length: number): Uint8Array {
    return this.#text.slice(0, length)
  }

  /** Writes u32 words over the text; returns how many fit. */
  setWords(words: readonly number[]): number {
    const fit = Math.min(words.length, this.#text.length >> 2)
    const view = new Uint32Array(this.#text.buffer, this.#text.byteOffset, fit)
    for (let i = 0; i < fit; i++) view[i] = words[i]!
    return fit
  }

  clearResults(): void {
    this.#unsigned.fill(0, MAILBOX.at.results / 4, MAILBOX.at.text / 4)
  }

  /** Sets result `index`: a safe integer, not negative. */
  setResult(index: number, value: number): void {
    const word = MAILBOX.at.results / 4 + index * 2
    this.#unsigned[word] = value >>> 0
    this.#unsigned[word + 1] = Math.floor(value / HIGH)
  }

  setResultBig(index: number, value: bigint): void {
    const word = MAILBOX.at.results / 4 + index * 2
    this.#unsigned[word] = Number(BigInt.asUintN(32, value))
    this.#unsigned[word + 1] = Number(BigInt.asUintN(32, value >> 32n))
  }

  /** Hands the turn back to the executor. */
  answer(): void {
    this.held = false
    const before = Atomics.exchange(this.#words, MAILBOX.at.turn / 4, TURN.ANSWERED)
    if (before === TURN.ASLEEP) futexWake(this.#turnAddress)
  }
}
