/* The Mandelbrot set: a chain of dependent double operations and a branch. Argument: pictures. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SIDE 128
#define LIMIT 100

__attribute__((noinline)) static int escape(double cr, double ci)
{
	double r = 0, i = 0;
	int n = 0;
	for (; n < LIMIT && r * r + i * i < 4; n++) {
		double next = r * r - i * i + cr;
		i = 2 * r * i + ci;
		r = next;
	}
	return n;
}

int main(int argc, char **argv)
{
	long pictures = argc > 1 ? atol(argv[1]) : 50;
	long sum = 0;
	for (long n = 0; n < pictures; n++)
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++)
				sum += escape(x * 3.0 / SIDE - 2.25 + (double)n * 1e-5, y * 2.5 / SIDE - 1.25);
	/* A rounding error can move a point on the edge. */
	printf("mandelbrot %.3g\n", (double)sum);
	return 0;
}
