/** The text of system call arguments: one function for each kind of kinds.ts that is more than a plain value. */
import { type FlagTableName, flagName, printFlags } from './flags.ts'
import { ioctlOf } from './ioctl.ts'
import { fillsIpcBuffer, type IpcKind, printIpcBuffer } from './ipc.ts'
import { kindOf } from './kinds.ts'
import { type ReadMemory, textAt, view } from './memory.ts'
import { printSignal } from './names.ts'
import {
  MSGHDR_SIZE,
  printInterface,
  printMessage,
  printOptionValue,
  printSocketAddress,
  printSocketOption,
} from './sockets.ts'
import { printDevice, printMode, STRUCTS } from './structs.ts'
import { failed, hex, int, octal, pointer, quote, quoteView, signed } from './text.ts'

/** What an argument's text is made from. */
export interface Context {
  readonly args: readonly bigint[]
  readonly index: number
  readonly read: ReadMemory
  /** What the call returned; undefined before it. */
  readonly result?: bigint | undefined
  /** Values noted before the call, for what the kernel replaces. */
  readonly before: readonly (number | undefined)[]
}

const LONGEST_BUFFER = 32
const LONGEST_PATH = 4096
const LONGEST_ARRAY = 32

const valueAt = ({ args, index }: Context): bigint => args[index]!
const previous = ({ args, index }: Context, distance = 1): bigint => args[index - distance]!
const resultOf = ({ result }: Context): bigint => (result === undefined || failed(result) ? 0n : result)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const succeeded = ({ result }: Context): boolean => result !== undefined && !failed(result)

// ---- bytes and text

function path(read: ReadMemory, address: bigint): string {
  const found = textAt(read, address, LONGEST_PATH)
  return found ? `${quote(found.bytes)}${found.whole ? '' : '...'}` : pointer(address)
}

function buffer(read: ReadMemory, address: bigint, length: bigint): string {
  if (address === 0n) return 'NULL'
  if (length === 0n) return '""'
  const shown = view(read, address, Number(length < LONGEST_BUFFER ? length : BigInt(LONGEST_BUFFER)))
  if (!shown) return pointer(address)
  return length > LONGEST_BUFFER ? `${quoteView(shown)}...` : quoteView(shown)
}

/** A list of strings that ends with NULL: execve's. */
function strings({ read, args, index }: Context): string {
  const address = args[index]!
  const list: string[] = []
  for (let i = 0n; ; i++) {
    const entry = view(read, address + i * 8n, 8)?.getBigUint64(0, true)
    if (entry === undefined) return i === 0n ? pointer(address) : `[${list.join(', ')}, ...]`
    if (entry === 0n) return `[${list.join(', ')}]`
    if (i === BigInt(LONGEST_ARRAY)) return `[${list.join(', ')}, ...]`
    const found = textAt(read, entry, LONGEST_BUFFER)
    list.push(found ? `${quote(found.bytes)}${found.whole ? '' : '...'}` : pointer(entry))
  }
}

/** A list of strings, counted. */
function environment({ read, args, index }: Context): string {
  const address = args[index]!
  for (let count = 0; count < 65_536; count++) {
    const entry = view(read, address + BigInt(count) * 8n, 8)?.getBigUint64(0, true)
    if (entry === undefined) break
    if (entry === 0n) return `${hex(address)} /* ${count} var${count === 1 ? '' : 's'} */`
  }
  return pointer(address)
}

/** Struct iovec array, each entry cut to what is left of `total` bytes; addresses only without `total`. */
function vectors(read: ReadMemory, address: bigint, count: bigint, total?: bigint): string {
  if (count === 0n && address !== 0n) return '[]'
  const shown = count < LONGEST_ARRAY ? Number(count) : LONGEST_ARRAY
  const table = view(read, address, shown * 16)
  if (!table) return pointer(address)
  let left = total ?? 0n
  const entries = Array.from({ length: shown }, (_, i) => {
    const base = table.getBigUint64(i * 16, true)
    const length = table.getBigUint64(i * 16 + 8, true)
    const filled = length < left ? length : left
    left -= filled
    return `{iov_base=${total === undefined ? pointer(base) : buffer(read, base, filled)}, iov_len=${length}}`
  })
  return `[${[...entries, ...(BigInt(shown) < count ? ['...'] : [])].join(', ')}]`
}

const EVERYTHING = 2n ** 63n

// ---- structs

function struct(read: ReadMemory, name: string, address: bigint): string {
  const found = STRUCTS[name]
  const bytes = found && view(read, address, found.size)
  return bytes && found ? found.print(bytes) : pointer(address)
}

