/** Who made a system call, as far as return addresses on the guest's stack tell. */
import { PLACES } from '../../base/layout.ts'
import type { GuestProcess } from '../process.ts'

const WORD = 8
/** Bytes of the stack that are looked through, and how many callers are noted. */
const STACK = 4096
const MOST = 10
const HIGH = 2 ** 32
/** No code is in front of it, nor where the upper halves of addresses are END and more. */
const FIRST = 4096
const END = PLACES.GUEST_END / HIGH

/** Whether the instruction before an address is a call: jal, jalr or c.jalr that leaves the return address in ra (ISA, 2.5 and 16.4). */
function followsCall({ facts, memory }: GuestProcess, address: number): boolean {
  if (facts.at(address) === undefined) return false
  const [first, second] = [memory.codeHalf(address - 4), memory.codeHalf(address - 2)]
  const link = first & 0xfff
  return link === 0x0ef || link === 0x0e7 || ((second & 0xf07f) === 0x9002 && (second & 0x0f80) !== 0)
}

/** Return addresses, the innermost first. Some may be of calls that have returned; native functions leave none. */
export function returnAddresses(process: GuestProcess, ra: number, sp: number): number[] {
  const bytes = process.memory.read(sp, STACK)
  const stack = new DataView(bytes.buffer, bytes.byteOffset, bytes.length & -WORD)
  const found = followsCall(process, ra) ? [ra] : []
  for (let at = 0; at < stack.byteLength && found.length < MOST; at += WORD) {
    const [low, high] = [stack.getUint32(at, true), stack.getUint32(at + 4, true)]
    if (high >= END || low % 2 !== 0 || (high === 0 && low < FIRST)) continue
    const address = high * HIGH + low
    if (address !== found.at(-1) && followsCall(process, address)) found.push(address)
  }
  return found
}
