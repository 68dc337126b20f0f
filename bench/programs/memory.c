/* Memory: a walk along a random cycle that no cache holds, and sequential passes over the same array. Argument: MiB. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	size_t count = (size_t)(argc > 1 ? atol(argv[1]) : 64) * (1 << 20) / sizeof(uint64_t);
	uint64_t *next = malloc(count * sizeof *next);
	if (!next)
		return 1;
	for (size_t i = 0; i < count; i++)
		next[i] = i;
	/* Sattolo's shuffle makes one cycle through all elements. */
	uint64_t random = 7;
	for (size_t i = count - 1; i > 0; i--) {
		random = random * 6364136223846793005 + 1442695040888963407;
		size_t j = (random >> 20) % i;
		uint64_t value = next[i];
		next[i] = next[j];
		next[j] = value;
	}
	uint64_t place = 0, sum = 0;
	for (size_t i = 0; i < count / 2; i++)
		sum = sum * 3 + (place = next[place]);
	for (int pass = 0; pass < 20; pass++)
		for (size_t i = 0; i < count; i++)
			sum += next[i] ^ (sum >> 3);
	printf("memory %016llx\n", (unsigned long long)sum);
	free(next);
	return 0;
}