function structs(read: ReadMemory, name: string, address: bigint, count: bigint): string {
  const found = STRUCTS[name]
  if (address === 0n || !found) return pointer(address)
  if (count === 0n) return '[]'
  const shown = count < LONGEST_ARRAY ? Number(count) : LONGEST_ARRAY
  const bytes = view(read, address, shown * found.size)
  if (!bytes) return pointer(address)
  const entries = Array.from({ length: shown }, (_, i) =>
    found.print(new DataView(bytes.buffer, bytes.byteOffset + i * found.size, found.size)),
  )
  return `[${[...entries, ...(BigInt(shown) < count ? ['...'] : [])].join(', ')}]`
}

/** Directory entries are counted only. */
function entries(context: Context): string {
  const address = valueAt(context)
  const bytes = succeeded(context) ? view(context.read, address, Number(context.result)) : undefined
  if (!bytes && resultOf(context) !== 0n) return pointer(address)
  if (!succeeded(context)) return pointer(address)
  let count = 0
  for (let at = 0; bytes && at + 18 < bytes.byteLength; at += Math.max(bytes.getUint16(at + 16, true), 19)) count++
  return `${pointer(address)} /* ${count} entries */`
}

/** Descriptors of an fd_set below the first argument. */
export function descriptorSet(read: ReadMemory, address: bigint, limit: number): number[] | undefined {
  const words = (Math.min(Math.max(limit, 0), 1024) + 63) >> 6
  const bytes = words === 0 ? undefined : view(read, address, words * 8)
  if (!bytes) return undefined
  return Array.from({ length: words * 64 }, (_, i) => i).filter(
    fd => fd < limit && (bytes.getUint8(fd >> 3) >> (fd & 7)) & 1,
  )
}

function cpus({ read }: Context, address: bigint, size: bigint): string {
  const bytes = size > 0n && size <= 1024n ? view(read, address, Number(size)) : undefined
  if (!bytes) return pointer(address)
  const set = Array.from({ length: bytes.byteLength * 8 }, (_, i) => i).filter(
    cpu => (bytes.getUint8(cpu >> 3) >> (cpu & 7)) & 1,
  )
  return `[${set.join(' ')}]`
}

/** The message of msgsnd and msgrcv: its type and `length` bytes. */
function message(read: ReadMemory, address: bigint, length: bigint): string {
  const type = view(read, address, 8)
  return type ? `{mtype=${type.getBigInt64(0, true)}, mtext=${buffer(read, address + 8n, length)}}` : pointer(address)
}

/** A wait status (wait(2)). */
export function printWaitStatus(status: number): string {
  const low = status & 0x7f
  if (status === 0xffff) return '{WIFCONTINUED(s)}'
  if (low === 0x7f) return `{WIFSTOPPED(s) && WSTOPSIG(s) == ${printSignal((status >> 8) & 0xff)}}`
  if (low === 0) return `{WIFEXITED(s) && WEXITSTATUS(s) == ${(status >> 8) & 0xff}}`
  return `{WIFSIGNALED(s) && WTERMSIG(s) == ${printSignal(low)}${status & 0x80 ? ' && WCOREDUMP(s)' : ''}}`
}

// ---- calls whose arguments depend on one of them

/** The third argument of fcntl: what its command makes of it. */
function fcntl(context: Context): string | undefined {
  const value = valueAt(context)
  const { read } = context
  const command = flagName('fcntl', int(previous(context)))
  switch (command) {
    case undefined:
      return hex(value)
    case 'F_GETFD':
    case 'F_GETFL':
    case 'F_GETOWN':
    case 'F_GETSIG':
    case 'F_GETLEASE':
    case 'F_GETPIPE_SZ':
    case 'F_GET_SEALS':
      return undefined
    case 'F_SETFD':
      return value === 1n ? 'FD_CLOEXEC' : hex(value)
    case 'F_SETFL':
      return printFlags('open', int(value))
    case 'F_SETLK':
    case 'F_SETLKW':
    case 'F_OFD_SETLK':
    case 'F_OFD_SETLKW':
      return struct(read, 'flock', value)
    case 'F_GETLK':
    case 'F_OFD_GETLK':
      return succeeded(context) ? struct(read, 'flockOut', value) : pointer(value)
    case 'F_GETOWN_EX':
      return succeeded(context) ? struct(read, 'owner', value) : pointer(value)
    case 'F_SETOWN_EX':
      return struct(read, 'owner', value)
    case 'F_SETLEASE':
      return printFlags('lockType', int(value))
    case 'F_NOTIFY':
      return printFlags('notify', int(value))
    case 'F_ADD_SEALS':
      return printFlags('seals', int(value))
    case 'F_SETSIG':
      return printSignal(int(value))
    default:
      return String(int(value))
  }
}

