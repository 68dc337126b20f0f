/* A library that dlopen.c loads in threads: a constructor, a thread-local variable, calls of its own. */
#include <stdlib.h>

static _Thread_local int mine = 3;
static int started;
__attribute__((constructor)) static void start(void) { started = 1000 * PLUG; }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

int plug_compute(int x) {
  int values[8];
  for (int i = 0; i < 8; i++) values[i] = x * (i * 5 % 8) + i;
  qsort(values, 8, sizeof *values, compare);
  mine += x;
  return started + values[3] * 10 + (mine >= 3 + x);
}
