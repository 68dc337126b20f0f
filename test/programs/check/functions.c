/* Functions without effects of several signatures, and one with an effect. With another FACTOR they compute something else. */
#include <stdio.h>

#ifndef FACTOR
#define FACTOR 1000003
#endif
#define APART __attribute__((noinline))

static const unsigned table[8] = {1, 2, 3, 5, 7, 11, 13, 17};

struct two {
  long a;
  double b;
};

APART unsigned hash(const char *s, long n) {
  unsigned h = 7;
  for (long i = 0; i < n; i++) h = h * FACTOR + (unsigned char)s[i] + table[i & 7];
  return h;
}

APART double mean(double a, float b, int c, long d, long e, long f, long g, long h, long i, long j, long k) {
  return (a + b + c + d + e + f + g + h + i + j * 3 + k * FACTOR) / 10;
}

APART float single(float x, int k) { return x * k / FACTOR; }
APART struct two pair(long a, double b) { return (struct two){a * FACTOR, b / 3}; }
APART int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

APART void fill(char *p, long n) {
  for (long i = 0; i < n; i++) p[i] = (char)(i * 7);
}

int main(void) {
  char text[100];
  double sum = 0;
  unsigned h = 0;
  fill(text, sizeof text);
  for (int k = 1; k < 100; k++) {
    struct two t = pair(k, sum);
    h ^= hash(text, k) + (unsigned)t.a;
    sum += mean(k, 2.5f, k, 1, 2, 3, 4, 5, 6, k, k + 1) + single(1.5f, k) + t.b;
  }
  printf("%u %.17g %d\n", h, sum, fib(12));
  return 0;
}
