/* Counts words in an open-addressing hash table; sorts them with the guest's qsort and a comparison from here. */
#include "demo.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const char *text, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	return hash;
}

static struct word *find(struct words *words, const char *text, size_t length)
{
	size_t i = hash_of(text, length) & (words->capacity - 1);
	while (words->slots[i].text && (words->slots[i].length != length || memcmp(words->slots[i].text, text, length) != 0))
		i = (i + 1) & (words->capacity - 1);
	return &words->slots[i];
}

static void grow(struct words *words)
{
	struct words larger = {NULL, words->capacity ? 2 * words->capacity : 64, words->used};
	larger.slots = calloc(larger.capacity, sizeof *larger.slots);
	if (!larger.slots)
		abort();
	for (size_t i = 0; i < words->capacity; i++)
		if (words->slots[i].text)
			*find(&larger, words->slots[i].text, words->slots[i].length) = words->slots[i];
	free(words->slots);
	*words = larger;
}

static void add(struct words *words, const char *text, size_t length)
{
	if (2 * words->used >= words->capacity)
		grow(words);
	struct word *word = find(words, text, length);
	if (!word->text) {
		word->text = malloc(length + 1);
		if (!word->text)
			abort();
		memcpy(word->text, text, length);
		word->text[length] = 0;
		word->length = length;
		words->used++;
	}
	word->count++;
}

void words_count(struct words *words, const char *text, size_t size)
{
	char buffer[64];
	size_t length = 0;
	for (size_t i = 0; i <= size; i++) {
		int c = i < size ? (unsigned char)text[i] : ' ';
		if (isalpha(c) && length < sizeof buffer)
			buffer[length++] = (char)tolower(c);
		else if (length > 0) {
			add(words, buffer, length);
			length = 0;
		}
	}
}

static int by_count(const void *left, const void *right)
{
	const struct word *a = left, *b = right;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (!a->text || !b->text)
		return !a->text - !b->text;
	return strcmp(a->text, b->text);
}

/* Brings the words to the front, the most frequent one first; returns their number. Counting ends with this. */
size_t words_sort(struct words *words)
{
	qsort(words->slots, words->capacity, sizeof *words->slots, by_count);
	return words->used;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->capacity; i++)
		free(words->slots[i].text);
	free(words->slots);
}
