/* Process groups, sessions and a controlling terminal, as a shell with job control uses them. */
#include "../probe.h"
#include <sys/ioctl.h>
#include <termios.h>

static pid_t start(void (*run)(void)) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    run();
    _exit(0);
  }
  return pid;
}
static volatile int got;
static void note(int number) { got = number; }

static void relations(void) {
  SHOW(setsid() == getpid());
  SHOW(getpgrp() == getpid());
  SHOW(getsid(0) == getpid());
  SHOW(setsid());
  SHOW(setpgid(0, 0));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    SHOW(getsid(0) == getppid());
    SHOW(setpgid(0, 0));
    SHOW(getpgrp() == getpid());
    SHOW(setpgid(0, getppid()));
    SHOW(getpgrp() == getppid());
    SHOW(setpgid(0, 999999));
    _exit(3);
  }
  show_status("member", wait_for(pid));
  SHOW(open("/dev/tty", O_RDWR));
}

/* A shell in a session with a terminal: one job in the foreground, one in the background. */
static void shell(void) {
  int ready[2];
  MUST(pipe(ready));
  int master = MUST(posix_openpt(O_RDWR | O_NOCTTY));
  MUST(grantpt(master));
  MUST(unlockpt(master));
  MUST(setsid());
  int terminal = MUST(open(ptsname(master), O_RDWR));
  SHOW(tcgetsid(terminal) == getpid());
  SHOW(tcgetpgrp(terminal) == getpgrp());
  SHOW(isatty(terminal));
  signal(SIGTTOU, SIG_IGN);

  /* In the foreground: what is typed reaches it, and ^C ends it. */
  pid_t job = MUST(fork());
  if (job == 0) {
    setpgid(0, 0);
    tcsetpgrp(terminal, getpid());
    char text[32] = "";
    read(terminal, text, 31);
    printf("read %s", text);
    write(ready[1], "r", 1);
    for (;;) pause();
  }
  WAIT_UNTIL(tcgetpgrp(terminal) == job);
  MUST(write(master, "typed\n", 6));
  char byte;
  MUST(read(ready[0], &byte, 1));
  MUST(write(master, "\003", 1));
  show_status("^C", wait_for(job));

  job = MUST(fork());
  if (job == 0) {
    setpgid(0, 0);
    tcsetpgrp(terminal, getpid());
    write(terminal, "ready", 5);
    for (volatile long i = 0;; i++) {}
  }
  WAIT_UNTIL(tcgetpgrp(terminal) == job);
  int status;
  MUST(write(master, "\032", 1));
  MUST(waitpid(job, &status, WUNTRACED));
  show_status("^Z", status);
  SHOW(tcsetpgrp(terminal, getpgrp()));
  kill(-job, SIGCONT);
  MUST(waitpid(job, &status, WCONTINUED));
  show_status("bg", status);
  kill(-job, SIGKILL);
  show_status("killed", wait_for(job));

  /* In the background: reading stops it. */
  job = MUST(fork());
  if (job == 0) {
    setpgid(0, 0);
    char byte;
    read(terminal, &byte, 1);
    _exit(4);
  }
  MUST(waitpid(job, &status, WUNTRACED));
  show_status("reads in the background", status);
  tcsetpgrp(terminal, job);
  kill(-job, SIGCONT);
  MUST(write(master, "\n", 1));
  show_status("in the foreground", wait_for(job));
  tcsetpgrp(terminal, getpgrp());

  job = MUST(fork());
  if (job == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_DFL);
    struct termios settings;
    tcgetattr(terminal, &settings);
    tcsetattr(terminal, TCSANOW, &settings);
    _exit(6);
  }
  MUST(waitpid(job, &status, WUNTRACED));
  show_status("changes the terminal in the background", status);
  kill(-job, SIGKILL);
  wait_for(job);

  struct winsize size = {40, 100, 0, 0};
  signal(SIGWINCH, note);
  SHOW(ioctl(master, TIOCSWINSZ, &size));
  WAIT_UNTIL(got == SIGWINCH);
  SHOW(ioctl(terminal, TIOCGWINSZ, &size));
  printf("size %d x %d\n", size.ws_col, size.ws_row);
  /* The terminal hangs up. */
  signal(SIGHUP, note);
  close(master);
  WAIT_UNTIL(got == SIGHUP);
  SHOW(read(terminal, &byte, 1));
  SHOW(write(terminal, "x", 1));
}

/* A group that loses its last tie to a shell while stopped gets SIGHUP and SIGCONT. */
static void orphaned_group(void) {
  int ends[2];
  MUST(pipe(ends));
  MUST(setsid());
  pid_t middle = MUST(fork());
  if (middle == 0) {
    setpgid(0, 0);
    pid_t inner = MUST(fork());
    if (inner == 0) {
      signal(SIGHUP, note);
      kill(getpid(), SIGSTOP);
      WAIT_UNTIL(got == SIGHUP);
      write(ends[1], "hup", 3);
      _exit(0);
    }
    siginfo_t info;
    MUST(waitid(P_PID, (id_t)inner, &info, WSTOPPED | WNOWAIT));
    _exit(0);
  }
  wait_for(middle);
  char text[8] = "";
  MUST(read(ends[0], text, 3));
  printf("orphaned group: %s\n", text);
}

int main(void) {
  show_status("relations", wait_for(start(relations)));
  show_status("shell", wait_for(start(shell)));
  show_status("orphaned", wait_for(start(orphaned_group)));
}
