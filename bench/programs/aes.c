/* AES-128 in counter mode with tables of words, which are computed first (FIPS 197). Argument: MiB. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 10

static uint8_t box[256];
static uint32_t tables[4][256];

static uint8_t twice(uint8_t value)
{
	return (uint8_t)(value << 1 ^ (value & 0x80 ? 0x1b : 0));
}

static void make_tables(void)
{
	uint8_t power = 1, inverse = 1;
	do {
		power ^= twice(power);
		inverse ^= (uint8_t)(inverse << 1);
		inverse ^= (uint8_t)(inverse << 2);
		inverse ^= (uint8_t)(inverse << 4);
		if (inverse & 0x80)
			inverse ^= 9;
		uint8_t value = inverse;
		for (int i = 1; i < 5; i++)
			value ^= (uint8_t)(inverse << i | inverse >> (8 - i));
		box[power] = value ^ 0x63;
	} while (power != 1);
	box[0] = 0x63;
	for (int i = 0; i < 256; i++) {
		uint32_t one = box[i], two = twice(box[i]);
		uint32_t column = two << 24 | one << 16 | one << 8 | (two ^ one);
		for (int k = 0; k < 4; k++)
			tables[k][i] = k ? column >> 8 * k | column << (32 - 8 * k) : column;
	}
}

static uint32_t substitute(uint32_t word)
{
	return (uint32_t)box[word >> 24] << 24 | box[word >> 16 & 255] << 16 | box[word >> 8 & 255] << 8 | box[word & 255];
}

static void expand(const uint32_t key[4], uint32_t keys[4 * (ROUNDS + 1)])
{
	uint8_t constant = 1;
	memcpy(keys, key, 16);
	for (int i = 4; i < 4 * (ROUNDS + 1); i++) {
		uint32_t word = keys[i - 1];
		if (i % 4 == 0) {
			word = substitute(word << 8 | word >> 24) ^ (uint32_t)constant << 24;
			constant = twice(constant);
		}
		keys[i] = keys[i - 4] ^ word;
	}
}

__attribute__((noinline)) static void encrypt(const uint32_t *keys, const uint32_t in[4], uint32_t out[4])
{
	uint32_t s[4], t[4];
	for (int i = 0; i < 4; i++)
		s[i] = in[i] ^ keys[i];
	for (int round = 1; round < ROUNDS; round++) {
		for (int i = 0; i < 4; i++)
			t[i] = tables[0][s[i] >> 24] ^ tables[1][s[(i + 1) % 4] >> 16 & 255] ^
			       tables[2][s[(i + 2) % 4] >> 8 & 255] ^ tables[3][s[(i + 3) % 4] & 255] ^ keys[4 * round + i];
		memcpy(s, t, sizeof s);
	}
	for (int i = 0; i < 4; i++) {
		uint32_t word = (s[i] & 0xff000000) | (s[(i + 1) % 4] & 0xff0000) | (s[(i + 2) % 4] & 0xff00) | (s[(i + 3) % 4] & 0xff);
		out[i] = substitute(word) ^ keys[4 * ROUNDS + i];
	}
}

int main(int argc, char **argv)
{
	long blocks = (argc > 1 ? atol(argv[1]) : 40) * (1 << 20) / 16;
	uint32_t key[4] = {0x2b7e1516, 0x28aed2a6, 0xabf71588, 0x09cf4f3c}, keys[4 * (ROUNDS + 1)];
	uint32_t counter[4] = {0xf0f1f2f3, 0xf4f5f6f7, 0, 0}, stream[4], sum[4] = {0};
	make_tables();
	expand(key, keys);
	for (long i = 0; i < blocks; i++) {
		counter[3] = (uint32_t)i;
		encrypt(keys, counter, stream);
		for (int k = 0; k < 4; k++)
			sum[k] = (sum[k] << 1 | sum[k] >> 31) ^ stream[k];
	}
	printf("aes %08x%08x%08x%08x\n", sum[0], sum[1], sum[2], sum[3]);
	return 0;
}
