/* Counting, reversing and spreading bits with shifts and masks. Argument: millions of words. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t count_ones(uint64_t x)
{
	x -= x >> 1 & 0x5555555555555555;
	x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
	x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return x * 0x0101010101010101 >> 56;
}

static uint64_t reverse(uint64_t x)
{
	x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
	x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
	x = (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
	return __builtin_bswap64(x);
}

static uint64_t leading_zeros(uint64_t x)
{
	uint64_t count = 0;
	for (int step = 32; step; step >>= 1)
		if (!(x >> (64 - step - count)))
			count += (uint64_t)step;
	return count;
}

static uint32_t spread(uint32_t x)
{
	x &= 0xffff;
	x = (x | x << 8) & 0x00ff00ff;
	x = (x | x << 4) & 0x0f0f0f0f;
	x = (x | x << 2) & 0x33333333;
	return (x | x << 1) & 0x55555555;
}

int main(int argc, char **argv)
{
	long count = (argc > 1 ? atol(argv[1]) : 30) * 1000000;
	uint64_t value = 0x0123456789abcdef, sum = 0;
	for (long i = 0; i < count; i++) {
		value ^= value << 13, value ^= value >> 7, value ^= value << 17;
		sum += count_ones(value) + (reverse(value ^ sum) >> 40);
		sum ^= spread((uint32_t)value) + leading_zeros(value >> (value & 31) | 1);
	}
	printf("bits %016llx\n", (unsigned long long)sum);
	return 0;
}
