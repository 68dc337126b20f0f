/* The spectral norm of an infinite matrix by the power method: divisions. Argument: repetitions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT 200

static double element(int i, int j)
{
	return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

__attribute__((noinline)) static void multiply(const double *v, double *out, int transposed)
{
	for (int i = 0; i < COUNT; i++) {
		double sum = 0;
		for (int j = 0; j < COUNT; j++)
			sum += (transposed ? element(j, i) : element(i, j)) * v[j];
		out[i] = sum;
	}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 100;
	static double u[COUNT], v[COUNT], t[COUNT];
	for (int i = 0; i < COUNT; i++)
		u[i] = 1 + i * 1e-3;
	double over = 0, under = 0;
	for (long n = 0; n < repetitions; n++) {
		multiply(u, t, 0);
		multiply(t, v, 1);
		multiply(v, t, 0);
		multiply(t, u, 1);
		over = under = 0;
		for (int i = 0; i < COUNT; i++)
			over += u[i] * v[i], under += v[i] * v[i];
		/* The matrix and its transpose were applied twice each. */
		for (int i = 0; i < COUNT; i++)
			u[i] /= over / under * (over / under);
	}
	printf("spectral %.6g\n", sqrt(over / under));
	return 0;
}
