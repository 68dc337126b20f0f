/** Structures that the trace shows: the `<T` and `>T` of table.ts, with the layouts of riscv64 Linux (asm-generic headers). */
import { type FlagTableName, flagName, printFlags } from './flags.ts'
import { printSignal, printSignalSet } from './names.ts'
import { hex, octal, pointer, quote } from './text.ts'

/** Prints from bytes that hold at least `size` of them. */
export interface Struct {
  readonly size: number
  readonly print: (bytes: DataView) => string
}

type Scalar =
  | 'i16'
  | 'i32'
  | 'i64'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'x32'
  | 'x64'
  | 'signal'
  | 'mode'
  | 'octal'
  | `flags:${FlagTableName}`

const FILE_TYPES: Readonly<Record<number, string>> = {
  1: 'IFIFO',
  2: 'IFCHR',
  4: 'IFDIR',
  6: 'IFBLK',
  8: 'IFREG',
  10: 'IFLNK',
  12: 'IFSOCK',
}
const SPECIAL_BITS: readonly (readonly [number, string])[] = [
  [0o4000, 'S_ISUID'],
  [0o2000, 'S_ISGID'],
  [0o1000, 'S_ISVTX'],
]

/** `S_IFREG|S_ISUID|0755`. */
export function printMode(mode: number): string {
  const type = FILE_TYPES[(mode >> 12) & 15]
  if (type === undefined) return octal(mode)
  const special = SPECIAL_BITS.filter(([bit]) => mode & bit).map(([, name]) => name)
  return [`S_${type}`, ...special, octal(mode & 0o777)].join('|')
}

/** A device number as user space has it (makedev(3)). */
export function printDevice(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return `makedev(${hex(major)}, ${hex(minor)})`
}

function scalar(kind: Scalar, bytes: DataView, at: number): string {
  switch (kind) {
    case 'i16':
      return String(bytes.getInt16(at, true))
    case 'u16':
      return String(bytes.getUint16(at, true))
    case 'i32':
      return String(bytes.getInt32(at, true))
    case 'u32':
      return String(bytes.getUint32(at, true))
    case 'x32':
      return hex(bytes.getUint32(at, true))
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
    case 'octal':
      return octal(bytes.getUint32(at, true))
    default:
      return printFlags(kind.slice('flags:'.length) as FlagTableName, bytes.getUint32(at, true))
  }
}

export const part = (bytes: DataView, at: number, { size }: Pick<Struct, 'size'>): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset + at, size)

export type Field = readonly [name: string, at: number, kind: Scalar | Struct]

export function fieldsOf(bytes: DataView, fields: readonly Field[]): string[] {
  return fields.map(([name, at, kind]) => {
    const value = typeof kind === 'string' ? scalar(kind, bytes, at) : kind.print(part(bytes, at, kind))
    return `${name}=${value}`
  })
}

/** A struct whose fields print as `{name=value, ...}`; `rest` says that there are more than those. */
export function record(size: number, fields: readonly Field[], rest = false): Struct {
  return {
    size,
    print: bytes => `{${[...fieldsOf(bytes, fields), ...(rest ? ['...'] : [])].join(', ')}}`,
  }
}

/** A struct whose fields depend on its content. */
function variable(size: number, fields: (bytes: DataView) => readonly Field[]): Struct {
  return { size, print: bytes => `{${fieldsOf(bytes, fields(bytes)).join(', ')}}` }
}

function list(count: number, item: Struct): Struct {
  const print = (bytes: DataView) =>
    `[${Array.from({ length: count }, (_, i) => item.print(part(bytes, i * item.size, item))).join(', ')}]`
  return { size: count * item.size, print }
}

const plain = (size: number, kind: Scalar): Struct => ({ size, print: bytes => scalar(kind, bytes, 0) })
/** What a pointer to a single value shows. */
const single = (size: number, kind: Scalar): Struct => ({ size, print: bytes => `[${scalar(kind, bytes, 0)}]` })

