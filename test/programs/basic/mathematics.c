// libm in every digit, rounding modes and exception flags.
#include <fenv.h>
#include <math.h>
#include <stdio.h>

#define SHOW(call) printf(#call " %.17g\n", (double)(call))

int main(void) {
  static const double points[] = {-7.3, -1.0, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.718281828, 10.5, 700.25, 1e15};
  for (unsigned i = 0; i < sizeof points / sizeof *points; i++) {
    double x = points[i];
    printf("x = %g\n", x);
    SHOW(sin(x)); SHOW(cos(x)); SHOW(tan(x)); SHOW(atan(x)); SHOW(exp(x)); SHOW(exp2(x / 3)); SHOW(expm1(x));
    SHOW(log(fabs(x))); SHOW(log2(fabs(x) + 1)); SHOW(log1p(fabs(x))); SHOW(sqrt(fabs(x))); SHOW(cbrt(x));
    SHOW(pow(fabs(x), 1.7)); SHOW(atan2(x, 2.5)); SHOW(hypot(x, 3)); SHOW(sinh(x / 100)); SHOW(tanh(x)); SHOW(erf(x));
    SHOW(tgamma(fabs(x) / 10 + 0.5)); SHOW(lgamma(fabs(x) + 0.5)); SHOW(fmod(x, 0.7)); SHOW(remainder(x, 0.7));
    SHOW(floor(x)); SHOW(ceil(x)); SHOW(trunc(x)); SHOW(round(x)); SHOW(rint(x)); SHOW(nearbyint(x)); SHOW(lrint(x));
    SHOW(fma(x, x, -1)); SHOW(ldexp(x, -3)); SHOW(copysign(1, x)); SHOW(nextafter(x, 100)); SHOW(sinf((float)x)); SHOW(powf(2, (float)x / 50));
    SHOW(fmin(x, 1)); SHOW(fmax(x, NAN)); SHOW(fdim(x, 1)); SHOW(logb(x)); SHOW(ilogb(x + 0.1)); SHOW(j0(x)); SHOW(asinh(x));
  }
  static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
  volatile double one = 1, three = 3, huge = 1e308, zero = 0;
  volatile float third = 3;
  for (int i = 0; i < 4; i++) {
    fesetround(modes[i]);
    printf("mode %d: %.17g %.17g %.9g %ld %g\n", i, one / three, -one / three, 1 / third, lrint(2.5), rint(-2.5));
  }
  fesetround(FE_TONEAREST);
  feclearexcept(FE_ALL_EXCEPT);
  volatile double r = one / three;
  printf("%x ", fetestexcept(FE_ALL_EXCEPT));
  r = huge * huge;
  printf("%x ", fetestexcept(FE_ALL_EXCEPT));
  r = one / zero;
  printf("%x ", fetestexcept(FE_ALL_EXCEPT));
  r = zero / zero;
  printf("%x ", fetestexcept(FE_ALL_EXCEPT));
  fenv_t saved;
  feholdexcept(&saved);
  r = (int)huge;
  printf("%x ", fetestexcept(FE_ALL_EXCEPT));
  feupdateenv(&saved);
  printf("%x %d\n", fetestexcept(FE_ALL_EXCEPT), isnan(r));
  return 0;
}
