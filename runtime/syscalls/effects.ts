/**
 * What a system call reads and writes of guest memory beyond what the trace shows whole: the places of buffers, by the kinds of
 * its arguments (kinds.ts).
 */
import { keyctlLetter, prctlLetter } from './arguments.ts'
import { flagName } from './flags.ts'
import { ioctlOf } from './ioctl.ts'
import { fillsIpcBuffer, type IpcKind } from './ipc.ts'
import { type Kind, kindOf } from './kinds.ts'
import { type ReadMemory, view } from './memory.ts'
import { MSGHDR_SIZE } from './sockets.ts'
import { STRUCTS } from './structs.ts'
import type { SystemCall } from './table.ts'
import { failed, int, signed } from './text.ts'

export interface GuestCall {
  readonly row: SystemCall
  readonly args: readonly bigint[]
  readonly read: ReadMemory
  /** Values noted before the call (noteBefore). */
  readonly before: readonly (number | undefined)[]
}

/** A range of guest memory, its length in bytes. */
export interface Place {
  readonly address: bigint
  readonly length: number
}

/** Longer buffers are beyond any that the kernel fills at once (MAX_RW_COUNT). */
const LONGEST = 2 ** 31

/** What is there now, as far as it is mapped. */
export function contentOf(read: ReadMemory, { address, length }: Place): Uint8Array {
  const readable = length <= LONGEST && address <= BigInt(Number.MAX_SAFE_INTEGER)
  return (readable ? read(Number(address), length) : undefined) ?? new Uint8Array()
}

const ENTRY = 16
const MMSGHDR_SIZE = 64
/** Fields of struct msghdr (asm-generic), and of struct mmsghdr behind it. */
const MSG = { name: 0, nameLength: 8, vectors: 16, count: 24, control: 32, controlLength: 40, flags: 48, length: 56 }
const LONGEST_NAME = 128
const EINTR = 4n
const SETSIZE = 1024
/** GETALL of semctl, which fills an array. */
const SEM_GETALL = 13

const place = (address: bigint, length: number | bigint): Place => ({ address, length: Math.max(Number(length), 0) })
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** The buffers of an array of struct iovec, `total` bytes of them: none when the array can not be read. */
function vectors(read: ReadMemory, address: bigint, count: bigint, total: bigint): Place[] {
  const table = count <= 1024n ? view(read, address, Number(count) * ENTRY) : undefined
  let left = total
  return Array.from({ length: table ? Number(count) : 0 }, (_, i) => {
    const length = smaller(table!.getBigUint64(i * ENTRY + 8, true), left)
    left -= length
    return place(table!.getBigUint64(i * ENTRY, true), length)
  })
}

const EVERYTHING = 2n ** 63n

/** The buffers of a struct msghdr. */
function messageVectors(read: ReadMemory, address: bigint, total: bigint): Place[] {
  const header = view(read, address, MSGHDR_SIZE)
  return header
    ? vectors(read, header.getBigUint64(MSG.vectors, true), header.getBigUint64(MSG.count, true), total)
    : []
}

/** Buffers that the call reads. */
export function inputs({ row, args, read }: GuestCall): Place[] {
  return row.args.flatMap((word, i): Place[] => {
    const { name, parameter } = kindOf(word)
    const address = args[i]!
    const counted = args[Number(parameter)] ?? 0n
    switch (name) {
      case 'in':
        return [place(address, counted)]
      case 'optionValue':
        return [place(address, int(counted))]
      case 'iov':
        return vectors(read, address, counted, EVERYTHING)
      case 'messageIn':
        return [place(address, args[2]! + 8n)]
      case 'msghdr':
        return row.name === 'sendmsg' ? messageVectors(read, address, EVERYTHING) : []
      case 'mmsghdr':
        if (row.name !== 'sendmmsg') return []
        return Array.from({ length: Math.min(int(args[2]!), SETSIZE) }, (_, k) =>
          messageVectors(read, address + BigInt(k * MMSGHDR_SIZE), EVERYTHING),
        ).flat()
      default:
        return []
    }
  })
}

/** Lengths of the buffers that the call may fill, which the trace does not show before it. */
export function rooms({ row, args, read }: GuestCall): number[] {
  return row.args.flatMap((word, i) => {
    const { name, parameter } = kindOf(word)
    if (name === 'iovout' || name === 'iovoutOf')
      return vectors(read, args[i]!, args[Number(parameter)]!, EVERYTHING).map(({ length }) => length)
    if (name === 'msghdr' && row.name === 'recvmsg')
      return messageVectors(read, args[i]!, EVERYTHING).map(({ length }) => length)
    return []
  })
}

/** What recvmsg writes: fields of the header, the name, control messages, data. */
function receivedMessage(read: ReadMemory, address: bigint, total: bigint): Place[] {
  const header = view(read, address, MSGHDR_SIZE)
  if (header === undefined) return []
  const pointerAt = (at: number): bigint => header.getBigUint64(at, true)
  const name = pointerAt(MSG.name)
  const nameLength = name === 0n ? 0 : Math.min(header.getUint32(MSG.nameLength, true), LONGEST_NAME)
  return [
    place(address + BigInt(MSG.nameLength), 4),
    place(address + BigInt(MSG.controlLength), 8),
    place(address + BigInt(MSG.flags), 4),
    place(name, nameLength),
    place(pointerAt(MSG.control), pointerAt(MSG.control) === 0n ? 0n : pointerAt(MSG.controlLength)),
    ...messageVectors(read, address, total),
  ]
}

