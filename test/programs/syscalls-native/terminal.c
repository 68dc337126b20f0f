/* Terminals: a pseudo terminal's settings, sizes, line discipline, job control and signals. */
#include "../syscalls/show.h"
#include <asm/ioctls.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

struct kernel_termios2 {
  tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
  cc_t c_line, c_cc[19];
  speed_t c_ispeed, c_ospeed;
};

static volatile sig_atomic_t caught;
static void handler(int number) { caught = number; }

static void show_modes(int fd) {
  struct termios modes;
  memset(&modes, 0, sizeof modes);
  SHOW(tcgetattr(fd, &modes));
  printf("%x %x %x %x line %d speed %u", modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag, modes.c_line,
         cfgetospeed(&modes));
  for (int i = 0; i < 17; i++) printf(" %d", modes.c_cc[i]);
  printf("\n");
}

static void settings(int master, int slave) {
  show_modes(slave);
  struct termios modes;
  tcgetattr(slave, &modes);
  cfmakeraw(&modes);
  cfsetspeed(&modes, B115200);
  modes.c_cc[VMIN] = 3;
  modes.c_cc[VTIME] = 1;
  SHOW(tcsetattr(slave, TCSANOW, &modes));
  show_modes(slave);
  struct kernel_termios2 two;
  SHOW(ioctl(slave, _IOR('T', 0x2a, struct kernel_termios2), &two));
  two.c_cflag = (two.c_cflag & ~0x100fu) | 0x1000;
  two.c_ospeed = two.c_ispeed = 12345;
  SHOW(ioctl(slave, _IOW('T', 0x2b, struct kernel_termios2), &two));
  memset(&two, 0, sizeof two);
  SHOW(ioctl(slave, _IOR('T', 0x2a, struct kernel_termios2), &two));
  printf("%u %u\n", two.c_ispeed, two.c_ospeed);
  SHOW(ioctl(slave, TIOCSWINSZ, &(struct winsize){24, 80, 3, 4}));
  struct winsize size;
  SHOW(ioctl(master, TIOCGWINSZ, &size));
  printf("%d %d %d %d\n", size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);
  SHOW(write(master, "raw\r\n", 5));
  char text[64] = "";
  poll(&(struct pollfd){slave, POLLIN, 0}, 1, 10000);
  int waiting;
  SHOW(ioctl(slave, FIONREAD, &waiting));
  printf("%d\n", waiting);
  SHOW(read(slave, text, sizeof text));
  for (char *c = text; *c; c++) printf("%02x", *c);
  printf("\n");
  SHOW(write(slave, "lost", 4));
  SHOW(tcflush(master, TCIFLUSH));
  SHOW(poll(&(struct pollfd){master, POLLIN, 0}, 1, 0));
  SHOW(ioctl(slave, TIOCOUTQ, &waiting));
  int line = -1;
  SHOW(ioctl(slave, TIOCGETD, &line));
  printf("%d\n", line);
  SHOW(tcdrain(slave));
  SHOW(tcsendbreak(slave, 0));
  SHOW(ioctl(slave, TIOCEXCL));
  SHOW(ioctl(slave, TIOCNXCL));
  SHOW(isatty(slave));
  SHOW(isatty(open("/dev/null", O_RDONLY)));
}

/* A session of its own with the terminal: what is typed there reaches it as signals and lines. */
static int session(const char *name) {
  setsid();
  alarm(60);
  SHOW(open("/dev/tty", O_RDWR));
  int slave = open(name, O_RDWR | O_NOCTTY);
  SHOW(tcgetpgrp(slave));
  SHOW(ioctl(slave, TIOCSCTTY, 0));
  HOLDS(tcgetpgrp(slave) == getpgrp() && tcgetsid(slave) == getsid(0));
  int tty = open("/dev/tty", O_RDWR);
  HOLDS(tty >= 0 && strcmp(ttyname(tty), "/dev/tty") == 0 && strcmp(ttyname(slave), name) == 0);
  struct termios modes;
  tcgetattr(slave, &modes);
  modes.c_iflag = ICRNL;
  modes.c_lflag = ISIG | ICANON | ECHO;
  modes.c_oflag = OPOST | ONLCR;
  modes.c_cc[VINTR] = 3;
  modes.c_cc[VERASE] = 127;
  modes.c_cc[VEOF] = 4;
  SHOW(tcsetattr(slave, TCSAFLUSH, &modes));
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGWINCH, &action, NULL);
  SHOW(write(slave, "ready\n", 6));
  char text[64] = "";
  SHOW(read(tty, text, sizeof text));
  printf("%s", text);
  SHOW(write(slave, "typed it\n", 9));
  while (caught != SIGINT) poll(NULL, 0, 10);
  SHOW(caught == SIGINT);
  SHOW(write(slave, "again\n", 6));
  while (caught != SIGWINCH) poll(NULL, 0, 10);
  SHOW(write(slave, "resized\n", 8));
  SHOW(read(tty, text, sizeof text));
  /* A background process that writes settings is stopped, unless it ignores that. */
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_IGN);
    SHOW(tcsetpgrp(tty, getpgrp()));
    fflush(stdout);
    signal(SIGTTOU, SIG_DFL);
    _exit(tcgetpgrp(tty) == getpgrp() ? 7 : 8);
  }
  int status;
  waitpid(child, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
  fflush(stdout);
  child = fork();
  if (child == 0) {
    setpgid(0, 0);
    tcsetattr(tty, TCSANOW, &modes);
    _exit(9);
  }
  waitpid(child, &status, WUNTRACED);
  printf("stopped %d by %d\n", WIFSTOPPED(status), WIFSTOPPED(status) ? WSTOPSIG(status) : -status);
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  signal(SIGHUP, SIG_IGN);
  SHOW(ioctl(tty, TIOCNOTTY));
  SHOW(open("/dev/tty", O_RDWR));
  return 0;
}

/* Reads from the master up to this text. */
static void expect(int master, const char *text) {
  static char seen[1024];
  static size_t length;
  while (!strstr(seen, text) && length < sizeof seen - 1) {
    ssize_t n = read(master, seen + length, sizeof seen - 1 - length);
    if (n <= 0) break;
    length += (size_t)n;
  }
  char *found = strstr(seen, text);
  printf("expected %d\n", found != NULL);
}

int main(void) {
  alarm(60);
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  HOLDS(master >= 0);
  unsigned number;
  SHOW(ioctl(master, TIOCGPTN, &number));
  SHOW(grantpt(master));
  SHOW(unlockpt(master));
  char name[64], wanted[64];
  SHOW(ptsname_r(master, name, sizeof name));
  snprintf(wanted, sizeof wanted, "/dev/pts/%u", number);
  SHOW(strcmp(name, wanted));
  int slave = open(name, O_RDWR | O_NOCTTY);
  settings(master, slave);
  int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  HOLDS(peer >= 0 && isatty(peer));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    int result = session(name);
    fflush(stdout);
    _exit(result);
  }
  expect(master, "ready");
  write(master, "tyq\177ped\r", 8);
  expect(master, "typed it");
  write(master, "\003", 1);
  expect(master, "again");
  ioctl(master, TIOCSWINSZ, &(struct winsize){50, 100, 0, 0});
  expect(master, "resized");
  write(master, "\004", 1);
  int status;
  waitpid(child, &status, 0);
  printf("session %d\n", status);
  return 0;
}
