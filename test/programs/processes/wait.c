/* wait4 and waitid with all their options and selections. */
#include "../probe.h"
#include <sys/resource.h>
#include <sys/syscall.h>

static pid_t start(int mode) {
  pid_t pid = MUST(fork());
  if (pid) return pid;
  if (mode >= 0) _exit(mode);
  if (mode == -1)
    for (;;) pause();
  if (mode == -2) raise(SIGSTOP);
  for (volatile long i = 0; mode == -3 && i < 30000000; i++) {}
  _exit(9);
}
static void show_info(const char *what, const siginfo_t *info, pid_t pid) {
  static const char *const codes[] = {"?", "exited", "killed", "dumped", "trapped", "stopped", "continued"};
  printf("%s: signo %d code %s pid %s status %d\n", what, info->si_signo, codes[info->si_code % 7],
         info->si_pid == pid ? "right" : "wrong", info->si_status);
}

static void *wait_in_thread(void *pid) { return (void *)(long)WEXITSTATUS(wait_for(*(pid_t *)pid)); }

int main(void) {
  int status = 0;
  siginfo_t info;
  SHOW(waitpid(-1, &status, 0));
  SHOW(waitpid(-1, &status, WNOHANG));
  SHOW(waitpid(getpid(), &status, 0));
  SHOW(waitpid(1, &status, 0));
  pid_t pid = start(-1);
  SHOW(waitpid(pid, &status, WNOHANG));
  memset(&info, 1, sizeof info);
  SHOW(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG));
  printf("nothing: pid %d signo %d\n", info.si_pid, info.si_signo);
  SHOW(waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED));
  kill(pid, SIGSTOP);
  MUST(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT));
  show_info("stopped", &info, pid);
  MUST(waitid(P_PID, (id_t)pid, &info, WSTOPPED));
  show_info("stopped, taken", &info, pid);
  SHOW(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG));
  SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
  kill(pid, SIGCONT);
  MUST(waitid(P_PID, (id_t)pid, &info, WCONTINUED));
  show_info("continued", &info, pid);
  kill(pid, SIGTERM);
  MUST(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
  show_info("killed", &info, pid);
  show_status("again", wait_for(pid));
  SHOW(waitpid(pid, &status, 0));

  pid = start(33);
  MUST(waitid(P_ALL, 0, &info, WEXITED));
  show_info("exited", &info, pid);
  printf("uid %d\n", info.si_uid == getuid());
  SHOW(waitid(P_ALL, 0, &info, WEXITED));
  SHOW(waitid(P_PID, (id_t)pid, &info, 0));
  SHOW(waitid(99, 0, &info, WEXITED));
  SHOW(waitpid(-1, &status, 0x40));

  /* By group: 0 the own one, -n another. */
  pid_t own = start(1), other = start(-1);
  MUST(setpgid(other, other));
  kill(other, SIGKILL);
  SHOW(waitpid(0, &status, 0) == own);
  show_status("own group", status);
  SHOW(waitpid(0, &status, WNOHANG));
  SHOW(waitpid(-other, &status, 0) == other);
  show_status("other group", status);
  pid = start(2);
  MUST(setpgid(pid, pid) == 0 || errno == EACCES ? 0 : -1);
  MUST(waitid(P_PGID, (id_t)pid, &info, WEXITED));
  show_info("P_PGID", &info, pid);
  int fd = (int)syscall(SYS_pidfd_open, pid = start(12), 0);
  MUST(fd);
  MUST(waitid(3 /* P_PIDFD */, (id_t)fd, &info, WEXITED));
  show_info("P_PIDFD", &info, pid);

  struct rusage usage;
  pid = start(-3);
  MUST(wait4(pid, &status, 0, &usage) == pid ? 0 : -1);
  show_status("worked", status);
  printf("used time %d and memory %d\n", usage.ru_utime.tv_sec > 0 || usage.ru_utime.tv_usec > 1000, usage.ru_maxrss > 100);
  MUST(getrusage(RUSAGE_CHILDREN, &usage));
  printf("all children %d\n", usage.ru_utime.tv_sec > 0 || usage.ru_utime.tv_usec > 1000);
  pid = start(3);
  memset(&usage, 0, sizeof usage);
  MUST(syscall(SYS_waitid, P_PID, pid, &info, WEXITED, &usage));
  show_info("waitid with usage", &info, pid);
  printf("memory %d\n", usage.ru_maxrss > 100);

  /* In any order, each once. */
  int seen[20] = {0}, count = 0;
  for (int i = 0; i < 20; i++) start(i + 1);
  while ((pid = wait(&status)) > 0) seen[WEXITSTATUS(status) - 1]++, count++;
  for (int i = 0; i < 20; i++) count += seen[i] == 1;
  printf("twenty: %d\n", count);
  SHOW(wait(&status));

  /* A thread waits for the child of another. */
  pid = start(44);
  printf("another thread's: %ld\n", join(start_thread(wait_in_thread, &pid)));
}
