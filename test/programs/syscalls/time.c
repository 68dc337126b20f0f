/* Clocks, sleeping, timers. */
#include "show.h"
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static long long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
  static const clockid_t clocks[] = {CLOCK_REALTIME,         CLOCK_MONOTONIC,       CLOCK_PROCESS_CPUTIME_ID,
                                     CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,   CLOCK_REALTIME_COARSE,
                                     CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};
  struct timespec t;
  for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; i++) {
    long long before = now(clocks[i]), after = now(clocks[i]);
    printf("clock %d: %s, resolution %s\n", clocks[i], before >= 0 && after >= before ? "advances" : "goes back",
           clock_getres(clocks[i], &t) == 0 && t.tv_sec == 0 && t.tv_nsec > 0 ? "known" : "unknown");
  }
  SHOW(clock_gettime(77, &t));
  SHOW(clock_getres(77, &t));
  SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (void *)8));
  SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (void *)-8));
  HOLDS(now(CLOCK_REALTIME) > 1600000000LL * 1000000000);
  struct timeval v;
  SHOW(gettimeofday(&v, NULL));
  HOLDS(llabs(v.tv_sec - (long long)time(NULL)) <= 1 && v.tv_usec < 1000000);
  long long start = now(CLOCK_MONOTONIC);
  SHOW(nanosleep(&(struct timespec){0, 20000000}, &t));
  HOLDS(now(CLOCK_MONOTONIC) - start >= 20000000);
  SHOW(nanosleep(&(struct timespec){0, 2000000000}, NULL));
  SHOW(nanosleep((void *)8, NULL));
  long long end = now(CLOCK_MONOTONIC) + 20000000;
  t = (struct timespec){end / 1000000000, end % 1000000000};
  SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
  HOLDS(now(CLOCK_MONOTONIC) >= end);
  struct tms spent;
  HOLDS(times(&spent) != -1 && spent.tms_utime >= 0);
  struct itimerval interval = {{0, 0}, {1000, 0}}, left;
  SHOW(setitimer(ITIMER_REAL, &interval, NULL));
  SHOW(getitimer(ITIMER_REAL, &left));
  HOLDS(left.it_value.tv_sec >= 998 && left.it_value.tv_sec <= 1000);
  SHOW(alarm(0) > 0);
  SHOW(getitimer(9, &left));
  setenv("TZ", "UTC", 1);
  time_t fixed = 1234567890;
  char text[64];
  strftime(text, sizeof text, "%F %T %Z", localtime(&fixed));
  printf("%s\n", text);
  return 0;
}
