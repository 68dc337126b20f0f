// Arithmetic, comparisons, conversions and functions of long double.
// riscv: long double has another format
#include "sides.h"
#include <math.h>
HOST long double polynomial(long double x) { return ((x * 3 - 1) * x + 0.1L) / (x + 7); }
HOST int order(long double a, long double b) { return (a < b) + (a <= b) * 2 + (a == b) * 4 + (a != b) * 8 + __builtin_isunordered(a, b) * 16; }
HOST long double functions(long double x) { return sqrtl(x) + floorl(x) + fabsl(-x) + fmodl(x, 0.3L) + powl(x, 1.5L); }
HOST long double parse(const char *text) { return strtold(text, 0); }
HOST long whole(long double x) { return (long)x; }
HOST double narrow(long double x) { return (double)x + (float)x; }
GUEST int main(void)
{
	for (int i = -3; i < 4; i++) printf("%.30Lg %d %ld %a\n", polynomial(i / 3.0L), order(i, 0.5L * i), whole(i * 1e17L), narrow(i / 7.0L));
	printf("%.30Lg %.30Lg %d\n", functions(2.7L), parse("3.14159265358979323846264338327950288"), order(__builtin_nanl(""), 1));
	return 0;
}
