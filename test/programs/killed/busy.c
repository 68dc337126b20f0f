/* Is busy in the way that the first argument says, prints that it is ready, and never ends. */
#include "../code/emit.h"
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>

static volatile unsigned long spins;
static void compute(void) {
  for (;;) spins++;
}
static void *compute_in_thread(void *argument) {
  compute();
  return NULL;
}
static void *pause_in_thread(void *argument) {
  for (;;) pause();
  return NULL;
}
static void say_ready(void) { write(1, "ready\n", 6); }

static void tree(int depth) {
  for (int i = 0; i < 2; i++)
    if (depth > 0 && MUST(fork()) == 0) {
      tree(depth - 1);
      if (i) compute();
      for (;;) pause();
    }
}

static void pipeline(void) {
  int previous = -1;
  for (int i = 0; i < 4; i++) {
    int ends[2];
    MUST(pipe(ends));
    if (MUST(fork()) == 0) {
      char bytes[4096] = {1};
      for (;;) {
        if (previous >= 0) MUST(read(previous, bytes, sizeof bytes));
        MUST(write(ends[1], bytes, sizeof bytes));
      }
    }
    close(ends[1]);
    previous = ends[0];
  }
  char bytes[4096];
  MUST(read(previous, bytes, sizeof bytes));
  say_ready();
  for (;;) MUST(read(previous, bytes, sizeof bytes));
}

static void generate_code(void) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  for (int i = 0;; i++) {
    return_constant(code, i);
    flush(code, BYTES);
    if (call(code, 0) != i) printf("wrong\n");
    if (i == 100) say_ready();
  }
}

static void leave(int number) { _exit(0); }

static void in_raw_mode(void) {
  signal(SIGUSR1, leave);
  struct termios settings;
  MUST(tcgetattr(0, &settings));
  cfmakeraw(&settings);
  MUST(tcsetattr(0, TCSANOW, &settings));
  say_ready();
  char byte;
  while (read(0, &byte, 1) > 0) {}
}

static void tick(int number) { spins++; }

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  char byte;
  int ends[2];
  MUST(pipe(ends));
  if (!strcmp(mode, "threads"))
    for (int i = 0; i < 8; i++) start_thread(i % 2 ? compute_in_thread : pause_in_thread, NULL);
  if (!strcmp(mode, "tree")) tree(2);
  if (!strcmp(mode, "pipeline")) pipeline();
  if (!strcmp(mode, "code")) generate_code();
  if (!strcmp(mode, "terminal")) in_raw_mode();
  if (!strcmp(mode, "vfork") && vfork() == 0) {
    /* Its parent sleeps in the kernel until it ends. */
    say_ready();
    for (;;) pause();
  }
  if (!strcmp(mode, "shell")) {
    if (fork() == 0) execl("/bin/sh", "sh", "-c", "echo ready; exec sleep 1000", NULL);
    for (;;) pause();
  }
  if (!strcmp(mode, "replaced")) {
    char path[4096] = "";
    readlink("/proc/self/exe", path, sizeof path - 1);
    execl(path, "busy", "compute", NULL);
  }
  if (!strcmp(mode, "signals")) {
    signal(SIGALRM, tick);
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, NULL, &timer);
    timer_settime(timer, 0, &(struct itimerspec){{0, 1000000}, {0, 1000000}}, NULL);
  }
  say_ready();
  if (!strcmp(mode, "read")) read(ends[0], &byte, 1);
  if (!strcmp(mode, "sleep")) nanosleep(&(struct timespec){1000, 0}, NULL);
  if (!strcmp(mode, "epoll")) epoll_wait(epoll_create1(0), &(struct epoll_event){0}, 1, -1);
  if (!strcmp(mode, "calls"))
    for (;;) syscall(SYS_getppid);
  compute();
}
