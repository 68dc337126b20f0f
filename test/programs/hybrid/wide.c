/* __int128 and long double (IEEE quadruple on RISC-V): pairs of registers, aligned on the stack and in variadic parts. */
#include <stdarg.h>
#include <stdio.h>

#define KEEP __attribute__((noinline))
typedef __int128 i128;
typedef unsigned __int128 u128;

KEEP i128 multiply(long a, long b) { return (i128)a * b; }
KEEP u128 shift(u128 value, int n) { return value << n; }
KEEP i128 divide(i128 a, i128 b) { return a / b; }
KEEP u128 remainder_of(u128 a, u128 b) { return a % b; }
KEEP i128 late(long a, long b, long c, long d, long e, long f, long g, i128 split, int x, i128 aligned) {
  return a + b + c + d + e + f + g + split * 3 + x + aligned * 5;
}
KEEP long double scale(long double x, double y) { return x * y + 1; }
KEEP long double late_quad(int a, int b, int c, int d, int e, int f, int g, int h, int i, long double x, int j, long double y) {
  return a + b + c + d + e + f + g + h + i + x * 3 + j + y;
}
KEEP double narrow(long double x) { return (double)x; }
KEEP int compare(long double a, long double b) { return (a < b) - (a > b); }
KEEP long to_long(long double x) { return (long)x; }
KEEP unsigned long to_ulong(i128 x) { return (unsigned long)(x >> 3); }
KEEP double as_double(i128 x) { return (double)x; }
KEEP i128 from_double(double x) { return (i128)x; }

/* Variadic: stays on the guest, takes pairs aligned to an even register. */
KEEP long double sum(int count, ...) {
  va_list list;
  long double total = 0;
  va_start(list, count);
  for (int i = 0; i < count; i++) total += va_arg(list, long double) + (long double)va_arg(list, int);
  va_end(list);
  return total;
}
KEEP long double sums(void) { return sum(2, 1.5L, 2, 3.25L, 4) + sum(5, 1.L, 1, 2.L, 2, 3.L, 3, 4.L, 4, 5.L, 5); }

static void print(i128 value) {
  printf("%016lx%016lx\n", (unsigned long)(value >> 64), (unsigned long)value);
}

int main(void) {
  print(multiply(-123456789012345678, 987654321098765432));
  print((i128)shift(0x123456789abcdef, 77));
  print(divide(multiply(1L << 60, 1L << 60), -12345));
  print((i128)remainder_of((u128)multiply(1L << 60, 1L << 60), 1000000007));
  print(late(1, 2, 3, 4, 5, 6, 7, multiply(1L << 50, 1L << 50), 8, multiply(-1, 1L << 62)));
  printf("%.30Lg\n", scale(1.0L / 3, 7));
  printf("%.30Lg\n", late_quad(1, 2, 3, 4, 5, 6, 7, 8, 9, 1.0L / 3, 10, 1e4000L));
  printf("%.17g %d %d %ld\n", narrow(1.0L / 3), compare(1, 2), compare(2, 1), to_long(-1e18L));
  printf("%lu %.17g\n", to_ulong(multiply(-1, 800)), as_double(multiply(1L << 62, -5)));
  print(from_double(-1e30));
  printf("%Lg\n", sums());
  return 0;
}
