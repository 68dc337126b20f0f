/*
 * One thread patches code that others run. Each sees the old or the new instruction, never anything else, and the new one
 * after a hand-over; pages are switched and replaced under running threads' feet.
 */
#include "emit.h"
#include <sys/syscall.h>

enum { RUNNERS = 3, ROUNDS = 800, FUNCTIONS = 16 };
static char *code;
static _Atomic int current, stop, ready, done[RUNNERS], wrong, strange;
static _Atomic long calls;

/* The function returns its argument plus a small constant; its one instruction is replaced by an atomic store. */
static void patch(char *at, int value) {
  char bytes[BYTES] __attribute__((aligned(16)));
  add_constant(bytes, value);
#ifdef __riscv
  __atomic_store_n((uint32_t *)at, *(uint32_t *)bytes, __ATOMIC_RELEASE);
#else
  __atomic_store_n((uint64_t *)at, *(uint64_t *)bytes, __ATOMIC_RELEASE);
#endif
  flush(at, BYTES);
}

static void *run(void *argument) {
  long self = (long)argument;
  int last = 0;
  ready++;
  while (!stop) {
    int before = current;
    fence_i();
    int got = (int)(call(code, 100) - 100), after = current;
    calls++;
    /* Values only grow. */
    if (got < before || got > after + 1) wrong++;
    if (got < last) strange++;
    last = got;
    done[self] = got;
  }
  return NULL;
}

/* Each thread has a page of its own and rewrites it without rest; all share the pool of what is translated. */
static void *rewrite_own(void *argument) {
  long self = (long)argument, sum = 0;
  char *page = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  for (int i = 0; i < ROUNDS; i++) {
    int value = i * 8 + (int)self;
    return_constant(page + i % 4 * BYTES, value);
    flush(page + i % 4 * BYTES, BYTES);
    long result = call(page + i % 4 * BYTES, 0);
    if (result != value) wrong++;
    sum += result;
  }
  munmap(page, PAGE);
  return (void *)sum;
}

/* Calls stable functions on a page of which other functions are rewritten. */
static void *call_neighbours(void *argument) {
  long sum = 0;
  for (int i = 0; i < 10000; i++) {
    int slot = i % (FUNCTIONS - 1) + 1;
    long result = call(code + slot * BYTES, i);
    if (result != i + slot) wrong++;
    sum += result;
  }
  return (void *)sum;
}

int main(void) {
  code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  add_constant(code, 0);
  flush(code, BYTES);
  pthread_t threads[RUNNERS];
  for (long i = 0; i < RUNNERS; i++) threads[i] = start_thread(run, (void *)i);
  while (ready < RUNNERS) sched_yield();
  for (int value = 1; value <= 300; value++) {
    patch(code, value);
    current = value;
    /* All have run the new one before the next comes. */
    for (int i = 0; i < RUNNERS; i++)
      while (done[i] < value) sched_yield();
  }
  stop = 1;
  for (int i = 0; i < RUNNERS; i++) join(threads[i]);
  printf("patched 300 times: wrong %d, back in time %d\n", wrong, strange);

  long sum = 0;
  for (long i = 0; i < RUNNERS; i++) threads[i] = start_thread(rewrite_own, (void *)i);
  for (int i = 0; i < RUNNERS; i++) sum += join(threads[i]);
  printf("own pages: sum %ld, wrong %d\n", sum, wrong);

  for (int i = 0; i < FUNCTIONS; i++) add_constant(code + i * BYTES, i);
  flush(code, PAGE);
  sum = 0;
  for (long i = 0; i < RUNNERS; i++) threads[i] = start_thread(call_neighbours, (void *)i);
  for (int i = 0; i < 500; i++) {
    patch(code, i);
    if (call(code, 1000) != 1000 + i) wrong++;
  }
  for (int i = 0; i < RUNNERS; i++) sum += join(threads[i]);
  printf("neighbours: sum %ld, wrong %d\n", sum, wrong);
}
