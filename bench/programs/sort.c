/* The C library's qsort with a callback, on records and on an index of pointers. Argument: thousands of elements. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record {
	uint32_t key;
	char name[12];
};

static int by_key(const void *left, const void *right)
{
	const struct record *a = left, *b = right;
	return a->key < b->key ? -1 : a->key > b->key;
}

static int by_name(const void *left, const void *right)
{
	const struct record *const *a = left, *const *b = right;
	return strcmp((*a)->name, (*b)->name);
}

int main(int argc, char **argv)
{
	size_t count = (size_t)(argc > 1 ? atol(argv[1]) : 1000) * 1000;
	struct record *records = malloc(count * sizeof *records);
	struct record **index = malloc(count * sizeof *index);
	if (!records || !index)
		return 1;
	uint64_t random = 42;
	for (size_t i = 0; i < count; i++) {
		random = random * 6364136223846793005 + 1442695040888963407;
		records[i].key = random >> 32;
		for (int k = 0; k < 11; k++)
			records[i].name[k] = 'a' + (random >> (8 + 4 * k)) % 26;
		records[i].name[11] = 0;
		index[i] = &records[i];
	}
	qsort(index, count, sizeof *index, by_name);
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum = sum * 31 + index[i]->key;
	qsort(records, count, sizeof *records, by_key);
	for (size_t i = 0; i < count; i++)
		sum = sum * 31 + records[i].key;
	printf("sort %016llx\n", (unsigned long long)sum);
	free(index);
	free(records);
	return 0;
}
