// malloc, realloc, calloc and free in a random order, small and large (mmap), checked by contents.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 500, ROUNDS = 60000 };
static unsigned char *slots[SLOTS];
static size_t sizes[SLOTS];
static uint64_t state = 88172645463325252u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void check(int i) {
  for (size_t k = 0; k < sizes[i]; k += 97)
    if (slots[i][k] != (unsigned char)(i + k)) {
      printf("slot %d damaged at %zu\n", i, k);
      exit(1);
    }
}

static void fill(int i) {
  for (size_t k = 0; k < sizes[i]; k++) slots[i][k] = (unsigned char)(i + k);
}

int main(void) {
  size_t total = 0;
  for (int round = 0; round < ROUNDS; round++) {
    int i = (int)(next() % SLOTS);
    size_t size = next() % 1000 == 0 ? 200000 + next() % 300000 : next() % 600;
    if (slots[i]) check(i);
    if (slots[i] && next() % 3 == 0) {
      slots[i] = realloc(slots[i], size + 1);
    } else {
      free(slots[i]);
      slots[i] = next() % 4 ? malloc(size + 1) : calloc(1, size + 1);
    }
    if (!slots[i]) return 2;
    sizes[i] = size;
    fill(i);
    total += size;
  }
  for (int i = 0; i < SLOTS; i++)
    if (slots[i]) check(i), free(slots[i]);
  void *aligned;
  printf("%d %d\n", posix_memalign(&aligned, 4096, 100), (int)((uintptr_t)aligned % 4096));
  printf("%zu bytes\n", total);
  return 0;
}
