/* Matrix multiplication of doubles, in the order of the textbook and with the second matrix transposed. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define ORDER 200

static double a[ORDER][ORDER], b[ORDER][ORDER], c[ORDER][ORDER];

__attribute__((noinline)) static void multiply(void)
{
	for (int i = 0; i < ORDER; i++)
		for (int j = 0; j < ORDER; j++) {
			double sum = 0;
			for (int k = 0; k < ORDER; k++)
				sum += a[i][k] * b[k][j];
			c[i][j] = sum;
		}
}

__attribute__((noinline)) static void multiply_transposed(void)
{
	for (int i = 0; i < ORDER; i++)
		for (int j = 0; j < ORDER; j++) {
			double sum = 0;
			for (int k = 0; k < ORDER; k++)
				sum += a[i][k] * b[j][k];
			c[i][j] += sum;
		}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 20;
	double sum = 0;
	for (int i = 0; i < ORDER; i++)
		for (int j = 0; j < ORDER; j++)
			a[i][j] = random_unit(), b[i][j] = random_unit();
	for (long n = 0; n < repetitions; n++) {
		multiply();
		multiply_transposed();
		a[n % ORDER][3] = 1 / c[5][n % ORDER];
		sum += c[n % ORDER][7];
	}
	printf("gemm %.8g\n", sum);
	return 0;
}
