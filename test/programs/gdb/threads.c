#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int total;
static volatile int go;
static pthread_barrier_t barrier;

void tick(int id) {
  total += id;
}

static void *spin(void *argument) {
  int id = (int)(long)argument;
  pthread_barrier_wait(&barrier);
  while (!go) {}
  for (int i = 0; i < 3; i++) tick(id);
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  pthread_barrier_init(&barrier, NULL, 4);
  for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, spin, (void *)(i + 1));
  pthread_barrier_wait(&barrier);
  go = 1;
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  printf("total %d\n", total);
  return 0;
}