/** Text in a field of fixed size. */
export function text(size: number): Struct {
  const print = (bytes: DataView) => {
    const raw = new Uint8Array(bytes.buffer, bytes.byteOffset, size)
    const end = raw.indexOf(0)
    return quote(raw.subarray(0, end < 0 ? size : end))
  }
  return { size, print }
}

const timespec = record(16, [
  ['tv_sec', 0, 'i64'],
  ['tv_nsec', 8, 'u64'],
])
const timeval = record(16, [
  ['tv_sec', 0, 'i64'],
  ['tv_usec', 8, 'u64'],
])

const UTIME_NOW = 0x3fffffffn
const UTIME_OMIT = 0x3ffffffen
const pad = (value: number, width = 2) => String(value).padStart(width, '0')

/** Local time as strace's comments have it. */
function dateOf(seconds: bigint, nanoseconds: bigint): string {
  const date = new Date(Number(seconds) * 1000)
  if (Number.isNaN(date.getTime())) return ''
  const zone = -date.getTimezoneOffset()
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  const fraction = nanoseconds === 0n ? '' : `.${String(nanoseconds).padStart(9, '0')}`
  const offset = `${zone < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(zone) / 60))}${pad(Math.abs(zone) % 60)}`
  return ` /* ${day}T${time}${fraction}${offset} */`
}

const fileTime: Struct = {
  size: 16,
  print: bytes => {
    const nanoseconds = bytes.getBigInt64(8, true)
    if (nanoseconds === UTIME_NOW) return 'UTIME_NOW'
    if (nanoseconds === UTIME_OMIT) return 'UTIME_OMIT'
    return `${timespec.print(bytes)}${dateOf(bytes.getBigInt64(0, true), nanoseconds)}`
  },
}

const ticks: Struct = {
  size: 8,
  print: bytes => {
    const value = bytes.getBigUint64(0, true)
    return value === 0n ? '0' : `${value} /* ${(Number(value) / 100).toFixed(2)} s */`
  },
}

const sigset: Struct = { size: 8, print: bytes => printSignalSet(bytes.getBigUint64(0, true)) }
const handler: Struct = {
  size: 8,
  print: bytes => {
    const value = bytes.getBigUint64(0, true)
    return value === 0n ? 'SIG_DFL' : value === 1n ? 'SIG_IGN' : pointer(value)
  },
}
const SA_SIGINFO = 4

const sigval = record(8, [
  ['sival_int', 0, 'i32'],
  ['sival_ptr', 0, 'x64'],
])

const UNLIMITED = 2n ** 64n - 1n
function limit(unlimited: string): Struct {
  const print = (bytes: DataView) => {
    const value = bytes.getBigUint64(0, true)
    if (value === UNLIMITED) return unlimited
    return value > 1024n && value % 1024n === 0n ? `${value / 1024n}*1024` : String(value)
  }
  return { size: 8, print }
}
function limits(unlimited: string): Struct {
  return record(16, [
    ['rlim_cur', 0, limit(unlimited)],
    ['rlim_max', 8, limit(unlimited)],
  ])
}

/** The table of si_code of signals whose codes are their own. */
const CODES: Readonly<Record<number, FlagTableName>> = {
  4: 'illCode',
  5: 'trapCode',
  7: 'busCode',
  8: 'fpeCode',
  11: 'segvCode',
  17: 'childCode',
  29: 'pollCode',
}
const SIGCHLD = 17
const SI = { TIMER: -2, SIGIO: -5, TKILL: -6, QUEUE: -1, MESGQ: -3, KERNEL: 0x80 } as const

