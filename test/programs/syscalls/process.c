/* The process and the machine: identity, limits, names, scheduling, random bytes. */
#include "show.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
  struct utsname name;
  SHOW(uname(&name));
  printf("%s\n", name.sysname);
  int major = 0, minor = 0;
  sscanf(name.release, "%d.%d", &major, &minor);
  HOLDS(major > 5 || (major == 5 && minor >= 15));
  HOLDS(getpid() == (pid_t)syscall(SYS_gettid) && getppid() > 0);
  HOLDS(getuid() == geteuid() && getgid() == getegid());
  HOLDS(getpgid(0) == getpgrp() && getsid(0) > 0);
  printf("%d arguments, last %s\n", argc, argv[argc - 1]);

  struct rlimit limit, old;
  SHOW(getrlimit(RLIMIT_NOFILE, &limit));
  limit.rlim_cur = 100;
  SHOW(setrlimit(RLIMIT_NOFILE, &limit));
  SHOW(dup2(1, 100));
  SHOW(prlimit(0, RLIMIT_NOFILE, NULL, &old));
  HOLDS(old.rlim_cur == 100 && old.rlim_max == limit.rlim_max);
  SHOW(getrlimit(RLIMIT_STACK, &limit));
  HOLDS(limit.rlim_cur >= 65536);
  SHOW(getrlimit(99, &limit));
  limit = (struct rlimit){10, 5};
  SHOW(setrlimit(RLIMIT_CORE, &limit));
  struct rusage usage;
  SHOW(getrusage(RUSAGE_SELF, &usage));
  HOLDS(usage.ru_maxrss > 0);
  SHOW(getrusage(77, &usage));
  struct sysinfo machine;
  SHOW(sysinfo(&machine));
  HOLDS(machine.totalram > machine.freeram && machine.mem_unit == 1);
  errno = 0;
  HOLDS(getpriority(PRIO_PROCESS, 0) >= -20 && errno == 0);

  char text[32] = "";
  SHOW(prctl(PR_SET_NAME, "a-name"));
  SHOW(prctl(PR_GET_NAME, text));
  printf("%s\n", text);
  SHOW(prctl(PR_GET_DUMPABLE));
  SHOW(prctl(12345));
  cpu_set_t cpus;
  SHOW(sched_getaffinity(0, sizeof cpus, &cpus) == 0);
  HOLDS(CPU_COUNT(&cpus) >= 1 && CPU_COUNT(&cpus) == sysconf(_SC_NPROCESSORS_ONLN));
  SHOW(sched_yield());
  SHOW(sched_getscheduler(0));
  SHOW(sched_get_priority_max(SCHED_FIFO));
  unsigned cpu, node;
  SHOW(getcpu(&cpu, &node));
  HOLDS(cpu < 1024);
  unsigned char random[64] = {0};
  SHOW(getrandom(random, sizeof random, 0));
  int zeros = 0;
  for (unsigned i = 0; i < sizeof random; i++) zeros += random[i] == 0;
  HOLDS(zeros < 16);
  SHOW(getrandom(random, 1, 0x100));
  SHOW(waitpid(-1, NULL, 0));
  gid_t groups[64];
  HOLDS(getgroups(64, groups) >= 0);
  SHOW(setpgid(0, 99999999));
  SHOW(syscall(SYS_membarrier, 0, 0, 0) >= 0);
  SHOW(syscall(SYS_set_tid_address, NULL) == getpid());
  SHOW(isatty(0));
  SHOW(isatty(99));
  return 42;
}
