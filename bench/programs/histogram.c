/* Counting sort of 64-bit records by bytes of their keys: scattered reads and writes. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT (1 << 18)

static uint64_t records[2][COUNT];

__attribute__((noinline)) static void distribute(const uint64_t *from, uint64_t *to, int shift)
{
	uint32_t counts[256] = {0}, place = 0;
	for (int i = 0; i < COUNT; i++)
		counts[from[i] >> shift & 255]++;
	for (int i = 0; i < 256; i++) {
		uint32_t count = counts[i];
		counts[i] = place;
		place += count;
	}
	for (int i = 0; i < COUNT; i++)
		to[counts[from[i] >> shift & 255]++] = from[i];
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 20;
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		for (int i = 0; i < COUNT; i++)
			records[0][i] = (uint64_t)random_next() << 32 | (uint32_t)i;
		for (int byte = 4; byte < 8; byte++)
			distribute(records[byte & 1], records[~byte & 1], 8 * byte);
		for (int i = 0; i < COUNT; i += 61)
			sum = sum * 31 + records[0][i];
	}
	printf("histogram %016llx\n", (unsigned long long)sum);
	return 0;
}