/** struct siginfo (include/uapi/asm-generic/siginfo.h). */
const siginfo: Struct = {
  size: 128,
  print: bytes => {
    const [number, error, code] = [0, 4, 8].map(at => bytes.getInt32(at, true)) as [number, number, number]
    if (number === 0) return '{}'
    const codes = CODES[number]
    const codeName = (code > 0 && codes && flagName(codes, code)) || flagName('siginfoCode', code) || String(code)
    const fields = [`si_signo=${printSignal(number)}`, `si_code=${codeName}`]
    if (error !== 0) fields.push(`si_errno=${error}`)
    const add = (...more: Field[]) => fields.push(...fieldsOf(bytes, more))
    const sender: Field[] = [
      ['si_pid', 16, 'i32'],
      ['si_uid', 20, 'u32'],
    ]
    const value: Field[] = [
      ['si_int', 24, 'i32'],
      ['si_ptr', 24, 'x64'],
    ]
    if (number === SIGCHLD && code > 0 && code !== SI.KERNEL) {
      const exited = code === 1
      add(...sender, ['si_status', 24, exited ? 'i32' : 'signal'], ['si_utime', 32, 'i64'], ['si_stime', 40, 'i64'])
    } else if (code === 0 || code === SI.TKILL) add(...sender)
    else if (code === SI.QUEUE || code === SI.MESGQ) add(...sender, ...value)
    else if (code === SI.TIMER) add(['si_timerid', 16, 'x32'], ['si_overrun', 20, 'i32'], ...value)
    else if (code === SI.SIGIO || number === 29) add(['si_band', 16, 'i64'], ['si_fd', 24, 'i32'])
    else if (code > 0 && code !== SI.KERNEL && codes) add(['si_addr', 16, 'x64'])
    return `{${fields.join(', ')}}`
  },
}

const SIGEV = { NONE: 1, THREAD_ID: 4 } as const
const CAP_VERSIONS: Readonly<Record<number, string>> = {
  429392688: '_LINUX_CAPABILITY_VERSION_1',
  537333798: '_LINUX_CAPABILITY_VERSION_2',
  537396514: '_LINUX_CAPABILITY_VERSION_3',
}
/** A capability set, the words of whose halves are 12 bytes apart. */
const capabilities: Struct = {
  size: 16,
  print: bytes => {
    const set = BigInt(bytes.getUint32(0, true)) | (BigInt(bytes.getUint32(12, true)) << 32n)
    const names = Array.from({ length: 64 }, (_, i) => i)
      .filter(i => (set >> BigInt(i)) & 1n)
      .map(i => `1<<${printFlags('capability', i)}`)
    return names.length === 0 ? '0' : names.join('|')
  },
}

const CLONE = { PIDFD: 0x1000, SETTLS: 0x80000, PARENT_SETTID: 0x100000, CHILD_TIDS: 0x1200000 } as const
const CHARACTER_DEVICE = 0x2000
const BLOCK_DEVICE = 0x6000
const device: Struct = { size: 8, print: bytes => printDevice(bytes.getBigUint64(0, true)) }

const whichSize = (mode: number, sizeAt: number): Field[] => {
  const type = mode & 0xf000
  return type === CHARACTER_DEVICE || type === BLOCK_DEVICE ? [['st_rdev', 32, device]] : [['st_size', sizeAt, 'i64']]
}

/** Delays of terminal output: field, shift of its values, names. */
const DELAYS: readonly (readonly [mask: number, shift: number, name: string])[] = [
  [0x100, 8, 'NL'],
  [0x600, 9, 'CR'],
  [0x1800, 11, 'TAB'],
  [0x2000, 13, 'BS'],
  [0x4000, 14, 'VT'],
  [0x8000, 15, 'FF'],
]

function printOutputModes(modes: number): string {
  const delays = DELAYS.map(([mask, shift, name]) => {
    const value = (modes & mask) >> shift
    return name === 'TAB' && value === 3 ? 'XTABS' : `${name}${value}`
  })
  const rest = modes & ~DELAYS.reduce((all, [mask]) => all | mask, 0)
  return [...delays, ...(rest ? [printFlags('terminalOutput', rest)] : [])].join('|')
}

