// _Float16 in arithmetic, arrays, structs and conversions.
// riscv: arithmetic has another precision in between
// options: -march=rv64gc_zfhmin
#include "sides.h"
struct pair { _Float16 a, b; };
HOST _Float16 blend(_Float16 x, _Float16 y) { return x * y + x / (y + (_Float16)1); }
HOST float sum(const _Float16 *v, int n) { float s = 0; for (int i = 0; i < n; i++) s += v[i]; return s; }
HOST struct pair swap(struct pair p) { return (struct pair){p.b, p.a}; }
GUEST struct pair twice(struct pair p) { return (struct pair){p.a + p.a, p.b + p.b}; }
HOST struct pair both(struct pair p) { return twice(swap(p)); }
HOST _Float16 of_double(double x) { return (_Float16)x; }
HOST int of_half(_Float16 x) { return (int)x; }
GUEST int main(void)
{
	_Float16 v[10];
	for (int i = 0; i < 10; i++) v[i] = blend((_Float16)i, (_Float16)(i * 3));
	struct pair p = both((struct pair){1.5f16, -2});
	printf("%a %a %a %a %d\n", (double)sum(v, 10), (double)p.a, (double)p.b, (double)of_double(1.0009765), of_half(-7.9f16));
	return 0;
}
