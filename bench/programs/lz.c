/* A compressor in the manner of LZ77 with hash chains, and its decompressor, on generated text. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH (1 << 18)
#define HASHES (1 << 13)
#define LONGEST 255
#define CHAIN 16

static uint8_t text[LENGTH], packed[2 * LENGTH], restored[LENGTH];
static int32_t heads[HASHES], previous[LENGTH];

static uint32_t hash(const uint8_t *bytes)
{
	return ((uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2]) * 2654435761u >> 19;
}

static void make_text(void)
{
	static const char *const words[] = {"the ", "quick ", "brown ", "fox ", "jumps ", "over ", "lazy ", "dog ",
					    "and ", "runs ", "away ", "from ", "every ", "other ", "animal. ", "\n"};
	for (size_t place = 0; place < LENGTH;) {
		const char *word = words[random_next() % 16];
		for (; *word && place < LENGTH; word++)
			text[place++] = random_next() % 50 ? (uint8_t)*word : (uint8_t)random_next();
	}
}

/* A byte 0 and a literal, or a length and two bytes of distance. */
__attribute__((noinline)) static size_t compress(void)
{
	size_t out = 0;
	memset(heads, -1, sizeof heads);
	for (int place = 0; place < LENGTH;) {
		int best = 0, distance = 0, limit = LENGTH - place < LONGEST ? LENGTH - place : LONGEST;
		if (limit >= 4) {
			uint32_t slot = hash(text + place);
			int candidate = heads[slot];
			for (int i = 0; i < CHAIN && candidate >= 0 && place - candidate < 65536; i++) {
				int length = 0;
				while (length < limit && text[candidate + length] == text[place + length])
					length++;
				if (length > best)
					best = length, distance = place - candidate;
				candidate = previous[candidate];
			}
		}
		int step = best >= 4 ? best : 1;
		if (best >= 4) {
			packed[out++] = (uint8_t)best;
			packed[out++] = (uint8_t)distance;
			packed[out++] = (uint8_t)(distance >> 8);
		} else {
			packed[out++] = 0;
			packed[out++] = text[place];
		}
		for (; step > 0; step--, place++)
			if (place + 3 <= LENGTH) {
				uint32_t slot = hash(text + place);
				previous[place] = heads[slot];
				heads[slot] = place;
			}
	}
	return out;
}

__attribute__((noinline)) static void decompress(size_t size)
{
	uint8_t *out = restored;
	for (size_t in = 0; in < size;) {
		int length = packed[in++];
		if (length == 0) {
			*out++ = packed[in++];
			continue;
		}
		int distance = packed[in] | packed[in + 1] << 8;
		for (in += 2; length > 0; length--, out++)
			*out = out[-distance];
	}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 10;
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		make_text();
		size_t size = compress();
		decompress(size);
		if (memcmp(text, restored, LENGTH) != 0)
			return 1;
		sum = sum * 31 + size;
	}
	printf("lz %016llx\n", (unsigned long long)sum);
	return 0;
}
