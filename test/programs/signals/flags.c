/* Flags of sigaction, masks, dispositions, and what other calls make of them. */
#include "../probe.h"

static volatile int depth, deepest, count, order[32], ordered;
static volatile int nested_blocked, other_blocked;

static void nest(int number) {
  sigset_t now;
  depth++;
  if (depth > deepest) deepest = depth;
  count++;
  sigprocmask(SIG_BLOCK, NULL, &now);
  nested_blocked = sigismember(&now, SIGUSR1);
  other_blocked = sigismember(&now, SIGUSR2);
  if (count < 4) raise(SIGUSR1);
  depth--;
}
static void note(int number) { order[ordered++ % 32] = number; }
static void note_and_raise(int number) {
  order[ordered++ % 32] = number;
  raise(SIGUSR2);
  order[ordered++ % 32] = -number;
}
static void note_errno(int number) {
  errno = EDOM;
  count++;
}

static void set(int number, void (*handler)(int), int flags, int masked) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  if (masked) sigaddset(&action.sa_mask, masked);
  MUST(sigaction(number, &action, NULL));
}
static void show_action(int number) {
  struct sigaction action;
  MUST(sigaction(number, NULL, &action));
  printf("action: %s flags %#x masks USR2 %d\n",
         action.sa_handler == SIG_DFL ? "default" : action.sa_handler == SIG_IGN ? "ignored" : "a handler",
         action.sa_flags & ~0x4000000, sigismember(&action.sa_mask, SIGUSR2));
}
static void show_order(void) {
  for (int i = 0; i < ordered; i++) printf("%d ", order[i]);
  printf("\n");
  ordered = 0;
}

int main(void) {
  set(SIGUSR1, nest, 0, SIGUSR2);
  raise(SIGUSR1);
  printf("plain: count %d deepest %d blocked %d %d\n", count, deepest, nested_blocked, other_blocked);
  count = deepest = 0;
  set(SIGUSR1, nest, SA_NODEFER, 0);
  show_action(SIGUSR1);
  raise(SIGUSR1);
  printf("SA_NODEFER: count %d deepest %d blocked %d %d\n", count, deepest, nested_blocked, other_blocked);
  count = 9;
  set(SIGUSR1, nest, SA_RESETHAND, SIGUSR2);
  show_action(SIGUSR1);
  raise(SIGUSR1);
  show_action(SIGUSR1);
  set(SIGUSR1, nest, SA_RESETHAND | SA_NODEFER | SA_RESTART | SA_ONSTACK | SA_NOCLDSTOP, SIGUSR2);
  show_action(SIGUSR1);

  set(SIGUSR1, note_and_raise, 0, 0);
  set(SIGUSR2, note, 0, 0);
  raise(SIGUSR1);
  show_order();
  set(SIGUSR1, note_and_raise, 0, SIGUSR2);
  raise(SIGUSR1);
  show_order();

  /* Several that were blocked come lowest number first, each once. */
  sigset_t all, old;
  sigfillset(&all);
  int numbers[] = {SIGWINCH, SIGUSR2, SIGHUP, SIGTERM, SIGUSR1, SIGQUIT};
  for (int i = 0; i < 6; i++) set(numbers[i], note, 0, 0);
  for (int i = 0; i < 6; i++) {
    struct sigaction action = {.sa_handler = note, .sa_mask = all};
    sigaction(numbers[i], &action, NULL);
  }
  sigprocmask(SIG_BLOCK, &all, &old);
  for (int round = 0; round < 3; round++)
    for (int i = 0; i < 6; i++) raise(numbers[i]);
  sigprocmask(SIG_SETMASK, &old, NULL);
  show_order();

  /* An ignored one does not stay pending; setting SIG_IGN discards. */
  sigset_t pending;
  block_signal(SIGUSR1);
  raise(SIGUSR1);
  signal(SIGUSR1, SIG_IGN);
  sigpending(&pending);
  printf("pending after SIG_IGN: %d\n", sigismember(&pending, SIGUSR1));
  raise(SIGUSR1);
  signal(SIGUSR1, note);
  unblock_signal(SIGUSR1);
  show_order();
  block_signal(SIGCHLD);
  signal(SIGCHLD, SIG_DFL);
  raise(SIGCHLD);
  sigpending(&pending);
  printf("pending SIGCHLD by default: %d\n", sigismember(&pending, SIGCHLD));
  unblock_signal(SIGCHLD);

  set(SIGUSR1, note_errno, SA_RESTART, 0);
  errno = EBADF;
  raise(SIGUSR1);
  printf("errno is what the handler left: %d\n", errno == EDOM);
  sigset_t set;
  sigfillset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  sigprocmask(SIG_SETMASK, NULL, &set);
  printf("can not block KILL %d STOP %d\n", !sigismember(&set, SIGKILL), !sigismember(&set, SIGSTOP));
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  SHOW(sigaction(0, NULL, &(struct sigaction){0}));
  SHOW(sigaction(65, NULL, &(struct sigaction){0}));
  SHOW(signal(SIGSTOP, SIG_IGN) == SIG_ERR);
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
  SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &set, 4));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, 8, NULL, 8));
  signal(SIGUSR1, note);
  show_action(SIGUSR1);
}
