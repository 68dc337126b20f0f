/* Narrow integers in and out: the psABI extends by type, and 32-bit values by sign even when unsigned. */
#include <stdint.h>
#include <stdio.h>

#define KEEP __attribute__((noinline))

KEEP char add_char(char a, char b) { return a + b; }
KEEP signed char add_signed(signed char a, signed char b) { return a + b; }
KEEP unsigned char add_unsigned(unsigned char a, unsigned char b) { return a + b; }
KEEP short add_short(short a, short b) { return a + b; }
KEEP unsigned short add_ushort(unsigned short a, unsigned short b) { return a + b; }
KEEP int add_int(int a, int b) { return a + b; }
KEEP unsigned add_uint(unsigned a, unsigned b) { return a + b; }
KEEP long add_long(long a, long b) { return a + b; }
KEEP unsigned long add_ulong(unsigned long a, unsigned long b) { return a + b; }
KEEP _Bool both(_Bool a, _Bool b) { return a && b; }
KEEP _Bool truth(int value) { return value; }
KEEP unsigned high_bit(void) { return 0x80000000u; }
KEEP long widen(unsigned a) { return a; }
KEEP long widen_signed(int a) { return a; }
KEEP float half(float x) { return x / 2; }
KEEP double third(double x) { return x / 3; }
KEEP const char *skip(const char *s, int n) { return s + n; }
KEEP long many(int a, long b, short c, char d, unsigned e, long f, int g, long h, int i, long j, signed char k, unsigned l) {
  return a + 2 * b + 3 * c + 4 * d + 5L * e + 6 * f + 7 * g + 8 * h + 9L * i + 10 * j + 11 * k + 12L * l;
}
KEEP double mixed(int a, double b, long c, float d, double e, double f, double g, double h, double i, double j, double k,
                  float l, double m, int n, int o, int p, int q, int r, int s, double t) {
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 + l * 12 + m * 13 + n * 14 +
         o * 15 + p * 16 + q * 17 + r * 18 + s * 19 + t * 20;
}

int main(void) {
  printf("%d %d %d\n", add_char(100, 100), add_signed(100, 100), add_unsigned(200, 100));
  printf("%d %d\n", add_short(30000, 30000), add_ushort(60000, 30000));
  printf("%d %u\n", add_int(2000000000, -5), add_uint(4000000000u, 400000000u));
  printf("%ld %lu\n", add_long(-1, INT64_MIN + 1), add_ulong(UINT64_MAX, 2));
  printf("%d %d %d\n", both(1, 1), both(1, 0), truth(256));
  printf("%u %ld %ld\n", high_bit(), widen(high_bit()), widen_signed((int)high_bit()));
  printf("%.9g %.17g %s\n", half(0.3f), third(1), skip("pointer", 2));
  printf("%ld\n", many(1, 2, -3, 200, 4000000000u, -6, 7, 8, -9, 10, -11, 3000000000u));
  printf("%.17g\n", mixed(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20));
  return add_int(40, 2);
}
