/** Structures that the trace shows: the `<T` and `>T` of table.ts, with the layouts of riscv64 Linux (asm-generic headers). */
import { FLAGS, type FlagTableName, printFlags } from './flags.ts'
import { printSignal, printSignalSet } from './names.ts'

/** Prints from bytes that hold at least `size` of them. */
export interface Struct {
  readonly size: number
  readonly print: (bytes: DataView) => string
}

type Scalar = 'i32' | 'u32' | 'x32' | 'i64' | 'u64' | 'x64' | 'signal' | 'mode' | `flags:${FlagTableName}`

/** `S_IFREG|0644`. */
export function printMode(mode: number): string {
  const type = mode & 0xf000
  const name = Object.entries(FLAGS.fileType.values).find(([, value]) => value === type)?.[0]
  const bits = `0${(mode & 0xfff).toString(8)}`
  return name === undefined ? `0${mode.toString(8)}` : `${name}|${bits}`
}

const pointer = (value: bigint) => (value === 0n ? 'NULL' : `0x${value.toString(16)}`)

function scalar(kind: Scalar, bytes: DataView, at: number): string {
  switch (kind) {
    case 'i32':
      return String(bytes.getInt32(at, true))
    case 'u32':
      return String(bytes.getUint32(at, true))
    case 'x32':
      return `0x${bytes.getUint32(at, true).toString(16)}`
    case 'i64':
      return String(bytes.getBigInt64(at, true))
    case 'u64':
      return String(bytes.getBigUint64(at, true))
    case 'x64':
      return pointer(bytes.getBigUint64(at, true))
    case 'signal':
      return printSignal(bytes.getInt32(at, true))
    case 'mode':
      return printMode(bytes.getUint32(at, true))
    default:
      return printFlags(kind.slice('flags:'.length) as FlagTableName, bytes.getUint32(at, true))
  }
}

const part = (bytes: DataView, at: number, { size }: Struct) => new DataView(bytes.buffer, bytes.byteOffset + at, size)

/** A struct whose fields print as `{name=value, ...}`; `rest` says that there are more than those. */
function record(
  size: number,
  fields: readonly (readonly [name: string, at: number, kind: Scalar | Struct])[],
  rest = false,
): Struct {
  const print = (bytes: DataView) => {
    const shown = fields.map(([name, at, kind]) => {
      const value = typeof kind === 'string' ? scalar(kind, bytes, at) : kind.print(part(bytes, at, kind))
      return `${name}=${value}`
    })
    return `{${[...shown, ...(rest ? ['...'] : [])].join(', ')}}`
  }
  return { size, print }
}

function list(count: number, item: Struct): Struct {
  const print = (bytes: DataView) =>
    `[${Array.from({ length: count }, (_, i) => item.print(part(bytes, i * item.size, item))).join(', ')}]`
  return { size: count * item.size, print }
}

function single(size: number, kind: Scalar): Struct {
  return { size, print: bytes => `[${scalar(kind, bytes, 0)}]` }
}

function text(size: number): Struct {
  const print = (bytes: DataView) => {
    const raw = new Uint8Array(bytes.buffer, bytes.byteOffset, size)
    const end = raw.indexOf(0)
    return JSON.stringify(Buffer.from(raw.subarray(0, end < 0 ? size : end)).toString('latin1'))
  }
  return { size, print }
}

const timespec = record(16, [
  ['tv_sec', 0, 'i64'],
  ['tv_nsec', 8, 'i64'],
])
const timeval = record(16, [
  ['tv_sec', 0, 'i64'],
  ['tv_usec', 8, 'i64'],
])
const sigset: Struct = { size: 8, print: bytes => printSignalSet(bytes.getBigUint64(0, true)) }
const handler: Struct = {
  size: 8,
  print: bytes => {
    const value = bytes.getBigUint64(0, true)
    return value === 0n ? 'SIG_DFL' : value === 1n ? 'SIG_IGN' : pointer(value)
  },
}
const cpuset: Struct = {
  size: 8,
  print: bytes => {
    const mask = bytes.getBigUint64(0, true)
    const cpus = Array.from({ length: 64 }, (_, i) => i).filter(i => (mask >> BigInt(i)) & 1n)
    return `[${cpus.join(' ')}]`
  },
}

