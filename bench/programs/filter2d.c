/* The image filters of the demo: a 5x5 convolution, then a median of three. Argument: passes. */
#include "../../examples/demo/blur.c"
#include "kernel-time.h"
#include <stdlib.h>

#define WIDTH 1024
#define HEIGHT 768

int main(int argc, char **argv)
{
	int passes = argc > 1 ? atoi(argv[1]) : 500;
	static uint8_t image[WIDTH * HEIGHT], work[WIDTH * HEIGHT];
	uint32_t random = 1;
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		random = random * 1664525 + 1013904223;
		image[i] = (uint8_t)(random >> 24);
	}
	uint32_t sum = 0;
	double start = seconds_now();
	for (int pass = 0; pass < passes; pass++) {
		blur(image, work, WIDTH, HEIGHT);
		median3(work, image, WIDTH * HEIGHT);
		image[(pass * 7919) % (WIDTH * HEIGHT)] ^= 0xff;
		sum = sum * 31 + image[WIDTH * HEIGHT / 2 + pass];
	}
	print_kernel_time(start);
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		sum = sum * 31 + image[i];
	printf("filter2d %08x\n", (unsigned)sum);
	return 0;
}