function ioctlArgument(context: Context): string | undefined {
  const value = valueAt(context)
  const { name, argument } = ioctlOf(Number(BigInt.asUintN(32, previous(context))))
  switch (argument) {
    case 'none':
      return undefined
    case 'int':
      return String(int(value))
    case 'ptr':
      return hex(value)
    case 'ifreq': {
      const bytes = succeeded(context) || !name.startsWith('SIOCG') ? view(context.read, value, 40) : undefined
      return bytes ? printInterface(name, bytes) : pointer(value)
    }
    default: {
      const late = argument.startsWith('>') && !succeeded(context)
      return late ? pointer(value) : struct(context.read, argument.slice(1), value)
    }
  }
}

const FUTEX_COMMAND = 0x7f
const FUTEX_PRIVATE = 0x80
const FUTEX_REALTIME = 0x100

function futexOperation(context: Context): string {
  const value = int(valueAt(context))
  const name = flagName('futex', value & FUTEX_COMMAND)
  if (name === undefined) return `${hex(value >>> 0)} /* FUTEX_??? */`
  const rest = (value & ~(FUTEX_COMMAND | FUTEX_PRIVATE | FUTEX_REALTIME)) >>> 0
  const parts = [value & FUTEX_PRIVATE ? `${name}_PRIVATE` : name]
  if (value & FUTEX_REALTIME) parts.push('FUTEX_CLOCK_REALTIME')
  if (rest) parts.push(hex(rest))
  return parts.join('|')
}

const WAKE_OPERATIONS = ['FUTEX_OP_SET', 'FUTEX_OP_ADD', 'FUTEX_OP_OR', 'FUTEX_OP_ANDN', 'FUTEX_OP_XOR']
const WAKE_COMPARISONS = 'EQ NE LT LE GT GE'.split(' ').map(name => `FUTEX_OP_CMP_${name}`)

function wakeOperation(value: number): string {
  const shifted = (value >>> 28) & 8 ? 'FUTEX_OP_OPARG_SHIFT<<28|' : ''
  const operation = WAKE_OPERATIONS[(value >>> 28) & 7] ?? hex((value >>> 28) & 7)
  const comparison = WAKE_COMPARISONS[(value >>> 24) & 15] ?? hex((value >>> 24) & 15)
  const [first, second] = [(value >>> 12) & 0xfff, value & 0xfff]
  return `${shifted}${operation}<<28|${hex(first)}<<12|${comparison}<<24|${hex(second)}`
}

/** What each operation of futex takes behind its second argument: letters for the arguments 2 to 5, `-` for none. */
const FUTEX_ARGUMENTS: Readonly<Record<string, string>> = {
  FUTEX_WAIT: 'vt--',
  FUTEX_WAKE: 'v---',
  FUTEX_FD: 'v---',
  FUTEX_REQUEUE: 'vnp-',
  FUTEX_CMP_REQUEUE: 'vnpv',
  FUTEX_WAKE_OP: 'vnpw',
  FUTEX_LOCK_PI: '-t--',
  FUTEX_UNLOCK_PI: '----',
  FUTEX_TRYLOCK_PI: '----',
  FUTEX_WAIT_BITSET: 'vt-b',
  FUTEX_WAKE_BITSET: 'v--b',
  FUTEX_WAIT_REQUEUE_PI: 'vtp-',
  FUTEX_CMP_REQUEUE_PI: 'vnpv',
  FUTEX_LOCK_PI2: '-t--',
}

function futex(context: Context): string | undefined {
  const { args, index, read } = context
  const value = valueAt(context)
  const name = flagName('futex', int(args[1]!) & FUTEX_COMMAND)
  switch (name === undefined ? 'x' : FUTEX_ARGUMENTS[name]![index - 2]) {
    case 'v':
    case 'n':
      return String(BigInt.asUintN(32, value))
    case 't':
      return struct(read, 'timespec', value)
    case 'p':
      return pointer(value)
    case 'b':
      return BigInt.asUintN(32, value) === 0xffff_ffffn ? 'FUTEX_BITSET_MATCH_ANY' : hex(BigInt.asUintN(32, value))
    case 'w':
      return wakeOperation(int(value) >>> 0)
    case 'x':
      return index === 2 ? String(BigInt.asUintN(32, value)) : hex(value)
    default:
      return undefined
  }
}

