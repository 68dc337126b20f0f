/* Every kind of timer at 1 kHz while the same computation runs again and again: its result never differs. */
#include "../probe.h"
#include "compute.h"
#include <sys/time.h>

enum { TICKS = 60 };
static _Atomic int ticks, strange;
static uint64_t expected;

/* Spoils everything that a handler may: rounding mode, flags, registers. */
static void spoil(void) {
  fesetround(FE_UPWARD);
  volatile double zero = 0, x = 1e300;
  x = x * x + 1 / zero - zero / zero;
  volatile float y = (float)x;
  y = y * 3 + 1;
  volatile uint64_t n = 0x123456789abcdef;
  for (int i = 0; i < 20; i++) n = n * 77 + (n >> 3);
}

static int code_wanted, value_wanted;
static void tick(int number, siginfo_t *info, void *context) {
  spoil();
  if (info->si_signo != number || info->si_code != code_wanted) strange++;
  if (code_wanted == SI_TIMER && (info->si_value.sival_int != value_wanted || info->si_overrun < 0)) strange++;
  ticks++;
}
static void tick_in_thread(union sigval value) {
  spoil();
  if (value.sival_int != value_wanted || getpid() == gettid()) strange++;
  ticks++;
}

static void run(const char *name) {
  int wrong = 0, rounds = 0;
  while (ticks < TICKS || rounds < 20) {
    if (compute() != expected) wrong++;
    rounds++;
  }
  printf("%s: wrong results %d, strange signals %d\n", name, wrong, strange);
}

static void with_interval_timer(const char *name, int which, int number) {
  ticks = strange = 0;
  code_wanted = SI_KERNEL;
  handle_signal(number, tick, SA_RESTART);
  struct itimerval every = {{0, 1000}, {0, 1000}}, never = {0}, now;
  MUST(setitimer(which, &every, NULL));
  MUST(getitimer(which, &now));
  printf("%s every %ld us\n", name, (long)now.it_interval.tv_usec);
  run(name);
  MUST(setitimer(which, &never, &now));
  printf("it was set: %d\n", now.it_interval.tv_usec == 1000);
}

static void with_timer(const char *name, clockid_t clock, struct sigevent *event) {
  ticks = strange = 0;
  code_wanted = SI_TIMER;
  timer_t timer;
  MUST(timer_create(clock, event, &timer));
  struct itimerspec every = {{0, 1000000}, {0, 1000000}}, now;
  MUST(timer_settime(timer, 0, &every, NULL));
  run(name);
  MUST(timer_gettime(timer, &now));
  printf("interval %ld ns, overrun %d\n", now.it_interval.tv_nsec, timer_getoverrun(timer) >= 0);
  MUST(timer_delete(timer));
}

int main(void) {
  expected = compute();
  printf("the result %016llx, again %d\n", (unsigned long long)expected, compute() == expected);
  with_interval_timer("ITIMER_REAL", ITIMER_REAL, SIGALRM);
  with_interval_timer("ITIMER_VIRTUAL", ITIMER_VIRTUAL, SIGVTALRM);
  with_interval_timer("ITIMER_PROF", ITIMER_PROF, SIGPROF);

  value_wanted = 1234;
  handle_signal(SIGRTMIN + 2, tick, SA_RESTART);
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_int = 1234};
  with_timer("SIGEV_SIGNAL", CLOCK_MONOTONIC, &event);
  with_timer("of CPU time", CLOCK_PROCESS_CPUTIME_ID, &event);
  with_timer("of the thread's CPU time", CLOCK_THREAD_CPUTIME_ID, &event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event._sigev_un._tid = gettid();
  with_timer("SIGEV_THREAD_ID", CLOCK_REALTIME, &event);
  event = (struct sigevent){.sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 1234};
  event.sigev_notify_function = tick_in_thread;
  with_timer("SIGEV_THREAD", CLOCK_MONOTONIC, &event);

  /* All at once. */
  ticks = strange = 0;
  code_wanted = SI_KERNEL;
  struct itimerval every = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every, NULL);
  setitimer(ITIMER_VIRTUAL, &every, NULL);
  setitimer(ITIMER_PROF, &every, NULL);
  run("three at once");
}
