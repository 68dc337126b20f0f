/* Matrix multiplication, double precision, in blocks. Argument: order of the matrices. */
#include "kernel-time.h"
#include <stdlib.h>

#define BLOCK 64

__attribute__((noinline)) static void multiply(int n, const double *restrict a, const double *restrict b, double *restrict c)
{
	for (int i0 = 0; i0 < n; i0 += BLOCK)
		for (int k0 = 0; k0 < n; k0 += BLOCK)
			for (int i = i0; i < i0 + BLOCK && i < n; i++)
				for (int k = k0; k < k0 + BLOCK && k < n; k++) {
					double factor = a[(size_t)i * n + k];
					const double *row = b + (size_t)k * n;
					double *out = c + (size_t)i * n;
					for (int j = 0; j < n; j++)
						out[j] += factor * row[j];
				}
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1024;
	size_t count = (size_t)n * n;
	double *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b), *c = calloc(count, sizeof *c);
	if (!a || !b || !c)
		return 1;
	for (size_t i = 0; i < count; i++) {
		a[i] = (double)(i % 97) / 97 - 0.5;
		b[i] = (double)(i % 89) / 89 - 0.5;
	}
	double start = seconds_now();
	multiply(n, a, b, c);
	print_kernel_time(start);
	double sum = 0, corner = c[count - 1];
	for (size_t i = 0; i < count; i++)
		sum += c[i] * (double)(i % 7);
	printf("matmul %.12g %.12g\n", sum, corner);
	free(a);
	free(b);
	free(c);
	return 0;
}
