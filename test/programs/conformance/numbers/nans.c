// NaNs that host code makes are canonical where bits show; those that it moves keep theirs.
// riscv: NaNs have other bits
#include "sides.h"
union bits { double d; unsigned long u; };
static volatile double zero, inf = __builtin_inf();
HOST double make(int how) { return how == 0 ? zero / zero : how == 1 ? inf - inf : how == 2 ? zero * inf : __builtin_sqrt(-inf); }
HOST double move(double x) { return x; }
HOST double negate(double x) { return -x; }
HOST void store(double *to, const double *from, int n) { for (int i = 0; i < n; i++) to[i] = from[i] - from[i]; }
GUEST int main(void)
{
	for (int i = 0; i < 4; i++) { union bits b = {make(i)}; printf("%016lx\n", b.u); }
	union bits payload = {.u = 0xfff8000000001234}, n;
	n.d = move(payload.d);
	printf("%016lx ", n.u);
	n.d = negate(payload.d);
	printf("%016lx\n", n.u);
	double v[5] = {1, inf, -inf, payload.d, 2}, w[5];
	store(w, v, 5);
	for (int i = 0; i < 5; i++) { union bits b = {w[i]}; printf("%016lx\n", b.u); }
	return 0;
}
