import { beforeEach, describe, expect, test } from 'vitest'
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

beforeEach(() => {
  memory.fill(0)
  trace = new SystemCallTrace(read)
})

const word = (value: number | bigint) => BigInt.asUintN(64, BigInt(value))
const number = (name: string) => SYSTEM_CALLS.find(call => call.name === name)?.number ?? Number.NaN

/** The line of a call; `kernel` does to memory what the kernel would. */
function call(name: string | number, args: readonly (number | bigint)[], result: number | bigint, kernel = () => {}) {
  const nr = typeof name === 'number' ? name : number(name)
  const words = [nr, 0, ...args, ...Array(6 - args.length).fill(0)].map(word)
  expect(trace.event(0, words)).toBeUndefined()
  kernel()
  return trace.event(0, [...words.slice(0, 1), 1n, ...words.slice(2, 7), word(result)])
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
      'rt_sigaction(SIGSEGV, {sa_handler=0x1234, sa_mask=[INT], sa_flags=SA_SIGINFO|SA_RESTART}, NULL, 8) = 0',
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
      'ppoll([{fd=7, revents=POLLIN|POLLHUP}], 1, NULL, NULL, 8) = 1',
    )
  })

  test('shows what fcntl takes', () => {
    expect(call('fcntl', [3, 3], 0x8002)).toBe('fcntl(3, F_GETFL) = 32770')
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

  test('is printed at once when it never returns', () => {
    const words = [94, 0, 3, 0, 0, 0, 0, 0].map(word)
    expect(trace.event(0, words)).toBe('exit_group(3) = ?')
  })

  test('without a row shows its number and words', () => {
    expect(call(5000, [1, 2, 3, 4, 5, 6], -38)).toBe(
      'syscall_5000(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)',
    )
  })

  test('keeps threads apart and lists what has not returned', () => {
    const started = (pid: number) => [number('getpgid'), 0, pid, 0, 0, 0, 0, 0].map(word)
    const ended = (result: number) => [number('getpgid'), 1, 0, 0, 0, 0, 0, result].map(word)
    trace.event(1, started(10))
    trace.event(2, started(20))
    expect(trace.event(1, ended(11))).toBe('getpgid(10) = 11')
    expect(trace.unfinished()).toEqual(['getpgid(20) = ?'])
    expect(trace.event(2, ended(21))).toBeUndefined()
  })

  test('can be printed whatever its arguments are', () => {
    const garbage = [0n, 1n, 0xffff_ffff_ffff_ffffn, BigInt(BASE), BigInt(BASE + 0xff8)]
    for (const { number: nr, name } of SYSTEM_CALLS) {
      for (const value of garbage) {
        const words = [BigInt(nr), 0n, ...Array<bigint>(6).fill(value)]
        const line = trace.event(0, words) ?? trace.event(0, [BigInt(nr), 1n, ...words.slice(2, 7), 16n])
        expect(line).toContain(`${name}(`)
      }
    }
  })
})

describe('names', () => {
  test('of flags: leftover bits in hexadecimal, names for 0', () => {
    expect(printFlags('protection', 0)).toBe('PROT_NONE')
    expect(printFlags('protection', 0x83)).toBe('PROT_READ|PROT_WRITE|0x80')
    expect(printFlags('clock', 99)).toBe('0x63')
    expect(printFlags('rusage', -1)).toBe('RUSAGE_CHILDREN')
    expect(printFlags('sigaction', 0x80000000)).toBe('SA_RESETHAND')
  })

  test('of signal sets: the smaller side', () => {
    expect(printSignalSet(0n)).toBe('[]')
    expect(printSignalSet(0b110n | (1n << 33n))).toBe('[INT QUIT RT_2]')
    expect(printSignalSet(BigInt.asUintN(64, ~(1n << 8n)))).toBe('~[KILL]')
  })
})
