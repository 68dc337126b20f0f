/** Packets about registers and memory (GDB manual, appendix E.2). */
import { FAULT, fromHex, INVALID, LARGEST_PACKET, OK, parseHex, toHex, valueFromHex, valueToHex } from './packet.ts'
import { REGISTERS, registerOf } from './registers.ts'
import type { Target } from './target.ts'

export class DataCommands {
  readonly #target: Target
  readonly #current: () => number

  /** @param current the thread that register packets are about */
  constructor(target: Target, current: () => number) {
    this.#target = target
    this.#current = current
  }

  get #state(): DataView | undefined {
    return this.#target.state(this.#current())
  }

  /** `g`: all registers, in the order of {@link REGISTERS}. */
  readRegisters(): string {
    const state = this.#state
    return state ? REGISTERS.map(({ read, size }) => valueToHex(read(state), size)).join('') : INVALID
  }

  /** `G`: what is marked as unavailable (`x`) stays. */
  writeRegisters(rest: string): string {
    const state = this.#state
    if (!state) return INVALID
    let at = 0
    for (const { write, size } of REGISTERS) {
      const digits = rest.slice(at, at + size * 2)
      if (/^[0-9a-f]+$/i.test(digits) && digits.length === size * 2) write(state, valueFromHex(digits))
      at += size * 2
    }
    return OK
  }

  /** `p number` */
  readRegister(rest: string): string {
    const state = this.#state
    const register = registerOf(parseHex(rest))
    return state && register ? valueToHex(register.read(state), register.size) : INVALID
  }

  /** `P number=value` */
  writeRegister(rest: string): string {
    const [number, value] = rest.split('=')
    const state = this.#state
    const register = registerOf(parseHex(number!))
    if (!state || !register || value?.length !== register.size * 2) return INVALID
    register.write(state, valueFromHex(value))
    return OK
  }

  /** `m address,length`: fewer bytes than asked for at the end of a mapping. */
  readMemory(rest: string): string {
    const [address, length] = rest.split(',').map(parseHex)
    if (!Number.isSafeInteger(address) || !Number.isSafeInteger(length)) return FAULT
    const bytes = this.#target.readMemory(address!, Math.min(length!, LARGEST_PACKET / 2))
    return bytes.length === 0 && length! > 0 ? FAULT : toHex(bytes)
  }

  /** `M address,length:digits` */
  writeMemory(rest: string): string {
    const [, address, digits] = /^([^,]*),[^:]*:(.*)$/s.exec(rest) ?? []
    return this.#write(address, fromHex(digits ?? ''))
  }

  /** `X address,length:bytes` */
  writeBinary(rest: string): string {
    const [, address, text] = /^([^,]*),[^:]*:(.*)$/s.exec(rest) ?? []
    return this.#write(address, Buffer.from(text ?? '', 'latin1'))
  }

  #write(digits: string | undefined, bytes: Uint8Array): string {
    const address = parseHex(digits ?? '')
    if (!Number.isSafeInteger(address)) return FAULT
    return bytes.length === 0 || this.#target.writeMemory(address, bytes) ? OK : FAULT
  }
}
