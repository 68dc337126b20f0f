/*
 * Runs a command on a terminal of its own, as the job of a shell, passes on what it prints there, and tells how it ended and
 * what became of the terminal. For this machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int run_job(int terminal, char **command) {
  int status;
  setsid();
  login_tty(terminal);
  signal(SIGTTOU, SIG_IGN);
  pid_t job = fork();
  if (job == 0) {
    setpgid(0, 0);
    tcsetpgrp(0, getpid());
    signal(SIGTTOU, SIG_DFL);
    execvp(command[0], command);
    _exit(127);
  }
  setpgid(job, job);
  waitpid(job, &status, 0);
  /* A shell goes on. When this one ends, the terminal hangs up: not before the job's other processes have said their last words. */
  for (int i = 0; i < 5000 && kill(-job, 0) == 0; i++) usleep(1000);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv) {
  int master, terminal, status;
  /* Static: the bytes between the fields are zero. */
  static struct termios before, after;
  if (argc < 2 || openpty(&master, &terminal, NULL, NULL, NULL)) return 1;
  tcgetattr(terminal, &before);
  pid_t shell = fork();
  if (shell == 0) {
    close(master);
    _exit(run_job(terminal, argv + 1));
  }
  char bytes[4096];
  for (;;) {
    struct pollfd waiting = {.fd = master, .events = POLLIN};
    if (poll(&waiting, 1, 20) > 0) {
      ssize_t length = read(master, bytes, sizeof bytes);
      if (length > 0) write(1, bytes, (size_t)length);
    } else if (waitpid(shell, &status, WNOHANG) == shell) {
      break;
    }
  }
  tcgetattr(terminal, &after);
  printf("status %d\n", WEXITSTATUS(status));
  printf("terminal %s\n", memcmp(&before, &after, sizeof before) ? "changed" : "restored");
  return 0;
}
