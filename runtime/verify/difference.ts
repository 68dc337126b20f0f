/** What `ferry run --verify` says of the first system call that differs. */
import { FerryError } from '../../base/diagnostics.ts'
import { linesOf } from '../lines.ts'
import type { GuestProcess } from '../process.ts'

/** What one of the two runs does, and where: behind the ecall, and return addresses of its callers. */
export interface Side {
  readonly text: string
  readonly at?: { readonly pc: number; readonly callers: readonly number[] }
}

const ECALL = 4

/** `0x101c4 (main+0x14) in file.c:7`. */
export function placeText(process: GuestProcess, pc: number): string {
  const symbol = process.symbolAt(pc)
  const file = symbol?.file === undefined || symbol.file === symbol.name ? '' : ` in ${symbol.file}`
  const line = linesOf(process, { pc, hostPc: 0n }).guest
  const name = symbol ? ` (${symbol.name}+0x${symbol.offset.toString(16)}${file})` : ''
  return `0x${pc.toString(16)}${name}${line === undefined ? '' : ` in ${line}`}`
}

/** Names of the functions, each with its line where that is known. A call may be the last instruction of its function. */
function callerNames(process: GuestProcess, addresses: readonly number[]): string[] {
  const places = addresses.map(address => ({ address, name: process.symbolAt(address - 2)?.name }))
  return places
    .filter(({ name }, i) => name !== undefined && name !== places[i - 1]?.name)
    .map(({ address, name }) => {
      const line = linesOf(process, { pc: address - 2, hostPc: 0n }).guest
      return line === undefined ? name! : `${name} in ${line}`
    })
}

function sideText(process: GuestProcess, at: Side['at']): string {
  if (at === undefined) return 'its end'
  const called = callerNames(process, at.callers)
  const text = placeText(process, at.pc - ECALL)
  return called.length > 0 ? `${text}, called from ${called.join(', ')}` : text
}

/**
 * @param process of the hybrid run; the emulated one is gone, but has the same files at the same addresses
 * @param what more there is to say than the texts of the two calls
 */
export function difference(
  process: GuestProcess,
  number: number,
  sides: { readonly emulated: Side; readonly hybrid: Side; readonly what?: string },
): FerryError {
  const { emulated, hybrid, what } = sides
  return new FerryError('verify-differs', {
    number,
    emulated: emulated.text,
    hybrid: hybrid.text,
    place: sideText(process, emulated.at),
    hybridPlace: sideText(process, hybrid.at),
    what: what === undefined ? '' : `\n  ${what}`,
  })
}

/** Where two buffers differ first; undefined: nowhere. */
export function bytesDifference(emulated: Uint8Array, hybrid: Uint8Array): string | undefined {
  if (Buffer.compare(emulated, hybrid) === 0) return undefined
  if (emulated.length !== hybrid.length)
    return `It passes ${emulated.length} bytes emulated and ${hybrid.length} hybrid.`
  const at = emulated.findIndex((byte, i) => byte !== hybrid[i])
  const byte = (bytes: Uint8Array): string => `0x${bytes[at]!.toString(16).padStart(2, '0')}`
  return `Byte ${at} of what it passes is ${byte(emulated)} emulated and ${byte(hybrid)} hybrid.`
}