const SPEEDS = [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400]
const FAST_SPEEDS = [
  'BOTHER',
  ...[57_600, 115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000].map(speed => `B${speed}`),
  ...[1_152_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000].map(speed => `B${speed}`),
]
const SPEED = 0x100f
const SIZE = 0x30

function printControlModes(modes: number): string {
  const speed = modes & 0x1000 ? FAST_SPEEDS[modes & 15] : `B${SPEEDS[modes & 15]}`
  const rest = (modes & ~(SPEED | SIZE)) >>> 0
  return [speed, `CS${5 + ((modes & SIZE) >> 4)}`, ...(rest ? [printFlags('terminalControl', rest)] : [])].join('|')
}

/** O_CREAT or O_TMPFILE. */
const MAKES_FILE = 0o20000100
/** The flags of openat2, which have 64 bits. */
const openFlags: Struct = {
  size: 8,
  print: bytes => {
    const rest = bytes.getBigUint64(0, true) & ~0xffff_ffffn
    return `${printFlags('open', bytes.getUint32(0, true))}${rest ? `|${hex(rest)}` : ''}`
  },
}

export const STRUCTS: Readonly<Record<string, Struct>> = {
  address: single(8, 'x64'),
  int: single(4, 'i32'),
  uint: single(4, 'u32'),
  ulong: single(8, 'u64'),
  inode: single(4, 'flags:inode'),
  policy: single(4, 'flags:memoryPolicy'),
  futexWaiter: record(24, [
    ['val', 0, { size: 8, print: bytes => hex(bytes.getBigUint64(0, true)) }],
    ['uaddr', 8, 'x64'],
    ['flags', 16, 'flags:futexSize'],
  ]),
  off: single(8, 'i64'),
  id: plain(4, 'u32'),
  fdPair: list(2, plain(4, 'i32')),
  timespec,
  timespecs: list(2, fileTime),
  timeval,
  timezone: record(8, [
    ['tz_minuteswest', 0, 'i32'],
    ['tz_dsttime', 4, 'i32'],
  ]),
  itimerval: record(32, [
    ['it_interval', 0, timeval],
    ['it_value', 16, timeval],
  ]),
  itimerspec: record(32, [
    ['it_interval', 0, timespec],
    ['it_value', 16, timespec],
  ]),
  tms: record(32, [
    ['tms_utime', 0, ticks],
    ['tms_stime', 8, ticks],
    ['tms_cutime', 16, ticks],
    ['tms_cstime', 24, ticks],
  ]),
  timex: record(208, [
    ['modes', 0, 'flags:adjust'],
    ['offset', 8, 'i64'],
    ['freq', 16, 'i64'],
    ['maxerror', 24, 'i64'],
    ['esterror', 32, 'i64'],
    ['status', 40, 'flags:clockStatus'],
    ['constant', 48, 'i64'],
    ['precision', 56, 'u64'],
    ['tolerance', 64, 'i64'],
    ['time', 72, timeval],
    ['tick', 88, 'i64'],
    ['ppsfreq', 96, 'i64'],
    ['jitter', 104, 'i64'],
    ['shift', 112, 'i32'],
    ['stabil', 120, 'i64'],
    ['jitcnt', 128, 'i64'],
    ['calcnt', 136, 'i64'],
    ['errcnt', 144, 'i64'],
    ['stbcnt', 152, 'i64'],
    ['tai', 160, 'i32'],
  ]),
  stat: {
    size: 128,
    print: bytes => {
      const mode = bytes.getUint32(16, true)
      return `{${fieldsOf(bytes, [['st_mode', 16, 'mode'], ...whichSize(mode, 48)]).join(', ')}, ...}`
    },
  },
  statx: record(
    256,
    [
      ['stx_mask', 0, 'flags:statx'],
      ['stx_attributes', 8, plain(8, 'x32')],
      ['stx_mode', 28, { size: 2, print: bytes => printMode(bytes.getUint16(0, true)) }],
      ['stx_size', 40, 'u64'],
    ],
    true,
  ),
  statfs: record(120, [
    ['f_type', 0, 'flags:fsType'],
    ['f_bsize', 8, 'i64'],
    ['f_blocks', 16, 'u64'],
    ['f_bfree', 24, 'u64'],
    ['f_bavail', 32, 'u64'],
    ['f_files', 40, 'u64'],
    ['f_ffree', 48, 'u64'],
    ['f_fsid', 56, record(8, [['val', 0, list(2, plain(4, 'x32'))]])],
    ['f_namelen', 64, 'i64'],
    ['f_frsize', 72, 'i64'],
    ['f_flags', 80, 'flags:fsFlags'],
  ]),
  flock: record(32, [
    ['l_type', 0, { size: 2, print: bytes => printFlags('lockType', bytes.getUint16(0, true)) }],
    ['l_whence', 2, { size: 2, print: bytes => printFlags('whence', bytes.getUint16(0, true)) }],
    ['l_start', 8, 'i64'],
    ['l_len', 16, 'i64'],
  ]),
  flockOut: record(32, [
    ['l_type', 0, { size: 2, print: bytes => printFlags('lockType', bytes.getUint16(0, true)) }],
    ['l_whence', 2, { size: 2, print: bytes => printFlags('whence', bytes.getUint16(0, true)) }],
    ['l_start', 8, 'i64'],
    ['l_len', 16, 'i64'],
    ['l_pid', 24, 'i32'],
  ]),
  owner: record(8, [
    ['type', 0, 'flags:ownerType'],
    ['pid', 4, 'i32'],
  ]),
  openHow: variable(24, bytes => {
    const makes = (bytes.getUint32(0, true) & MAKES_FILE) !== 0 || bytes.getBigUint64(8, true) !== 0n
    return [
      ['flags', 0, openFlags],
      ...(makes ? ([['mode', 8, 'octal']] as const) : []),
      ['resolve', 16, 'flags:resolve'],
    ]
  }),
  pollfd: {
    size: 8,
    print: bytes => {
      const fd = bytes.getInt32(0, true)
      return fd < 0 ? `{fd=${fd}}` : `{fd=${fd}, events=${printFlags('poll', bytes.getUint16(4, true))}}`
    },
  },
  pollfdOut: {
    size: 8,
    print: bytes => `{fd=${bytes.getInt32(0, true)}, revents=${printFlags('poll', bytes.getUint16(6, true))}}`,
  },
  epollEvent: record(16, [
    ['events', 0, 'flags:epollEvents'],
    [
      'data',
      8,
      record(8, [
        ['u32', 0, 'u32'],
        ['u64', 0, 'u64'],
      ]),
    ],
  ]),
  sigset,
  sigaction: variable(24, bytes => [
    [bytes.getUint32(8, true) & SA_SIGINFO ? 'sa_sigaction' : 'sa_handler', 0, handler],
    ['sa_mask', 16, sigset],
    ['sa_flags', 8, 'flags:sigaction'],
  ]),
  stack: record(24, [
    ['ss_sp', 0, 'x64'],
    ['ss_flags', 8, 'flags:sigstack'],
    ['ss_size', 16, 'u64'],
  ]),
  siginfo,
  sigevent: variable(64, bytes => {
    const notify = bytes.getInt32(12, true)
    return [
      ['sigev_value', 0, sigval],
      ['sigev_signo', 8, notify === SIGEV.NONE ? 'i32' : 'signal'],
      ['sigev_notify', 12, 'flags:sigevNotify'],
      ...(notify === SIGEV.THREAD_ID ? ([['sigev_notify_thread_id', 16, 'i32']] as const) : []),
    ]
  }),
  rlimit: limits('RLIM_INFINITY'),
  rlimit64: limits('RLIM64_INFINITY'),
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
    ],
    true,
  ),
  sysinfo: record(112, [
    ['uptime', 0, 'i64'],
    ['loads', 8, list(3, plain(8, 'u64'))],
    ['totalram', 32, 'u64'],
    ['freeram', 40, 'u64'],
    ['sharedram', 48, 'u64'],
    ['bufferram', 56, 'u64'],
    ['totalswap', 64, 'u64'],
    ['freeswap', 72, 'u64'],
    ['procs', 80, 'u16'],
    ['totalhigh', 88, 'u64'],
    ['freehigh', 96, 'u64'],
    ['mem_unit', 104, 'u32'],
  ]),
  capHeader: record(8, [
    [
      'version',
      0,
      {
        size: 4,
        print: bytes => {
          const version = bytes.getUint32(0, true)
          return CAP_VERSIONS[version] ?? `${hex(version)} /* _LINUX_CAPABILITY_VERSION_??? */`
        },
      },
    ],
    ['pid', 4, 'i32'],
  ]),
  capData: record(24, [
    ['effective', 0, capabilities],
    ['permitted', 4, capabilities],
    ['inheritable', 8, capabilities],
  ]),
  mqAttr: record(64, [
    ['mq_flags', 0, 'flags:mqFlags'],
    ['mq_maxmsg', 8, 'i64'],
    ['mq_msgsize', 16, 'i64'],
    ['mq_curmsgs', 24, 'i64'],
  ]),
  sembuf: record(6, [
    ['sem_num', 0, 'u16'],
    ['sem_op', 2, 'i16'],
    ['sem_flg', 4, { size: 2, print: bytes => printFlags('semFlags', bytes.getUint16(0, true)) }],
  ]),
  schedAttr: record(48, [
    ['size', 0, 'u32'],
    ['sched_policy', 4, 'flags:scheduler'],
    ['sched_flags', 8, 'x32'],
    ['sched_nice', 16, 'i32'],
    ['sched_priority', 20, 'u32'],
    ['sched_runtime', 24, 'u64'],
    ['sched_deadline', 32, 'u64'],
    ['sched_period', 40, 'u64'],
  ]),
  cloneArgs: variable(64, bytes => {
    const flags = bytes.getUint32(0, true)
    return [
      ['flags', 0, 'flags:clone'],
      ...(flags & CLONE.PIDFD ? ([['pidfd', 8, 'x64']] as const) : []),
      ...(flags & CLONE.CHILD_TIDS ? ([['child_tid', 16, 'x64']] as const) : []),
      ...(flags & CLONE.PARENT_SETTID ? ([['parent_tid', 24, 'x64']] as const) : []),
      ['exit_signal', 32, 'signal'],
      ['stack', 40, 'x64'],
      ['stack_size', 48, { size: 8, print: size => hex(size.getBigUint64(0, true)) }],
      ...(flags & CLONE.SETTLS ? ([['tls', 56, 'x64']] as const) : []),
    ]
  }),
  hwprobe: record(16, [
    ['key', 0, 'i64'],
    ['value', 8, { size: 8, print: bytes => hex(bytes.getBigUint64(0, true)) }],
  ]),
  linger: record(8, [
    ['l_onoff', 0, 'i32'],
    ['l_linger', 4, 'i32'],
  ]),
  credentials: record(12, [
    ['pid', 0, 'i32'],
    ['uid', 4, 'u32'],
    ['gid', 8, 'u32'],
  ]),
  winsize: record(8, [
    ['ws_row', 0, 'u16'],
    ['ws_col', 2, 'u16'],
    ['ws_xpixel', 4, 'u16'],
    ['ws_ypixel', 6, 'u16'],
  ]),
  termios: {
    size: 36,
    print: bytes => {
      const fields = fieldsOf(bytes, [
        ['c_iflag', 0, 'flags:terminalInput'],
        ['c_oflag', 4, { size: 4, print: word => printOutputModes(word.getUint32(0, true)) }],
        ['c_cflag', 8, { size: 4, print: word => printControlModes(word.getUint32(0, true)) }],
        ['c_lflag', 12, 'flags:terminalLocal'],
      ])
      return `{${fields.join(', ')}, ...}`
    },
  },
}
