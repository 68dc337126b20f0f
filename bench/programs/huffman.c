/* Huffman coding: builds a tree from frequencies, encodes a text bit by bit and decodes it by walking the tree. Argument: repetitions. */
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH 100000
#define SYMBOLS 64

struct node {
	int children[2];
	uint32_t weight;
};

static uint8_t text[LENGTH], packed[LENGTH], restored[LENGTH];
static struct node nodes[2 * SYMBOLS];
static uint32_t codes[SYMBOLS];
static uint8_t lengths[SYMBOLS];

static void assign(int node, uint32_t code, int length)
{
	if (node < SYMBOLS) {
		codes[node] = code;
		lengths[node] = (uint8_t)length;
		return;
	}
	for (int bit = 0; bit < 2; bit++)
		assign(nodes[node].children[bit], code << 1 | (uint32_t)bit, length + 1);
}

static int build(void)
{
	int roots[SYMBOLS], count = SYMBOLS, next = SYMBOLS;
	for (int i = 0; i < SYMBOLS; i++)
		roots[i] = i, nodes[i].weight = 1;
	for (int i = 0; i < LENGTH; i++)
		nodes[text[i]].weight++;
	while (count > 1) {
		int pair[2];
		for (int k = 0; k < 2; k++) {
			int least = 0;
			for (int i = 1; i < count; i++)
				if (nodes[roots[i]].weight < nodes[roots[least]].weight)
					least = i;
			pair[k] = roots[least];
			roots[least] = roots[--count];
		}
		nodes[next] = (struct node){{pair[0], pair[1]}, nodes[pair[0]].weight + nodes[pair[1]].weight};
		roots[count++] = next++;
	}
	assign(roots[0], 0, 0);
	return roots[0];
}

__attribute__((noinline)) static size_t encode(void)
{
	size_t place = 0;
	memset(packed, 0, sizeof packed);
	for (int i = 0; i < LENGTH; i++)
		for (int bit = lengths[text[i]] - 1; bit >= 0; bit--, place++)
			if (codes[text[i]] >> bit & 1)
				packed[place >> 3] |= (uint8_t)(1 << (place & 7));
	return place;
}

__attribute__((noinline)) static void decode(int root)
{
	size_t place = 0;
	for (int i = 0; i < LENGTH; i++) {
		int node = root;
		while (node >= SYMBOLS) {
			node = nodes[node].children[packed[place >> 3] >> (place & 7) & 1];
			place++;
		}
		restored[i] = (uint8_t)node;
	}
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 50;
	uint64_t sum = 0;
	for (long n = 0; n < repetitions; n++) {
		for (int i = 0; i < LENGTH; i++) {
			uint32_t value = random_next();
			text[i] = (uint8_t)((value & 63) & (value >> 8) & (value >> 16 | (uint32_t)n));
		}
		int root = build();
		sum = sum * 31 + encode();
		decode(root);
		if (memcmp(text, restored, LENGTH) != 0)
			return 1;
	}
	printf("huffman %016llx\n", (unsigned long long)sum);
	return 0;
}