/** What an option of prctl takes: letters for the arguments 1 to 4. */
const PRCTL_ARGUMENTS: Readonly<Record<string, string>> = {
  PR_SET_PDEATHSIG: 's',
  PR_GET_PDEATHSIG: 'S',
  PR_GET_DUMPABLE: '',
  PR_SET_DUMPABLE: 'd',
  PR_GET_KEEPCAPS: '',
  PR_SET_KEEPCAPS: 'n',
  PR_GET_TIMING: '',
  PR_SET_TIMING: 'n',
  PR_SET_NAME: 't',
  PR_GET_NAME: 'T',
  PR_GET_SECCOMP: '',
  PR_SET_SECCOMP: 'nx',
  PR_CAPBSET_READ: 'c',
  PR_CAPBSET_DROP: 'c',
  PR_GET_SECUREBITS: '',
  PR_SET_SECUREBITS: 'x',
  PR_SET_TIMERSLACK: 'n',
  PR_GET_TIMERSLACK: '',
  PR_SET_CHILD_SUBREAPER: 'n',
  PR_GET_CHILD_SUBREAPER: 'I',
  PR_SET_NO_NEW_PRIVS: 'nnnn',
  PR_GET_NO_NEW_PRIVS: 'nnnn',
  PR_GET_TID_ADDRESS: 'P',
  PR_SET_THP_DISABLE: 'nnnn',
  PR_GET_THP_DISABLE: 'nnnn',
  PR_SET_PTRACER: 'n',
  PR_SET_VMA: 'vpnt',
  PR_RISCV_SET_ICACHE_FLUSH_CTX: 'nn',
}

/** What argument `index` is: a letter of PRCTL_ARGUMENTS, a capital one when the kernel writes through it. */
export function prctlLetter(args: readonly bigint[], index: number): string {
  const name = flagName('prctl', int(args[0]!))
  return (name === undefined ? 'xxxx' : (PRCTL_ARGUMENTS[name] ?? 'xxxx'))[index - 1] ?? ''
}

function prctl(context: Context): string | undefined {
  const { args, index, read } = context
  const value = valueAt(context)
  const after = (text: () => string) => (succeeded(context) ? text() : pointer(value))
  switch (prctlLetter(args, index)) {
    case 's':
      return printSignal(int(value))
    case 'S':
      return after(() => {
        const signal = view(read, value, 4)
        return signal ? `[${printSignal(signal.getInt32(0, true))}]` : pointer(value)
      })
    case 'd':
      return printFlags('dumpable', int(value))
    case 'c':
      return printFlags('capability', int(value))
    case 'n':
      return String(value)
    case 'x':
      return hex(value)
    case 'p':
      return pointer(value)
    case 'v':
      return value === 0n ? 'PR_SET_VMA_ANON_NAME' : hex(value)
    case 't': {
      const found = textAt(read, value, index === 1 ? 15 : 255)
      return found ? `${quote(found.bytes)}${found.whole ? '' : '...'}` : pointer(value)
    }
    case 'T':
      return after(() => path(read, value))
    case 'I':
      return after(() => struct(read, 'int', value))
    case 'P':
      return after(() => struct(read, 'address', value))
    default:
      return undefined
  }
}

const KEYCTL_ARGUMENTS: Readonly<Record<string, string>> = {
  KEYCTL_GET_KEYRING_ID: 'kn',
  KEYCTL_JOIN_SESSION_KEYRING: 't',
  KEYCTL_UPDATE: 'kbn',
  KEYCTL_REVOKE: 'k',
  KEYCTL_CHOWN: 'knn',
  KEYCTL_SETPERM: 'kx',
  KEYCTL_DESCRIBE: 'kBn',
  KEYCTL_CLEAR: 'k',
  KEYCTL_LINK: 'kk',
  KEYCTL_UNLINK: 'kk',
  KEYCTL_SEARCH: 'kttk',
  KEYCTL_READ: 'kBn',
  KEYCTL_SET_TIMEOUT: 'kn',
  KEYCTL_INVALIDATE: 'k',
}

/** What argument `index` is: a letter of KEYCTL_ARGUMENTS; `B` is a buffer that the kernel fills. */
export function keyctlLetter(args: readonly bigint[], index: number): string {
  const name = flagName('keyctl', int(args[0]!))
  return (name === undefined ? 'xxxx' : (KEYCTL_ARGUMENTS[name] ?? 'xxxx'))[index - 1] ?? ''
}

