/* Signals and threads: to one of them, to any that does not block it, masks of their own, waiting for them. */
#include "../probe.h"

enum { THREADS = 6 };
static pthread_t threads[THREADS];
static _Atomic int received[THREADS], elsewhere, stop, ready;
static _Thread_local int self = -1;
static _Atomic int taken_by = -2;
static _Atomic int value_sum;

static void note(int number, siginfo_t *info, void *context) {
  if (self >= 0) received[self]++;
  else elsewhere++;
}
static void note_taker(int number, siginfo_t *info, void *context) { taken_by = self; }
static void add_value(int number, siginfo_t *info, void *context) {
  if (info->si_code == SI_QUEUE && info->si_pid == getpid()) value_sum += info->si_value.sival_int * (self + 1);
}

static void *compute(void *argument) {
  self = (int)(long)argument;
  ready++;
  volatile double x = 1;
  while (!stop) x = x * 1.0000001;
  return NULL;
}

/* Number `self` alone takes SIGUSR2. */
static void *block_all_but_one(void *argument) {
  self = (int)(long)argument;
  if (self == 3) unblock_signal(SIGUSR2);
  ready++;
  while (!stop) sched_yield();
  return NULL;
}

static void *wait_for_signal(void *argument) {
  sigset_t set = signal_set(SIGUSR1);
  long sum = 0;
  for (int i = 0; i < 200; i++) {
    siginfo_t info;
    while (sigwaitinfo(&set, &info) != SIGUSR1) {}
    sum++;
    ready++;
  }
  return (void *)sum;
}

static void *show_mask(void *argument) {
  sigset_t set, pending;
  pthread_sigmask(SIG_BLOCK, NULL, &set);
  sigpending(&pending);
  printf("a new thread blocks USR1 %d USR2 %d TERM %d, pending USR1 %d\n", sigismember(&set, SIGUSR1),
         sigismember(&set, SIGUSR2), sigismember(&set, SIGTERM), sigismember(&pending, SIGUSR1));
  /* Its own pending signal and mask end with it. */
  pthread_kill(pthread_self(), SIGTERM);
  return NULL;
}

static void start(void *(*run)(void *)) {
  ready = stop = 0;
  for (long i = 0; i < THREADS; i++) threads[i] = start_thread(run, (void *)i);
  WAIT_UNTIL(ready == THREADS);
}
static void finish(void) {
  stop = 1;
  for (int i = 0; i < THREADS; i++) join(threads[i]);
}

int main(void) {
  handle_signal(SIGUSR1, note, SA_RESTART);
  start(compute);
  for (int round = 0; round < 25; round++)
    for (int i = 0; i < THREADS; i++) {
      int before = received[i];
      MUST_0(pthread_kill(threads[i], SIGUSR1));
      while (received[i] == before) sched_yield();
    }
  finish();
  for (int i = 0; i < THREADS; i++) printf("%d ", received[i]);
  printf("elsewhere %d\n", elsewhere);

  handle_signal(SIGUSR2, note_taker, SA_RESTART);
  block_signal(SIGUSR2);
  start(block_all_but_one);
  int wrong = 0;
  for (int round = 0; round < 100; round++) {
    taken_by = -2;
    kill(getpid(), SIGUSR2);
    while (taken_by == -2) sched_yield();
    wrong += taken_by != 3;
  }
  finish();
  printf("taken by others: %d\n", wrong);

  handle_signal(SIGRTMIN, add_value, SA_RESTART);
  start(compute);
  int expected = 0;
  for (int round = 1; round <= 25; round++)
    for (int i = 0; i < THREADS; i++) {
      union sigval value = {.sival_int = round};
      MUST_0(pthread_sigqueue(threads[i], SIGRTMIN, value));
      expected += round * (i + 1);
    }
  while (value_sum != expected) sched_yield();
  finish();
  printf("values %d\n", value_sum);

  block_signal(SIGUSR1);
  ready = 0;
  pthread_t waiter = start_thread(wait_for_signal, NULL);
  for (int i = 0; i < 200; i++) {
    kill(getpid(), SIGUSR1);
    while (ready == i) sched_yield();
  }
  printf("waited for %ld\n", join(waiter));

  sigset_t set = signal_set(SIGTERM), pending;
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  pthread_kill(pthread_self(), SIGUSR1);
  join(start_thread(show_mask, NULL));
  sigpending(&pending);
  printf("main has pending USR1 %d TERM %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGTERM));
  SHOW(syscall(SYS_tgkill, getpid(), 999999, SIGUSR1));
  SHOW(syscall(SYS_tgkill, getpid(), gettid(), 0));
  SHOW(syscall(SYS_tgkill, getpid(), -1, SIGUSR1));
  SHOW(syscall(SYS_tkill, gettid(), 65));
  SHOW_ERROR(pthread_kill(pthread_self(), 99));
}
