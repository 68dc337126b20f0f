/* A thousand functions are called for the first time by eight threads at once, each in an order of its own. */
#include "../probe.h"

enum { THREADS = 8, FUNCTIONS = 1024 };
#define BODY(n)                                                                                       \
  static __attribute__((noinline)) uint64_t f##n(uint64_t a, double x) {                              \
    uint64_t r = a * (n##u + 3) ^ 0x##n##5u;                                                          \
    for (uint64_t i = 0; i < (a & 7); i++) r = (r << (n##u % 13 + 1) | r >> 5) + (uint64_t)(x * n##u); \
    return a % 3 == 0 ? ~r : r - n##u;                                                                \
  }
#define EACH_4(m, n) m(n##0) m(n##1) m(n##2) m(n##3)
#define EACH_16(m, n) EACH_4(m, n##0) EACH_4(m, n##1) EACH_4(m, n##2) EACH_4(m, n##3)
#define EACH_64(m, n) EACH_16(m, n##0) EACH_16(m, n##1) EACH_16(m, n##2) EACH_16(m, n##3)
#define EACH_256(m, n) EACH_64(m, n##0) EACH_64(m, n##1) EACH_64(m, n##2) EACH_64(m, n##3)
#define EACH(m) EACH_256(m, 10) EACH_256(m, 11) EACH_256(m, 12) EACH_256(m, 13)
EACH(BODY)
#define ENTRY(n) f##n,
static uint64_t (*const functions[FUNCTIONS])(uint64_t, double) = {EACH(ENTRY)};

static pthread_barrier_t barrier;
static uint64_t results[THREADS];

static void *run(void *argument) {
  uint64_t self = (uint64_t)argument, sum = 0;
  static const unsigned strides[THREADS] = {1, 1, 3, 5, 7, 1023, 511, 255};
  pthread_barrier_wait(&barrier);
  for (unsigned round = 0; round < 3; round++)
    for (unsigned i = 0; i < FUNCTIONS; i++) {
      unsigned which = (i * strides[self] + (round ? (unsigned)self * 131 : 0)) % FUNCTIONS;
      sum += functions[which](which + round, 1.5);
    }
  results[self] = sum;
  return NULL;
}

int main(void) {
  pthread_barrier_init(&barrier, NULL, THREADS);
  run_threads(THREADS, run);
  for (int i = 0; i < THREADS; i++) printf("%016llx\n", (unsigned long long)results[i]);
}
