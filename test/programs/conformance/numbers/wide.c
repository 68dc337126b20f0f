// __int128: products, quotients, shifts and overflow checks.
#include "sides.h"
typedef unsigned __int128 wide;
HOST wide power(wide x, int n) { wide p = 1; while (n-- > 0) p *= x; return p; }
HOST wide quotient(wide a, wide b) { return a / b; }
HOST wide rest(wide a, wide b) { return a % b; }
HOST int overflows(long a, long b) { long c; return __builtin_mul_overflow(a, b, &c) + 2 * __builtin_add_overflow(a, b, &c); }
GUEST void show(wide x) { printf("%016lx%016lx\n", (unsigned long)(x >> 64), (unsigned long)x); }
GUEST int main(void)
{
	show(power(7, 45));
	show(quotient(power(7, 45), power(3, 20)));
	show(rest(power(7, 45), power(3, 20)));
	show(power(2, 127) >> 31 ^ power(5, 50) << 9);
	printf("%d %d %d\n", overflows(1L << 40, 1L << 40), overflows(3, 4), overflows(~(1UL << 63), 1));
	return 0;
}
