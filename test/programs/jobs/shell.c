/*
 * A shell with job control on a terminal of its own, for this machine: starts a job, types at it, stops it, continues it in
 * the background and the foreground, and prints what became of it and of the terminal.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, terminal;
static pid_t job;
static struct termios settings;
static char text[65536];
static size_t length;

/* What the job prints comes here; a part of it that was waited for is done with. */
static void read_terminal(int milliseconds) {
  struct pollfd waiting = {.fd = master, .events = POLLIN};
  if (poll(&waiting, 1, milliseconds) <= 0 || !(waiting.revents & POLLIN)) return;
  ssize_t size = read(master, text + length, sizeof text - 1 - length);
  if (size > 0) text[length += (size_t)size] = 0;
}

static void expect(const char *what) {
  char *found;
  while (!(found = strstr(text, what))) read_terminal(50);
  found += strlen(what);
  length = strlen(memmove(text, found, strlen(found) + 1));
  printf("the job says %s\n", what);
}

static void type(const char *keys) { write(master, keys, strlen(keys)); }

static const char *state(int status) {
  static char name[64];
  if (WIFSTOPPED(status)) snprintf(name, sizeof name, "stopped");
  else if (WIFCONTINUED(status)) snprintf(name, sizeof name, "continued");
  else if (WIFSIGNALED(status)) snprintf(name, sizeof name, "ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
  else snprintf(name, sizeof name, "exit %d", WEXITSTATUS(status));
  return name;
}

/* The next change of the job's state; output is read meanwhile, or the job could not go on. */
static void await(void) {
  int status;
  while (waitpid(job, &status, WUNTRACED | WNOHANG) != job) read_terminal(5);
  printf("the job is %s\n", state(status));
}

static void take_terminal(void) {
  static struct termios now;
  tcgetattr(terminal, &now);
  printf("the terminal is %s\n", memcmp(&now, &settings, sizeof now) ? "changed" : "as it was");
  tcsetpgrp(terminal, getpgrp());
  tcsetattr(terminal, TCSADRAIN, &settings);
}

static void foreground(void) {
  tcsetpgrp(terminal, job);
  kill(-job, SIGCONT);
}

static void start(char **command) {
  job = fork();
  if (job == 0) {
    setpgid(0, 0);
    tcsetpgrp(terminal, getpid());
    for (int fd = 0; fd < 3; fd++) dup2(terminal, fd);
    close(master);
    close(terminal);
    signal(SIGTTOU, SIG_DFL);
    execvp(command[0], command);
    _exit(127);
  }
  setpgid(job, job);
  expect("ready");
}

static void use_default(void) {
  type("\x1a");
  await();
  take_terminal();
  foreground();
  type("line\n");
  expect("got line");
  type("\x03");
  await();
  take_terminal();
}

static void use_background(void) {
  type("\x1a");
  await();
  take_terminal();
  kill(-job, SIGCONT);
  /* It reads the terminal, which is not its own. */
  await();
  foreground();
  type("line\n");
  expect("got line");
  type("end\n");
  await();
  take_terminal();
}

static void use_editor(void) {
  for (int i = 0; i < 3; i++) {
    type("\x1a");
    await();
    take_terminal();
    foreground();
    expect("drawn");
  }
  type("line\r");
  expect("got line");
  type("end\r");
  await();
  take_terminal();
}

static void use_ignoring(void) {
  type("\x1a");
  type("line\n");
  expect("got line");
  kill(job, SIGSTOP);
  await();
  take_terminal();
  foreground();
  type("end\n");
  await();
  take_terminal();
}

/* It stops itself, in a group of its own perhaps. */
static void use_apart(void) {
  await();
  take_terminal();
  foreground();
  await();
}

static void use_killed(void) {
  type("\x1a");
  await();
  take_terminal();
  kill(job, SIGKILL);
  await();
  close(terminal);
  for (char byte; read(master, &byte, 1) == 1;) {}
  printf("nobody has the terminal\n");
}

static const struct {
  const char *name;
  void (*use)(void);
} uses[] = {{"default", use_default}, {"background", use_background}, {"editor", use_editor}, {"ignoring", use_ignoring},
          {"apart", use_apart}, {"killed", use_killed}};

/* shell MODE COMMAND... */
int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  openpty(&master, &terminal, NULL, NULL, NULL);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  setsid();
  ioctl(terminal, TIOCSCTTY, 0);
  signal(SIGTTOU, SIG_IGN);
  tcgetattr(terminal, &settings);
  start(argv + 2);
  for (unsigned i = 0; i < sizeof uses / sizeof *uses; i++)
    if (!strcmp(uses[i].name, argv[1])) uses[i].use();
  return 0;
}
