// makecontext and swapcontext: stacks that the host's call stack knows nothing of.
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum { WORKERS = 4, ROUNDS = 2000 };
static ucontext_t scheduler, workers[WORKERS];
static long totals[WORKERS];
static int current, finished;

static void yield(void) { swapcontext(&workers[current], &scheduler); }

__attribute__((noinline)) static double deep(int n, double x) {
  if (n == 0) {
    yield();
    return x;
  }
  double y = deep(n - 1, x + 0.25);
  return y + 1;
}

static void work(int id) {
  double sum = 0;
  for (int i = 0; i < ROUNDS; i++) {
    totals[id] += i * (id + 1);
    if (i % 100 == id) sum += deep(id * 5, i);
    yield();
  }
  printf("worker %d: %ld %g\n", id, totals[id], sum);
  finished++;
}

static ucontext_t generator, consumer;
static int produced;
static void produce(void) {
  for (int a = 0, b = 1, t;; t = a + b, a = b, b = t) {
    produced = a;
    swapcontext(&generator, &consumer);
    if (a > 100000) return;
  }
}

int main(void) {
  for (int i = 0; i < WORKERS; i++) {
    getcontext(&workers[i]);
    workers[i].uc_stack.ss_sp = malloc(65536);
    workers[i].uc_stack.ss_size = 65536;
    workers[i].uc_link = &scheduler;
    makecontext(&workers[i], (void (*)(void))work, 1, i);
  }
  int switches = 0;
  while (finished < WORKERS) {
    current = (current * 5 + 1) % WORKERS;
    if (workers[current].uc_stack.ss_sp == NULL) continue;
    int before = finished;
    swapcontext(&scheduler, &workers[current]);
    switches++;
    if (finished > before) workers[current].uc_stack.ss_sp = NULL;
  }
  printf("%d switches\n", switches);
  getcontext(&generator);
  generator.uc_stack.ss_sp = malloc(65536);
  generator.uc_stack.ss_size = 65536;
  generator.uc_link = &consumer;
  makecontext(&generator, produce, 0);
  for (int i = 0; i < 20; i++) {
    swapcontext(&consumer, &generator);
    printf("%d ", produced);
  }
  puts("");
  return 0;
}
