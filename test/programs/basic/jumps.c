// setjmp and longjmp: over many frames, in a loop, out of qsort.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf top;
static sigjmp_buf deep;

__attribute__((noinline)) static int descend(int n, double carried) {
  if (n == 0) longjmp(top, (int)carried);
  int result = descend(n - 1, carried + 0.5);
  return result + 1;
}

static int order(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  if (x == 13 || y == 13) siglongjmp(deep, 99);
  return x - y;
}

int main(void) {
  volatile int round = 0;
  volatile double kept = 1.25;
  int value = setjmp(top);
  printf("back with %d in round %d, kept %g\n", value, round, kept);
  kept *= 2;
  if (round < 6) descend(10 * ++round, 3);
  static int numbers[64];
  for (int i = 0; i < 64; i++) numbers[i] = i * 37 % 64;
  int how = sigsetjmp(deep, 1);
  if (how == 0) qsort(numbers, 64, sizeof *numbers, order);
  printf("out of qsort by %d\n", how);
  for (volatile int i = 0; i < 20000; i++) {
    jmp_buf near;
    if (setjmp(near) == 0) longjmp(near, i);
  }
  if (setjmp(top) == 0) longjmp(top, 0);
  puts("a jump with 0 comes back with 1");
  return 0;
}
