/* Handlers that never return: siglongjmp, setcontext and swapcontext out of them. */
#include "../probe.h"
#include "compute.h"
#include <setjmp.h>
#include <sys/time.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile long jumps, ticks;
static volatile int *nowhere = (int *)16;

static void jump(int number) { siglongjmp(back, number); }
static void jump_twice(int number) {
  if (number == SIGUSR1) raise(SIGUSR2);
  else siglongjmp(back, 7);
}

static void from_faults(void) {
  signal(SIGSEGV, jump);
  for (volatile int i = 0; i < 20000; i++) {
    if (sigsetjmp(back, 1) == 0) {
      *nowhere = 1;
      printf("not reached\n");
    } else {
      jumps++;
    }
  }
  printf("jumps from faults %ld\n", jumps);
}

static void from_raise(void) {
  sigset_t now;
  signal(SIGUSR1, jump_twice);
  signal(SIGUSR2, jump_twice);
  jumps = 0;
  for (volatile int i = 0; i < 5000; i++)
    if (sigsetjmp(back, 1) == 0) raise(SIGUSR1);
    else jumps++;
  sigprocmask(SIG_BLOCK, NULL, &now);
  printf("jumps from nested handlers %ld, blocked %d %d\n", jumps, sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
  if (sigsetjmp(back, 0) == 0) raise(SIGUSR1);
  sigprocmask(SIG_BLOCK, NULL, &now);
  printf("without the mask, blocked %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
  sigemptyset(&now);
  sigprocmask(SIG_SETMASK, &now, NULL);
}

/* A computation is given up by a timer's handler at any of its instructions; what it is for starts over each time. */
static void from_timers(void) {
  uint64_t expected = compute();
  int wrong = 0;
  signal(SIGALRM, jump);
  for (volatile int i = 0; i < 150; i++) {
    struct itimerval once = {{0, 0}, {0, 200 + i * 7}};
    if (sigsetjmp(back, 1) == 0) {
      setitimer(ITIMER_REAL, &once, NULL);
      for (;;)
        if (integers(12345) != integers(12345)) wrong++;
    }
    fesetround(FE_TONEAREST);
    if (compute() != expected) wrong++;
  }
  printf("given up 150 times, wrong %d\n", wrong);
}

/* Four coroutines that a timer takes turns between. A context starts with the signal blocked: swapcontext sets the mask first. */
enum { COROUTINES = 4 };
static ucontext_t contexts[COROUTINES + 1];
static volatile int current, done[COROUTINES];
static uint64_t results[COROUTINES];
static char stacks[COROUTINES][65536] __attribute__((aligned(16)));

static void next(int number) {
  int from = current, to = from;
  ticks++;
  do to = (to + 1) % COROUTINES;
  while (done[to] && to != from);
  if (to == from) return;
  current = to;
  swapcontext(&contexts[from], &contexts[to]);
}
static void coroutine(int self) {
  uint64_t sum = 0;
  unblock_signal(SIGALRM);
  for (int i = 0; i < 40 || ticks < 40; i++) sum += i < 40 ? compute() : 0;
  results[self] = sum;
  block_signal(SIGALRM);
  done[self] = 1;
  for (int to = 0; to < COROUTINES; to++)
    if (!done[to]) {
      current = to;
      setcontext(&contexts[to]);
    }
  setcontext(&contexts[COROUTINES]);
}
static void between_contexts(void) {
  block_signal(SIGALRM);
  for (int i = 0; i < COROUTINES; i++) {
    getcontext(&contexts[i]);
    contexts[i].uc_stack = (stack_t){.ss_sp = stacks[i], .ss_size = sizeof stacks[i]};
    contexts[i].uc_link = &contexts[COROUTINES];
    makecontext(&contexts[i], (void (*)(void))coroutine, 1, i);
  }
  signal(SIGALRM, next);
  struct itimerval every = {{0, 1000}, {0, 1000}}, never = {0};
  volatile int started = 0;
  getcontext(&contexts[COROUTINES]);
  if (!started) {
    started = 1;
    setitimer(ITIMER_REAL, &every, NULL);
    setcontext(&contexts[0]);
  }
  setitimer(ITIMER_REAL, &never, NULL);
  unblock_signal(SIGALRM);
  uint64_t expected = 0;
  for (int i = 0; i < 40; i++) expected += compute();
  for (int i = 0; i < COROUTINES; i++) printf("coroutine %d: %s\n", i, results[i] == expected ? "right" : "wrong");
  printf("turns %s\n", ticks >= 40 ? "many" : "few");
}

int main(void) {
  from_faults();
  from_raise();
  from_timers();
  between_contexts();
}
