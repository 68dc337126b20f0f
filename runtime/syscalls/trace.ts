/**
 * `--log=strace`: the executor posts REQUEST.TRACE before and after each system call; this makes strace's lines of them
 * from the rows of table.ts.
 *
 *   openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
 */
import { type FlagTableName, printFlags } from './flags.ts'
import { printError, printSignal } from './names.ts'
import { printPollDescriptor, printSocketAddress, STRUCTS } from './structs.ts'
import { SYSTEM_CALLS, type SystemCall } from './table.ts'

/** Bytes of guest memory: all of `length`, fewer where the readable memory ends, or undefined when none is readable. */
export type ReadMemory = (address: number, length: number) => Uint8Array | undefined

interface Context {
  readonly args: readonly bigint[]
  readonly index: number
  readonly read: ReadMemory
  /** What the call returned; undefined before it. */
  readonly result?: bigint
}

const CALLS = new Map(SYSTEM_CALLS.map(call => [call.number, call]))
const NEVER_RETURN = new Set(['exit', 'exit_group'])
const POINTER_RESULT = new Set(['brk', 'mmap', 'mremap', 'shmat'])
const LONGEST_BUFFER = 32
const LONGEST_PATH = 4096
const PAGE = 4096

const signed = (value: bigint) => BigInt.asIntN(64, value)
const int = (value: bigint) => Number(BigInt.asIntN(32, value))
const hex = (value: bigint) => (value === 0n ? '0' : `0x${value.toString(16)}`)
const pointer = (value: bigint) => (value === 0n ? 'NULL' : hex(value))
const failed = (result: bigint) => signed(result) < 0n && signed(result) > -4096n

