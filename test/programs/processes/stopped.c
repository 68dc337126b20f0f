/* Process groups that are stopped when the process that was started ends: the kernel hangs up those that nobody can continue. */
#include "../probe.h"

static volatile sig_atomic_t hung_up, continued;
static void note(int number) { *(number == SIGHUP ? &hung_up : &continued) = 1; }

/* Stops in a group of its own, which its parent waits for. */
static pid_t stopped(void (*then)(void), int other_end) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    if (other_end >= 0) close(other_end);
    setpgid(0, 0);
    raise(SIGSTOP);
    then();
    _exit(0);
  }
  int status;
  waitpid(pid, &status, WUNTRACED);
  return pid;
}

static void say(void) { printf("hung up: %d, continued: %d\n", hung_up, continued); }
static void say_nothing(void) {}

int main(void) {
  pid_t first = getpid();
  int ended[2], turn[2];
  MUST(pipe(ended));
  MUST(pipe(turn));
  /* Prints last: when all others are gone. */
  if (MUST(fork()) == 0) {
    char byte;
    close(ended[1]);
    close(turn[0]);
    close(turn[1]);
    read(ended[0], &byte, 1);
    printf("the others have ended\n");
    _exit(0);
  }
  close(ended[0]);
  if (MUST(fork()) == 0) {
    setpgid(0, 0);
    /* It is there to continue its child. */
    pid_t own = stopped(say_nothing, turn[1]);
    close(turn[1]);
    char byte;
    /* Until those that are hung up have ended. */
    read(turn[0], &byte, 1);
    int status;
    printf("own child changed: %d\n", waitpid(own, &status, WNOHANG | WUNTRACED | WCONTINUED) != 0);
    kill(own, SIGCONT);
    show_status("own child", wait_for(own));
    _exit(0);
  }
  close(turn[0]);
  signal(SIGHUP, note);
  signal(SIGCONT, note);
  stopped(say, -1);
  signal(SIGHUP, SIG_DFL);
  stopped(say, -1);
  return 23;
}
