/* Arithmetic whose corner cases differ between RISC-V and x86: all results are printed as bits. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GUEST __attribute__((noinline, annotate("ferry.guest")))
#define HOST __attribute__((noinline, annotate("ferry.offload")))

static uint64_t bits(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static uint32_t bits32(float x) { uint32_t b; memcpy(&b, &x, 4); return b; }
/* The compiler does not see the values, as it may compute with a NaN that it knows in other ways than the processor. */
GUEST static double from(volatile uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

HOST double arithmetic(int op, double a, double b) {
  switch (op) {
  case 0: return a + b;
  case 1: return a - b;
  case 2: return a * b;
  case 3: return a / b;
  case 4: return fmin(a, b);
  case 5: return fmax(a, b);
  case 6: return fma(a, b, a);
  case 7: return a * b + a;
  case 8: return sqrt(a);
  case 9: return fabs(a - b);
  case 10: return -(a * b);
  case 11: return copysign(a + b, b);
  case 12: return (float)a;
  case 13: return floor(a) + ceil(b);
  case 14: return fmod(a, b);
  default: return a;
  }
}
HOST float single(int op, float a, float b) {
  return op == 0 ? a + b : op == 1 ? a / b : op == 2 ? fminf(a, b) : a * b - a;
}
HOST void store(double *to, const double *a, const double *b, int n) {
  for (int i = 0; i < n; i++) to[i] = a[i] - b[i];
}
HOST void move(double *to, const double *from, int n) {
  for (int i = 0; i < n; i++) to[i] = from[i] > 100 ? to[i] * 2 : from[i];
}
/* Stores in loops whose bits are read again, at once and later, as numbers and as bits. */
HOST uint64_t update(double *p, const double *q, int n) {
  uint64_t sum = 0;
  for (int i = 0; i < n; i++) {
    p[i] -= q[(i + 1) % n] * p[(i + 2) % n];
    p[(i + 4) % n] += p[i] * q[i];
    uint64_t b;
    memcpy(&b, &p[(i * 7) % n], 8);
    sum = sum * 31 + b;
    p[(i + 3) % n] = p[(i * 5) % n];
  }
  return sum;
}
HOST void rotate(double *x, double *y, double *z, int n) {
  for (int i = 0; i < n; i++) {
    double a = x[i] * 2 - y[i], b = y[i] - z[i] * x[i];
    x[i] = a;
    y[i] = b / a;
    z[i] += a - b;
    x[n - 1 - i] = z[i];
  }
}
HOST long convert(int op, double x) {
  switch (op) {
  case 0: return (int)x;
  case 1: return x >= 0 && x < 4294967296.0 ? (unsigned)x : 0;
  case 2: return (long)x;
  case 3: return (long)(unsigned long)x;
  case 4: return lrint(x);
  default: return llround(x);
  }
}
HOST long divide(int op, long a, long b) {
  switch (op) {
  case 0: return a / b;
  case 1: return a % b;
  case 2: return (long)((unsigned long)a / (unsigned long)b);
  case 3: return (long)((unsigned long)a % (unsigned long)b);
  case 4: return (int)a / (int)b;
  case 5: return (int)a % (int)b;
  case 6: return (long)((unsigned)a / (unsigned)b);
  default: return (long)((unsigned)a % (unsigned)b);
  }
}
HOST long shift(int op, long a, int n) {
  switch (op) {
  case 0: return a << n;
  case 1: return a >> n;
  case 2: return (long)((unsigned long)a >> n);
  case 3: return (int)a << n;
  case 4: return (int)a >> n;
  default: return (long)((unsigned)a >> n);
  }
}
HOST double series(int n) {
  double total = 0;
  for (int i = 1; i <= n; i++) total += sin(i) * exp(-i / 10.0) + pow(i, 1.0 / 3) + log(i) * cos(i) + tan(i / 7.0);
  return total;
}
HOST double transcendental(double x) { return pow(2.0, x) + pow(x, 2.0) + exp(1.0) + log(10.0) + atan2(x, 3.0); }
HOST double dot(const double *a, const double *b, int n) {
  double total = 0;
  for (int i = 0; i < n; i++) total += a[i] * b[i];
  return total;
}
HOST unsigned checksum(const unsigned char *data, int n) {
  unsigned a = 1, b = 0;
  for (int i = 0; i < n; i++) {
    a = (a + data[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

int main(void) {
  const double values[] = {0.0, -0.0, 1.5, -2.25, INFINITY, -INFINITY, from(0x7ff8000000000000), from(0xfff8000000000123),
                           from(0x7ff0000000000001), DBL_MIN / 4, DBL_MAX, 1e300, 3e9, -1e19, 0.1};
  const int count = sizeof values / sizeof *values;
  uint64_t hash = 14695981039346656037u;
  for (int op = 0; op < 16; op++) {
    for (int i = 0; i < count; i++)
      for (int j = 0; j < count; j++) {
        uint64_t b = bits(arithmetic(op, values[i], values[j]));
        hash = (hash ^ b) * 1099511628211u;
        if (op < 16 && j == (i * 7 + op) % count) printf("%d %d %d %016lx\n", op, i, j, b);
      }
    printf("%d: %016lx\n", op, hash);
  }
  for (int op = 0; op < 4; op++)
    for (int i = 0; i < count; i++) printf("%08x ", bits32(single(op, (float)values[i], (float)values[(i + 4) % count])));
  puts("");
  double out[15];
  store(out, values, values, count);
  for (int i = 0; i < count; i++) printf("%016lx ", bits(out[i]));
  move(out, values, count);
  for (int i = 0; i < count; i++) printf("%016lx ", bits(out[i]));
  puts("");
  double in[15], third[15];
  for (int i = 0; i < count; i++) in[i] = values[i], third[i] = values[(i * 4) % count];
  printf("%016lx\n", update(out, in, count));
  rotate(in, out, third, count);
  for (int i = 0; i < count; i++) printf("%016lx %016lx %016lx\n", bits(in[i]), bits(out[i]), bits(third[i]));
  for (int op = 0; op < 6; op++)
    for (int i = 0; i < count; i++) printf("%ld ", convert(op, values[i]));
  puts("");
  const long numbers[] = {0, 1, -1, 7, -7, INT64_MIN, INT64_MAX, INT32_MIN, INT32_MAX, 1L << 32};
  for (int op = 0; op < 8; op++)
    for (int i = 0; i < 10; i++)
      for (int j = 0; j < 10; j++) printf("%lx ", divide(op, numbers[i], numbers[j]));
  puts("");
  for (int op = 0; op < 6; op++)
    for (int i = 0; i < 10; i++)
      for (int n = 0; n < 70; n += 9) printf("%lx ", shift(op, numbers[i], n));
  puts("");
  printf("%.17g %016lx %016lx\n", series(50), bits(series(500)), bits(transcendental(0.7)));
  double a[100], b[100];
  for (int i = 0; i < 100; i++) a[i] = 1.0 / (i + 1), b[i] = i * 0.1;
  printf("%016lx\n", bits(dot(a, b, 100)));
  printf("%08x\n", checksum((const unsigned char *)"the quick brown fox", 19));
  return 0;
}
