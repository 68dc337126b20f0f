// Signals sent by the program: masks, pending ones, nesting, an alternate stack, kill and alarm.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65], depth, deepest;
static volatile double kept = 1;

static void count(int number) {
  seen[number]++;
  kept = kept * 1.5 + number;
  if (++depth > deepest) deepest = depth;
  if (number == SIGUSR1 && seen[SIGUSR2] < 3) raise(SIGUSR2);
  depth--;
}

static char *other;
static void on_stack(int number, siginfo_t *info, void *context) {
  char here;
  (void)context;
  seen[number] += (&here > other && &here < other + 65536) ? 100 : 1;
  seen[0] = info->si_pid == getpid();
}

int main(void) {
  struct sigaction action = {.sa_handler = count};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  sigaction(SIGALRM, &action, NULL);
  for (int i = 0; i < 5; i++) raise(SIGUSR1);
  printf("%d %d deep %d\n", seen[SIGUSR1], seen[SIGUSR2], deepest);
  sigset_t set, old, pending;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGUSR1);
  raise(SIGUSR1);
  sigpending(&pending);
  printf("blocked: %d pending %d\n", seen[SIGUSR1], sigismember(&pending, SIGUSR1));
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("delivered: %d\n", seen[SIGUSR1]);
  other = malloc(65536);
  stack_t stack = {.ss_sp = other, .ss_size = 65536};
  sigaltstack(&stack, NULL);
  struct sigaction special = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  special.sa_sigaction = on_stack;
  sigaction(SIGHUP, &special, NULL);
  kill(getpid(), SIGHUP);
  printf("alternate stack: %d %d\n", seen[SIGHUP], seen[0]);
  struct itimerval timer = {.it_value = {.tv_usec = 20000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  volatile unsigned long spins = 0;
  while (!seen[SIGALRM]) spins++;
  printf("alarm: %d\n", seen[SIGALRM]);
  signal(SIGINT, SIG_IGN);
  raise(SIGINT);
  printf("kept %.17g\n", kept);
  fflush(stdout);
  abort();
}
