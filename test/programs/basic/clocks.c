// Time: clocks go on and sleep takes as long as it says.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void) {
  double start = seconds(CLOCK_MONOTONIC), last = start;
  int back = 0;
  for (int i = 0; i < 20000; i++) {
    double now = seconds(CLOCK_MONOTONIC);
    back += now < last;
    last = now;
  }
  printf("went back %d times\n", back);
  struct timespec nap = {.tv_nsec = 30000000};
  nanosleep(&nap, NULL);
  double slept = seconds(CLOCK_MONOTONIC) - last;
  printf("%d\n", slept >= 0.03 && slept < 5);
  struct timeval tv;
  gettimeofday(&tv, NULL);
  printf("%d %d\n", labs((long)(time(NULL) - tv.tv_sec)) <= 1, seconds(CLOCK_REALTIME) > 1.6e9);
  volatile double work = 0;
  for (int i = 0; i < 3000000; i++) work += i;
  printf("%d %d\n", clock() > 0, seconds(CLOCK_PROCESS_CPUTIME_ID) > 0);
  unsigned long a, b;
  __asm__ volatile("rdtime %0\n rdtime %1" : "=r"(a), "=r"(b));
  printf("%d\n", b >= a);
  time_t moment = 1234567890;
  struct tm *utc = gmtime(&moment);
  char text[64];
  strftime(text, sizeof text, "%A %Y-%m-%d %H:%M:%S %j", utc);
  printf("%s %lld\n", text, (long long)mktime(utc));
  struct timespec resolution;
  printf("%d %ld\n", clock_getres(CLOCK_MONOTONIC, &resolution), resolution.tv_sec);
  return 0;
}