function keyctl(context: Context): string | undefined {
  const { args, index, read } = context
  const value = valueAt(context)
  switch (keyctlLetter(args, index)) {
    case 'k':
      return key(value)
    case 'n':
      return String(int(value))
    case 'x':
      return hex(value)
    case 'b':
      return buffer(read, value, args[index + 1]!)
    case 'B':
      return succeeded(context) ? buffer(read, value, smaller(resultOf(context), args[index + 1]!)) : pointer(value)
    case 't':
      return path(read, value)
    default:
      return undefined
  }
}

const key = (value: bigint): string => flagName('keyring', int(value)) ?? String(int(value))

/** A priority of I/O: its class and level. */
export function printPriority(value: number): string {
  return `IOPRIO_PRIO_VALUE(${printFlags('ioprioClass', (value >>> 13) & 7)}, ${value & 0x1fff})`
}

const NETLINK = 16
const IP_FAMILIES: readonly number[] = [2, 10]

function protocol({ args, index }: Context): string {
  const family = int(args[0]!)
  const value = int(args[index]!)
  if (family === NETLINK) return printFlags('netlinkProtocol', value)
  return IP_FAMILIES.includes(family) ? printFlags('ipProtocol', value) : String(value)
}

/** The length of a socket address, which the kernel may replace. */
function socketLength(context: Context): string {
  const { read, before, index, result } = context
  const value = valueAt(context)
  const now = view(read, value, 4)?.getInt32(0, true)
  if (now === undefined) return pointer(value)
  const then = before[index]
  return result === undefined || failed(result) || then === undefined || then === now
    ? `[${then ?? now}]`
    : `[${then} => ${now}]`
}

function addressOut(context: Context): string {
  const { args, index, read, before } = context
  const value = valueAt(context)
  const length = view(read, args[index + 1]!, 4)?.getInt32(0, true) ?? 0
  const room = before[index + 1] ?? length
  const bytes = succeeded(context) && length >= 2 ? view(read, value, Math.min(length, room, 128)) : undefined
  return bytes && bytes.byteLength >= 2 ? printSocketAddress(bytes) : pointer(value)
}

const MMSGHDR_SIZE = 64

function messages(context: Context): string {
  const { read } = context
  const address = valueAt(context)
  const count = Number(resultOf(context))
  const bytes = count <= 1024 ? view(read, address, Math.min(count, LONGEST_ARRAY) * MMSGHDR_SIZE) : undefined
  if (!bytes) return pointer(address)
  const list = Array.from({ length: bytes.byteLength / MMSGHDR_SIZE }, (_, i) => {
    const header = new DataView(bytes.buffer, bytes.byteOffset + i * MMSGHDR_SIZE, MSGHDR_SIZE)
    const length = bytes.getUint32(i * MMSGHDR_SIZE + MSGHDR_SIZE, true)
    const shown = printMessage(read, header, (at, entries) => vectors(read, at, entries, BigInt(length)))
    return `{msg_hdr=${shown}, msg_len=${length}}`
  })
  return `[${list.join(', ')}]`
}

function messageHeader(context: Context, total: bigint): string {
  const { read } = context
  const bytes = view(read, valueAt(context), MSGHDR_SIZE)
  return bytes ? printMessage(read, bytes, (at, count) => vectors(read, at, count, total)) : pointer(valueAt(context))
}

/** What of a message that was not received is sure. */
function failedMessage({ read, args, index }: Context): string {
  const bytes = view(read, args[index]!, MSGHDR_SIZE)
  return bytes ? `{msg_namelen=${bytes.getInt32(8, true)}}` : pointer(args[index]!)
}

/** The mask's address and size behind the last argument of pselect6 and io_pgetevents. */
function maskArgument({ read, args, index }: Context): string {
  const bytes = view(read, args[index]!, 16)
  if (!bytes) return pointer(args[index]!)
  const mask = struct(read, 'sigset', bytes.getBigUint64(0, true))
  return `{sigmask=${mask}, sigsetsize=${bytes.getBigUint64(8, true)}}`
}

const MS_NOT_A_MOUNT = 0x20 | 0x1000 | 0x2000 | 0xe0000 | 0x100000

const SEM_SETVAL = 16
/** -EINTR as a result. */
const INTERRUPTED = BigInt.asUintN(64, -4n)
/** MREMAP_MAYMOVE with MREMAP_FIXED. */
const MREMAP_TO = 3
const PAGE = 4096
const CLONE = { SETTLS: 0x80000, PARENT_SETTID: 0x100000, CHILD: 0x1200000 } as const
const SIGNAL_OF_CLONE = 0xff

