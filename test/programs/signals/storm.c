/* SIGURG as the Go runtime sends it: to each computing thread ten thousand times a second, on alternate stacks. */
#include "../probe.h"
#include "compute.h"

enum { THREADS = 4, ROUNDS = 400 };
static _Atomic pid_t ids[THREADS];
static _Atomic long received, not_on_stack;
static _Atomic int running = THREADS, wrong;
static _Thread_local char *alternate;

static void urgent(int number, siginfo_t *info, void *context) {
  char here;
  if (&here < alternate || &here >= alternate + 65536) not_on_stack++;
  if (info->si_code != SI_TKILL || info->si_pid != getpid()) not_on_stack++;
  fesetround(FE_DOWNWARD);
  volatile double x = 3;
  x = 1 / x;
  received++;
}

static void *work(void *argument) {
  alternate = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(sigaltstack(&(stack_t){.ss_sp = alternate, .ss_size = 65536}, NULL));
  ids[(long)argument] = gettid();
  static _Atomic uint64_t first;
  for (int i = 0; i < ROUNDS; i++) {
    uint64_t result = compute(), none = 0;
    if (!atomic_compare_exchange_strong(&first, &none, result) && none != result) wrong++;
    void *block = malloc(100 + (size_t)i);
    free(block);
  }
  ids[(long)argument] = 0;
  running--;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  MUST(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL));
  munmap(alternate, 65536);
  return NULL;
}

static void *send(void *argument) {
  while (running > 0) {
    for (int i = 0; i < THREADS; i++)
      if (ids[i]) syscall(SYS_tgkill, getpid(), ids[i], SIGURG);
    nanosleep(&(struct timespec){0, 40000}, NULL);
  }
  return NULL;
}

int main(void) {
  handle_signal(SIGURG, urgent, SA_ONSTACK | SA_RESTART);
  printf("%016llx\n", (unsigned long long)compute());
  pthread_t sender = start_thread(send, NULL);
  run_threads(THREADS, work);
  join(sender);
  printf("wrong results %d, strange signals %ld, received %s\n", wrong, not_on_stack, received > 20 ? "many" : "few");
}
