/*
 * Threads start programs by vfork and posix_spawn, whose children change actions and masks before execve, while the handlers
 * of the other threads run all the time: in the parent nothing changes.
 */
#include "../probe.h"
#include <spawn.h>
#include <sys/time.h>

enum { SPAWNERS = 3, EACH = 20 };
static _Atomic long ticks, urgent, right;
static _Atomic bool stop;
static pthread_t targets[4];
static char *const arguments[] = {"/proc/self/exe", "child", NULL};

static void tick(int number, siginfo_t *info, void *context) { ticks++; }
static void note_urgent(int number, siginfo_t *info, void *context) { urgent++; }

static pid_t start_by_vfork(void) {
  pid_t pid = vfork();
  if (pid != 0) return pid;
  sigset_t all;
  sigfillset(&all);
  signal(SIGUSR1, SIG_DFL);
  signal(SIGALRM, SIG_DFL);
  signal(SIGURG, SIG_IGN);
  sigprocmask(SIG_SETMASK, &all, NULL);
  execv(arguments[0], arguments);
  _exit(77);
}

static pid_t start_by_spawn(void) {
  pid_t pid;
  sigset_t every, none;
  posix_spawnattr_t attributes;
  sigfillset(&every);
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &every);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  MUST_0(posix_spawn(&pid, arguments[0], NULL, &attributes, arguments, (char *[]){NULL}));
  return pid;
}

static void *start_programs(void *argument) {
  for (long i = 0; i < EACH; i++) {
    int status = wait_for(((long)argument + i) % 2 ? start_by_vfork() : start_by_spawn());
    if (WIFEXITED(status) && WEXITSTATUS(status) == 7) right++;
    else show_status("child", status);
  }
  return NULL;
}

static void *compute(void *argument) {
  for (volatile long x = 0; !stop; x++) {}
  return NULL;
}

static void *send_signals(void *argument) {
  while (!stop) {
    for (int i = 0; i < 4; i++) pthread_kill(targets[i], SIGUSR1), pthread_kill(targets[i], SIGURG);
    usleep(500);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc > 1) return 7;
  handle_signal(SIGUSR1, tick, SA_RESTART);
  handle_signal(SIGALRM, tick, SA_RESTART);
  handle_signal(SIGURG, note_urgent, SA_RESTART);
  pthread_t spawners[SPAWNERS];
  for (long i = 0; i < 2; i++) targets[i] = start_thread(compute, NULL);
  for (long i = 0; i < SPAWNERS; i++) spawners[i] = start_thread(start_programs, (void *)i);
  for (int i = 0; i < 2; i++) targets[2 + i] = spawners[i];
  struct itimerval interval = {{0, 1000}, {0, 1000}};
  MUST(setitimer(ITIMER_REAL, &interval, NULL));
  pthread_t sender = start_thread(send_signals, NULL);
  join(spawners[2]);
  WAIT_UNTIL(ticks > 10 && urgent > 10);
  stop = true;
  join(sender);
  for (int i = 0; i < 2; i++) join(targets[i]), join(spawners[i]);
  printf("%ld programs\n", right);
}
