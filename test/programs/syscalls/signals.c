/* Signals: actions, masks, waiting, interrupted calls, alternate stack. */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t caught, code, ticks;
static void *volatile address;
static sigjmp_buf back;

static void note(int number) { caught = number; }
static void note_info(int number, siginfo_t *info, void *context) {
  (void)context;
  caught = number;
  code = info->si_code;
  address = info->si_addr;
}
static void jump(int number, siginfo_t *info, void *context) {
  note_info(number, info, context);
  siglongjmp(back, 1);
}
static void tick(int number) { (void)number, ticks++; }
static void on_stack(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  int here;
  stack_t *stack = &((ucontext_t *)context)->uc_stack, now;
  sigaltstack(NULL, &now);
  caught = (char *)&here >= (char *)stack->ss_sp && (char *)&here < (char *)stack->ss_sp + stack->ss_size;
  code = now.ss_flags;
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
  sigaction(number, &action, NULL);
}

static void set_timer(long first, long every) {
  setitimer(ITIMER_REAL, &(struct itimerval){{0, every}, {0, first}}, NULL);
}

int main(void) {
  sigset_t set, old;
  struct sigaction action;
  signal(SIGUSR1, note);
  SHOW(raise(SIGUSR1));
  HOLDS(caught == SIGUSR1);
  SHOW(sigaction(SIGUSR1, NULL, &action));
  HOLDS(action.sa_handler == note);
  SHOW(sigaction(SIGKILL, &action, NULL));
  SHOW(kill(getpid(), 0));
  SHOW(kill(getpid(), 100));

  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  SHOW(sigprocmask(SIG_BLOCK, &set, &old));
  handle(SIGUSR2, note_info, 0);
  caught = 0;
  SHOW(kill(getpid(), SIGUSR2));
  HOLDS(caught == 0);
  SHOW(sigpending(&old));
  HOLDS(sigismember(&old, SIGUSR2));
  SHOW(sigprocmask(SIG_UNBLOCK, &set, NULL));
  HOLDS(caught == SIGUSR2 && code == SI_USER);
  SHOW(sigprocmask(77, &set, NULL));
  sigprocmask(SIG_BLOCK, &set, NULL);
  SHOW(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 42}));
  siginfo_t info;
  SHOW(sigwaitinfo(&set, &info));
  printf("code %d value %d\n", info.si_code, info.si_value.sival_int);
  SHOW(sigtimedwait(&set, &info, &(struct timespec){0, 1000000}));
  sigprocmask(SIG_UNBLOCK, &set, NULL);

  handle(SIGSEGV, jump, 0);
  char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!sigsetjmp(back, 1)) page[5] = 1;
  HOLDS(caught == SIGSEGV && code == SEGV_ACCERR && address == page + 5);
  munmap(page, 4096);
  if (!sigsetjmp(back, 1)) code = page[7];
  HOLDS(caught == SIGSEGV && code == SEGV_MAPERR && address == page + 7);

  static char stack[65536];
  SHOW(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL));
  handle(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  HOLDS(caught == 1 && code == SS_ONSTACK);
  SHOW(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = 10}, NULL));
  SHOW(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL));

  int ends[2];
  char byte;
  SHOW(pipe(ends));
  handle(SIGALRM, note_info, 0);
  /* Again and again: the first may come before the call waits. */
  set_timer(20000, 20000);
  SHOW(read(ends[0], &byte, 1));
  set_timer(0, 0);
  HOLDS(caught == SIGALRM);
  sigemptyset(&set);
  set_timer(20000, 20000);
  SHOW(sigsuspend(&set));
  set_timer(0, 0);
  struct timespec left;
  set_timer(20000, 0);
  SHOW(nanosleep(&(struct timespec){100, 0}, &left));
  HOLDS(left.tv_sec == 99);

  signal(SIGALRM, tick);
  set_timer(1000, 1000);
  volatile double sum = 0;
  for (int i = 1; ticks < 10; i++) sum += 1.0 / i;
  for (int i = 0; i < 200; i++) {
    printf("%d%c", i, i % 20 == 19 ? '\n' : ' ');
    fflush(stdout);
  }
  set_timer(0, 0);
  HOLDS(sum > 0 && ticks >= 10);
  signal(SIGPIPE, SIG_IGN);
  close(ends[0]);
  SHOW(write(ends[1], "x", 1));
  fflush(stdout);
  signal(SIGTERM, SIG_DFL);
  raise(SIGTERM);
  return 0;
}
