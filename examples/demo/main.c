/*
 * A tour of what crosses between guest and host: a filtered image (arrays in and out), the digest of a large text (struct
 * by pointer), a simulation (double arithmetic, progress through a function pointer), a word count (malloc, qsort with a
 * callback, printf).
 *
 *   demo FILE [SCALE]
 */
#include "demo.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPIES 16384
#define STEPS 2000000L
#define PASSES 150
#define WIDTH 1024
#define HEIGHT 512

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	char *text = malloc(1 << 20);
	*size = text ? fread(text, 1, 1 << 20, file) : 0;
	fclose(file);
	return text;
}

static void print_progress(long step, double energy)
{
	printf("  step %8ld  energy %.9f\n", step, energy);
}

static void digest(const char *text, size_t size, int copies)
{
	struct sha256 hash;
	uint8_t bytes[32];
	sha256_init(&hash);
	for (int i = 0; i < copies; i++)
		sha256_update(&hash, text, size);
	sha256_final(&hash, bytes);
	printf("sha256 of %d copies\n  ", copies);
	for (int i = 0; i < 32; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

/* On the guest, so that each filter is a crossing of its own in the report. */
__attribute__((annotate("ferry.guest"))) static void filter(int passes)
{
	static uint8_t image[WIDTH * HEIGHT], work[WIDTH * HEIGHT];
	uint32_t random = 1, sum = 0;
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		random = random * 1664525 + 1013904223;
		image[i] = (uint8_t)(random >> 24);
	}
	for (int pass = 0; pass < passes; pass++) {
		blur(image, work, WIDTH, HEIGHT);
		median3(work, image, WIDTH * HEIGHT);
	}
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		sum = sum * 31 + image[i];
	printf("image of %d by %d, filtered %d times\n  checksum %08x\n", WIDTH, HEIGHT, passes, (unsigned)sum);
}

static void count(const char *text, size_t size, int copies)
{
	struct words words = {NULL, 0, 0};
	for (int i = 0; i < copies; i++)
		words_count(&words, text, size);
	size_t distinct = words_sort(&words);
	printf("%zu different words\n", distinct);
	for (size_t i = 0; i < 5 && i < distinct; i++)
		printf("  %8lu %s\n", words.slots[i].count, words.slots[i].text);
	words_free(&words);
}

int main(int argc, char **argv)
{
	double scale = argc > 2 ? atof(argv[2]) : 1;
	long steps = (long)(STEPS * scale) / 4 * 4;
	if (argc < 2 || scale <= 0 || steps < 4) {
		fprintf(stderr, "usage: %s FILE [SCALE]\n", argv[0]);
		return 2;
	}
	size_t size;
	char *text = read_file(argv[1], &size);
	if (!text || size == 0) {
		fprintf(stderr, "%s: %s\n", argv[1], text ? "empty" : strerror(errno));
		return 1;
	}
	filter((int)(PASSES * scale) + 1);
	digest(text, size, (int)(COPIES * scale) + 1);
	printf("n-body simulation\n");
	printf("  at the end       energy %.9f\n", nbody_run(steps, steps / 4, print_progress));
	count(text, size, (int)(COPIES / 16 * scale) + 1);
	free(text);
	return 0;
}
