/* Time, scheduling, accounts and the machine: values that have bounds, and what is refused. */
#include "../syscalls/show.h"
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

static double seconds(struct timespec t) { return (double)t.tv_sec + (double)t.tv_nsec / 1e9; }
static double of(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static void burn(void) {
  struct timespec now, start;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  while (seconds(now) - seconds(start) < 0.03);
}

static void clocks(void) {
  const int ids[] = {CLOCK_REALTIME,         CLOCK_MONOTONIC,     CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
                     CLOCK_MONOTONIC_RAW,    CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
                     CLOCK_REALTIME_ALARM,   CLOCK_TAI,           12, 99, -1};
  for (unsigned i = 0; i < sizeof ids / sizeof *ids; i++) {
    struct timespec one = {0}, resolution = {0};
    long result = syscall(SYS_clock_gettime, ids[i], &one);
    int error = result ? errno : 0, fine = syscall(SYS_clock_getres, ids[i], &resolution) == 0;
    printf("clock %d: %s %d %ld.%09ld\n", ids[i], error ? strerrorname_np(error) : "0", seconds(one) >= 0, (long)resolution.tv_sec,
           fine ? resolution.tv_nsec : -1);
  }
  clockid_t of_child;
  pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  SHOW(clock_getcpuclockid(child, &of_child));
  struct timespec used;
  SHOW(clock_gettime(of_child, &used));
  HOLDS(seconds(used) < 5);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  struct timespec real, left = {0};
  struct timeval day;
  clock_gettime(CLOCK_REALTIME, &real);
  gettimeofday(&day, NULL);
  HOLDS(of(day) - seconds(real) < 5 && labs(time(NULL) - day.tv_sec) <= 5);
  SHOW(nanosleep(&(struct timespec){0, 1000000000}, NULL));
  SHOW(nanosleep(&(struct timespec){0, 1000000}, &left));
  SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL));
  SHOW(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &(struct timespec){0, 1}, NULL));
  SHOW(settimeofday(NULL, &(struct timezone){0}) == 0 || errno == EPERM);
  SHOW(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &(struct timespec){1, 0}));
  struct timex status = {0};
  HOLDS(adjtimex(&status) >= 0 && status.tick >= 9000 && status.tick <= 11000 && status.time.tv_sec - day.tv_sec < 5);
  status = (struct timex){.modes = ADJ_OFFSET_SS_READ};
  HOLDS(clock_adjtime(CLOCK_REALTIME, &status) >= 0);
  SHOW(clock_adjtime(CLOCK_MONOTONIC, &status));
}

static void accounts(void) {
  burn();
  struct rusage own, children;
  struct tms all;
  SHOW(getrusage(RUSAGE_SELF, &own));
  HOLDS(of(own.ru_utime) + of(own.ru_stime) >= 0.02 && own.ru_maxrss > 0 && own.ru_minflt > 0);
  SHOW(getrusage(RUSAGE_THREAD, &own));
  SHOW(getrusage(7, &own));
  pid_t child = fork();
  if (child == 0) {
    burn();
    _exit(3);
  }
  int status;
  HOLDS(wait4(child, &status, 0, &own) == child);
  HOLDS(of(own.ru_utime) + of(own.ru_stime) >= 0.02);
  getrusage(RUSAGE_CHILDREN, &children);
  HOLDS(of(children.ru_utime) + of(children.ru_stime) >= of(own.ru_utime));
  HOLDS(times(&all) != -1 && all.tms_utime + all.tms_stime >= 2 && all.tms_cutime + all.tms_cstime >= 2);
  child = fork();
  if (child == 0) _exit(4);
  siginfo_t info = {0};
  SHOW(syscall(SYS_waitid, P_PID, child, &info, WEXITED | WNOWAIT, &own));
  printf("%d %d %d %d\n", info.si_signo, info.si_code, info.si_status, info.si_pid == child);
  SHOW(syscall(SYS_waitid, P_PID, child, NULL, WEXITED, NULL));
  SHOW(syscall(SYS_waitid, P_PID, child, &info, WEXITED, NULL));
  SHOW(wait4(-1, NULL, WNOHANG, NULL));
  SHOW(wait4(-1, NULL, 0x100, NULL));
  struct itimerval timer = {{0, 0}, {100, 500000}}, old;
  SHOW(setitimer(ITIMER_PROF, &timer, NULL));
  SHOW(setitimer(ITIMER_PROF, &(struct itimerval){0}, &old));
  HOLDS(old.it_value.tv_sec >= 99 && old.it_interval.tv_sec == 0);
  SHOW(setitimer(9, &timer, NULL));
  SHOW(alarm(100) + alarm(0) >= 99);
}

