/** The constants and structures of the trace, and what the executor converts, against the headers of riscv64. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { FLAGS, type FlagTable } from '../../../../runtime/syscalls/flags.ts'
import { IOCTLS } from '../../../../runtime/syscalls/ioctl.ts'
import { STRUCTS } from '../../../../runtime/syscalls/structs.ts'

const COMPILER = 'riscv64-linux-gnu-gcc'
const there = spawnSync(COMPILER, ['--version']).status === 0

/** The errors of a compilation of these static assertions behind headers.h. */
function check(assertions: readonly string[]): string[] {
  const header = fileURLToPath(new URL('headers.h', import.meta.url))
  const input = [`#include "${header}"`, ...assertions].join('\n')
  const { stderr } = spawnSync(COMPILER, ['-x', 'c', '-fsyntax-only', '-fmax-errors=0', '-'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  })
  return [...stderr.matchAll(/error: (.*)/g)]
    .map(([, message]) => message!)
    .filter(message => message !== 'expression in static assertion is not an integer')
}

const undeclared = (name: string) => new RegExp(`^'${name}' undeclared`)

/** Constants of the kernel that no header of user space has, or only in another form. */
const KERNEL_ONLY = [
  ...'CLOSE OPEN READ READ_ALL READ_CLEAR CLEAR CONSOLE_OFF CONSOLE_ON CONSOLE_LEVEL SIZE_UNREAD SIZE_BUFFER'
    .split(' ')
    .map(name => `SYSLOG_ACTION_${name}`),
  ...['SUID_DUMP_DISABLE', 'SUID_DUMP_USER', 'SUID_DUMP_ROOT', 'ST_VALID', 'ST_NOSYMFOLLOW', 'SCM_SECURITY'],
  ...['SOL_UDP', 'SOL_SCTP', 'IPV6_FLOWINFO', 'IPV6_FLOWINFO_SEND', 'IPV6_FLOWLABEL_MGR', 'BLKPG'],
  // Newer than the headers of some systems.
  ...['RISCV_HWPROBE_WHICH_CPUS', 'MFD_NOEXEC_SEAL', 'MFD_EXEC', 'SCHED_ISO'],
  ...['FUTEX_8', 'FUTEX_16', 'FUTEX_32', 'FUTEX_64', 'FUTEX_NUMA', 'FUTEX_PRIVATE_FLAG'],
  ...['PR_RISCV_V_SET_CONTROL', 'PR_RISCV_V_GET_CONTROL', 'PR_RISCV_SET_ICACHE_FLUSH_CTX'],
]

test.runIf(there)('constants have the values of the headers', () => {
  const tables: readonly FlagTable[] = Object.values(FLAGS)
  const flags = tables.flatMap(({ values, bits }) => Object.entries({ ...values, ...bits }))
  const requests = Object.entries(IOCTLS).map(([name, [number]]) => [name, number] as const)
  // The C library's is 0: it opens large files without.
  const constants = [...flags, ...requests].filter(([name]) => name !== 'O_LARGEFILE')
  expect(constants.length).toBeGreaterThan(1300)
  const errors = check(
    constants.map(([name, value]) => `_Static_assert((unsigned)(${name}) == ${value >>> 0}u, "${name} is ${value}");`),
  )
  expect(errors.filter(error => !KERNEL_ONLY.some(name => undeclared(name).test(error)))).toEqual([])
})

/** Structures of structs.ts by their types in C. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ timespec: 'struct timespec', timeval: 'struct timeval', timezone: 'struct timezone' },
  ...{ itimerval: 'struct itimerval', itimerspec: 'struct itimerspec', tms: 'struct tms', timex: 'struct timex' },
  ...{ stat: 'struct stat', statx: 'struct statx', statfs: 'struct statfs', flock: 'struct flock' },
  ...{ owner: 'struct f_owner_ex', pollfd: 'struct pollfd', epollEvent: 'struct epoll_event' },
  ...{ openHow: 'struct open_how', stack: 'stack_t', siginfo: 'siginfo_t', sigevent: 'struct sigevent' },
  ...{ rlimit: 'struct rlimit', rusage: 'struct rusage', utsname: 'struct utsname', sysinfo: 'struct sysinfo' },
  ...{ sembuf: 'struct sembuf', mqAttr: 'struct mq_attr', linger: 'struct linger', credentials: 'struct ucred' },
  ...{ winsize: 'struct winsize' },
}

test.runIf(there)('structures have the sizes of the headers', () => {
  const shown = Object.entries(TYPES).map(([name, type]) => [type, STRUCTS[name]!.size] as const)
  // What the executor has types of its own for.
  const converted = [
    ['struct semid_ds', 88],
    ['struct loop_info', 160],
    ['struct msghdr', 56],
    ['struct mmsghdr', 64],
  ] as const
  const errors = check(
    [...shown, ...converted].map(([type, size]) => `_Static_assert(sizeof(${type}) == ${size}, "${type}");`),
  )
  expect(errors).toEqual([])
})

test.runIf(there)('fields are where the headers have them', () => {
  const fields = [
    ['struct stat', 'st_mode', 16],
    ['struct stat', 'st_nlink', 20],
    ['struct stat', 'st_rdev', 32],
    ['struct stat', 'st_size', 48],
    ['struct stat', 'st_blksize', 56],
    ['struct stat', 'st_blocks', 64],
    ['struct stat', 'st_atim', 72],
    ['struct stat', 'st_ctim', 104],
    ['struct epoll_event', 'data', 8],
    ['struct semid_ds', 'sem_otime', 48],
    ['struct semid_ds', 'sem_ctime', 56],
    ['struct semid_ds', 'sem_nsems', 64],
    ['struct loop_info', 'lo_inode', 8],
    ['struct loop_info', 'lo_offset', 20],
    ['struct loop_info', 'lo_name', 36],
    ['struct loop_info', 'lo_init', 136],
    ['struct statx', 'stx_mode', 28],
    ['struct statx', 'stx_size', 40],
    ['struct flock', 'l_pid', 24],
    ['struct timex', 'tai', 160],
    ['struct sigevent', 'sigev_notify', 12],
    ['siginfo_t', 'si_status', 24],
    ['siginfo_t', 'si_utime', 32],
    ['siginfo_t', 'si_addr', 16],
    ['siginfo_t', 'si_fd', 24],
    ['ucontext_t', 'uc_sigmask', 40],
  ] as const
  const errors = check(
    fields.map(
      ([type, field, at]) => `_Static_assert(__builtin_offsetof(${type}, ${field}) == ${at}, "${type}.${field}");`,
    ),
  )
  expect(errors).toEqual([])
})
