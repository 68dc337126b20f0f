// qsort with callbacks, bsearch, and a sort of one's own.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
  int key;
  char name[12];
};
static int calls;

static int by_key(const void *a, const void *b) {
  calls++;
  const struct item *x = a, *y = b;
  return (x->key > y->key) - (x->key < y->key);
}

static int by_name(const void *a, const void *b) { return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name); }
static int by_double(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(void) {
  enum { N = 5000 };
  static struct item items[N];
  static double numbers[N];
  unsigned seed = 12345;
  for (int i = 0; i < N; i++) {
    seed = seed * 1103515245 + 12345;
    items[i].key = (int)(seed >> 8) - (1 << 22);
    snprintf(items[i].name, sizeof items[i].name, "n%u", seed % 99991);
    numbers[i] = ((int)seed) / 65536.0;
  }
  qsort(items, N, sizeof *items, by_key);
  for (int i = 0; i < N; i += 499) printf("%d %s\n", items[i].key, items[i].name);
  int key = items[N / 2].key;
  struct item *found = bsearch(&key, items, N, sizeof *items, by_key);
  printf("found %td\n", found - items);
  qsort(items, N, sizeof *items, by_name);
  qsort(numbers, N, sizeof *numbers, by_double);
  for (int i = 0; i < N; i += 499) printf("%s %.4f\n", items[i].name, numbers[i]);
  for (int i = 1; i < N; i++)
    if (numbers[i - 1] > numbers[i]) return 1;
  printf("%d comparisons\n", calls);
  return 0;
}
