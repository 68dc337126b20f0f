/* Times, yields and processors of threads, as relations that hold everywhere. */
#include "../probe.h"
#include <sched.h>
#include <sys/resource.h>

static long long burn(long long ns) {
  long long start = now_ns(CLOCK_THREAD_CPUTIME_ID), now;
  while ((now = now_ns(CLOCK_THREAD_CPUTIME_ID)) - start < ns) {}
  return now;
}
static long long of_usage(int who) {
  struct rusage usage;
  MUST(getrusage(who, &usage));
  return ((long long)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

static void *work(void *argument) {
  burn(60000000);
  printf("a thread that works: %d %d\n", now_ns(CLOCK_THREAD_CPUTIME_ID) >= 60000000, of_usage(RUSAGE_THREAD) >= 50000000);
  return NULL;
}
static _Atomic int measured;
static void *rest(void *argument) {
  WAIT_UNTIL(measured);
  printf("a thread that rests: %d %d\n", now_ns(CLOCK_THREAD_CPUTIME_ID) < 50000000, of_usage(RUSAGE_THREAD) < 50000000);
  return NULL;
}
static _Atomic long yields;
static void *yield(void *argument) {
  for (int i = 0; i < 5000; i++) yields += sched_yield() == 0;
  return NULL;
}

int main(void) {
  pthread_t sleeper = start_thread(rest, NULL);
  join(start_thread(work, NULL));
  clockid_t clock;
  MUST_0(pthread_getcpuclockid(sleeper, &clock));
  printf("its clock from outside: %d\n", now_ns(clock) < 50000000);
  measured = 1;
  join(sleeper);
  printf("the process: %d %d\n", now_ns(CLOCK_PROCESS_CPUTIME_ID) >= 60000000, of_usage(RUSAGE_SELF) >= 50000000);
  run_threads(4, yield);
  printf("yields %ld\n", yields);

  cpu_set_t all, one;
  CPU_ZERO(&all);
  printf("affinity %d\n", sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) >= 1);
  int cpu = 0;
  while (!CPU_ISSET(cpu, &all)) cpu++;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  SHOW_ERROR(pthread_setaffinity_np(pthread_self(), sizeof one, &one));
  printf("runs there: %d\n", sched_getcpu() == cpu);
  unsigned at, node;
  printf("getcpu: %d\n", syscall(SYS_getcpu, &at, &node, NULL) == 0 && at == (unsigned)cpu);
  SHOW_ERROR(pthread_setaffinity_np(pthread_self(), sizeof all, &all));
  SHOW(sysconf(_SC_NPROCESSORS_ONLN) == CPU_COUNT(&all));

  int policy;
  struct sched_param parameters;
  SHOW_ERROR(pthread_getschedparam(pthread_self(), &policy, &parameters));
  printf("policy %d priority %d\n", policy, parameters.sched_priority);
  SHOW_ERROR(pthread_setname_np(pthread_self(), "probe-thread"));
  char name[16];
  SHOW_ERROR(pthread_getname_np(pthread_self(), name, sizeof name));
  printf("name %s\n", name);
  long long before = now_ns(CLOCK_MONOTONIC);
  for (int i = 0; i < 1000; i++) {
    long long after = now_ns(CLOCK_MONOTONIC);
    if (after < before) printf("time went back\n");
    before = after;
  }
}
