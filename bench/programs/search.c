/* String search: the naive way, Boyer-Moore-Horspool, and Knuth-Morris-Pratt. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH 200000

static uint8_t text[LENGTH];

__attribute__((noinline)) static int naive(const uint8_t *pattern, int length)
{
	int count = 0;
	for (int place = 0; place + length <= LENGTH; place++) {
		int i = 0;
		while (i < length && text[place + i] == pattern[i])
			i++;
		count += i == length;
	}
	return count;
}

__attribute__((noinline)) static int horspool(const uint8_t *pattern, int length)
{
	int skip[256], count = 0;
	for (int i = 0; i < 256; i++)
		skip[i] = length;
	for (int i = 0; i < length - 1; i++)
		skip[pattern[i]] = length - 1 - i;
	for (int place = 0; place + length <= LENGTH; place += skip[text[place + length - 1]]) {
		int i = length - 1;
		while (i >= 0 && text[place + i] == pattern[i])
			i--;
		count += i < 0;
	}
	return count;
}

__attribute__((noinline)) static int knuth(const uint8_t *pattern, int length)
{
	int border[32], count = 0;
	border[0] = -1;
	for (int i = 0, k = -1; i < length;) {
		while (k >= 0 && pattern[i] != pattern[k])
			k = border[k];
		border[++i] = ++k;
	}
	for (int i = 0, k = 0; i < LENGTH; i++) {
		while (k >= 0 && text[i] != pattern[k])
			k = border[k];
		if (++k == length)
			count++, k = border[k];
	}
	return count;
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 50;
	uint64_t sum = 0;
	for (int i = 0; i < LENGTH; i++)
		text[i] = (uint8_t)('a' + (random_next() & random_next() & 7));
	for (long n = 0; n < repetitions; n++) {
		int length = 4 + (int)(n % 12);
		const uint8_t *pattern = text + random_next() % (LENGTH - 16);
		int counts[] = {naive(pattern, length), horspool(pattern, length), knuth(pattern, length)};
		if (counts[0] != counts[1] || counts[0] != counts[2])
			return 1;
		sum = sum * 31 + (uint64_t)counts[0];
	}
	printf("search %016llx\n", (unsigned long long)sum);
	return 0;
}
