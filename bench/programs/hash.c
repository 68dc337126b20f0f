/* A hash table with open addressing: insertion, lookup and removal of integers. Argument: thousands of operations. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>

#define SLOTS (1 << 20)

static uint64_t keys[SLOTS], values[SLOTS];

static uint64_t slot_of(uint64_t key)
{
	return (key * 0x9e3779b97f4a7c15) >> 44;
}

static uint64_t find(uint64_t key)
{
	uint64_t slot = slot_of(key);
	while (keys[slot] && keys[slot] != key)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static void take_out(uint64_t slot)
{
	for (uint64_t next = (slot + 1) % SLOTS; keys[next]; next = (next + 1) % SLOTS) {
		uint64_t home = slot_of(keys[next]);
		if ((next - home) % SLOTS < (next - slot) % SLOTS)
			continue;
		keys[slot] = keys[next], values[slot] = values[next];
		slot = next;
	}
	keys[slot] = 0;
}

int main(int argc, char **argv)
{
	long operations = (argc > 1 ? atol(argv[1]) : 3000) * 1000;
	uint64_t sum = 0;
	for (long i = 0; i < operations; i++) {
		uint32_t value = random_next();
		uint64_t key = 1 + value % 700000, slot = find(key);
		if (!keys[slot]) {
			keys[slot] = key;
			values[slot] = value;
		} else if (value >> 30 == 3)
			take_out(slot);
		else
			sum = sum * 3 + values[slot]++;
	}
	printf("hash %016llx\n", (unsigned long long)sum);
	return 0;
}
