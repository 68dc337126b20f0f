/* A program whose first argument says what it does: "print" and what the other words need besides. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* Code that "print" has no need of. */
static void other(void) {
  int words[] = {5, 3, 9, 1};
  qsort(words, 4, sizeof *words, compare);
  printf("sorted %d %d %d %d\n", words[0], words[1], words[2], words[3]);
}

static void *thread(void *argument) {
  int *words = argument;
  qsort(words, 1000, sizeof *words, compare);
  return argument;
}

static void run_threads(void) {
  static int words[4][1000];
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    for (int k = 0; k < 1000; k++) words[i][k] = (k * 7919 + i) % 1009;
    pthread_create(&threads[i], NULL, thread, words[i]);
  }
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  printf("%d %d %d %d\n", words[0][10], words[1][20], words[2][500], words[3][999]);
}

static volatile sig_atomic_t alarms;
static void count(int number) { alarms += number == SIGALRM; }

/* Calls, returns and both kinds of numbers, between functions that become hot at different times. */
__attribute__((noinline)) static unsigned mix(unsigned value) { return value * 2654435761u ^ value >> 15; }
__attribute__((noinline)) static double smooth(double value, unsigned more) {
  return more % 64 ? value : value * 0.5 + (double)(more >> 8) / 3;
}
static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void run_long(void) {
  unsigned value = 1;
  double sum = 0;
  int words[512];
  for (int round = 0; round < 400; round++) {
    for (int i = 0; i < 50000; i++) sum = smooth(sum, value = mix(value + (unsigned)i));
    for (int i = 0; i < 512; i++) words[i] = (int)(mix(value + (unsigned)i) >> 8);
    qsort(words, 512, sizeof *words, by_value);
    if (round % 80 == 0) printf("%u %a %d\n", value, sum, words[100]);
  }
}

/* Hot, and over before a translator has started. */
static void run_brief(void) {
  unsigned value = 1;
  for (int i = 0; i < 600000; i++) value = mix(value);
  printf("%u\n", value);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  char line[256];
  if (!strcmp(what, "print")) {
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t size = fread(line, 1, sizeof line, file);
    for (size_t i = 0; i < size; i++) putchar(line[i] ? line[i] : ' ');
    printf("%s %s\n", getenv("SET") ? getenv("SET") : "unset", getenv("TAKEN") ? "left" : "taken");
    return 7;
  }
  if (!strcmp(what, "other")) {
    other();
    /* No child of the guest's is there. */
    printf("%d %s\n", wait(NULL), strerrorname_np(errno));
  } else if (!strcmp(what, "crash")) {
    fflush(stdout);
    *(volatile int *)16 = 1;
  } else if (!strcmp(what, "fork")) {
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) _exit(9);
    printf("%d %d\n", waitpid(-1, &status, 0) == pid, WEXITSTATUS(status));
    printf("%d %s\n", wait(NULL), strerrorname_np(errno));
  } else if (!strcmp(what, "long")) {
    run_long();
  } else if (!strcmp(what, "brief")) {
    run_brief();
  } else if (!strcmp(what, "threads")) {
    run_threads();
  } else if (!strcmp(what, "exec")) {
    execl("/proc/self/exe", argv[0], "print", NULL);
  } else if (!strcmp(what, "signal")) {
    signal(SIGALRM, count);
    alarm(1);
    while (!alarms) {}
    printf("alarms %d\n", (int)alarms);
  } else if (!strcmp(what, "user")) {
    printf("%d", setgid(1) || setuid(1));
    other();
  } else if (!strcmp(what, "wait")) {
    other();
    fflush(stdout);
    /* Up to the end of the input; behind it is code that nobody has run. */
    while (read(0, line, sizeof line) > 0) {}
    printf("%.3f\n", atof("1.25") * 3);
  }
  return 0;
}
