// Rounding modes and exception flags are the guest's while host code computes.
// riscv: flags and conversions in other modes differ
#include "sides.h"
#include <fenv.h>
static volatile double one = 1, three = 3, huge = 1e308;
HOST double third(void) { return one / three; }
HOST double overflow(void) { return huge * 10; }
HOST int set(int mode) { return fesetround(mode); }
GUEST int main(void)
{
	int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	for (int i = 0; i < 4; i++) { set(modes[i]); printf("%a\n", third()); }
	set(FE_TONEAREST);
	feclearexcept(FE_ALL_EXCEPT);
	overflow();
	printf("%d %d\n", !!fetestexcept(FE_OVERFLOW), !!fetestexcept(FE_DIVBYZERO));
	return 0;
}
