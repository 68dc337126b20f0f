/* Edit distance of texts (Levenshtein), row by row. Argument: pairs of texts. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define LENGTH 1000

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

__attribute__((noinline)) static int distance(const char *a, const char *b, int *row)
{
	for (int j = 0; j <= LENGTH; j++)
		row[j] = j;
	for (int i = 1; i <= LENGTH; i++) {
		int diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= LENGTH; j++) {
			int above = row[j];
			row[j] = smaller(smaller(above, row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[LENGTH];
}

int main(int argc, char **argv)
{
	long pairs = argc > 1 ? atol(argv[1]) : 100;
	static char texts[2][LENGTH];
	static int row[LENGTH + 1];
	uint64_t sum = 0;
	for (long n = 0; n < pairs; n++) {
		for (int i = 0; i < LENGTH; i++) {
			texts[0][i] = (char)('a' + random_next() % 6);
			texts[1][i] = (char)('a' + random_next() % 6);
		}
		sum = sum * 31 + (uint64_t)distance(texts[0], texts[1], row);
	}
	printf("edit %016llx\n", (unsigned long long)sum);
	return 0;
}
