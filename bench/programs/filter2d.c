/* A 5x5 convolution over an 8-bit image, integer arithmetic, then a median of three. Argument: passes. */
#include "kernel-time.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 1024
#define HEIGHT 768

static const int16_t kernel[5][5] = {
	{1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, 36, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1},
};

__attribute__((noinline)) static void convolve(const uint8_t *restrict in, uint8_t *restrict out)
{
	for (int y = 2; y < HEIGHT - 2; y++)
		for (int x = 2; x < WIDTH - 2; x++) {
			int sum = 128;
			for (int dy = -2; dy <= 2; dy++)
				for (int dx = -2; dx <= 2; dx++)
					sum += kernel[dy + 2][dx + 2] * in[(y + dy) * WIDTH + x + dx];
			out[y * WIDTH + x] = (uint8_t)(sum >> 8);
		}
}

static uint8_t least(uint8_t a, uint8_t b) { return a < b ? a : b; }
static uint8_t greatest(uint8_t a, uint8_t b) { return a > b ? a : b; }

__attribute__((noinline)) static void median(const uint8_t *restrict in, uint8_t *restrict out)
{
	for (int i = 1; i < WIDTH * HEIGHT - 1; i++) {
		uint8_t a = in[i - 1], b = in[i], c = in[i + 1];
		out[i] = greatest(least(a, b), least(greatest(a, b), c));
	}
}

int main(int argc, char **argv)
{
	int passes = argc > 1 ? atoi(argv[1]) : 500;
	static uint8_t image[WIDTH * HEIGHT], work[WIDTH * HEIGHT];
	uint32_t random = 1;
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		random = random * 1664525 + 1013904223;
		image[i] = (uint8_t)(random >> 24);
	}
	memcpy(work, image, sizeof work);
	uint32_t sum = 0;
	double start = seconds_now();
	for (int pass = 0; pass < passes; pass++) {
		convolve(image, work);
		median(work, image);
		image[(pass * 7919) % (WIDTH * HEIGHT)] ^= 0xff;
		sum = sum * 31 + image[WIDTH * HEIGHT / 2 + pass];
	}
	print_kernel_time(start);
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		sum = sum * 31 + image[i];
	printf("filter2d %08x\n", (unsigned)sum);
	return 0;
}
