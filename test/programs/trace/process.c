#include "trace.h"
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

static void handler(int number) { (void)number; }

struct kernel_action {
  void *handler;
  unsigned long flags;
#ifdef __x86_64__
  void *restorer;
#endif
  unsigned long mask;
};

int main(void) {
  enter();
  MARK();
  CALL(getpid);
  unsigned long set = 1ul << (SIGINT - 1) | 1ul << (SIGCHLD - 1) | 1ul << 31 | 1ul << 34, old;
  CALL(rt_sigprocmask, SIG_BLOCK, &set, &old, 8);
  CALL(rt_sigprocmask, SIG_SETMASK, &old, NULL, 8);
  set = ~0ul;
  CALL(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
  CALL(rt_sigprocmask, SIG_SETMASK, NULL, &old, 8);
  set = 0;
  CALL(rt_sigprocmask, SIG_SETMASK, &set, NULL, 8);
  CALL(rt_sigprocmask, 9, &set, NULL, 8);
  CALL(rt_sigaction, SIGUSR1, NULL, &(struct kernel_action){0}, 8);
  CALL(rt_sigaction, SIGKILL, &(struct kernel_action){.handler = (void *)1}, NULL, 8);
  CALL(rt_sigpending, &set, 8);
  CALL(sigaltstack, NULL, &(stack_t){0});
  CALL(sigaltstack, &(stack_t){.ss_flags = SS_DISABLE}, NULL);
  set = 1ul << (SIGUSR2 - 1);
  struct timespec none = {0, 0}, soon = {0, 1000};
  CALL(rt_sigtimedwait, &set, NULL, &none, 8);
  CALL(kill, 0, 0);
  CALL(kill, 1 << 30, SIGTERM);
  CALL(tgkill, 1 << 30, 1 << 30, 40);
  CALL(nanosleep, &soon, NULL);
  CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &none, NULL);
  CALL(clock_nanosleep, CLOCK_REALTIME, 0, &none, &soon);
  signal(SIGALRM, handler);
  struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
  CALL(setitimer, ITIMER_REAL, &often, NULL);
  struct timespec rest = {100, 0};
  CALL(nanosleep, &rest, &rest);
  CALL(setitimer, ITIMER_REAL, &never, NULL);
  CALL(clock_gettime, 99, &none);
  CALL(clock_getres, CLOCK_MONOTONIC, &soon);
  CALL(gettimeofday, NULL, NULL);
  struct itimerval interval = {{0, 0}, {100, 5}};
  CALL(setitimer, ITIMER_REAL, &interval, &interval);
  CALL(setitimer, ITIMER_VIRTUAL, &interval, NULL);
  CALL(getitimer, ITIMER_PROF, &interval);
  struct sigevent notify = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7};
  int timer = 0;
  CALL(timer_create, CLOCK_MONOTONIC, &notify, &timer);
  struct itimerspec when = {{0, 0}, {50, 0}};
  CALL(timer_settime, timer, TIMER_ABSTIME, &(struct itimerspec){0}, &when);
  CALL(timer_gettime, timer, &when);
  CALL(timer_getoverrun, timer);
  CALL(timer_delete, timer);
  notify.sigev_notify = SIGEV_NONE;
  CALL(timer_create, 77, &notify, &timer);
  struct rlimit limit = {1024, RLIM_INFINITY};
  CALL(prlimit64, 0, RLIMIT_CORE, NULL, &limit);
  limit = (struct rlimit){8 << 20, RLIM_INFINITY};
  CALL(prlimit64, 1 << 30, RLIMIT_NOFILE, &limit, NULL);
  CALL(setrlimit, RLIMIT_CORE, &(struct rlimit){0, 0});
  CALL(getrlimit, RLIMIT_CORE, &limit);
  CALL(getrusage, 99, NULL);
  CALL(getpriority, 9, 0);
  CALL(sched_setscheduler, 0, 99, &(int){3});
  CALL(sched_getscheduler, 0);
  CALL(sched_getparam, 0, &(int){3});
  CALL(sched_get_priority_max, SCHED_FIFO);
  CALL(sched_yield);
  unsigned long cpus = 1;
  CALL(sched_setaffinity, 0, 8, &cpus);
  CALL(sched_getaffinity, 0, 4, &cpus);
  CALL(getresuid, 8, 8, 8);
  CALL(setresuid, -1, -1, -1);
  CALL(setreuid, -1, -1);
  CALL(getgroups, 0, NULL);
  CALL(personality, 0xffffffff);
  CALL(prctl, PR_SET_NAME, "trace", 0, 0, 0);
  char name[16];
  CALL(prctl, PR_GET_NAME, name);
  CALL(prctl, PR_GET_DUMPABLE);
  CALL(prctl, PR_SET_PDEATHSIG, SIGTERM);
  CALL(prctl, PR_GET_PDEATHSIG, &timer);
  CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  CALL(prctl, PR_CAPBSET_READ, CAP_CHOWN);
  CALL(prctl, 12345, 1, 2, 3, 4);
  CALL(uname, NULL);
  CALL(getsid, -1);
  CALL(setpgid, -1, 0);
  /* Memory. */
  char *page = (char *)CALL(mmap, NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0l);
  CALL(mmap, page, 4096, PROT_NONE, MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS, -1, 0l);
  CALL(mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, 99, 0x1000l);
  CALL(mprotect, page, 4096, PROT_READ);
  CALL(madvise, page, 4096, MADV_DONTNEED);
  CALL(mremap, page + 4096, 4096, 8192, MREMAP_MAYMOVE);
  CALL(msync, page, 4096, MS_SYNC | MS_INVALIDATE);
  CALL(mlock, page, 4096);
  CALL(munlock, page, 4096);
  CALL(munmap, page, 4096);
  CALL(mincore, page, 4096, page);
  CALL(membarrier, 99, 0, 0);
  CALL(brk, 0);
  /* Futexes. */
  static int word = 1;
  CALL(futex, &word, FUTEX_WAIT, 0, NULL);
  CALL(futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, &soon);
  CALL(futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
  CALL(futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 0, NULL, NULL, FUTEX_BITSET_MATCH_ANY);
  CALL(futex, &word, FUTEX_WAKE_BITSET, 5, NULL, NULL, 0xff);
  CALL(futex, &word, FUTEX_REQUEUE, 1, 2, &word);
  CALL(futex, &word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 2147483647l, &word, 5);
  CALL(futex, &word, FUTEX_WAKE_OP, 1, 1, &word, FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_GT, 1));
  CALL(futex, &word, FUTEX_LOCK_PI, 0, &none);
  CALL(futex, &word, FUTEX_UNLOCK_PI);
  CALL(futex, &word, 77, 1, 2, 3, 4);
  /* System V IPC. */
  int id = CALL(shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  char *shared = (char *)CALL(shmat, id, NULL, SHM_RDONLY);
  CALL(shmdt, shared);
  CALL(shmctl, id, IPC_RMID, NULL);
  CALL(shmget, 0x1234567, 4096, 0644);
  int semaphore = CALL(semget, IPC_PRIVATE, 2, IPC_CREAT | IPC_EXCL | 0666);
  struct sembuf operations[] = {{0, 1, SEM_UNDO}, {1, 0, IPC_NOWAIT}};
  CALL(semop, semaphore, operations, 2);
  CALL(semtimedop, semaphore, operations, 1, &none);
  CALL(semctl, semaphore, 1, SETVAL, 5);
  CALL(semctl, semaphore, 1, GETVAL, 0);
  CALL(semctl, semaphore, 0, IPC_RMID, 0);
  int queue = CALL(msgget, IPC_PRIVATE, IPC_CREAT | 0600);
  struct {
    long type;
    char text[8];
  } message = {1, "hello"};
  CALL(msgsnd, queue, &message, 6, IPC_NOWAIT);
  CALL(msgrcv, queue, &message, 8, 0l, IPC_NOWAIT);
  CALL(msgctl, queue, IPC_RMID, NULL);
  CALL(wait4, -1, &word, WNOHANG, NULL);
  siginfo_t info;
  CALL(waitid, P_ALL, 0, &info, WEXITED | WNOHANG, NULL);
  CALL(waitid, P_PID, 1, NULL, WEXITED, NULL);
  CALL(execve, "/none/program", (char *[]){"program", "-x", "a\nb", NULL}, (char *[]){"A=1", NULL});
  CALL(capget, &(struct __user_cap_header_struct){_LINUX_CAPABILITY_VERSION_3, 1 << 30}, NULL);
  CALL(set_tid_address, 0);
  CALL(sysinfo, 8ul);
  CALL(unshare, 0);
  CALL(setns, -1, CLONE_NEWNET);
  CALL(kcmp, getpid(), getpid(), 0, 1ul, 1ul);
  CALL(process_vm_readv, 1 << 30, NULL, 0, NULL, 0, 0);
  CALL(pidfd_open, 1 << 30, 0);
  CALL(getcpu, NULL, NULL, NULL);
  CALL(ioprio_get, 1, 0);
  CALL(ioprio_set, 1, 0, 2 << 13 | 4);
  CALL(clock_adjtime, 99, NULL);
  CALL(mq_open, "none", O_RDONLY, 0, NULL);
  CALL(mq_unlink, "none");
  CALL(mq_notify, -1, NULL);
  CALL(keyctl, 0, -3, 0);
  CALL(add_key, "user", "name", "x", 1, 12345);
  MARK();
  leave();
  return 0;
}
