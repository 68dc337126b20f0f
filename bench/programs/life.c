/* Conway's game of life on a torus, a byte a cell. Argument: generations. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define SIDE 512

static uint8_t fields[2][SIDE][SIDE];

__attribute__((noinline)) static void step(uint8_t from[SIDE][SIDE], uint8_t to[SIDE][SIDE])
{
	for (int y = 0; y < SIDE; y++) {
		const uint8_t *above = from[(y + SIDE - 1) % SIDE], *row = from[y], *below = from[(y + 1) % SIDE];
		for (int x = 0; x < SIDE; x++) {
			int left = (x + SIDE - 1) % SIDE, right = (x + 1) % SIDE;
			int count = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] + below[x] + below[right];
			if (row[x])
				to[y][x] = count == 2 || count == 3;
			else
				to[y][x] = count == 3;
		}
	}
}

int main(int argc, char **argv)
{
	long generations = argc > 1 ? atol(argv[1]) : 100;
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			fields[0][y][x] = random_next() % 3 == 0;
	for (long n = 0; n < generations; n++)
		step(fields[n & 1], fields[~n & 1]);
	uint64_t sum = 0;
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			sum = sum * 31 + fields[generations & 1][y][x];
	printf("life %016llx\n", (unsigned long long)sum);
	return 0;
}
