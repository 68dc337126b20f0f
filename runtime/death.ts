/** The one line that says how a signal ended the guest. */

import { constants } from 'node:os'
import { ACCESS, CPU_STATE } from '../base/layout.ts'
import type { GuestMemory } from './guest-memory.ts'
import type { Lines } from './lines.ts'
import type { GuestPlace } from './symbols.ts'
import type { ThreadSlot } from './thread-slot.ts'

export interface Death {
  /** Name, e.g. `SIGSEGV`. */
  readonly signal: string
  /** Guest pc, 0 when unknown. */
  readonly pc: number
  /** Address that was accessed, for a memory fault. */
  readonly address: bigint
  readonly access: keyof typeof ACCESS
  /** Where host code was, 0 when the fault is in translated code. */
  readonly hostPc: bigint
  readonly hostSymbol: string
  /** The instruction at pc, as far as it is readable. */
  readonly instruction?: Uint8Array
  /** Register ra: where a wild jump came from, when it was a call. */
  readonly returnAddress?: number
  /** Register sp. */
  readonly stackPointer?: number
}

/** Bytes. */
const LONGEST_INSTRUCTION = 4
/** Numbers of registers (psABI). */
const RA = 1
const SP = 2
/** A fault so many bytes around the stack pointer is an overflow of the stack: compilers probe larger frames page by page. */
const STACK_REACH = 1 << 16

/** What REQUEST.DIED says of the thread of this slot. */
export function deathOf(slot: ThreadSlot, memory: GuestMemory): Death {
  const access = Object.entries(ACCESS).find(([, value]) => value === slot.arg(4))?.[0] as keyof typeof ACCESS
  const number = slot.arg(0)
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
  const hostPc = slot.argBig(3)
  const pc = slot.arg(1)
  return {
    ...{ signal, pc, address: slot.argBig(2), access, hostPc, hostSymbol: slot.text },
    instruction: Number.isSafeInteger(pc) ? memory.read(pc, LONGEST_INSTRUCTION) : new Uint8Array(),
    returnAddress: Number(slot.state.getBigUint64(CPU_STATE.at.x + RA * 8, true)),
    stackPointer: Number(slot.state.getBigUint64(CPU_STATE.at.x + SP * 8, true)),
  }
}

/** What the symbol tables of the guest say of a pc. */
export type SymbolLookup = (pc: number) => GuestPlace | undefined

const hex = (value: number | bigint): string => `0x${value.toString(16)}`

/** `0x02007057`, `0x0000`: as disassemblers print instructions. The two low bits tell the length (ISA, 1.5). */
function instructionText(bytes: Uint8Array): string {
  const length = (bytes[0]! & 3) === 3 ? 4 : 2
  return `0x${Buffer.from(bytes.subarray(0, length)).reverse().toString('hex')}`
}

function cause({ signal, access, address, hostPc, instruction, stackPointer = 0 }: Death): string {
  const overflow = stackPointer !== 0 && Math.abs(Number(address) - stackPointer) < STACK_REACH
  switch (access) {
    case 'LOAD':
    case 'STORE': {
      const what = access === 'LOAD' ? 'load from' : 'store to'
      return overflow
        ? `stack overflow: ${what} ${hex(address)}; --stack-size gives more`
        : `wild ${what} ${hex(address)}`
    }
    case 'FETCH':
      return `jump to ${hex(address)}, which is not executable`
    case 'STACK_OVERFLOW':
      return 'overflow of the host call stack'
    case 'UNKNOWN':
      if (hostPc !== 0n) return 'in host code'
      if (signal === 'SIGILL')
        return `illegal instruction${instruction?.length ? ` ${instructionText(instruction)}` : ''}`
      if (signal === 'SIGTRAP') return 'breakpoint'
      return signal === 'SIGSEGV' ? 'access to an impossible address' : `address ${hex(address)}`
  }
}

const inSource = (line: string | undefined): string => (line === undefined ? '' : ` in ${line}`)

/** E.g. `ferry: SIGSEGV (wild store to 0x10) at guest pc 0x101c4 (main+0x14)`. */
export function deathMessage(death: Death, symbolAt: SymbolLookup = () => undefined, lines: Lines = {}): string {
  const { signal, pc, access, address, hostPc, hostSymbol, returnAddress } = death
  const place = (at: number): string => {
    const symbol = symbolAt(at)
    const file = symbol?.file === undefined || symbol.file === symbol.name ? '' : ` in ${symbol.file}`
    return `${hex(at)}${symbol ? ` (${symbol.name}+${hex(symbol.offset)}${file})` : ''}`
  }
  const places = []
  // The target of a wild jump is no place that a symbol names, and as a Number it may not be exact.
  if (access === 'FETCH' && Number(address) === pc) places.push(`guest pc ${hex(address)}`)
  else if (pc !== 0) places.push(`guest pc ${place(pc)}${inSource(lines.guest)}`)
  if (access === 'FETCH' && returnAddress && returnAddress !== pc) places.push(`return address ${place(returnAddress)}`)
  const onHost = lines.hostPlace ?? hostSymbol
  if (hostPc !== 0n) places.push(`host pc ${hex(hostPc)}${onHost ? ` (${onHost})` : ''}${inSource(lines.host)}`)
  return `ferry: ${signal} (${cause(death)}) at ${places.join(', ')}`
}

/** The line for a guest that a signal from outside ended, with ferry's exit not its own doing: undefined for an exit. */
export function endMessage(end: { readonly signal: string | null; readonly death?: Death }): string | undefined {
  if (end.death || end.signal !== 'SIGKILL') return undefined
  return 'ferry: the guest was killed by signal 9 (SIGKILL); another process or the out-of-memory killer sent it'
}
