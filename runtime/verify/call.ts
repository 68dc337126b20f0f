/** A system call that a guest thread is about to make: its words, its text, and what it reads. */
import { CPU_STATE } from '../../base/layout.ts'
import type { GuestProcess } from '../process.ts'
import { isLate, noteBefore, printArgument } from '../syscalls/arguments.ts'
import { contentOf, type GuestCall, inputs, rooms } from '../syscalls/effects.ts'
import { ioctlOf } from '../syscalls/ioctl.ts'
import { kindOf } from '../syscalls/kinds.ts'
import { SYSTEM_CALLS, type SystemCall } from '../syscalls/table.ts'
import { pointer } from '../syscalls/text.ts'
import type { ThreadSlot } from '../thread-slot.ts'
import { returnAddresses } from './callers.ts'
import { PERFORMED } from './policy.ts'

const CALLS = new Map(SYSTEM_CALLS.map(call => [call.number, call]))
const RA = 1
const SP = 2
const WORD = 8

export interface StartedCall extends GuestCall {
  readonly process: GuestProcess
  readonly texts: readonly (string | null)[]
  readonly pc: number
  readonly ra: number
  /** Return addresses, the innermost first. */
  readonly callers: readonly number[]
}

/** The row of a number. One that the kernel does not have answers ENOSYS, whatever its arguments are. */
export const rowOf = (number: number): SystemCall =>
  CALLS.get(number) ?? {
    number,
    name: `syscall_0x${number.toString(16)}`,
    args: [],
    policy: 'enosys',
    interruption: 'none',
  }

/** @param words of REQUEST.TRACE, before the call */
export function startedCall(process: GuestProcess, { state }: ThreadSlot, words: readonly bigint[]): StartedCall {
  const row = rowOf(Number(BigInt.asUintN(32, words[0]!)))
  const args = words.slice(2)
  const read = (address: number, length: number): Uint8Array => process.memory.read(address, length)
  const before = row.args.map((word, i) => noteBefore(word, args[i]!, read))
  const texts = row.args.map((word, index) =>
    isAddress({ row, args }, index)
      ? pointer(args[index]!)
      : (printArgument(word, { args, index, read, before }) ?? null),
  )
  const register = (number: number): number => Number(state.getBigUint64(CPU_STATE.at.x + number * WORD, true))
  const pc = Number(state.getBigUint64(CPU_STATE.at.pc, true))
  const ra = register(RA)
  return { process, row, args, read, before, texts, pc, ra, callers: returnAddresses(process, ra, register(SP)) }
}

/**
 * Whether an argument is the address of something: what stands there counts, not where. Native functions have their variables
 * elsewhere than emulated ones.
 */
export function isAddress({ row, args }: Pick<GuestCall, 'row' | 'args'>, index: number): boolean {
  const word = row.args[index]!
  const { name } = kindOf(word)
  if (isLate(word, { args, index, read: () => undefined, before: [] })) return true
  if (name === 'ioctlArgument') return ioctlOf(Number(BigInt.asUintN(32, args[1]!))).argument === 'ptr'
  return !PERFORMED.has(row.name) && ['ptr', 'outptr', 'iovRemote'].includes(name)
}

/** The text of a call without its result. */
export const textOf = (number: number, texts: readonly (string | null)[]): string =>
  `${rowOf(number).name}(${texts.filter(text => text !== null).join(', ')})`

/** The bytes of the buffers that the call reads, one behind the other. */
export function inputOf(call: StartedCall): Uint8Array {
  return Buffer.concat(inputs(call).map(place => contentOf(call.read, place)))
}

/** Lengths of buffers that it may fill, and values that it replaces. */
export function roomsOf(call: StartedCall): number[] {
  return [...rooms(call), ...call.before.filter(value => value !== undefined)]
}