/** KCMP_FILE and KCMP_EPOLL_TFD. */
const KCMP_OF_FILES: readonly number[] = [0, 7]

const LARGEST_HANDLE = 128

/** struct file_handle behind its first word, when it was filled. */
function handleRest(read: ReadMemory, address: bigint, size: number): string {
  const bytes = view(read, address, 8 + Math.min(size, LARGEST_HANDLE))
  if (!bytes) return ''
  const digits = Array.from({ length: bytes.byteLength - 8 }, (_, i) =>
    bytes
      .getUint8(8 + i)
      .toString(16)
      .padStart(2, '0'),
  )
  return `, handle_type=${bytes.getInt32(4, true)}, f_handle="${digits.map(digit => `\\x${digit}`).join('')}"`
}

/** What name_to_handle_at fills: the size as it was and as it is, also where that was too small. */
function fileHandle(context: Context): string {
  const { read, before, index } = context
  const address = valueAt(context)
  const now = view(read, address, 4)?.getUint32(0, true)
  const then = before[index]
  if (now === undefined || then === undefined) return pointer(address)
  const size = then === now ? String(now) : `${then} => ${now}`
  return `{handle_bytes=${size}${succeeded(context) ? handleRest(read, address, now) : ''}}`
}

function ipcBuffer(context: Context, kind: IpcKind): string {
  return printIpcBuffer(kind, previous(context), {
    read: context.read,
    address: valueAt(context),
    succeeded: succeeded(context),
  })
}

type Printer = (context: Context, parameter: string) => string | undefined

