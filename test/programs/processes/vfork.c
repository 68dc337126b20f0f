/* vfork, and clone with CLONE_VM and CLONE_VFORK as posix_spawn and Go use it: one memory, the parent waits. */
#include "../probe.h"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

extern char **environ;
static volatile int value, error;
static char stack[65536] __attribute__((aligned(16)));

static int child(void *argument) {
  value = 77;
  if (argument) {
    char *const words[] = {argument, "one", "two", NULL};
    execve(argument, words, environ);
    error = errno;
    _exit(127);
  }
  return 5;
}
static int with_signals(void *argument) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  signal(SIGUSR1, SIG_IGN);
  return sigismember(&all, SIGUSR1) == 1 ? 6 : 7;
}
static int in_own_memory(void *argument) {
  value = 1234;
  return getppid() == *(pid_t *)argument ? 8 : 9;
}
static int raise_signal(void *argument) {
  raise(SIGKILL);
  return 0;
}

static void *in_thread(void *program) {
  long sum = 0;
  for (int i = 0; i < 30; i++) {
    pid_t pid = vfork();
    if (pid == 0) {
      if (i % 2) execl(program, "true", NULL);
      _exit(i % 2 ? 1 : 2);
    }
    sum += WEXITSTATUS(wait_for(pid));
  }
  return (void *)sum;
}

int main(void) {
  pid_t self = getpid(), pid = vfork();
  if (pid == 0) {
    value = 42;
    _exit(3);
  }
  printf("vfork: value %d\n", value);
  show_status("vfork", wait_for(pid));

  pid = vfork();
  if (pid == 0) {
    execl("/no/such/program", "no", NULL);
    error = errno;
    _exit(126);
  }
  printf("exec failed in the child with %s\n", strerrorname_np(error));
  show_status("its end", wait_for(pid));
  pid = vfork();
  if (pid == 0) {
    execl("/bin/true", "true", NULL);
    _exit(126);
  }
  show_status("true", wait_for(pid));
  pid = vfork();
  if (pid == 0) {
    execl("/bin/false", "false", NULL);
    _exit(126);
  }
  show_status("false", wait_for(pid));
  pid = vfork();
  if (pid == 0) raise(SIGTERM), _exit(0);
  show_status("killed", wait_for(pid));

  char *top = stack + sizeof stack;
  error = 0;
  pid = MUST(clone(child, top, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL));
  printf("CLONE_VM | CLONE_VFORK: value %d\n", value);
  show_status("it", wait_for(pid));
  value = 0;
  pid = MUST(clone(child, top, CLONE_VM | CLONE_VFORK | SIGCHLD, "/no/such/file"));
  printf("value %d error %s\n", value, strerrorname_np(error));
  show_status("it", wait_for(pid));
  pid = MUST(clone(child, top, CLONE_VM | CLONE_VFORK | SIGCHLD, "/bin/echo"));
  show_status("echo", wait_for(pid));
  pid = MUST(clone(with_signals, top, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL));
  show_status("signals", wait_for(pid));
  sigset_t now;
  struct sigaction action;
  sigprocmask(SIG_BLOCK, NULL, &now);
  sigaction(SIGUSR1, NULL, &action);
  printf("the parent's mask %d and action %d stay\n", sigismember(&now, SIGUSR1), action.sa_handler == SIG_DFL);
  pid = MUST(clone(raise_signal, top, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL));
  show_status("raises", wait_for(pid));

  value = 0;
  pid = MUST(clone(in_own_memory, top, SIGCHLD, &self));
  show_status("clone without CLONE_VM", wait_for(pid));
  printf("value %d\n", value);
  pid = MUST(clone(in_own_memory, top, CLONE_FILES | CLONE_FS | SIGCHLD, &self));
  show_status("clone with CLONE_FILES", wait_for(pid));
  pid_t parent_tid = 0;
  pid = MUST(clone(in_own_memory, top, CLONE_PARENT_SETTID | SIGCHLD, &self, &parent_tid, NULL, NULL));
  show_status("CLONE_PARENT_SETTID", wait_for(pid));
  printf("told %d\n", parent_tid == pid);
  /* Without a signal at its end it is waited for with __WCLONE. */
  pid = MUST(clone(in_own_memory, top, 0, &self));
  SHOW(waitpid(pid, NULL, 0));
  int status;
  MUST(waitpid(pid, &status, __WCLONE) == pid ? 0 : -1);
  show_status("__WCLONE", status);

  pthread_t threads[4];
  long sum = 0;
  for (int i = 0; i < 4; i++) threads[i] = start_thread(in_thread, "/bin/true");
  for (int i = 0; i < 4; i++) sum += join(threads[i]);
  printf("from threads %ld\n", sum);
  sum = 0;
  for (int i = 0; i < 300; i++) {
    pid = vfork();
    if (pid == 0) _exit(i % 100);
    sum += WEXITSTATUS(wait_for(pid));
  }
  printf("three hundred: %ld\n", sum);
}
