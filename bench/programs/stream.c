/* The C library's memcpy, memmove, memset, memcmp and strlen on blocks of many sizes, and loops that copy and add. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH (1 << 20)

static uint8_t a[LENGTH + 256], b[LENGTH + 256];
static uint64_t words[3][LENGTH / 8];

__attribute__((noinline)) static void scale(uint64_t *to, const uint64_t *from, uint64_t factor)
{
	for (int i = 0; i < LENGTH / 8; i++)
		to[i] = from[i] * factor;
}

__attribute__((noinline)) static void add(uint64_t *to, const uint64_t *x, const uint64_t *y)
{
	for (int i = 0; i < LENGTH / 8; i++)
		to[i] = x[i] + y[i];
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 100;
	uint64_t sum = 0;
	for (size_t i = 0; i < LENGTH; i++)
		a[i] = (uint8_t)(1 + random_next() % 255);
	for (int i = 0; i < LENGTH / 8; i++)
		words[0][i] = random_next();
	for (long n = 0; n < repetitions; n++) {
		memcpy(b, a, LENGTH);
		memmove(a + n % 32, b, LENGTH);
		memset(b + n % 64, (int)n, LENGTH / 2);
		for (int i = 0; i < 2000; i++) {
			uint32_t value = random_next();
			size_t size = value & 255, from = value >> 8 & 0x7ffff;
			memcpy(b + (value >> 12), a + from, size);
			sum += memcmp(b + (value >> 12), a + from, size) == 0;
			b[from + size] = 0;
			sum += strlen((const char *)b + from) & 0xff;
		}
		scale(words[1], words[0], (uint64_t)n | 1);
		add(words[2], words[0], words[1]);
		memcpy(words[0], words[2], sizeof words[0]);
		sum = sum * 31 + b[sum % LENGTH] + words[0][sum % (LENGTH / 8)];
	}
	printf("stream %016llx\n", (unsigned long long)sum);
	return 0;
}