export const STRUCTS: Readonly<Record<string, Struct>> = {
  int: single(4, 'i32'),
  uint: single(4, 'u32'),
  off: single(8, 'i64'),
  fdPair: list(2, { size: 4, print: bytes => scalar('i32', bytes, 0) }),
  timespec,
  timespecs: list(2, timespec),
  timeval,
  itimerval: record(32, [
    ['it_interval', 0, timeval],
    ['it_value', 16, timeval],
  ]),
  itimerspec: record(32, [
    ['it_interval', 0, timespec],
    ['it_value', 16, timespec],
  ]),
  tms: record(32, [
    ['tms_utime', 0, 'i64'],
    ['tms_stime', 8, 'i64'],
    ['tms_cutime', 16, 'i64'],
    ['tms_cstime', 24, 'i64'],
  ]),
  stat: record(
    128,
    [
      ['st_mode', 16, 'mode'],
      ['st_size', 48, 'i64'],
    ],
    true,
  ),
  statx: record(
    256,
    [
      ['stx_mask', 0, 'flags:statx'],
      ['stx_size', 40, 'u64'],
    ],
    true,
  ),
  statfs: record(
    120,
    [
      ['f_type', 0, 'x64'],
      ['f_bsize', 8, 'i64'],
      ['f_blocks', 16, 'u64'],
      ['f_bfree', 24, 'u64'],
    ],
    true,
  ),
  epollEvent: record(16, [
    ['events', 0, 'flags:epollEvents'],
    ['data', 8, 'x64'],
  ]),
  sigset,
  cpuset,
  sigaction: record(24, [
    ['sa_handler', 0, handler],
    ['sa_mask', 16, sigset],
    ['sa_flags', 8, 'flags:sigaction'],
  ]),
  stack: record(24, [
    ['ss_sp', 0, 'x64'],
    ['ss_flags', 8, 'flags:sigstack'],
    ['ss_size', 16, 'u64'],
  ]),
  siginfo: record(
    128,
    [
      ['si_signo', 0, 'signal'],
      ['si_code', 8, 'i32'],
    ],
    true,
  ),
  rlimit: record(16, [
    ['rlim_cur', 0, 'u64'],
    ['rlim_max', 8, 'u64'],
  ]),
  rusage: record(
    144,
    [
      ['ru_utime', 0, timeval],
      ['ru_stime', 16, timeval],
    ],
    true,
  ),
  utsname: record(
    390,
    [
      ['sysname', 0, text(65)],
      ['nodename', 65, text(65)],
      ['release', 130, text(65)],
      ['machine', 260, text(65)],
    ],
    true,
  ),
  sysinfo: record(
    112,
    [
      ['uptime', 0, 'i64'],
      ['totalram', 32, 'u64'],
      ['freeram', 40, 'u64'],
    ],
    true,
  ),
  openHow: record(24, [
    ['flags', 0, 'flags:open'],
    ['mode', 8, 'u64'],
    ['resolve', 16, 'x64'],
  ]),
}

/** struct pollfd as `{fd=0, events=POLLIN}` before the call, with `revents` after it. */
export function printPollDescriptor(bytes: DataView, after: boolean): string {
  const shown = after ? bytes.getUint16(6, true) : bytes.getUint16(4, true)
  return `{fd=${bytes.getInt32(0, true)}, ${after ? 'revents' : 'events'}=${printFlags('poll', shown)}}`
}

/** struct sockaddr by family: a path, an address and port, or the family alone. */
export function printSocketAddress(bytes: DataView): string {
  const family = bytes.getUint16(0, true)
  const fields = [`sa_family=${printFlags('addressFamily', family)}`]
  if (family === 1 && bytes.byteLength > 2)
    fields.push(`sun_path=${text(bytes.byteLength - 2).print(part(bytes, 2, text(bytes.byteLength - 2)))}`)
  if (family === 2 && bytes.byteLength >= 8) {
    fields.push(`sin_port=htons(${bytes.getUint16(2)})`)
    fields.push(`sin_addr=inet_addr("${[4, 5, 6, 7].map(i => bytes.getUint8(i)).join('.')}")`)
  }
  if (family === 10 && bytes.byteLength >= 24) fields.push(`sin6_port=htons(${bytes.getUint16(2)})`)
  return `{${fields.join(', ')}}`
}
