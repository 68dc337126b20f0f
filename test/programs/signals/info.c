/* What siginfo says of each way that a signal is sent. */
#include "../probe.h"
#include <stddef.h>

static siginfo_t got;
static void save(int number, siginfo_t *info, void *context) { got = *info; }
static void show(const char *what) {
  printf("%s: signo %d errno %d code %d pid %s uid %s value %d\n", what, got.si_signo, got.si_errno, got.si_code,
         got.si_pid == getpid() ? "own" : "other", got.si_uid == getuid() ? "own" : "other", got.si_value.sival_int);
  memset(&got, 0, sizeof got);
}

static void *send(void *argument) {
  kill(getpid(), SIGUSR1);
  return NULL;
}

int main(void) {
  int numbers[] = {SIGUSR1, SIGUSR2, SIGRTMIN, SIGRTMAX, SIGSEGV, SIGFPE, SIGTRAP, SIGCHLD, SIGPIPE, SIGALRM, SIGURG};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) handle_signal(numbers[i], save, SA_RESTART);
  printf("sizes %zu %zu\n", sizeof(siginfo_t), offsetof(siginfo_t, si_pid));

#define SHOW_SIGNAL(call) ((call), show(#call))
  SHOW_SIGNAL(kill(getpid(), SIGUSR1));
  SHOW_SIGNAL(raise(SIGUSR1));
  SHOW_SIGNAL(syscall(SYS_tkill, gettid(), SIGUSR2));
  SHOW_SIGNAL(syscall(SYS_tgkill, getpid(), gettid(), SIGURG));
  SHOW_SIGNAL(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 77}));
  SHOW_SIGNAL(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = -5}));
  SHOW_SIGNAL(sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = 0x12345678}));
  SHOW_SIGNAL(pthread_sigqueue(pthread_self(), SIGRTMAX, (union sigval){.sival_int = 9}));
  /* Sent by a process, not by a fault. */
  SHOW_SIGNAL(kill(getpid(), SIGSEGV));
  SHOW_SIGNAL(raise(SIGFPE));
  SHOW_SIGNAL(raise(SIGTRAP));

  siginfo_t made = {.si_signo = SIGUSR1, .si_code = -20, .si_errno = 3};
  made.si_pid = 4242, made.si_uid = 17, made.si_value.sival_int = 99;
  MUST(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &made));
  printf("made: %d %d pid %d uid %d value %d\n", got.si_code, got.si_errno, got.si_pid, got.si_uid, got.si_value.sival_int);
  MUST(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGUSR1, &made));
  printf("made: %d %d pid %d uid %d value %d\n", got.si_code, got.si_errno, got.si_pid, got.si_uid, got.si_value.sival_int);
  made.si_code = SI_TKILL;
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    SHOW(syscall(SYS_rt_sigqueueinfo, parent, SIGUSR1, &made));
    _exit(7);
  }
  int status;
  WAIT_UNTIL(got.si_signo == SIGCHLD);
  printf("child: code %s pid %d status %d times %d\n", got.si_code == CLD_EXITED ? "exited" : "?", got.si_pid == child,
         got.si_status, got.si_utime < 100 && got.si_stime < 100);
  show_status("child", wait_for(child));
  got = (siginfo_t){0};
  child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  kill(child, SIGSTOP);
  WAIT_UNTIL(got.si_code == CLD_STOPPED);
  printf("stopped: pid %d status %d\n", got.si_pid == child, got.si_status);
  kill(child, SIGCONT);
  WAIT_UNTIL(got.si_code == CLD_CONTINUED);
  printf("continued: pid %d status %d\n", got.si_pid == child, got.si_status);
  kill(child, SIGKILL);
  WAIT_UNTIL(got.si_code == CLD_KILLED);
  printf("killed: pid %d status %d\n", got.si_pid == child, got.si_status);
  wait_for(child);

  int ends[2];
  MUST(pipe(ends));
  close(ends[0]);
  SHOW(write(ends[1], "x", 1));
  show("SIGPIPE");
  join(start_thread(send, NULL));
  WAIT_UNTIL(got.si_signo == SIGUSR1);
  show("from another thread");
  alarm(1);
  pause();
  printf("alarm: signo %d code %d\n", got.si_signo, got.si_code);
}