/** Bytes of what fcntl writes through its third argument. */
function fcntlLength(command: bigint): number {
  const name = flagName('fcntl', int(command)) ?? ''
  if (name === 'F_GETLK' || name === 'F_OFD_GETLK') return STRUCTS.flockOut!.size
  return name === 'F_GETOWN_EX' ? STRUCTS.owner!.size : 0
}

/** Bytes of what ioctl writes; undefined: not known. */
function ioctlLength(request: number): number | undefined {
  const { name, argument } = ioctlOf(request)
  if (argument === 'ifreq') return name.startsWith('SIOCG') ? 40 : 0
  if (argument.startsWith('>')) return STRUCTS[argument.slice(1)]?.size
  if (argument !== 'ptr') return 0
  const [direction, size] = [request >>> 30, (request >>> 16) & 0x3fff]
  if (direction === 0) return undefined
  return direction & 2 ? size : 0
}

const PRCTL_LENGTHS: Readonly<Record<string, number>> = { S: 4, T: 16, I: 4, P: 8 }

/** Kinds that are not structs; undefined: what is written is not known. */
function special(call: GuestCall, i: number, { name, parameter }: Kind, result: bigint): Place[] | undefined {
  const { args, read, before } = call
  const address = args[i]!
  const room = args[i + 1] ?? 0n
  const one = (length: number | bigint | undefined): Place[] | undefined =>
    length === undefined ? undefined : [place(address, length)]
  const counted = (): number => view(read, room, 4)?.getInt32(0, true) ?? 0
  switch (name) {
    case 'out':
    case 'nameList':
    case 'cwd':
      return one(smaller(result, room))
    case 'entries':
    case 'random':
      return one(result)
    case 'iovout':
    case 'iovoutOf':
      return vectors(read, address, args[Number(parameter)]!, result)
    case 'offset':
      return one(8)
    case 'socketLength':
    case 'waitStatus':
      return one(4)
    case 'waitUsage':
      return one(STRUCTS.rusage!.size)
    case 'sockaddrout':
    case 'optionOut':
      return one(Math.min(counted(), before[i + 1] ?? 0))
    case 'messageOut':
      return one(result + 8n)
    case 'handle':
      return one(8 + (view(read, address, 4)?.getUint32(0, true) ?? 0))
    case 'fcntl':
      return one(fcntlLength(args[1]!))
    case 'ioctlArgument':
      return one(ioctlLength(Number(BigInt.asUintN(32, args[1]!))))
    case 'prctl':
      return one(PRCTL_LENGTHS[prctlLetter(args, i)] ?? 0)
    case 'keyctl':
      return keyctlLetter(args, i) === 'B' ? one(smaller(result, room)) : []
    case 'ipc':
      return fillsIpcBuffer(parameter as IpcKind, args[1]!) ? undefined : []
    case 'semaphoreValue':
      return fillsIpcBuffer('sem', args[2]!) || int(args[2]!) === SEM_GETALL ? undefined : []
    case 'outptr':
      return address === 0n ? [] : undefined
    default:
      return []
  }
}

function struct(call: GuestCall, i: number, { name, parameter }: Kind, result: bigint): Place[] | undefined {
  const { row, args, read } = call
  const address = args[i]!
  const count = parameter === '=' ? result : BigInt.asUintN(32, args[Number(parameter)] ?? 0n)
  switch (name) {
    case 'msghdr':
      return receivedMessage(read, address, result)
    case 'mmsghdr':
      if (row.name !== 'sendmmsg') return undefined
      return Array.from({ length: Number(result) }, (_, k) => place(address + BigInt(k * MMSGHDR_SIZE + MSG.length), 4))
    case 'fdset':
      return [place(address, ((Math.min(Math.max(int(args[0]!), 0), SETSIZE) + 63) >> 6) * 8)]
    case 'cpuset':
      return [place(address, count)]
    case 'id':
      return [place(address, args[0] === 0n ? 0n : count * 4n)]
    default:
      return [place(address, (STRUCTS[name]?.size ?? 0) * (parameter === '' ? 1 : Number(count)))]
  }
}

/**
 * Places that the call has written, or would with this result: always as many for the same buffers; where the kernel says how much it wrote in the
 * memory itself, their lengths are right after the call only. Undefined when that is not known.
 */
export function outputs(call: GuestCall, result: bigint): Place[] | undefined {
  const { row, args } = call
  if (failed(result)) {
    const left = row.args.indexOf('remaining')
    return signed(result) === -EINTR && left >= 0 ? [place(args[left]!, args[left] === 0n ? 0 : 16)] : []
  }
  const places: Place[] = []
  for (const [i, word] of row.args.entries()) {
    const kind = kindOf(word)
    if (!kind.written && kind.name !== 'iovout' && kind.name !== 'iovoutOf') continue
    const found = kind.struct ? struct(call, i, kind, result) : special(call, i, kind, result)
    if (found === undefined) return undefined
    places.push(...(args[i] === 0n ? [] : found))
  }
  return places
}
