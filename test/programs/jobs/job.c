/* Reads lines from the terminal and repeats them until one says end; the first argument says what becomes of ^Z. */
#include "../probe.h"
#include <termios.h>

static struct termios before;

static void set_raw(void) {
  struct termios raw = before;
  raw.c_lflag &= ~(ICANON | ECHO);
  tcsetattr(0, TCSADRAIN, &raw);
}

/* As editors do it: the terminal is put back, the default action stops the process, and all is drawn anew. */
static void stop(int number) {
  tcsetattr(0, TCSADRAIN, &before);
  signal(SIGTSTP, SIG_DFL);
  unblock_signal(SIGTSTP);
  kill(0, SIGTSTP);
  signal(SIGTSTP, stop);
  set_raw();
  printf("drawn\n");
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  tcgetattr(0, &before);
  if (!strcmp(mode, "ignoring")) signal(SIGTSTP, SIG_IGN);
  if (!strcmp(mode, "editor")) {
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};
    sigaction(SIGTSTP, &action, NULL);
    set_raw();
  }
  printf("ready\n");
  if (!strcmp(mode, "apart")) {
    setpgid(0, 0);
    kill(getpid(), SIGSTOP);
    return 3;
  }
  char line[256];
  size_t length = 0;
  for (;;) {
    ssize_t size = read(0, line + length, 1);
    if (size <= 0) continue;
    if (line[length] != '\n' && line[length] != '\r') {
      length++;
      continue;
    }
    line[length] = 0;
    length = 0;
    if (!strcmp(line, "end")) break;
    printf("got %s\n", line);
  }
  tcsetattr(0, TCSADRAIN, &before);
  return 3;
}
