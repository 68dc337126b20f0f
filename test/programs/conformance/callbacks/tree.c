// A tree of the C library whose order, visits and ends are the host's.
#include "sides.h"
#define __USE_GNU
#include <search.h>
static long total;
HOST int order(const void *a, const void *b) { return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b); }
HOST void visit(const void *node, VISIT when, int depth) { if (when == postorder || when == leaf) total = total * 5 + **(long *const *)node + (depth > 20); }
HOST void fill(void **root, long *v, int n) { for (int i = 0; i < n; i++) tsearch(&v[i], root, order); }
GUEST int main(void)
{
	static long v[50];
	void *root = 0;
	for (int i = 0; i < 50; i++) v[i] = i * 37 % 53;
	fill(&root, v, 50);
	twalk(root, visit);
	printf("%ld %d\n", total, **(long **)tfind(&v[9], &root, order) == v[9]);
	tdelete(&v[3], &root, order);
	total = 0;
	twalk(root, visit);
	printf("%ld\n", total);
	return 0;
}
