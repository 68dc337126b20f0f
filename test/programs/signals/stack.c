/* Alternate stacks: when a handler uses one, what sigaltstack says and refuses, overflows caught by the guard page. */
#include "../probe.h"
#include <setjmp.h>
#include <sys/resource.h>
#include <ucontext.h>

static char first[32768] __attribute__((aligned(4096))), second[65536] __attribute__((aligned(4096)));
static sigjmp_buf back;
static volatile int where, flags_inside, depth;
static stack_t seen;

static int place_of(const void *address) {
  const char *at = address;
  if (at >= first && at < first + sizeof first) return 1;
  if (at >= second && at < second + sizeof second) return 2;
  return 0;
}
static int place(void) {
  char here;
  return place_of(&here);
}
static void look(int number, siginfo_t *info, void *context) {
  where = place();
  sigaltstack(NULL, &seen);
  flags_inside = seen.ss_flags;
  if (depth++ == 0 && number == SIGUSR1) {
    raise(SIGUSR2);
    printf("  inside: %d, nested handler on %d\n", place(), where);
    stack_t other = {.ss_sp = second, .ss_size = sizeof second};
    printf("  ");
    SHOW(sigaltstack(&other, NULL));
    where = place();
  }
  depth--;
}
static void show_stack(const char *what) {
  stack_t now;
  MUST(sigaltstack(NULL, &now));
  printf("%s: flags %d size %zu place %d\n", what, now.ss_flags, now.ss_size, place_of(now.ss_sp));
}
static void autodisarmed(int number, siginfo_t *info, void *context) {
  stack_t now, other = {.ss_sp = second, .ss_size = sizeof second};
  sigaltstack(NULL, &now);
  printf("  AUTODISARM: on %d, flags inside %#x\n  ", place(), now.ss_flags);
  SHOW(sigaltstack(&other, NULL));
  if (number == SIGUSR1) {
    raise(SIGUSR2);
    printf("  back on %d\n", place());
  }
  ucontext_t *interrupted = context;
  printf("  the frame has stack %d flags %#x\n", place_of(interrupted->uc_stack.ss_sp), interrupted->uc_stack.ss_flags);
}

static volatile int overflows;
static char *stack_low;
static void overflow(int number, siginfo_t *info, void *context) {
  overflows += place() == 1 && info->si_code == SEGV_MAPERR + (stack_low != NULL);
  siglongjmp(back, 1);
}
static int consume(volatile char *above) {
  volatile char space[512];
  space[0] = above ? above[0] : 1;
  return consume(space) + space[0];
}
static void *in_thread(void *argument) {
  stack_low = argument;
  MUST(sigaltstack(&(stack_t){.ss_sp = first, .ss_size = sizeof first}, NULL));
  for (int i = 0; i < 20; i++)
    if (!sigsetjmp(back, 1)) consume(NULL);
  return NULL;
}
static void change_on_return(int number, siginfo_t *info, void *context) {
  ((ucontext_t *)context)->uc_stack = (stack_t){.ss_sp = second, .ss_size = sizeof second};
}

int main(void) {
  stack_t stack = {.ss_sp = first, .ss_size = sizeof first}, old;
  show_stack("at first");
  handle_signal(SIGUSR1, look, SA_ONSTACK);
  handle_signal(SIGUSR2, look, SA_ONSTACK);
  raise(SIGUSR1);
  printf("without a stack: on %d, flags %d\n", where, flags_inside);
  SHOW(sigaltstack(&stack, &old));
  printf("old flags %d\n", old.ss_flags);
  show_stack("set");
  raise(SIGUSR1);
  printf("with: on %d, flags %d\n", where, flags_inside);
  show_stack("afterwards");
  handle_signal(SIGUSR1, look, 0);
  raise(SIGUSR1);
  printf("without SA_ONSTACK: on %d, flags %d\n", where, flags_inside);
  SHOW(sigaltstack(&(stack_t){.ss_sp = first, .ss_size = 100}, NULL));
  SHOW(sigaltstack(&(stack_t){.ss_sp = first, .ss_size = sizeof first, .ss_flags = 77}, NULL));
  SHOW(syscall(SYS_sigaltstack, 8, NULL));
  SHOW(syscall(SYS_sigaltstack, NULL, 8));
  SHOW(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE, .ss_sp = first, .ss_size = 55}, &old));
  printf("old: place %d size %zu\n", place_of(old.ss_sp), old.ss_size);
  show_stack("disabled");

  stack.ss_flags = (int)(1u << 31); /* SS_AUTODISARM */
  SHOW(sigaltstack(&stack, NULL));
  show_stack("AUTODISARM");
  handle_signal(SIGUSR1, autodisarmed, SA_ONSTACK);
  handle_signal(SIGUSR2, autodisarmed, SA_ONSTACK);
  raise(SIGUSR1);
  show_stack("afterwards");
  stack.ss_flags = 0;
  SHOW(sigaltstack(&stack, NULL));
  handle_signal(SIGUSR1, change_on_return, 0);
  raise(SIGUSR1);
  show_stack("the frame's stack comes back with it");

  /* Endless recursion runs into the end of the stack, again and again. */
  MUST(setrlimit(RLIMIT_STACK, &(struct rlimit){1 << 20, RLIM_INFINITY}));
  SHOW(sigaltstack(&stack, NULL));
  handle_signal(SIGSEGV, overflow, SA_ONSTACK);
  for (int i = 0; i < 20; i++)
    if (!sigsetjmp(back, 1)) consume(NULL);
  printf("overflows of main's stack: %d\n", overflows);
  SHOW(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL));
  overflows = 0;
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  MUST_0(pthread_create(&thread, &attributes, in_thread, first));
  join(thread);
  printf("overflows of a thread's stack: %d\n", overflows);
}
