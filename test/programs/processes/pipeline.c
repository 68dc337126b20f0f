/* Pipelines of ten processes, by fork alone and with execve, as a shell makes them. */
#include "../probe.h"

enum { STAGES = 10, NUMBERS = 20000 };
static char self[4096];

/* Adds its number to each of the numbers that pass. */
static int stage(int add) {
  int buffer[512];
  ssize_t length, filled = 0;
  while ((length = read(0, (char *)buffer + filled, sizeof buffer - (size_t)filled)) > 0) {
    filled += length;
    ssize_t whole = filled / (ssize_t)sizeof *buffer;
    for (ssize_t i = 0; i < whole; i++) buffer[i] += add;
    for (ssize_t at = 0, end = whole * (ssize_t)sizeof *buffer; at < end;) at += MUST(write(1, (char *)buffer + at, (size_t)(end - at)));
    memmove(buffer, buffer + whole, (size_t)(filled -= whole * (ssize_t)sizeof *buffer));
  }
  return add;
}

static void run(bool exec) {
  int in[2], previous;
  pid_t pids[STAGES + 1];
  MUST(pipe(in));
  previous = in[0];
  for (int i = 0; i < STAGES; i++) {
    int next[2];
    MUST(pipe(next));
    pids[i] = MUST(fork());
    if (pids[i] == 0) {
      dup2(previous, 0), dup2(next[1], 1);
      close(in[1]), close(previous), close(next[0]), close(next[1]);
      if (!exec) _exit(stage(i + 1));
      char text[16];
      snprintf(text, sizeof text, "%d", i + 1);
      execl(self, "stage", text, NULL);
      _exit(99);
    }
    close(previous), close(next[1]);
    previous = next[0];
  }
  pids[STAGES] = MUST(fork());
  if (pids[STAGES] == 0) {
    close(previous);
    for (int i = 0; i < NUMBERS; i++) MUST(write(in[1], &i, sizeof i));
    _exit(50);
  }
  close(in[1]);
  long sum = 0, count = 0, wrong = 0;
  FILE *file = fdopen(previous, "r");
  for (int number; fread(&number, sizeof number, 1, file) == 1; count++) {
    sum += number;
    wrong += number != count + STAGES * (STAGES + 1) / 2;
  }
  fclose(file);
  printf("%s: count %ld sum %ld wrong %ld, statuses", exec ? "execve" : "fork", count, sum, wrong);
  for (int i = 0; i <= STAGES; i++) printf(" %d", WEXITSTATUS(wait_for(pids[i])));
  printf("\n");
}

/* A reader that ends early ends the writers by SIGPIPE. */
static void early_end(void) {
  int first[2], second[2];
  MUST(pipe(first));
  MUST(pipe(second));
  pid_t writer = MUST(fork());
  if (writer == 0) {
    close(first[0]), close(second[0]), close(second[1]);
    for (;;) MUST(write(first[1], "yes\n", 4));
  }
  pid_t copier = MUST(fork());
  if (copier == 0) {
    close(second[0]), close(first[1]);
    char bytes[1000];
    ssize_t length;
    while ((length = read(first[0], bytes, sizeof bytes)) > 0) MUST(write(second[1], bytes, (size_t)length));
    _exit(1);
  }
  close(first[0]), close(first[1]), close(second[1]);
  char bytes[100];
  MUST(read(second[0], bytes, sizeof bytes));
  close(second[0]);
  show_status("copier", wait_for(copier));
  show_status("writer", wait_for(writer));
}

int main(int argc, char **argv) {
  if (argc > 1) return stage(atoi(argv[1]));
  self[MUST(readlink("/proc/self/exe", self, sizeof self - 1))] = 0;
  run(false);
  run(true);
  run(false);
  early_end();
}
