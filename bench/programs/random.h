/* Pseudo-random numbers, the same on every machine: Knuth's linear congruential generator of MMIX. */
#include <stdint.h>

static uint64_t random_state = 1;

static inline uint32_t random_next(void)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(random_state >> 32);
}

/* In [0, 1). */
__attribute__((unused)) static inline double random_unit(void)
{
	return random_next() * 0x1p-32;
}
