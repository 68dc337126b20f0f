/* Quicksort and heapsort of integers, written out: branches that no predictor knows. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define COUNT 100000

static int32_t values[COUNT];

static void quicksort(int32_t *low, int32_t *high)
{
	while (high - low > 16) {
		int32_t pivot = low[(high - low) / 2], *i = low - 1, *j = high + 1;
		for (;;) {
			while (*++i < pivot)
				;
			while (*--j > pivot)
				;
			if (i >= j)
				break;
			int32_t value = *i;
			*i = *j, *j = value;
		}
		quicksort(low, j);
		low = j + 1;
	}
	for (int32_t *i = low + 1; i <= high; i++) {
		int32_t value = *i, *j = i;
		for (; j > low && j[-1] > value; j--)
			*j = j[-1];
		*j = value;
	}
}

static void sift(int place, int count)
{
	int32_t value = values[place];
	for (int child; (child = 2 * place + 1) < count; place = child) {
		if (child + 1 < count && values[child + 1] > values[child])
			child++;
		if (values[child] <= value)
			break;
		values[place] = values[child];
	}
	values[place] = value;
}

static void heapsort_values(void)
{
	for (int i = COUNT / 2 - 1; i >= 0; i--)
		sift(i, COUNT);
	for (int i = COUNT - 1; i > 0; i--) {
		int32_t value = values[0];
		values[0] = values[i], values[i] = value;
		sift(0, i);
	}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 10;
	uint64_t sum = 0;
	for (long n = 0; n < 2 * repetitions; n++) {
		for (int i = 0; i < COUNT; i++)
			values[i] = (int32_t)random_next();
		if (n & 1)
			heapsort_values();
		else
			quicksort(values, values + COUNT - 1);
		for (int i = 0; i < COUNT; i += 97)
			sum = sum * 31 + (uint64_t)values[i];
	}
	printf("quicksort %016llx\n", (unsigned long long)sum);
	return 0;
}
