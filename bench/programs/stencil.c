/* Heat in a plate: Gauss-Seidel sweeps of a five-point stencil, then a nine-point Jacobi step. Argument: sweeps. */
#include <stdio.h>
#include <stdlib.h>

#define SIDE 400

static double plate[SIDE][SIDE], next[SIDE][SIDE];

__attribute__((noinline)) static void sweep(void)
{
	for (int y = 1; y < SIDE - 1; y++)
		for (int x = 1; x < SIDE - 1; x++)
			plate[y][x] = (plate[y][x - 1] + plate[y][x + 1] + plate[y - 1][x] + plate[y + 1][x]) * 0.25;
}

__attribute__((noinline)) static void blur(void)
{
	for (int y = 1; y < SIDE - 1; y++)
		for (int x = 1; x < SIDE - 1; x++)
			next[y][x] = (plate[y - 1][x - 1] + plate[y - 1][x] + plate[y - 1][x + 1] + plate[y][x - 1] + plate[y][x] +
				      plate[y][x + 1] + plate[y + 1][x - 1] + plate[y + 1][x] + plate[y + 1][x + 1]) / 9;
	for (int y = 1; y < SIDE - 1; y++)
		for (int x = 1; x < SIDE - 1; x++)
			plate[y][x] = next[y][x];
}

int main(int argc, char **argv)
{
	long sweeps = argc > 1 ? atol(argv[1]) : 100;
	for (int i = 0; i < SIDE; i++)
		plate[0][i] = 100, plate[i][0] = i * 0.25, plate[SIDE - 1][i] = 50;
	for (long n = 0; n < sweeps; n++) {
		sweep();
		blur();
	}
	double sum = 0;
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			sum += plate[y][x];
	printf("stencil %.9g\n", sum);
	return 0;
}
