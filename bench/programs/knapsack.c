/* The 0/1 knapsack problem by dynamic programming; conditional moves or short branches. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS 100
#define CAPACITY 10000

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 100;
	static int best[CAPACITY + 1];
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		memset(best, 0, sizeof best);
		for (int item = 0; item < ITEMS; item++) {
			int weight = 1 + (int)(random_next() % 997), value = (int)(random_next() % 1000);
			for (int room = CAPACITY; room >= weight; room--) {
				int with = best[room - weight] + value;
				if (with > best[room])
					best[room] = with;
			}
		}
		sum = sum * 31 + (uint64_t)best[CAPACITY];
	}
	printf("knapsack %016llx\n", (unsigned long long)sum);
	return 0;
}
