/**
 * Jumps, calls and the labels of one buffer. A label's pending uses are a linked list in arrays that only grow, so that
 * forward jumps allocate nothing in the long run.
 */
import { Encoder } from './encoder.ts'

const JMP_SHORT = 0xeb
const JMP = 0xe9
const CALL = 0xe8

export class ControlFlow extends Encoder {
  readonly #alignField: boolean
  /** Position of each label; while it is not bound, -2 - its last use, or -1 without one. */
  #labels = new Int32Array(256)
  #labelCount = 0
  /** Uses before the label was bound: position of the field * 2, + 1 where it is rel8; and that label's use before, or -1. */
  #uses = new Int32Array(256)
  #previous = new Int32Array(256)
  #useCount = 0
  #pending = 0

  constructor({ capacity = 1 << 16, alignField = true }: { capacity?: number; alignField?: boolean } = {}) {
    super(capacity)
    this.#alignField = alignField
  }

  /** Empties the buffer and forgets all labels. */
  reset(): void {
    this.pos = 0
    this.#labelCount = 0
    this.#useCount = 0
    this.#pending = 0
  }

  /** The code so far, a view that the next instruction may leave behind. Throws when a jump's label was never bound. */
  finish(): Uint8Array {
    if (this.#pending !== 0) throw new Error(`${this.#pending} jumps go to labels that were never bound`)
    return this.bytes.subarray(0, this.pos)
  }

  label(): number {
    if (this.#labelCount === this.#labels.length) this.#labels = grown(this.#labels)
    this.#labels[this.#labelCount] = -1
    return this.#labelCount++
  }

  /** Places the label here. Throws a RangeError when a short jump to it does not reach, and when it is bound already. */
  bind(label: number): void {
    const state = this.#labels[label]!
    if (state >= 0) throw new RangeError(`label ${label} is bound twice`)
    this.#labels[label] = this.pos
    for (let use = -2 - state; use >= 0; use = this.#previous[use]!) {
      const at = this.#uses[use]! >> 1
      const short = (this.#uses[use]! & 1) === 1
      const distance = this.pos - at - (short ? 1 : 4)
      if (!short) this.#patch(at, distance)
      else if (distance <= 127) this.bytes[at] = distance
      else throw new RangeError(`short jump over ${distance} bytes to label ${label}; a short jump reaches 127`)
      this.#pending--
    }
  }

  /** Position of a bound label, or -1. */
  positionOf(label: number): number {
    return Math.max(this.#labels[label]!, -1)
  }

  jmp(label: number): void {
    this.#jump(label, JMP_SHORT, JMP, false)
  }
  jcc(cond: number, label: number): void {
    this.#jump(label, 0x70 | cond, 0x0f80 | cond, false)
  }
  /** Forward jump with a one-byte distance; `bind` throws when the label is too far. */
  jmpShort(label: number): void {
    this.#jump(label, JMP_SHORT, JMP, true)
  }
  jccShort(cond: number, label: number): void {
    this.#jump(label, 0x70 | cond, 0x0f80 | cond, true)
  }
  call(label: number): void {
    this.room()
    this.bytes[this.pos++] = CALL
    this.#field(label)
  }

  /** The three below return the position of their rel32 field, which holds 0 until it is patched. With `alignField` the
   *  field lies inside one aligned 8-byte word of the buffer, so that one 4-byte store replaces it atomically (SDM vol. 3,
   *  9.1.1) provided that the buffer lands at a multiple of 8. */
  jmpRel32(): number {
    return this.#patchable(JMP)
  }
  jccRel32(cond: number): number {
    return this.#patchable(0x0f80 | cond)
  }
  callRel32(): number {
    return this.#patchable(CALL)
  }

  #patchable(opcode: number): number {
    this.room()
    const field = this.pos + (opcode > 0xff ? 2 : 1)
    if (this.#alignField && (field & 7) > 4) this.pad(-field & 7)
    this.room()
    this.#opcode(opcode)
    this.put32(0)
    return this.pos - 4
  }

  #opcode(opcode: number): void {
    if (opcode > 0xff) this.bytes[this.pos++] = opcode >> 8
    this.bytes[this.pos++] = opcode
  }

  #jump(label: number, shortOpcode: number, opcode: number, forceShort: boolean): void {
    this.room()
    const target = this.#labels[label]!
    const distance = target - this.pos - 2
    const fits = target >= 0 && distance >= -128
    if (target >= 0 && forceShort && !fits) throw new RangeError(`label ${label} is ${-distance} bytes back`)
    if (fits || forceShort) {
      this.bytes[this.pos++] = shortOpcode
      this.bytes[this.pos++] = distance
      if (!fits) this.#use(label, this.pos - 1, 1)
    } else {
      this.#opcode(opcode)
      this.#field(label)
    }
  }

  /** A rel32 field that goes to `label`. */
  #field(label: number): void {
    const target = this.#labels[label]!
    if (target < 0) this.#use(label, this.pos, 0)
    this.put32(target < 0 ? 0 : target - this.pos - 4)
  }

  #use(label: number, at: number, short: number): void {
    if (this.#useCount === this.#uses.length) {
      this.#uses = grown(this.#uses)
      this.#previous = grown(this.#previous)
    }
    const use = this.#useCount++
    this.#uses[use] = at * 2 + short
    this.#previous[use] = -2 - this.#labels[label]!
    this.#labels[label] = -2 - use
    this.#pending++
  }

  #patch(at: number, value: number): void {
    const end = this.pos
    this.pos = at
    this.put32(value)
    this.pos = end
  }
}

function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const array = new Int32Array(old.length * 2)
  array.set(old)
  return array
}