function view(read: ReadMemory, address: bigint, length: number): DataView | undefined {
  if (address > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const bytes = read(Number(address), length)
  return bytes && bytes.length >= length ? new DataView(bytes.buffer, bytes.byteOffset, length) : undefined
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' }

function quote(bytes: Uint8Array): string {
  let text = '"'
  for (const [i, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte)
    if (ESCAPES[character] !== undefined) text += ESCAPES[character]
    else if (byte >= 32 && byte < 127) text += character
    // Shortest octal form, unless a digit follows that would be read as part of it.
    else text += `\\${byte.toString(8).padStart(isDigit(bytes[i + 1]) ? 3 : 1, '0')}`
  }
  return `${text}"`
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

function string(read: ReadMemory, address: bigint): string {
  if (address === 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) return pointer(address)
  const found: number[] = []
  for (let at = Number(address); found.length < LONGEST_PATH; ) {
    const bytes = read(at, Math.min(256, PAGE - (at % PAGE)))
    if (!bytes || bytes.length === 0) return pointer(address)
    const end = bytes.indexOf(0)
    found.push(...(end < 0 ? bytes : bytes.subarray(0, end)))
    if (end >= 0) return quote(Uint8Array.from(found))
    at += bytes.length
  }
  return `${quote(Uint8Array.from(found))}...`
}

function buffer(read: ReadMemory, address: bigint, length: bigint): string {
  const shown = view(read, address, Number(length < LONGEST_BUFFER ? length : BigInt(LONGEST_BUFFER)))
  if (address === 0n || !shown) return pointer(address)
  const text = quote(new Uint8Array(shown.buffer, shown.byteOffset, shown.byteLength))
  return length > LONGEST_BUFFER ? `${text}...` : text
}

/** Struct iovec array, each entry cut to what is left of `total` bytes. */
function vectors(read: ReadMemory, address: bigint, count: bigint, total: bigint): string {
  const table = count <= 16n && view(read, address, Number(count) * 16)
  if (!table) return pointer(address)
  let left = total
  const entries = Array.from({ length: Number(count) }, (_, i) => {
    const base = table.getBigUint64(i * 16, true)
    const length = table.getBigUint64(i * 16 + 8, true)
    const part = length < left ? length : left
    left -= part
    return `{iov_base=${buffer(read, base, part)}, iov_len=${length}}`
  })
  return `[${entries.join(', ')}]`
}

function directoryEntries(read: ReadMemory, address: bigint, length: bigint): string {
  const entries = view(read, address, Number(length))
  if (!entries) return pointer(address)
  let count = 0
  for (let at = 0; at + 18 < entries.byteLength; at += Math.max(entries.getUint16(at + 16, true), 19)) count++
  return `${pointer(address)} /* ${count} entries */`
}

function struct({ read }: Context, name: string, address: bigint): string {
  const found = STRUCTS[name]
  const bytes = found && address !== 0n ? view(read, address, found.size) : undefined
  return bytes && found ? found.print(bytes) : pointer(address)
}

/** The third argument of fcntl: what its command makes of it. */
function fcntlArgument({ args, index }: Context): string | undefined {
  const command = printFlags('fcntl', int(args[index - 1]!))
  const value = args[index]!
  if (/^F_GET(FD|FL|OWN|SIG|LEASE|PIPE_SZ|_SEALS)$/.test(command)) return undefined
  if (command === 'F_SETFD') return value === 1n ? 'FD_CLOEXEC' : hex(value)
  if (command === 'F_SETFL') return printFlags('open', int(value))
  return /LK|_EX$/.test(command) ? pointer(value) : String(int(value))
}

function pollDescriptors({ args, read, result }: Context, at: bigint, length: number): string {
  const table = args[length]! <= 64n ? view(read, at, Number(args[length]) * 8) : undefined
  if (!table) return pointer(at)
  const entries = Array.from({ length: Number(args[length]) }, (_, i) =>
    printPollDescriptor(new DataView(table.buffer, table.byteOffset + i * 8, 8), result !== undefined),
  )
  return `[${entries.join(', ')}]`
}

/** Kinds whose text needs the result; they print as an address when the call failed. */
const AFTER = /^(>.*|out|iovout:\d|sockaddrout)$/

/** The text of an argument; undefined leaves it out. */
function print(kind: string, context: Context): string | undefined {
  const { args, index, read, result } = context
  const value = args[index]!
  const [name = '', parameter = ''] = kind.split(':')
  if (name.startsWith('<')) return struct(context, name.slice(1), value)
  if (AFTER.test(kind) && (result === undefined || failed(result))) return pointer(value)
  if (name === '>dirents') return directoryEntries(read, value, result ?? 0n)
  if (name.startsWith('>')) return struct(context, name.slice(1), value)
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
      return String(value)
    case 'off':
      return String(signed(value))
    case 'mode':
      return `0${value.toString(8)}`
    case 'signal':
      return printSignal(int(value))
    case 'path':
    case 'str':
      return string(read, value)
    case 'in':
      return buffer(read, value, args[Number(parameter)]!)
    case 'out':
      return buffer(read, value, result ?? 0n)
    case 'iov':
      return vectors(read, value, args[Number(parameter)]!, 1n << 32n)
    case 'iovout':
      return vectors(read, value, args[Number(parameter)]!, result ?? 0n)
    case 'flags':
      return printFlags(parameter as FlagTableName, int(value))
    case 'fcntl':
      return fcntlArgument(context)
    // A mode is there when the flags before it create a file.
    case 'openmode':
      return int(args[index - 1]!) & 0o20000100 ? `0${value.toString(8)}` : undefined
    case 'pollfd':
      return pollDescriptors(context, value, Number(parameter))
    case 'sockaddr': {
      const bytes = value === 0n ? undefined : view(read, value, int(args[Number(parameter)]!))
      return bytes && bytes.byteLength >= 2 ? printSocketAddress(bytes) : pointer(value)
    }
    case 'sockaddrout': {
      const length = value === 0n ? undefined : view(read, args[index + 1]!, 4)?.getUint32(0, true)
      const bytes = length === undefined ? undefined : view(read, value, Math.min(length, 128))
      return bytes && bytes.byteLength >= 2 ? printSocketAddress(bytes) : pointer(value)
    }
    case 'ptr':
      return pointer(value)
    default:
      return hex(value)
  }
}

function printResult(name: string, result: bigint): string {
  if (failed(result)) return `-1 ${printError(Number(-signed(result)))}`
  if (POINTER_RESULT.has(name)) return hex(result)
  return name === 'umask' ? `0${result.toString(8)}` : String(signed(result))
}

/** A number without a row: its six words. */
const unknown = (number: number): SystemCall => ({
  number,
  name: `syscall_${number}`,
  args: ['hex', 'hex', 'hex', 'hex', 'hex', 'hex'],
  policy: 'enosys',
  interruption: 'none',
})

interface Started {
  readonly call: SystemCall
  readonly args: readonly bigint[]
  /** Texts of the arguments as they were before the call. */
  readonly texts: readonly (string | undefined)[]
}

/** Turns TRACE requests into lines; one for all guest threads, since a call of one may begin inside one of another. */
export class SystemCallTrace {
  readonly #read: ReadMemory
  readonly #started = new Map<number, Started>()

  constructor(read: ReadMemory) {
    this.#read = read
  }

  /**
   * One request: the words of the mailbox's `args` (number, phase, six arguments; after the call the result in place of the
   * last). The line when the call is over, undefined before.
   */
  event(thread: number, words: ArrayLike<bigint>): string | undefined {
    const number = Number(words[0])
    if (words[1] === 0n) {
      const args = Array.from({ length: 6 }, (_, i) => words[i + 2]!)
      const call = CALLS.get(number) ?? unknown(number)
      const texts = call.args.map((kind, index) => print(kind, { args, index, read: this.#read }))
      if (NEVER_RETURN.has(call.name)) return this.#line(call, texts, '?')
      this.#started.set(thread, { call, args, texts })
      return undefined
    }
    const started = this.#started.get(thread)
    if (!started) return undefined
    this.#started.delete(thread)
    const { call, args, texts } = started
    const result = words[7]!
    const after = call.args.map((kind, index) => {
      const late = AFTER.test(kind) || (kind.startsWith('pollfd') && signed(result) > 0n)
      return late ? print(kind, { args, index, read: this.#read, result }) : texts[index]
    })
    return this.#line(call, after, printResult(call.name, result))
  }

  /** Lines of calls that have not returned, for the end of the guest by a signal. */
  unfinished(): string[] {
    const lines = [...this.#started.values()].map(({ call, texts }) => this.#line(call, texts, '?'))
    this.#started.clear()
    return lines
  }

  #line({ name }: SystemCall, texts: readonly (string | undefined)[], result: string): string {
    return `${name}(${texts.filter(text => text !== undefined).join(', ')}) = ${result}`
  }
}
