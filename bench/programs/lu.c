/* LU decomposition with pivoting, and the solution of the system. Argument: systems. */
#include "random.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ORDER 200

static double matrix[ORDER][ORDER], right[ORDER];

__attribute__((noinline)) static void solve(void)
{
	for (int k = 0; k < ORDER; k++) {
		int pivot = k;
		for (int i = k + 1; i < ORDER; i++)
			if (fabs(matrix[i][k]) > fabs(matrix[pivot][k]))
				pivot = i;
		for (int j = 0; j < ORDER; j++) {
			double value = matrix[k][j];
			matrix[k][j] = matrix[pivot][j], matrix[pivot][j] = value;
		}
		double value = right[k];
		right[k] = right[pivot], right[pivot] = value;
		for (int i = k + 1; i < ORDER; i++) {
			double factor = matrix[i][k] / matrix[k][k];
			for (int j = k; j < ORDER; j++)
				matrix[i][j] -= factor * matrix[k][j];
			right[i] -= factor * right[k];
		}
	}
	for (int i = ORDER - 1; i >= 0; i--) {
		for (int j = i + 1; j < ORDER; j++)
			right[i] -= matrix[i][j] * right[j];
		right[i] /= matrix[i][i];
	}
}

int main(int argc, char **argv)
{
	long systems = argc > 1 ? atol(argv[1]) : 50;
	double sum = 0;
	for (long n = 0; n < systems; n++) {
		for (int i = 0; i < ORDER; i++) {
			for (int j = 0; j < ORDER; j++)
				matrix[i][j] = random_unit() + (i == j ? 20 : 0);
			right[i] = random_unit();
		}
		solve();
		for (int i = 0; i < ORDER; i++)
			sum += fabs(right[i]);
	}
	printf("lu %.8g\n", sum);
	return 0;
}
