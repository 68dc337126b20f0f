/* Modular exponentiation by Montgomery multiplication of 512-bit numbers: 64x64 -> 128 bits, carries. Argument: exponentiations. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8
typedef unsigned __int128 wide;

static uint64_t modulus[WORDS], inverse;

__attribute__((noinline)) static void multiply(uint64_t *out, const uint64_t *a, const uint64_t *b)
{
	uint64_t t[WORDS + 2] = {0};
	for (int i = 0; i < WORDS; i++) {
		uint64_t carry = 0;
		for (int j = 0; j < WORDS; j++) {
			wide product = (wide)a[j] * b[i] + t[j] + carry;
			t[j] = (uint64_t)product;
			carry = (uint64_t)(product >> 64);
		}
		wide top = (wide)t[WORDS] + carry;
		t[WORDS] = (uint64_t)top;
		t[WORDS + 1] = (uint64_t)(top >> 64);
		uint64_t factor = t[0] * inverse;
		carry = (uint64_t)(((wide)factor * modulus[0] + t[0]) >> 64);
		for (int j = 1; j < WORDS; j++) {
			wide product = (wide)factor * modulus[j] + t[j] + carry;
			t[j - 1] = (uint64_t)product;
			carry = (uint64_t)(product >> 64);
		}
		top = (wide)t[WORDS] + carry;
		t[WORDS - 1] = (uint64_t)top;
		t[WORDS] = t[WORDS + 1] + (uint64_t)(top >> 64);
	}
	uint64_t difference[WORDS], borrow = 0;
	for (int j = 0; j < WORDS; j++) {
		wide value = (wide)t[j] - modulus[j] - borrow;
		difference[j] = (uint64_t)value;
		borrow = (uint64_t)(value >> 64) & 1;
	}
	memcpy(out, t[WORDS] || !borrow ? difference : t, sizeof difference);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 100;
	uint64_t base[WORDS], exponent[WORDS], result[WORDS], sum = 0;
	for (int i = 0; i < WORDS; i++) {
		modulus[i] = (uint64_t)random_next() << 32 | random_next();
		exponent[i] = (uint64_t)random_next() << 32 | random_next();
		base[i] = random_next();
	}
	modulus[0] |= 1;
	modulus[WORDS - 1] |= 1ull << 63;
	/* Newton's iteration doubles the valid bits of -1 / modulus. */
	inverse = modulus[0];
	for (int i = 0; i < 6; i++)
		inverse *= 2 - modulus[0] * inverse;
	inverse = -inverse;
	for (long n = 0; n < count; n++) {
		memcpy(result, base, sizeof result);
		for (int bit = 64 * WORDS - 1; bit >= 0; bit--) {
			multiply(result, result, result);
			if (exponent[bit / 64] >> bit % 64 & 1)
				multiply(result, result, base);
		}
		memcpy(base, result, sizeof base);
		for (int i = 0; i < WORDS; i++)
			sum = sum * 31 + result[i];
	}
	printf("montgomery %016llx\n", (unsigned long long)sum);
	return 0;
}
