/* The parts of the demo: each has work that pays to run natively, and calls that cross back to the guest. */
#ifndef DEMO_H
#define DEMO_H

#include <stddef.h>
#include <stdint.h>

/* sha256.c */
struct sha256 {
	uint32_t state[8];
	uint64_t length;
	size_t used;
	uint8_t block[64];
};
void sha256_init(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, size_t size);
void sha256_final(struct sha256 *hash, uint8_t digest[32]);

/* nbody.c */
typedef void nbody_progress(long step, double energy);
double nbody_run(long steps, long every, nbody_progress *progress);

/* blur.c */
void blur(const uint8_t *restrict in, uint8_t *restrict out, int width, int height);
void median3(const uint8_t *restrict in, uint8_t *restrict out, int count);

/* words.c */
struct word {
	char *text;
	size_t length;
	unsigned long count;
};
struct words {
	struct word *slots;
	size_t capacity;
	size_t used;
};
void words_count(struct words *words, const char *text, size_t size);
size_t words_sort(struct words *words);
void words_free(struct words *words);

#endif
