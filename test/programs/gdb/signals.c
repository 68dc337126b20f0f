#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile int seen;
static volatile char *place = (char *)0x1230;

static void note(int number) {
  seen = number;
}

int main(void) {
  signal(SIGUSR1, note);
  raise(SIGUSR1);
  printf("seen %d\n", seen);
  seen = 0;
  raise(SIGUSR1);
  printf("seen %d\n", seen);
  fflush(stdout);
  *place = 1;
  puts("not reached");
  return 0;
}
