import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { printFlags } from '../../../../runtime/syscalls/flags.ts'
import { printSignalSet } from '../../../../runtime/syscalls/names.ts'
import { SYSTEM_CALLS } from '../../../../runtime/syscalls/table.ts'
import { SystemCallTrace } from '../../../../runtime/syscalls/trace.ts'

const BASE = 0x1000
const memory = Buffer.alloc(0x1000)
const read = (address: number, length: number) => {
  if (address < BASE || address >= BASE + memory.length) return undefined
  return memory.subarray(address - BASE, Math.min(address - BASE + length, memory.length))
}
let trace: SystemCallTrace
let written = ''

beforeEach(() => {
  memory.fill(0)
  written = ''
  vi.useFakeTimers()
  trace = new SystemCallTrace(text => {
    written += text
  })
})
afterEach(() => vi.useRealTimers())

/** What was written since the last time. */
function lines(): string {
  const text = written
  written = ''
  return text
}

const word = (value: number | bigint) => BigInt.asUintN(64, BigInt(value))
const number = (name: string) => SYSTEM_CALLS.find(call => call.name === name)?.number ?? Number.NaN
const BEFORE = 0
const AFTER = 1

/** One event of a thread of a process. */
function event(phase: number, name: string | number, args: readonly (number | bigint)[], tid = 7, pid = 7) {
  const nr = typeof name === 'number' ? name : number(name)
  const words = [BigInt(nr) | (BigInt(pid) << 32n), BigInt(phase) | (BigInt(tid) << 32n), ...args.map(word)]
  trace.event(read, [...words, ...Array<bigint>(8 - words.length).fill(0n)])
}

const begin = (name: string | number, args: readonly (number | bigint)[], tid?: number, pid?: number) =>
  event(BEFORE, name, args, tid, pid)

function end(
  name: string | number,
  args: readonly (number | bigint)[],
  result: number | bigint,
  tid?: number,
  pid?: number,
) {
  event(AFTER, name, [...args, ...Array(5 - Math.min(args.length, 5)).fill(0)].slice(0, 5).concat(result), tid, pid)
}

/** The line of a call; `kernel` does to memory what the kernel would. */
function call(name: string | number, args: readonly (number | bigint)[], result: number | bigint, kernel = () => {}) {
  begin(name, args)
  expect(lines()).toBe('')
  kernel()
  end(name, args, result)
  expect(written.endsWith('\n')).toBe(true)
  return lines().slice(0, -1)
}

function put(offset: number, text: string): number {
  memory.write(`${text}\0`, offset, 'latin1')
  return BASE + offset
}

