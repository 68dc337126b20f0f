/* Bad addresses, bad descriptors, unknown calls: errors, never a crash. */
#include "show.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

/* Through a volatile, so that the compiler does not warn of them. */
static char *volatile bad[] = {(char *)8, (char *)-8, NULL};

int main(void) {
  int ends[2];
  pipe(ends);
  bad[2] = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(bad[2] + 4096, 4096);
  bad[2] += 4096 - 4; /* four good bytes, then none */
  for (int i = 0; i < 3; i++) {
    char *p = bad[i];
    printf("address %d\n", i);
    SHOW(write(ends[1], p + 4, 10));
    SHOW(syscall(SYS_openat, AT_FDCWD, p + 4, O_RDONLY));
    SHOW(syscall(SYS_newfstatat, AT_FDCWD, "/", p, 0));
    SHOW(syscall(SYS_fstat, 0, p));
    SHOW(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", p + 4, 100));
    SHOW(syscall(SYS_uname, p));
    SHOW(syscall(SYS_clock_gettime, CLOCK_REALTIME, p));
    SHOW(syscall(SYS_gettimeofday, p, NULL));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, p, NULL, 8));
    SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, p, NULL, 8));
    SHOW(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, p, NULL));
    SHOW(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, p));
    SHOW(syscall(SYS_ppoll, p, 1, NULL, NULL, 0));
    SHOW(syscall(SYS_pipe2, p, 0));
    SHOW(syscall(SYS_getcwd, p + 4, 100));
    SHOW(syscall(SYS_writev, ends[1], p, 1));
    SHOW(syscall(SYS_statfs, "/", p));
    SHOW(syscall(SYS_sysinfo, p));
    SHOW(syscall(SYS_getrusage, RUSAGE_SELF, p));
  }
  char *longest = malloc(5001);
  SHOW(read(99, longest, 1));
  SHOW(fcntl(99, F_GETFD));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
  SHOW(syscall(5000));
  SHOW(syscall(-1));
  SHOW(close(-1));
  struct stat s;
  memset(longest, 'a', 5000);
  longest[5000] = 0;
  SHOW(stat(longest, &s));
  return 0;
}
