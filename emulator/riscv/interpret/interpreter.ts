/**
 * The reference interpreter: the slow twin of translated code, over the same decode table. It decodes every instruction anew
 * and computes with BigInt, so that it is easy to see that it is right.
 */
import { Decoded, decode } from '../decode.ts'
import { OPCODES, type OpName } from '../table.ts'
import { ACCESS } from './access.ts'
import { BITS } from './bits.ts'
import { FLOAT } from './float.ts'
import { type Handler, Hart, Trap, type TrapCause } from './hart.ts'
import { INTEGER } from './integer.ts'
import { type Memory, MemoryFault } from './memory.ts'
import { SYSTEM } from './system.ts'

/** A handler for every row; a row without one does not compile. */
const HANDLERS: Readonly<Record<OpName, Handler>> = { ...INTEGER, ...BITS, ...ACCESS, ...SYSTEM, ...FLOAT }
const BY_OP: readonly Handler[] = OPCODES.map(row => HANDLERS[row.name])
const DYNAMIC = 7
const LARGEST_MODE = 4

/** `fault` is a data access and `fetch-fault` an instruction that memory refused. */
export type StepResult = 'ok' | TrapCause | 'fault' | 'fetch-fault'

export class Interpreter extends Hart {
  /** The address that memory refused, after `fault` and `fetch-fault`, or that is `misaligned`. */
  faultAddress = 0n
  readonly #decoded = new Decoded()

  /**
   * Executes the instruction at pc. On any result but `ok` it has had no effect and pc is its address: to go on behind an
   * ecall, add 4.
   */
  step(memory: Memory): StepResult {
    const decoded = this.#decoded
    let word: number
    try {
      word = this.#fetch(memory)
    } catch (error) {
      return this.#refused(error, 'fetch-fault')
    }
    if (!decode(word, decoded) || !this.#resolveRounding(decoded)) return 'illegal'
    this.nextPc = BigInt.asUintN(64, this.pc + BigInt(decoded.length))
    try {
      BY_OP[decoded.op]!(this, decoded, memory)
    } catch (error) {
      if (error instanceof Trap) {
        this.faultAddress = error.address
        return error.trap
      }
      return this.#refused(error, 'fault')
    }
    this.x[0] = 0n
    this.pc = this.nextPc
    this.instret++
    return 'ok'
  }

  /** Steps until a result other than `ok`, or `limit` instructions are done. */
  run(memory: Memory, limit: number): StepResult {
    for (let i = 0; i < limit; i++) {
      const result = this.step(memory)
      if (result !== 'ok') return result
    }
    return 'ok'
  }

  /** By halves: a compressed instruction may be the last thing that is mapped. */
  #fetch(memory: Memory): number {
    const low = Number(memory.load(this.pc, 2))
    return (low & 3) === 3 ? low | (Number(memory.load(this.pc + 2n, 2)) << 16) : low
  }

  /** An instruction with a rounding-mode field is illegal when the mode it arrives at is reserved. */
  #resolveRounding(decoded: Decoded): boolean {
    this.rounding = decoded.rm === DYNAMIC ? this.frm : decoded.rm
    return !OPCODES[decoded.op]!.rm || this.rounding <= LARGEST_MODE
  }

  #refused(error: unknown, result: 'fault' | 'fetch-fault'): StepResult {
    if (!(error instanceof MemoryFault)) throw error
    this.faultAddress = error.address
    return result
  }
}
