/** What the second run of `ferry run --verify` does with system calls, by name. Those that are not here are answered from the record. */

/**
 * Made in both runs, and their arguments and results compared, addresses too: they concern the address space and the signal
 * state of the process, which each run has for itself.
 */
export const PERFORMED: ReadonlySet<string> = new Set(
  [
    'brk mmap munmap mremap mprotect madvise msync mincore mlock mlock2 munlock mlockall munlockall remap_file_pages mseal',
    'riscv_flush_icache membarrier personality getrlimit setrlimit prlimit64',
    'rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigreturn sigaltstack',
    'exit exit_group',
  ]
    .join(' ')
    .split(' '),
)

/**
 * Made in both runs and not compared: they only tell of the machine. The guest's loader asks when it binds a function of the C library
 * late, which native code may never have it do.
 */
export const UNCOMPARED: ReadonlySet<string> = new Set(['riscv_hwprobe'])

/** Made in both runs when they are about the process itself. */
export const SIGNALS: ReadonlySet<string> = new Set('kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo'.split(' '))

/** Their results are what they restore, or they never return. */
export const WITHOUT_RESULT: ReadonlySet<string> = new Set(['rt_sigreturn', 'exit', 'exit_group'])

/** Why a program that makes these calls can not be verified. */
export const REFUSED: Readonly<Record<string, string>> = {
  clone: 'it makes a thread or a process, and only one thread is followed',
  clone3: 'it makes a thread or a process, and only one thread is followed',
  execve: 'it executes another program',
  execveat: 'it executes another program',
  shmat: 'its memory is shared with other processes',
  io_setup: 'asynchronous input and output can not be repeated',
}