describe('a traced system call', () => {
  test('shows paths, flags and the mode of a new file', () => {
    const path = put(0, '/etc/passwd')
    expect(call('openat', [-100, path, 0x80000, 0], 3)).toBe('openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3')
    expect(call('openat', [5, path, 0x241, 0o644], -13)).toBe(
      'openat(5, "/etc/passwd", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EACCES (Permission denied)',
    )
  })

  test('shows what was read after the call and what is written before it', () => {
    expect(call('read', [0, BASE, 100], 6, () => put(0, 'hi "x"'))).toBe('read(0, "hi \\"x\\"", 100) = 6')
    put(0, 'one\n\x01\x012')
    expect(call('write', [1, BASE, 7], 7)).toBe('write(1, "one\\n\\1\\0012", 7) = 7')
    put(0, 'x'.repeat(50))
    expect(call('write', [1, BASE, 50], 50)).toBe(`write(1, "${'x'.repeat(32)}"..., 50) = 50`)
  })

  test('shows addresses where nothing can be read', () => {
    expect(call('write', [1, 8, 4], -14)).toBe('write(1, 0x8, 4) = -1 EFAULT (Bad address)')
    expect(call('read', [0, 0, 4], -14)).toBe('read(0, NULL, 4) = -1 EFAULT (Bad address)')
    expect(call('chdir', [-8], -14)).toBe('chdir(0xfffffffffffffff8) = -1 EFAULT (Bad address)')
  })

  test('stops a path at the end of readable memory', () => {
    memory.fill('a', 0xff0)
    expect(call('chdir', [BASE + 0xff0], -14)).toBe('chdir(0x1ff0) = -1 EFAULT (Bad address)')
  })

  test('shows structs of riscv64', () => {
    const stat = () => {
      memory.writeUInt32LE(0o100644, 16)
      memory.writeBigInt64LE(2996n, 48)
    }
    expect(call('fstat', [3, BASE], 0, stat)).toBe('fstat(3, {st_mode=S_IFREG|0644, st_size=2996, ...}) = 0')
    memory.fill(0)
    memory.writeBigInt64LE(5n, 8)
    expect(call('nanosleep', [BASE, 0], 0)).toBe('nanosleep({tv_sec=0, tv_nsec=5}, NULL) = 0')
    memory.writeBigUInt64LE(0x1234n, 0)
    memory.writeUInt32LE(0x10000004, 8)
    memory.writeBigUInt64LE(1n << 1n, 16)
    expect(call('rt_sigaction', [11, BASE, 0, 8], 0)).toBe(
      'rt_sigaction(SIGSEGV, {sa_sigaction=0x1234, sa_mask=[INT], sa_flags=SA_SIGINFO|SA_RESTART}, NULL, 8) = 0',
    )
  })

  test('shows addresses that memory calls return', () => {
    expect(call('mmap', [0, 8192, 3, 0x22, -1, 0], 0x3f_7fff_0000)).toBe(
      'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x3f7fff0000',
    )
    expect(call('brk', [0], 0x12000)).toBe('brk(NULL) = 0x12000')
  })

  test('shows vectors and poll descriptors', () => {
    const text = put(0x100, 'abcdef')
    memory.writeBigUInt64LE(BigInt(text), 0)
    memory.writeBigUInt64LE(4n, 8)
    expect(call('writev', [1, BASE, 1], 4)).toBe('writev(1, [{iov_base="abcd", iov_len=4}], 1) = 4')
    expect(call('readv', [0, BASE, 1], 2)).toBe('readv(0, [{iov_base="ab", iov_len=4}], 1) = 2')
    memory.fill(0)
    memory.writeInt32LE(7, 0)
    memory.writeUInt16LE(1, 4)
    const polled = () => memory.writeUInt16LE(0x11, 6)
    expect(call('ppoll', [BASE, 1, 0, 0, 8], 1, polled)).toBe(
      'ppoll([{fd=7, events=POLLIN}], 1, NULL, NULL, 8) = 1 ([{fd=7, revents=POLLIN|POLLHUP}])',
    )
  })

  test('shows what fcntl takes', () => {
    expect(call('fcntl', [3, 3], 0x8002)).toBe('fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)')
    expect(call('fcntl', [3, 4, 0x800], 0)).toBe('fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0')
    expect(call('fcntl', [3, 2, 1], 0)).toBe('fcntl(3, F_SETFD, FD_CLOEXEC) = 0')
  })

  test('shows socket addresses', () => {
    memory.writeUInt16LE(2, 0)
    memory.writeUInt16BE(8080, 2)
    memory.set([127, 0, 0, 1], 4)
    expect(call('connect', [3, BASE, 16], -111)).toBe(
      'connect(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)',
    )
  })

  test('is printed at once when it never returns, with the end of the process', () => {
    begin('exit_group', [3])
    expect(lines()).toBe('exit_group(3) = ?\n+++ exited with 3 +++\n')
  })

  test('without a row shows its number and words', () => {
    expect(call(5000, [1, 2, 3, 4, 5, 6], -38)).toBe(
      'syscall_0x1388(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)',
    )
  })

  test('shows how a signal interrupted it', () => {
    expect(call('read', [0, BASE, 5], -4)).toBe(
      'read(0, 0x1000, 5) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
    )
    memory.writeBigInt64LE(5n, 0)
    expect(call('nanosleep', [BASE, BASE], -4)).toBe(
      'nanosleep({tv_sec=5, tv_nsec=0}, {tv_sec=5, tv_nsec=0}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)',
    )
  })

  test('can be printed whatever its arguments are', () => {
    const garbage = [0n, 1n, 0xffff_ffff_ffff_ffffn, BigInt(BASE), BigInt(BASE + 0xff8)]
    for (const { number: nr, name } of SYSTEM_CALLS) {
      for (const value of garbage) {
        const words = Array<bigint>(6).fill(value)
        begin(nr, words)
        for (const result of [16n, -4n, -14n, value]) {
          end(nr, words, result)
          begin(nr, words)
        }
        expect(lines()).toContain(`${name}(`)
      }
    }
  })
})