/** Kinds that are not plain values; `undefined` leaves the argument out. */
const SPECIAL: Readonly<Record<string, Printer>> = {
  // bytes and text
  path: c => path(c.read, valueAt(c)),
  str: c => path(c.read, valueAt(c)),
  in: (c, at) => buffer(c.read, valueAt(c), c.args[Number(at)]!),
  out: c =>
    succeeded(c) ? buffer(c.read, valueAt(c), smaller(resultOf(c), c.args[c.index + 1]!)) : pointer(valueAt(c)),
  cwd: c => (succeeded(c) ? path(c.read, valueAt(c)) : pointer(valueAt(c))),
  nameList: c =>
    succeeded(c) && c.args[c.index + 1] !== 0n ? buffer(c.read, valueAt(c), resultOf(c)) : pointer(valueAt(c)),
  iov: (c, at) => vectors(c.read, valueAt(c), c.args[Number(at)]!, EVERYTHING),
  iovRemote: (c, at) => vectors(c.read, valueAt(c), c.args[Number(at)]!),
  iovout: (c, at) =>
    succeeded(c)
      ? vectors(c.read, valueAt(c), c.args[Number(at)]!, resultOf(c))
      : vectors(c.read, valueAt(c), c.args[Number(at)]!),
  iovoutOf: (c, at) =>
    succeeded(c)
      ? vectors(c.read, valueAt(c), c.args[Number(at)]!, resultOf(c))
      : vectors(c.read, valueAt(c), c.args[Number(at)]!),
  random: c => {
    if (!succeeded(c)) return pointer(valueAt(c))
    const length = Math.min(Number(resultOf(c)), LONGEST_BUFFER)
    const bytes = view(c.read, valueAt(c), length)
    if (!bytes) return length === 0 && valueAt(c) !== 0n ? '""' : pointer(valueAt(c))
    const digits = Array.from({ length }, (_, i) => `\\x${bytes.getUint8(i).toString(16).padStart(2, '0')}`)
    return `"${digits.join('')}"${resultOf(c) > LONGEST_BUFFER ? '...' : ''}`
  },
  strings,
  environment,
  // files
  openmode: c => (int(previous(c)) & 0o20000100 ? octal(BigInt.asUintN(16, valueAt(c))) : undefined),
  queueAttributes: c => (int(c.args[1]!) & 0o100 ? struct(c.read, 'mqAttr', valueAt(c)) : undefined),
  skip: () => undefined,
  fileMode: c => printMode(int(valueAt(c)) >>> 0),
  device: c => (/IFCHR|IFBLK/.test(printMode(int(previous(c)) >>> 0)) ? printDevice(valueAt(c)) : undefined),
  entries,
  offset: c => {
    const now = struct(c.read, 'off', valueAt(c))
    const then = c.before[c.index]
    return then === undefined || !succeeded(c) || `[${then}]` === now ? now : `[${then}] => ${now}`
  },
  fcntl,
  ioctl: c => ioctlOf(Number(BigInt.asUintN(32, valueAt(c)))).name,
  ioctlArgument,
  mountType: c => (int(c.args[3]!) & MS_NOT_A_MOUNT ? pointer(valueAt(c)) : path(c.read, valueAt(c))),
  mountData: c => (int(previous(c)) & MS_NOT_A_MOUNT ? pointer(valueAt(c)) : path(c.read, valueAt(c))),
  // waiting
  fdset: (c, at) => {
    const set = descriptorSet(c.read, valueAt(c), int(c.args[Number(at)]!))
    return set ? `[${set.join(' ')}]` : pointer(valueAt(c))
  },
  maskArgument,
  futexOperation,
  futex,
  remaining: c => (c.result === INTERRUPTED ? struct(c.read, 'timespec', valueAt(c)) : pointer(valueAt(c))),
  // processes
  waitStatus: c => {
    const status = resultOf(c) !== 0n ? view(c.read, valueAt(c), 4)?.getInt32(0, true) : undefined
    return status === undefined ? pointer(valueAt(c)) : `[${printWaitStatus(status)}]`
  },
  frame: c => `{mask=${struct(c.read, 'sigset', valueAt(c))}}`,
  waitUsage: c => (resultOf(c) !== 0n ? struct(c.read, 'rusage', valueAt(c)) : pointer(valueAt(c))),
  personality: c => (int(valueAt(c)) === -1 ? '0xffffffff' : printFlags('personality', int(valueAt(c)))),
  cloneFlags: c => {
    const value = int(valueAt(c)) >>> 0
    const flags = (value & ~SIGNAL_OF_CLONE) >>> 0
    const signal = value & SIGNAL_OF_CLONE
    const parts = [...(flags ? [printFlags('clone', flags)] : []), ...(signal ? [printSignal(signal)] : [])]
    return `flags=${parts.join('|') || '0'}`
  },
  cloneStack: c => `child_stack=${pointer(valueAt(c))}`,
  parentTid: c => {
    if (!(int(c.args[0]!) & CLONE.PARENT_SETTID)) return undefined
    return `parent_tid=${succeeded(c) ? struct(c.read, 'int', valueAt(c)) : pointer(valueAt(c))}`
  },
  cloneTls: c => (int(c.args[0]!) & CLONE.SETTLS ? `tls=${hex(valueAt(c))}` : undefined),
  childTid: c => (int(c.args[0]!) & CLONE.CHILD ? `child_tidptr=${pointer(valueAt(c))}` : undefined),
  prctl,
  cpuset: (c, at) => {
    if (at !== '=') return cpus(c, valueAt(c), c.args[Number(at)]!)
    return succeeded(c) ? cpus(c, valueAt(c), resultOf(c)) : pointer(valueAt(c))
  },
  ioprio: c => printPriority(int(valueAt(c))),
  keyctl,
  keyring: c => key(valueAt(c)),
  // memory
  newAddress: c => ((int(previous(c)) & MREMAP_TO) === MREMAP_TO ? hex(valueAt(c)) : undefined),
  pages: c => {
    const count = Math.min(Math.ceil(Number(previous(c)) / PAGE), LONGEST_ARRAY)
    const bytes = succeeded(c) ? view(c.read, valueAt(c), count) : undefined
    if (!bytes) return pointer(valueAt(c))
    const rest = Number(previous(c)) > count * PAGE ? ', ...' : ''
    return `[${Array.from({ length: count }, (_, i) => bytes.getUint8(i) & 1).join(', ')}${rest}]`
  },
  kcmpIndex: c => (KCMP_OF_FILES.includes(int(c.args[2]!)) ? String(valueAt(c)) : undefined),
  handle: fileHandle,
  handleIn: c => {
    const size = view(c.read, valueAt(c), 4)?.getUint32(0, true)
    return size === undefined ? pointer(valueAt(c)) : `{handle_bytes=${size}${handleRest(c.read, valueAt(c), size)}}`
  },
  cpu: c => (int(previous(c)) === 0 ? undefined : String(int(valueAt(c)))),
  // System V IPC
  ipcKey: c => (int(valueAt(c)) === 0 ? 'IPC_PRIVATE' : hex(BigInt.asUintN(32, valueAt(c)))),
  semaphoreValue: c => (int(previous(c)) === SEM_SETVAL ? hex(BigInt.asUintN(32, valueAt(c))) : ipcBuffer(c, 'sem')),
  ipc: (c, kind) => ipcBuffer(c, kind as IpcKind),
  messageIn: c => message(c.read, valueAt(c), c.args[2]!),
  messageOut: c => (succeeded(c) ? message(c.read, valueAt(c), c.args[2]!) : pointer(valueAt(c))),
  // sockets
  protocol,
  sockaddr: (c, at) => {
    const bytes = view(c.read, valueAt(c), Math.min(int(c.args[Number(at)]!), 128))
    return bytes && bytes.byteLength >= 2 ? printSocketAddress(bytes) : pointer(valueAt(c))
  },
  sockaddrout: addressOut,
  socketLength,
  socketOption: c => printSocketOption(int(previous(c)), int(valueAt(c))),
  optionValue: c =>
    printOptionValue(c.read, int(previous(c, 2)), int(previous(c)), valueAt(c), int(c.args[c.index + 1]!)),
  optionOut: c => {
    const length = view(c.read, c.args[c.index + 1]!, 4)?.getInt32(0, true)
    if (!succeeded(c) || length === undefined) return pointer(valueAt(c))
    return printOptionValue(c.read, int(previous(c, 2)), int(previous(c)), valueAt(c), length)
  },
  mmsghdr: messages,
}

