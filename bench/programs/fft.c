/* Fast Fourier transform of complex doubles, there and back. Argument: repetitions. */
#include "random.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BITS 12
#define COUNT (1 << BITS)

static double real[COUNT], imaginary[COUNT], cosines[COUNT / 2], sines[COUNT / 2];

__attribute__((noinline)) static void transform(int sign)
{
	for (int i = 0, j = 0; i < COUNT; i++) {
		if (i < j) {
			double value = real[i];
			real[i] = real[j], real[j] = value;
			value = imaginary[i];
			imaginary[i] = imaginary[j], imaginary[j] = value;
		}
		int bit = COUNT >> 1;
		for (; j & bit; bit >>= 1)
			j ^= bit;
		j |= bit;
	}
	for (int half = 1; half < COUNT; half *= 2) {
		int stride = COUNT / (2 * half);
		for (int start = 0; start < COUNT; start += 2 * half)
			for (int k = 0; k < half; k++) {
				double c = cosines[k * stride], s = sign * sines[k * stride];
				int even = start + k, odd = even + half;
				double r = real[odd] * c - imaginary[odd] * s, i = real[odd] * s + imaginary[odd] * c;
				real[odd] = real[even] - r, imaginary[odd] = imaginary[even] - i;
				real[even] += r, imaginary[even] += i;
			}
	}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 100;
	double sum = 0;
	for (int i = 0; i < COUNT / 2; i++) {
		cosines[i] = cos(2 * M_PI * i / COUNT);
		sines[i] = sin(2 * M_PI * i / COUNT);
	}
	for (int i = 0; i < COUNT; i++)
		real[i] = random_unit() - 0.5;
	for (long n = 0; n < repetitions; n++) {
		transform(1);
		sum += fabs(real[n % COUNT]);
		transform(-1);
		for (int i = 0; i < COUNT; i++)
			real[i] /= COUNT, imaginary[i] /= COUNT;
	}
	printf("fft %.6g\n", sum + fabs(real[17]));
	return 0;
}
