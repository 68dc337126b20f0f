/* Signals of a timer while memory functions run for long, in one thread and then in four; the handler calls the same functions. */
#include "functions.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

enum { SIZE = 8 << 20, ENOUGH = 20 };
static volatile unsigned long ticks, wrong;
static char small[64];

static void tick(int number) {
  (void)number;
  char text[200];
  p_memset(text, 'z', sizeof text - 1);
  text[sizeof text - 1] = 0;
  p_memcpy(small, text + sizeof text - 21, 21);
  wrong += p_strlen(text) != sizeof text - 1 || p_strcmp(small, text + sizeof text - 21) != 0;
  ticks++;
}

static unsigned long work(void) {
  char *from = malloc(SIZE), *to = malloc(SIZE);
  unsigned long sum = 0;
  for (int k = 0; k < SIZE; k++) from[k] = (char)(k * 7 + 1);
  for (int k = 0; k < 20; k++) {
    p_memcpy(to, from, SIZE);
    p_memmove(to + 3, to, SIZE - 3);
    p_memmove(to, to + 5, SIZE - 5);
    p_memset(from, k + 1, SIZE / 2);
    from[SIZE - 1] = 0;
    sum = sum * 31 + p_strlen(from);
    for (int i = 0; i < SIZE; i += 4093) sum = sum * 31 + (unsigned char)to[i];
  }
  free(from);
  free(to);
  return sum;
}

static void *thread(void *sum) {
  *(unsigned long *)sum = work();
  return NULL;
}

int main(void) {
  struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval timer = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  printf("%lx\n", work());
  pthread_t threads[3];
  unsigned long sums[4];
  for (int k = 0; k < 3; k++) pthread_create(&threads[k], NULL, thread, &sums[k]);
  sums[3] = work();
  for (int k = 0; k < 3; k++) pthread_join(threads[k], NULL);
  for (int k = 0; k < 4; k++) printf("%lx\n", sums[k]);
  while (ticks < ENOUGH) {}
  printf("%lu wrong\n", wrong);
  return 0;
}
