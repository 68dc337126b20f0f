// Floating point through printf and scanf: every digit is made by integer and float code of libc.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  static const double values[] = {0.0, -0.0, 1.0, 0.1, -2.5, 1e-5, 123456.789, 1e100, 5e-324, DBL_MAX, DBL_MIN, 2.0 / 3, 1e22, 9.999999e22};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    double v = values[i];
    printf("%f %e %g %a %.3f %.0f %20.10g|%-20.4e|%+g\n", v, v, v, v, v, v, v, v, v);
    char text[64];
    snprintf(text, sizeof text, "%.17g", v);
    printf("%s %d\n", text, strtod(text, NULL) == v);
  }
  printf("%f %f %g\n", INFINITY, -INFINITY, NAN);
  double sum = 0;
  float single = 0;
  for (int i = 1; i <= 1000; i++) {
    sum += 1.0 / i;
    single += 1.0f / (float)i;
  }
  printf("%.17g %.9g\n", sum, single);
  float f;
  double d;
  int n = sscanf("3.25 -1e-3", "%f %lf", &f, &d);
  printf("%d %.9g %.17g\n", n, f, d);
  printf("%d %u %ld %lu\n", (int)-3.99, (unsigned)3.99, (long)1e18, (unsigned long)1.8e19);
  volatile double big = 1e300;
  volatile float tiny = 1e-30f;
  printf("%d %ld %g %g\n", (int)big, (long)-big, big * big, tiny * tiny);
  return 0;
}
