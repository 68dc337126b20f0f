#include <stdio.h>

static volatile int done;
static volatile long turns;

int main(void) {
  puts("looping");
  fflush(stdout);
  while (!done) turns++;
  printf("done %d\n", done);
  return done;
}
