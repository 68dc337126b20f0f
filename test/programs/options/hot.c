#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) long spin(long turns) {
  long sum = 0;
  for (long i = 0; i < turns; i++) sum += i ^ (sum >> 3);
  return sum;
}

static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

int main(void) {
  static int numbers[1 << 16];
  for (int i = 0; i < 1 << 16; i++) numbers[i] = i * 7919 % (1 << 16);
  qsort(numbers, 1 << 16, sizeof *numbers, compare);
  printf("%ld %d\n", spin(100000000), numbers[5]);
  return 0;
}
