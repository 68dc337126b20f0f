/* Signals that end the process; the first argument chooses the way. */
#include "../probe.h"
#include <sys/resource.h>

static void returns(int number) { write(1, "handled\n", 8); }
static void faults(int number) {
  write(1, "handler\n", 8);
  *(volatile int *)8 = 1;
}
static int consume(volatile char *above) {
  volatile char space[4096];
  space[0] = above ? above[0] : 1;
  return consume(space) + space[0];
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  printf("%s\n", mode);
  if (!strcmp(mode, "abort")) abort();
  if (!strcmp(mode, "abort-handled")) {
    signal(SIGABRT, returns);
    abort();
  }
  if (!strcmp(mode, "abort-ignored")) {
    signal(SIGABRT, SIG_IGN);
    abort();
  }
  if (!strcmp(mode, "segv")) *(volatile int *)8 = 1;
  if (!strcmp(mode, "segv-blocked")) {
    signal(SIGSEGV, returns);
    block_signal(SIGSEGV);
    *(volatile int *)8 = 1;
  }
  if (!strcmp(mode, "segv-ignored")) {
    signal(SIGSEGV, SIG_IGN);
    *(volatile int *)8 = 1;
  }
  if (!strcmp(mode, "segv-in-handler")) {
    signal(SIGSEGV, faults);
    *(volatile int *)8 = 1;
  }
  if (!strcmp(mode, "segv-on-bad-stack")) {
    sigaltstack(&(stack_t){.ss_sp = (void *)4096, .ss_size = 65536}, NULL);
    struct sigaction action = {.sa_handler = returns, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    raise(SIGSEGV);
  }
  if (!strcmp(mode, "overflow")) consume(NULL);
  if (!strcmp(mode, "overflow-handled-there")) {
    signal(SIGSEGV, returns);
    consume(NULL);
  }
#ifdef __riscv
  if (!strcmp(mode, "illegal")) __asm__ volatile(".half 0");
#else
  if (!strcmp(mode, "illegal")) __asm__ volatile("ud2");
#endif
  if (!strcmp(mode, "kill")) kill(getpid(), SIGKILL);
  if (!strcmp(mode, "term")) raise(SIGTERM);
  if (!strcmp(mode, "hup")) raise(SIGHUP);
  if (!strcmp(mode, "int")) kill(getpid(), SIGINT);
  if (!strcmp(mode, "pipe")) raise(SIGPIPE);
  if (!strcmp(mode, "alarm")) {
    alarm(1);
    for (;;) pause();
  }
  if (!strcmp(mode, "vtalrm")) raise(SIGVTALRM);
  if (!strcmp(mode, "fpe-sent")) raise(SIGFPE);
  if (!strcmp(mode, "segv-sent")) kill(getpid(), SIGSEGV);
  if (!strcmp(mode, "trap-sent")) raise(SIGTRAP);
  if (!strcmp(mode, "bus")) {
    int fd = memfd_create("empty", 0);
    *(volatile int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) = 1;
  }
  if (!strcmp(mode, "cpu-limit")) {
    setrlimit(RLIMIT_CPU, &(struct rlimit){1, 2});
    for (volatile unsigned long i = 0;; i++) {}
  }
  if (!strcmp(mode, "file-limit")) {
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, 10});
    int fd = memfd_create("limited", 0);
    write(fd, "0123456789", 10);
    write(fd, "x", 1);
  }
  printf("goes on\n");
}
