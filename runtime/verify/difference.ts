/** What `ferry run --verify` says of the first system call that differs. */
import { FerryError } from '../../base/diagnostics.ts'
import { linesOf } from '../lines.ts'
import type { GuestProcess } from '../process.ts'

/** What one of the two runs does, and where: behind the ecall, and the register ra. */
export interface Side {
  readonly text: string
  readonly at?: { readonly pc: number; readonly ra: number; readonly sp?: number }
}

const ECALL = 4
const WORD = 8
/** Bytes of the stack that are looked through for callers, and how many are named. */
const STACK = 16_384
const MOST_CALLERS = 8

/** `0x101c4 (main+0x14) in file.c:7`. */
export function placeText(process: GuestProcess, pc: number): string {
  const symbol = process.symbolAt(pc)
  const file = symbol?.file === undefined || symbol.file === symbol.name ? '' : ` in ${symbol.file}`
  const line = linesOf(process, { pc, hostPc: 0n }).guest
  const name = symbol ? ` (${symbol.name}+0x${symbol.offset.toString(16)}${file})` : ''
  return `0x${pc.toString(16)}${name}${line === undefined ? '' : ` in ${line}`}`
}

/** Whether the instruction before an address is a call: jal, jalr or c.jalr that leaves the return address in ra (ISA, 2.5 and 16.4). */
function followsCall({ memory }: GuestProcess, address: number): boolean {
  const bytes = memory.read(address - 4, 4)
  if (bytes.length < 4) return false
  const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const opcode = word & 0xfff
  const half = word >>> 16
  return opcode === 0x0ef || opcode === 0x0e7 || ((half & 0xf07f) === 0x9002 && (half & 0x0f80) !== 0)
}

/** Names of the functions that called, as far as return addresses on the guest's stack tell: some may have returned already. */
function callers(process: GuestProcess, ra: number, sp: number): string[] {
  const bytes = process.memory.read(sp, STACK)
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length & -WORD)
  const names: string[] = []
  let last = ''
  const note = (address: number): void => {
    if (address % 2 !== 0 || !followsCall(process, address)) return
    const name = process.symbolAt(address)?.name
    if (name === undefined || name === last) return
    last = name
    const line = linesOf(process, { pc: address - 2, hostPc: 0n }).guest
    names.push(line === undefined ? name : `${name} in ${line}`)
  }
  note(ra)
  for (let at = 0; at < words.byteLength && names.length < MOST_CALLERS; at += WORD) {
    const address = words.getBigUint64(at, true)
    if (address >= 4096n && address < 2n ** 38n) note(Number(address))
  }
  return names
}

function sideText(process: GuestProcess, at: Side['at']): string {
  if (at === undefined) return 'its end'
  const called = callers(process, at.ra, at.sp ?? 0)
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
