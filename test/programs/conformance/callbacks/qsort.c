// qsort of the guest's library with comparisons that run on the host, also one that sorts itself.
#include "sides.h"
static int calls;
HOST int by_value(const void *a, const void *b) { calls++; return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b); }
GUEST int by_last_digit(const void *a, const void *b) { return *(const int *)a % 10 - *(const int *)b % 10; }
HOST int nested(const void *a, const void *b)
{
	int copy[4] = {3, *(const int *)a & 7, 2, *(const int *)b & 7};
	qsort(copy, 4, sizeof *copy, by_value);
	return copy[0] + by_value(a, b) - copy[0];
}
HOST long sum(int *v, int n) { long s = 0; for (int i = 0; i < n; i++) s = s * 3 + v[i]; return s; }
HOST void sort_all(int *v, int n)
{
	qsort(v, n, sizeof *v, by_value);
	printf("%ld %d\n", sum(v, n), calls > n);
	qsort(v, n, sizeof *v, nested);
	qsort(v, 10, sizeof *v, by_last_digit);
}
GUEST int main(void)
{
	int v[300];
	for (int i = 0; i < 300; i++) v[i] = i * 7919 % 1009;
	sort_all(v, 300);
	printf("%ld\n", sum(v, 300));
	return 0;
}
