// __int128 and long double (binary128, in software on RISC-V).
#include <math.h>
#include <stdio.h>

typedef unsigned __int128 u128;
typedef __int128 i128;

static void print(u128 v) {
  char text[48], *p = text + 47;
  *p = 0;
  do *--p = (char)('0' + (int)(v % 10)); while (v /= 10);
  puts(p);
}

int main(void) {
  u128 f = 1;
  for (unsigned i = 2; i <= 34; i++) f *= i;
  print(f);
  print(f / 1234567890123ull);
  print(f % 1234567890123ull);
  i128 n = -(i128)f;
  printf("%lld %lld\n", (long long)(n >> 70), (long long)(n / ((i128)1 << 90)));
  u128 a = ((u128)0x123456789abcdef0ull << 64) | 0xfedcba9876543210ull;
  for (int s = 0; s < 128; s += 17) printf("%016llx ", (unsigned long long)((a << s) >> 64) ^ (unsigned long long)(a >> s));
  printf("\n%d %d\n", (i128)a < (i128)~a, a > ~a);
  printf("%.10g %.10g\n", (double)f, (double)n);
  long double x = 1.0L / 3, e = 1, term = 1;
  for (int i = 1; i < 40; i++) e += term /= i;
  printf("%.30Lf %.33Lf %La\n", x, e, x);
  printf("%.25Lf %.25Lf\n", sqrtl(2), sinl(1));
  printf("%Lg %Lg %d %ld\n", x * 1e4000L, -x / 1e4000L, x < 0.333333333333333333L, (long)(e * 1e15L));
  double d = (double)e;
  float s = (float)x;
  printf("%.17g %.9g\n", d, s);
  return 0;
}