describe('several threads', () => {
  test('have their numbers on their lines, and calls of others split a line', () => {
    begin('getpgid', [10], 1)
    begin('getpgid', [20], 2)
    expect(lines()).toBe('[pid     1] getpgid(10 <unfinished ...>\n')
    end('getpgid', [10], 11, 1)
    expect(lines()).toBe('[pid     2] getpgid(20 <unfinished ...>\n[pid     1] <... getpgid resumed>) = 11\n')
    end('getpgid', [20], 21, 2)
    expect(lines()).toBe('[pid     2] <... getpgid resumed>) = 21\n')
  })

  test('split a line before what only the result tells', () => {
    begin('read', [3, BASE, 4], 1)
    begin('getpid', [], 2)
    end('getpid', [], 2, 2)
    put(0, 'abcd')
    end('read', [3, BASE, 4], 4, 1)
    expect(lines()).toBe(
      '[pid     1] read(3,  <unfinished ...>\n[pid     2] getpid() = 2\n[pid     1] <... read resumed>"abcd", 4) = 4\n',
    )
  })

  test('begin with a clone and end with exit', () => {
    const flags = 0x3d0f00
    begin('clone', [flags, 0x5000, 0, 0x6000, 0x7000])
    end('clone', [flags, 0x5000, 0, 0x6000, 0x7000], 8)
    expect(lines()).toMatch(/^clone\(child_stack=0x5000, flags=CLONE_VM\|.*, tls=0x6000, child_tidptr=0x7000\) = 8\n$/)
    end('getpid', [], 7)
    begin('getpid', [])
    end('getpid', [], 7)
    expect(lines()).toBe('[pid     7] getpid() = 7\n')
    begin('exit', [0], 8)
    expect(lines()).toBe('[pid     8] exit(0) = ?\n[pid     8] +++ exited with 0 +++\n')
    begin('getpid', [])
    end('getpid', [], 7)
    expect(lines()).toBe('getpid() = 7\n')
  })

  test('end with their process', () => {
    begin('getpgid', [1], 1, 1)
    begin('getpgid', [1], 2, 1)
    lines()
    begin('exit_group', [4], 3, 1)
    expect(lines()).toBe(
      [
        '[pid     2] getpgid(1 <unfinished ...>',
        '[pid     3] exit_group(4) = ?',
        '[pid     1] <... getpgid resumed>) = ?',
        '[pid     1] +++ exited with 4 +++',
        '[pid     2] <... getpgid resumed>) = ?',
        '[pid     2] +++ exited with 4 +++',
        '+++ exited with 4 +++',
        '',
      ].join('\n'),
    )
  })
})

describe('a line', () => {
  test('begins when the call takes long', () => {
    begin('read', [3, BASE, 4])
    vi.advanceTimersByTime(1000)
    expect(lines()).toBe('read(3, ')
    end('read', [3, BASE, 4], 0)
    expect(lines()).toBe('"", 4) = 0\n')
  })

  test('that began ends when another thread goes on', () => {
    begin('read', [3, BASE, 4], 1)
    vi.advanceTimersByTime(1000)
    begin('getpid', [], 2)
    expect(lines()).toBe('read(3,  <unfinished ...>\n')
  })

  test('ends with the process', () => {
    begin('read', [3, BASE, 4])
    trace.finish('SIGKILL')
    expect(lines()).toBe('read(3,  <unfinished ...>) = ?\n+++ killed by SIGKILL +++\n')
  })

  test('of an execution ends when the new program begins, or is a host program', () => {
    const path = put(0, '/bin/true')
    begin('execve', [path, 0, 0])
    begin('brk', [0])
    expect(lines()).toBe('execve("/bin/true", NULL, NULL) = 0\n')
    end('brk', [0], 0x5000)
    begin('execve', [path, 0, 0])
    lines()
    trace.gone(7)
    expect(lines()).toBe('execve("/bin/true", NULL, NULL) = 0\n')
  })

  test('tells of a signal whose handler is entered', () => {
    memory.writeInt32LE(10, 0)
    memory.writeInt32LE(0, 8)
    memory.writeInt32LE(44, 16)
    event(2, 10, [BASE])
    expect(lines()).toBe('--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=44, si_uid=0} ---\n')
  })
})

describe('names', () => {
  test('of flags: leftover bits in hexadecimal, names for 0', () => {
    expect(printFlags('protection', 0)).toBe('PROT_NONE')
    expect(printFlags('protection', 0x83)).toBe('PROT_READ|PROT_WRITE|0x80')
    expect(printFlags('clock', 99)).toBe('0x63 /* CLOCK_??? */')
    expect(printFlags('ipcGet', 0o1600)).toBe('IPC_CREAT|0600')
    expect(printFlags('shmGet', 0)).toBe('000')
    expect(printFlags('rusage', -1)).toBe('RUSAGE_CHILDREN')
    expect(printFlags('sigaction', 0x80000000)).toBe('SA_RESETHAND')
  })

  test('of signal sets: the smaller side', () => {
    expect(printSignalSet(0n)).toBe('[]')
    expect(printSignalSet(0b110n | (1n << 33n))).toBe('[INT QUIT RT_2]')
    expect(printSignalSet(BigInt.asUintN(64, ~(1n << 8n)))).toBe('~[KILL]')
  })
})
