/*
 * The reaper: the first executor stays behind as the parent of the tree and runs no guest code. It adopts orphans, so that
 * every process of the tree has an ancestor whose end the kernel tells it of (PR_SET_PDEATHSIG, process.c). It ends when nobody is
 * left, and when the translator is gone without a successor. It holds no descriptor and no folder of the guest's, and no signal
 * stops or ends it but SIGSTOP and SIGKILL.
 */
#define _GNU_SOURCE
#include "syscall.h"
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between two looks at the translator, where the kernel can not tell of its end, in milliseconds. */
#define PAUSE 1000

static pid_t first;
static bool stopped;

/* What `ps` shows: the kernel takes the start of the arguments for all of them when they do not end with NUL (proc(5)). */
static void rename_process(char **argv) {
  char *start = argv[0], *end = start;
  for (char **word = argv; *word; word++) end = *word + strlen(*word);
  memset(start, 0, (size_t)(end - start));
  memcpy(start, "ferry", sizeof "ferry");
  *end = '.';
  prctl(PR_SET_NAME, "ferry");
}

/* To the translator, as a request is. */
static void tell_end(int status) {
  control->end_status = (uint32_t)status;
  __atomic_store_n(&control->ended, 1, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&control->doorbell, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &control->doorbell, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/*
 * The first process is stopped, or goes on: and with it the translator, which is what a shell sees of the job. Until
 * then it runs whatever the terminal sends to all of the group: a guest that handles it needs translations.
 */
static void follow(bool now) {
  if (!control->terminal_kept || (!stopped && !now)) return;
  stopped = now;
  kill((pid_t)control->translator_pid, now ? SIGSTOP : SIGCONT);
  if (now) __atomic_fetch_add(&control->stops, 1, __ATOMIC_SEQ_CST);
}

static void reap(void) {
  int status;
  pid_t pid;
  bool left = false;
  while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
    if (pid != first) continue;
    follow(WIFSTOPPED(status));
    if (WIFSTOPPED(status) || WIFCONTINUED(status)) continue;
    first = 0;
    left = true;
    tell_end(status);
  }
  if (pid < 0 && errno == ECHILD) _exit(0);
  if (left) hang_up_orphans();
}

/* Of a stop that came later, or of none, a SIGCONT knows nothing. */
static bool outdated(int number) {
  if (number != SIGCONT) return false;
  reap();
  return !stopped || control->continued != control->stops;
}

/* The translator's are for the first process, but for the one that says that the reaper is needed no more. Terminals and
 * others who send signals to process groups send them to the first process as well. */
static void take_signals(int fd) {
  struct signalfd_siginfo info;
  while (read(fd, &info, sizeof info) == sizeof info) {
    if (control->translator_pid == 0) {
      reap();
      _exit(0);
    }
    if (info.ssi_pid != control->translator_pid || !first || outdated((int)info.ssi_signo)) continue;
    kill(first, (int)info.ssi_signo);
  }
}

static void close_all(void) {
  if (close_range(0, ~0U, 0) == 0) return;
  for (int fd = 0, end = (int)sysconf(_SC_OPEN_MAX); fd < end; fd++) close(fd);
}

static _Noreturn void reap_tree(const sigset_t *all) {
  close_all();
  int signals = signalfd(-1, all, SFD_NONBLOCK | SFD_CLOEXEC), translator = -1;
  uint32_t watched = 0;
  for (;;) {
    reap();
    if (control->translator_pid && control->translator_pid != watched) {
      /* With a successor it is a daemon. */
      if (watched) setsid();
      watched = control->translator_pid;
      close(translator);
      translator = (int)syscall(SYS_pidfd_open, watched, 0);
    }
    if (control->translator_pid == watched && translator_gone()) {
      end_host_programs("self");
      _exit(125);
    }
    struct pollfd events[] = {{signals, POLLIN, 0}, {translator, POLLIN, 0}};
    poll(events, 2, translator < 0 ? PAUSE : -1);
    take_signals(signals);
  }
}

void reaper_start(char **argv) {
  if (control->reaper || control->led) return;
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  control->reaper = (uint32_t)getpid();
  first = fork();
  if (first < 0) executor_fail("can not start a process: %s", strerror(errno));
  if (first == 0) {
    control->initial = (uint32_t)getpid();
    sigprocmask(SIG_SETMASK, &before, NULL);
    return;
  }
  rename_process(argv);
  if (chdir("/") < 0) {}
  reap_tree(&all);
}