static void scheduling(void) {
  cpu_set_t set, one;
  SHOW(sched_getaffinity(0, sizeof set, &set));
  HOLDS(CPU_COUNT(&set) == sysconf(_SC_NPROCESSORS_ONLN));
  long size = syscall(SYS_sched_getaffinity, 0, sizeof set, &set);
  HOLDS(size > 0 && size % 8 == 0);
  SHOW(syscall(SYS_sched_getaffinity, 0, 1, &set));
  int first = 0;
  while (!CPU_ISSET(first, &set)) first++;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  SHOW(sched_setaffinity(0, sizeof one, &one));
  HOLDS(sched_getcpu() == first);
  unsigned cpu = 99, node = 99;
  SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
  HOLDS(cpu == (unsigned)first && node < 99);
  SHOW(sched_setaffinity(0, sizeof set, &set));
  CPU_ZERO(&one);
  SHOW(sched_setaffinity(0, sizeof one, &one));
  for (int policy = 0; policy < 8; policy++)
    printf("policy %d: %d %d\n", policy, sched_get_priority_min(policy), sched_get_priority_max(policy));
  SHOW(sched_getscheduler(0));
  struct sched_param priority = {7};
  SHOW(sched_setscheduler(0, SCHED_OTHER, &priority));
  priority.sched_priority = 0;
  SHOW(sched_setscheduler(0, SCHED_IDLE, &priority));
  SHOW(sched_getscheduler(0));
  SHOW(sched_getparam(0, &priority));
  SHOW(sched_setparam(0, &priority));
  struct timespec interval;
  SHOW(sched_rr_get_interval(0, &interval));
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t minimum, maximum;
  } attributes = {.size = sizeof attributes};
  SHOW(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0));
  printf("%u %u %d\n", attributes.size, attributes.policy, attributes.nice);
  attributes.policy = SCHED_OTHER;
  attributes.nice = 3;
  SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
  SHOW(getpriority(PRIO_PROCESS, 0));
  attributes.size = 7;
  SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
  SHOW(syscall(SYS_ioprio_get, 1, 0));
  SHOW(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 3));
  SHOW(syscall(SYS_ioprio_get, 1, 0));
  SHOW(sched_yield());
}

static void machine(void) {
  struct utsname name;
  struct sysinfo info;
  uname(&name);
  printf("%s %d %d\n", name.sysname, name.release[0] >= '5', strlen(name.version) > 0);
  SHOW(sysinfo(&info));
  HOLDS(info.uptime > 0 && info.totalram > 1 << 20 && info.procs > 1 && info.mem_unit == 1 && info.freeram < info.totalram);
  HOLDS(sysconf(_SC_PHYS_PAGES) > 1000 && sysconf(_SC_PAGESIZE) == 4096 && sysconf(_SC_CLK_TCK) == 100);
  HOLDS(get_nprocs_conf() >= get_nprocs());
  unsigned char a[32] = {0}, b[32] = {0};
  HOLDS(getrandom(a, 32, 0) == 32 && getrandom(b, 32, GRND_NONBLOCK) == 32 && memcmp(a, b, 32));
  SHOW(getrandom(a, 32, 99));
  SHOW(getrandom(NULL, 8, 0));
  SHOW(getentropy(a, 257));
  SHOW(syscall(SYS_syslog, 99, NULL, 0));
  SHOW(syscall(SYS_reboot, 1, 2, 3, NULL) == -1);
}

int main(void) {
  clocks();
  fflush(stdout);
  accounts();
  scheduling();
  machine();
  return 0;
}
