// Calls 100,000 deep, mutual recursion, Ackermann's function.
#include <stdio.h>

__attribute__((noinline)) static long sum(long n) {
  volatile long keep = n;
  return n == 0 ? 0 : keep + sum(n - 1);
}

static int odd(unsigned n);
__attribute__((noinline)) static int even(unsigned n) {
  volatile unsigned keep = n;
  return n == 0 ? 1 : odd(keep - 1) & 1;
}
__attribute__((noinline)) static int odd(unsigned n) {
  volatile unsigned keep = n;
  return n == 0 ? 0 : even(keep - 1) & 1;
}

static unsigned ackermann(unsigned m, unsigned n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

__attribute__((noinline)) static double fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

int main(void) {
  printf("%ld\n", sum(100000));
  printf("%d %d\n", even(50000), even(50001));
  printf("%u\n", ackermann(2, 300));
  printf("%u\n", ackermann(3, 6));
  printf("%g\n", fibonacci(24));
  return 0;
}
