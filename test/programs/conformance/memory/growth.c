// brk, mmap and remapped memory that host code touches at once.
#define _GNU_SOURCE
#include "sides.h"
#include <sys/mman.h>
HOST long touch(signed char *p, long n) { long s = 0; for (long i = 0; i < n; i += 64) { p[i] = (signed char)i; s += p[i]; } return s; }
GUEST int main(void)
{
	char *a = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("%ld\n", touch((signed char *)a, 1 << 20));
	a = mremap(a, 1 << 20, 1 << 22, MREMAP_MAYMOVE);
	printf("%ld\n", touch((signed char *)a, 1 << 22));
	char *b = malloc(300000);
	printf("%ld\n", touch((signed char *)b, 300000));
	b = realloc(b, 3000000);
	printf("%ld\n", touch((signed char *)b, 3000000));
	return 0;
}
