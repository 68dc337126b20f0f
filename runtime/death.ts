/** The one line that says how a signal ended the guest. */
import type { ACCESS } from '../base/layout.ts'

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
}

/** What the guest's symbol table says of a pc. */
export type SymbolLookup = (pc: number) => { readonly name: string; readonly offset: number } | undefined

const hex = (value: number | bigint): string => `0x${value.toString(16)}`

function cause({ signal, access, address, hostPc }: Death): string {
  switch (access) {
    case 'LOAD':
      return `wild load from ${hex(address)}`
    case 'STORE':
      return `wild store to ${hex(address)}`
    case 'FETCH':
      return `jump to ${hex(address)}, which is not executable`
    case 'STACK_OVERFLOW':
      return 'overflow of the host call stack'
    case 'UNKNOWN':
      if (hostPc !== 0n) return 'in host code'
      if (signal === 'SIGILL') return 'illegal instruction'
      if (signal === 'SIGTRAP') return 'breakpoint'
      return signal === 'SIGSEGV' ? 'access to an impossible address' : `address ${hex(address)}`
  }
}

/** E.g. `ferry: SIGSEGV (wild store to 0x10) at guest pc 0x101c4 (main+0x14)`. */
export function deathMessage(death: Death, symbolAt: SymbolLookup = () => undefined): string {
  const places = []
  if (death.pc !== 0) {
    const symbol = symbolAt(death.pc)
    places.push(`guest pc ${hex(death.pc)}${symbol ? ` (${symbol.name}+${hex(symbol.offset)})` : ''}`)
  }
  if (death.hostPc !== 0n) {
    places.push(`host pc ${hex(death.hostPc)}${death.hostSymbol ? ` (${death.hostSymbol})` : ''}`)
  }
  return `ferry: ${death.signal} (${cause(death)}) at ${places.join(', ')}`
}

/** The line for a guest that a signal from outside ended, with ferry's exit not its own doing: undefined for an exit. */
export function endMessage(end: { readonly signal: string | null; readonly death?: Death }): string | undefined {
  if (end.death || end.signal !== 'SIGKILL') return undefined
  return 'ferry: the guest was killed by signal 9 (SIGKILL); another process or the out-of-memory killer sent it'
}