/** The value under a pointer that the kernel replaces: the offset, or the length. */
export function noteBefore(word: string, address: bigint, read: ReadMemory): number | undefined {
  const { name } = kindOf(word)
  if (name === 'handle') return view(read, address, 4)?.getUint32(0, true)
  if (name === 'socketLength') return view(read, address, 4)?.getInt32(0, true)
  return name === 'offset' ? Number(view(read, address, 8)?.getBigInt64(0, true) ?? Number.NaN) : undefined
}

function printStruct(context: Context, name: string, parameter: string, late: boolean): string {
  const { read, args } = context
  const value = valueAt(context)
  if (late && !succeeded(context)) return name === 'msghdr' ? failedMessage(context) : pointer(value)
  if (name === 'msghdr') return messageHeader(context, late ? resultOf(context) : EVERYTHING)
  if (parameter === '') return struct(read, name, value)
  return structs(
    read,
    name,
    value,
    parameter === '=' ? resultOf(context) : BigInt.asUintN(32, args[Number(parameter)]!),
  )
}

/** The text of an argument; undefined leaves it out. */
export function printArgument(word: string, context: Context): string | undefined {
  const { name, parameter, struct: isStruct, late } = kindOf(word)
  const special = SPECIAL[name]
  if (special) return special(context, parameter)
  if (isStruct) return printStruct(context, name, parameter, late)
  const value = valueAt(context)
  switch (name) {
    case 'fd':
    case 'int':
    case 'pid':
      return String(int(value))
    case 'dirfd':
      return int(value) === -100 ? 'AT_FDCWD' : String(int(value))
    case 'uint':
      return String(BigInt.asUintN(32, value))
    case 'size':
    case 'ulong':
      return String(value)
    case 'off':
      return String(signed(value))
    case 'mode':
      return octal(BigInt.asUintN(16, value))
    case 'signal':
      return printSignal(int(value))
    case 'flags':
      return printFlags(parameter as FlagTableName, int(value))
    case 'ptr':
    case 'outptr':
      return pointer(value)
    default:
      return hex(value)
  }
}

/** Whether the text of an argument needs the result of the call. */
export function isLate(word: string, context: Context): boolean {
  const { args, index } = context
  switch (word) {
    case 'fcntl':
      return /^F_(OFD_GETLK|GETLK|GETOWN_EX)$/.test(flagName('fcntl', int(args[1]!)) ?? '')
    case 'ioctlArgument':
      return /^>|ifreq/.test(ioctlOf(Number(BigInt.asUintN(32, args[1]!))).argument)
    case 'parentTid':
      return (int(args[0]!) & CLONE.PARENT_SETTID) !== 0
    case 'ipc:msg':
    case 'ipc:shm':
      return fillsIpcBuffer(word.slice(4) as IpcKind, args[1]!)
    case 'semaphoreValue':
      return fillsIpcBuffer('sem', args[2]!)
    case 'keyctl':
      return keyctlLetter(args, index) === 'B'
    case 'prctl':
      return /[A-Z]/.test(prctlLetter(args, index))
    default:
      return kindOf(word).late
  }
}

/** Whether a kind of table.ts is one that is printed. */
export function knownKind(word: string): boolean {
  const { name, struct: isStruct } = kindOf(word)
  if (name in SPECIAL) return true
  if (isStruct) return name in STRUCTS || name === 'msghdr'
  return 'fd int pid dirfd uint size ulong off mode signal flags ptr outptr hex'.split(' ').includes(name)
}
