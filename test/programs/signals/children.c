/* Signals between processes: SIGCHLD and its flags, stopping and continuing, groups, pipes without readers, timers of a child. */
#include "../probe.h"
#include <sys/time.h>

static _Atomic int children, usr1, usr2;
static void count_child(int number, siginfo_t *info, void *context) {
  children++;
  while (waitpid(-1, NULL, WNOHANG) > 0) {}
}
static void note(int number, siginfo_t *info, void *context) { number == SIGUSR1 ? usr1++ : usr2++; }
static pid_t start(void (*run)(void)) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    run();
    _exit(0);
  }
  return pid;
}
static void sleep_on(void) {
  for (;;) pause();
}
static void nothing(void) {}
static void compute(void) {
  for (volatile unsigned long i = 0;; i++) {}
}
static void by_abort(void) { abort(); }
static void by_segv(void) { *(volatile int *)8 = 1; }
static void by_raise(void) { raise(SIGTERM); }
static void by_alarm(void) {
  ualarm(5000, 0);
  sleep_on();
}
static void by_pipe(void) {
  int ends[2];
  pipe(ends);
  close(ends[0]);
  write(ends[1], "x", 1);
}
static void by_real_time(void) { raise(SIGRTMIN + 3); }
static void by_trap(void) { __builtin_trap(); }
static void by_cpu_limit_signal(void) { raise(SIGXCPU); }
static void ignoring(void) {
  signal(SIGTERM, SIG_IGN);
  kill(getpid(), SIGTERM);
  _exit(3);
}
/* Ends when nobody holds the pipe's other end any more: waitpid would take the end for the continuation. */
static int seen_continued[2];
static void stop_self(void) {
  char byte;
  close(seen_continued[1]);
  raise(SIGSTOP);
  read(seen_continued[0], &byte, 1);
  _exit(4);
}
/* In a group of its own, because a group without a parent outside is not stopped so. */
static void stop_by_terminal_signal(void) {
  setpgid(0, 0);
  raise(SIGTSTP);
  _exit(5);
}

int main(void) {
  int status;
#define SHOW_END(run) show_status(#run, wait_for(start(run)))
  SHOW_END(nothing);
  SHOW_END(by_abort);
  SHOW_END(by_segv);
  SHOW_END(by_raise);
  SHOW_END(by_alarm);
  SHOW_END(by_pipe);
  SHOW_END(by_real_time);
  SHOW_END(by_cpu_limit_signal);
  SHOW_END(ignoring);

  MUST(pipe(seen_continued));
  pid_t pid = start(stop_self);
  MUST(waitpid(pid, &status, WUNTRACED));
  show_status("stopped itself", status);
  kill(pid, SIGCONT);
  MUST(waitpid(pid, &status, WCONTINUED));
  show_status("then", status);
  close(seen_continued[1]);
  show_status("then", wait_for(pid));
  pid = start(stop_by_terminal_signal);
  MUST(waitpid(pid, &status, WUNTRACED));
  show_status("TSTP", status);
  kill(pid, SIGTERM);
  kill(pid, SIGCONT);
  show_status("killed while stopped", wait_for(pid));

  /* Stopped in the middle of a computation, again and again. */
  pid = start(compute);
  for (int i = 0; i < 20; i++) {
    kill(pid, SIGSTOP);
    MUST(waitpid(pid, &status, WUNTRACED));
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP) printf("not stopped\n");
    kill(pid, SIGCONT);
    MUST(waitpid(pid, &status, WCONTINUED));
    if (!WIFCONTINUED(status)) printf("not continued\n");
  }
  kill(pid, SIGKILL);
  show_status("computing", wait_for(pid));

  handle_signal(SIGCHLD, count_child, SA_RESTART);
  for (int i = 0; i < 20; i++) {
    int before = children;
    start(nothing);
    WAIT_UNTIL(children > before);
  }
  printf("SIGCHLD %d\n", children);
  children = 0;
  handle_signal(SIGCHLD, count_child, SA_RESTART | SA_NOCLDSTOP);
  pid = start(sleep_on);
  kill(pid, SIGSTOP);
  MUST(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WSTOPPED | WNOWAIT));
  kill(pid, SIGCONT);
  MUST(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WCONTINUED | WNOWAIT));
  printf("SA_NOCLDSTOP %d\n", children);
  kill(pid, SIGKILL);
  WAIT_UNTIL(children == 1);
  handle_signal(SIGCHLD, count_child, SA_RESTART | SA_NOCLDWAIT);
  pid = start(nothing);
  SHOW(waitpid(pid, &status, 0));
  signal(SIGCHLD, SIG_IGN);
  pid = start(nothing);
  SHOW(waitpid(pid, &status, 0));
  signal(SIGCHLD, SIG_DFL);

  /* A group of its own with two members, and one outside. */
  handle_signal(SIGUSR1, note, SA_RESTART);
  handle_signal(SIGUSR2, note, SA_RESTART);
  int ready[2];
  char byte;
  MUST(pipe(ready));
  pid_t leader = MUST(fork());
  if (leader == 0) {
    setpgid(0, 0);
    pid_t member = fork();
    if (member == 0) {
      write(ready[1], "m", 1);
      while (!usr1) sleep_ms(1);
      _exit(21);
    }
    write(ready[1], "l", 1);
    while (!usr1) sleep_ms(1);
    show_status("member", wait_for(member));
    _exit(22);
  }
  read(ready[0], &byte, 1), read(ready[0], &byte, 1);
  SHOW(kill(-leader, SIGUSR1));
  show_status("leader", wait_for(leader));
  printf("outside %d\n", usr1);
  SHOW(kill(-leader, SIGUSR1));

  /* Everyone in this group, the sender too. */
  pid = MUST(fork());
  if (pid == 0) {
    setpgid(0, 0);
    pid_t other = fork();
    if (other == 0) {
      while (!usr2) sleep_ms(1);
      _exit(31);
    }
    kill(0, SIGUSR2);
    show_status("other", wait_for(other));
    _exit(30 + usr2);
  }
  show_status("sender", wait_for(pid));

  /* The group's terminal signal from outside reaches a computing child at once. */
  pid = start(compute);
  sleep_ms(5);
  kill(pid, SIGINT);
  show_status("SIGINT", wait_for(pid));
  /* A handler's child: pending signals and timers are not inherited. */
  sigset_t set;
  block_signal(SIGUSR1);
  raise(SIGUSR1);
  struct itimerval often = {{0, 500000}, {0, 500000}}, now;
  setitimer(ITIMER_REAL, &often, NULL);
  alarm(100);
  pid = MUST(fork());
  if (pid == 0) {
    sigpending(&set);
    getitimer(ITIMER_REAL, &now);
    printf("child: pending %d timer %d\n", sigismember(&set, SIGUSR1), now.it_value.tv_sec || now.it_value.tv_usec);
    sigprocmask(SIG_BLOCK, NULL, &set);
    _exit(sigismember(&set, SIGUSR1));
  }
  show_status("inherits the mask", wait_for(pid));
}
